"""The ground of the map: the packaged layers, and a boundary file of the operator's own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tapal.core.errors import Missing, Rejected
from tapal.flow import geo

LINE = {"type": "LineString", "coordinates": [[124.9, -9.0], [125.1, -9.1]]}


def feature(**properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": LINE}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_the_packaged_layers_cover_the_country_and_tell_how_sure_each_line_is() -> None:
    land = json.loads(gzip.decompress(geo.layer("land").packed))
    assert {f["properties"]["iso"] for f in land["features"]} >= {"IDN", "MYS", "TLS", "PNG"}
    lines = json.loads(gzip.decompress(geo.layer("boundary").packed))["features"]
    ground = [f["properties"] for f in lines if f["properties"]["sort"] == "land"]
    assert {(p["neighbour"], p["uncertainty_m"]) for p in ground} == {
        ("MYS", 500), ("TLS", 300), ("PNG", 300)
    }  # fmt: skip
    assert all(p["standing"] == "unsurveyed" for p in ground)
    standings = {f["properties"]["standing"] for f in lines if f["properties"]["sort"] != "land"}
    assert standings == {"treaty", "unverified"}


def test_there_is_no_other_layer() -> None:
    for name in ("", "land.geojson", "../secret", "posts"):
        with pytest.raises(Missing):
            geo.layer(name)


def test_a_boundary_of_the_operators_own_is_drawn_and_read_again_when_it_changes(
    tmp_path: Path, settings: LazySettings
) -> None:
    path = tmp_path / "big.geojson"
    path.write_bytes(collection(feature(standing="disputed", uncertainty_m=20)))
    settings.TAPAL_BOUNDARY = str(path)
    first = geo.layer("boundary")
    assert b"disputed" in gzip.decompress(first.packed)
    path.write_bytes(collection(feature(standing="treaty")))
    assert geo.layer("boundary").etag != first.etag
    path.unlink()
    with pytest.raises(Rejected):
        geo.layer("boundary")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        (b"[]", "features"),
        (collection("x"), "features[0]"),
        (collection(feature(), {"geometry": {"type": "Point", "coordinates": [1, 2]}}), "features[1]"),
        (collection({"geometry": {"type": "LineString", "coordinates": [[200, 0], [1, 1]]}}), "features[0]"),
        (collection({"geometry": {"type": "MultiLineString", "coordinates": [7]}}), "features[0]"),
        (collection(feature(standing="mine")), "features[0]"),
        (collection(feature(uncertainty_m=-1)), "features[0]"),
        (collection(feature(uncertainty_m="wide")), "features[0]"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_drawn_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(Rejected) as wrong:
        geo.check(data)
    assert wrong.value.place == place
