"""Under which agreement a border pass is held, and which areas a text means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tapal.core.country import HOME
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.kinds.crossing.codes import Area, areas_named


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
