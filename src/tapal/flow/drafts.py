"""What drafts have in common that one person writes and another of the same agency puts in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow.officers import OTHER_POST, reaches
from tapal.store.models import Profile, SavedMapping

NO_POWER = Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
DRAFTED_IN = Text(
    "Anda ikut menyusunnya: orang kedua yang memberlakukan.",
    "You drafted in it: a second person puts it in force.",
)
_AGAIN = Text(
    "Muat ulang halamannya, lalu ulangi perubahan Anda.",
    "Load the page again, then make your change anew.",
)


Version = Profile | SavedMapping
"""What is drafted, put in force by a second person, and ended, version after version."""


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


def may_end(power: Collection[str], actor: Actor, place: str = "") -> bool:
    """Whether the actor may end a version, or put a draft away: any of these powers is enough."""
    return bool(actor.powers & frozenset(power)) and reaches(actor, place or None)


def put_in_force(row: Version, by: str, at: datetime) -> None:
    """Put a draft, held by the caller, in force; the version of its name before it is followed."""
    before = type(row)._default_manager.filter(name=row.name, state="in_force")
    before.update(state="followed", ended_at=at, ended_by=by)
    row.state, row.in_force_at, row.approved_by = "in_force", at, by
    row.save(update_fields=["state", "in_force_at", "approved_by"])


def may_be_ended(row: Version, reason: str, *, may: bool) -> None:
    """Raises Missing for a version that has ended, Denied, Rejected without a reason."""
    if row.state not in ("draft", "in_force"):
        raise Missing
    if not may:
        raise Denied
    if not reason.strip():
        raise refused("reason", "Tulis alasannya.", "Write the reason.")


def put_away(row: Version, by: str, reason: str, at: datetime) -> None:
    """End a version, or put a draft away, in the caller's transaction."""
    row.state, row.ended_by, row.ended_at, row.end_reason = "ended", by, at, reason.strip()
    row.save(update_fields=["state", "ended_by", "ended_at", "end_reason"])


def refused(place: str, said_id: str, said_en: str) -> Rejected:
    """An entry of the form that cannot be kept."""
    mend = Text("Perbaiki isian itu.", "Mend that entry.")
    return Rejected(Text(said_id, said_en), mend, place=place)


# Any: JSON.
def content_of(row: Draft, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What each event of a version names."""
    return {"name": row.name, "version": row.version, "edition": row.edition, **(more or {})}
