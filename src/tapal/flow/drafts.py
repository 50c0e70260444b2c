"""What drafts have in common that one person writes and another of the same agency puts in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.text import Text
from tapal.flow.officers import OTHER_POST, reaches

NO_POWER = Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
DRAFTED_IN = Text(
    "Anda ikut menyusunnya: orang kedua yang memberlakukan.",
    "You drafted in it: a second person puts it in force.",
)
_AGAIN = Text(
    "Muat ulang halamannya, lalu ulangi perubahan Anda.",
    "Load the page again, then make your change anew.",
)


class Draft(Protocol):
    """A version of something: who wrote in it, and which edition of the draft it is."""

    name: str
    version: int
    edition: int
    authors: Any  # a list of numbers, from a column of JSON
    changed_by: str


def need(power: str, actor: Actor, place: str = "") -> None:
    """Raises Denied without the power, or beyond the actor's post; no place means every post."""
    if power not in actor.powers:
        raise Denied
    if not reaches(actor, place or None):
        raise Denied(OTHER_POST)


def not_second(authors: Collection[str], power: str, actor: Actor, place: str = "") -> Text | None:
    """Why the actor cannot be the second person of what these drafted, None where he can."""
    if power not in actor.powers:
        return NO_POWER
    if not reaches(actor, place or None):
        return OTHER_POST
    return DRAFTED_IN if actor.number in authors else None


def authors_with(row: Draft, actor: Actor) -> list[str]:
    """All who drafted in it, the actor last."""
    return [*(each for each in row.authors if each != actor.number), actor.number]


def overtaken(row: Draft) -> Rejected:
    """Another has changed the draft since the actor read it."""
    said = Text(
        "{who} sudah mengubah rancangan ini selagi Anda melihatnya.",
        "{who} has changed this draft while you had it before you.",
    )
    return Rejected(said.fill(who=row.changed_by), _AGAIN, place="edition")


def refused(place: str, said_id: str, said_en: str) -> Rejected:
    """An entry of the form that cannot be kept."""
    mend = Text("Perbaiki isian itu.", "Mend that entry.")
    return Rejected(Text(said_id, said_en), mend, place=place)


# Any: JSON.
def content_of(row: Draft, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What each event of a version names."""
    return {"name": row.name, "version": row.version, "edition": row.edition, **(more or {})}
