"""The reading door of a request, and words for what comes through it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tapal.core.cases import CASE, LABEL
from tapal.core.text import Text, same
from tapal.flow import reference
from tapal.flow.share.door import Door, open_door
from tapal.kinds import KINDS
from tapal.store.models import Agency
from tapal.web.desk import DeskRequest


def door_of(request: DeskRequest) -> Door:
    """One door for the whole request: it holds what was agreed at that moment."""
    held: Door | None = getattr(request, "_door", None)
    if held is None:
        held = open_door(request.desk.actor, request.desk.purpose)
        request._door = held  # type: ignore[attr-defined]
    return held


def _read_agencies() -> Mapping[str, Text]:
    return {a.code: Text(a.name_id, a.name_en) for a in Agency.objects.all()}


agency_names = reference.cached(_read_agencies)


def agency_name(code: str) -> Text:
    """An agency in words; an unknown code stands for itself."""
    return agency_names().get(code) or same(code)


def place_name(place: str | None) -> str:
    """A post by name; an unknown code stands for itself."""
    if not place:
        return ""
    known = reference.places().get(place)
    return known.name if known else place


def kind_label(name: str) -> Text:
    """A kind in words."""
    kind = KINDS.get(name)
    return kind.label if kind else LABEL if name == CASE else same(name)


def kind_icon(name: str) -> str:
    """The icon of a kind; a plain paper where there is none."""
    kind = KINDS.get(name)
    return kind.icon if kind and kind.icon in sprite() else "file-text"


@lru_cache(maxsize=1)
def sprite() -> frozenset[str]:
    """Names of the icons that were built."""
    from tapal.web.settings import HERE

    listed = (HERE / "assets" / "icons.txt").read_text().splitlines()
    return frozenset(name.strip() for name in listed if not name.startswith("#"))
