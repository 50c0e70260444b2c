"""Crossings from tables of other systems: usual headings, words for codes, what is kept aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tapal.core.mapped import Mapped
from tapal.kinds.crossing import cells, codes
from tapal.kinds.crossing.flat import PATHS
from tapal.kinds.crossing.reading import zone_name

_NAMES: Final = {path: name for name, path in PATHS.items()}
# Flat fields of tables that are no path of their own.
_ALSO: Final = {
    "name": "person.primary_identifier",
    "clock": "local_time",
    "time": "local_time",
    "post": "@post",
}


def _headings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for heading, name in codes.headings().items():
        path = _ALSO.get(name) or PATHS.get(name)
        if path:
            found.setdefault(path, []).append(heading)
    return {path: tuple(headings) for path, headings in found.items()}


def _code(path: str, word: str) -> str | None:
    """The code of a sender's word, as tables of crossings are read."""
    if path == "zone":
        return zone_name(word) or None
    name = _NAMES.get(path, path)
    if name in cells.CODED:
        return cells.coded(name, word)
    code = codes.state_code(word)
    return code if code in codes.STATES else None


# Any: a body is JSON.
def _keep(body: dict[str, Any], aside: Mapping[str, str]) -> None:
    body["extra"] = {**(body.get("extra") or {}), **aside}


MAPPED: Final = Mapped(
    format="crossing_json",
    needed=("person.primary_identifier",),
    keep=_keep,
    constants={"capture": "table", "role": "traveller"},
    closed=("decision", "protection", "mrz", "unread", "extra"),
    headings=_headings(),
    code=_code,
    times=("local_time",),
)
