"""The map's own layers: land to draw on, and the boundary, which is a file that the operator may replace.

Neither tells of anything that happened; both are the same for every reader. No line is official here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from django.conf import settings

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text

LAND, BOUNDARY = "land", "boundary"
LAYERS = (LAND, BOUNDARY)
# How a line stands: agreed by treaty, taken over without a survey, not yet made sure of, claimed by two.
STANDINGS: Mapping[str, Text] = {
    "treaty": Text("menurut perjanjian", "by treaty"),
    "unsurveyed": Text("belum disurvei", "not surveyed"),
    "unverified": Text("belum dipastikan", "not verified"),
    "disputed": Text("dipersengketakan", "disputed"),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it is sent: GeoJSON packed by gzip, and a mark that changes with its content."""

    packed: bytes
    etag: str


def layer(name: str) -> Layer:
    """One layer. Raises Missing for another name, Rejected for a boundary file that cannot be drawn."""
    if name not in LAYERS:
        raise Missing
    own = settings.TAPAL_BOUNDARY if name == BOUNDARY else ""
    if own:
        path = Path(own)
        try:
            return _read(path, path.stat().st_mtime_ns)
        except OSError as trouble:
            raise _refused("", str(trouble.strerror)) from None
    with as_file(files("tapal.data") / "geo" / f"{name}.geojson") as path:
        return _read(path, 0)


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Layer:
    data = path.read_bytes()
    if path.name != f"{LAND}.geojson":
        check(data)
    return Layer(gzip.compress(data, 6, mtime=0), hashlib.sha256(data).hexdigest()[:16])


def check(data: bytes) -> None:
    """Raises Rejected, naming the feature, for what is no collection of lines with known properties."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise _refused("", "JSON") from None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list):
        raise _refused("features", "FeatureCollection")
    for number, feature in enumerate(features):
        if wrong := _fault(feature):
            raise _refused(f"features[{number}]", wrong)


def _fault(feature: Any) -> str:
    """What is wrong with one feature, empty where nothing is. Any: JSON."""
    if not isinstance(feature, dict):
        return "Feature"
    shape, told = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(shape, dict) or shape.get("type") not in ("LineString", "MultiLineString"):
        return "LineString"
    lines = [shape.get("coordinates")] if shape["type"] == "LineString" else shape["coordinates"]
    if not isinstance(lines, list) or not all(_line(each) for each in lines):
        return "coordinates"
    if told.get("standing", "unverified") not in STANDINGS:
        return f"standing {told.get('standing')}"
    width = told.get("uncertainty_m", 0)
    return "" if isinstance(width, int | float) and width >= 0 else "uncertainty_m"


def _line(points: Any) -> bool:
    """True for two or more places as [longitude, latitude]. Any: JSON."""
    return (
        isinstance(points, list)
        and len(points) >= 2
        and all(
            isinstance(p, list)
            and len(p) >= 2
            and all(isinstance(c, int | float) for c in p[:2])
            and abs(p[0]) <= 180
            and abs(p[1]) <= 90
            for p in points
        )
    )


def _refused(place: str, what: str) -> Rejected:
    return Rejected(
        Text(
            f"Berkas garis batas tidak dapat digambar: {what}.",
            f"The boundary file cannot be drawn: {what}.",
        ),
        Text(
            "Perbaiki berkas yang ditunjuk TAPAL_BOUNDARY.",
            "Mend the file that TAPAL_BOUNDARY names.",
        ),
        place=place,
    )
