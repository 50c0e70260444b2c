"""Under which agreement a border pass is held, and which areas a text means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tapal.core.country import HOME
from tapal.core.legal import LegalBook
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.kinds.crossing.codes import Area, areas_named
from tapal.kinds.crossing.rules.facts import limit

NEIGHBOURS = ("TLS", "MYS", "PNG", "PHL")
"""The States with which there is an agreement on border passes; its terms are legal rows."""


@dataclass(frozen=True, slots=True)
class Treaty:
    """The parties as legal rows select them: `neighbour`, and `holder`, who issued the pass."""

    neighbour: str
    holder: str


def is_border_pass(record: RecordView) -> bool:
    """True for a crossing on a border pass."""
    return bool(record.get("document.document_class") == "border_pass")


def treaty_of(record: RecordView, context: Context) -> Treaty:
    """The agreement of a pass: a foreign pass is its State's; ours is that of the home area's line.

    Without a known area the neighbour of the post decides.
    """
    holder = record.get("document.issuing_state") or record.get("person.nationality") or ""
    if holder and holder != HOME:
        return Treaty(holder, holder)
    home = areas_of(record.get("residence"))
    zones = {area.zone for area in home if area.zone}
    place = context.places.get(record.place or "")
    neighbour = zones.pop() if len(zones) == 1 else (place.neighbour if place else "")
    return Treaty(neighbour, holder or HOME)


def longest_by_agreement(legal: LegalBook, day: date) -> int:
    """The longest stay in days that any agreement on border passes allows, 0 where none is known."""
    found = (
        limit(legal.settle(topic, day, neighbour=neighbour))
        for topic in ("plb.stay_days", "plb.max_days")
        for neighbour in NEIGHBOURS
    )
    return max((int(each.values[-1]) for each in found if each), default=0)


# Any: JSON.
def areas_of(part: Any) -> tuple[Area, ...]:
    """The areas that a residence or destination means: by id, else by the name as written."""
    if not part:
        return ()
    if part.get("area"):
        found = areas_named(str(part["area"]))
        if found:
            return found
    return areas_named(str(part.get("text") or ""))
