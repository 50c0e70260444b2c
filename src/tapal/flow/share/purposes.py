"""What an officer may say he looks for: the purposes of his agency's own work, and those agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.legal import Confidence
from tapal.core.mandates import OVERSEE, READ, READ_STATISTICS, READ_WITHHELD
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.data import table
from tapal.flow.share import access, compile

_BY_POWER = {
    OVERSEE: Purpose.OVERSIGHT,
    READ_WITHHELD: Purpose.PROTECTION,
    READ_STATISTICS: Purpose.STATISTICS,
}


@dataclass(frozen=True, slots=True)
class RolePurposes:
    """What an agency works for by one word of its role, with where that is written."""

    word: str
    purposes: frozenset[Purpose]
    citation: str
    confidence: Confidence
    source: str = ""
    note: str = ""


@lru_cache(maxsize=1)
def role_purposes() -> Mapping[str, RolePurposes]:
    """Purposes of an agency's own work by the words of its role."""
    return {
        row["word"]: RolePurposes(
            word=row["word"],
            purposes=frozenset(map(Purpose, row["purposes"].split(";"))),
            citation=row["citation"],
            confidence=cast(Confidence, row["confidence"]),
            source=row["source"],
            note=row["note"],
        )
        for row in table("role_purposes.csv")
    }


def purposes_of(actor: Actor, now: datetime | None = None) -> tuple[Purpose, ...]:
    """What the actor may look for, the likeliest first.

    An agency that works for nothing that is named here looks for border control alone.
    """
    day = compile.today(now or timezone.now())
    role, agreed = compile.standing(actor.agency, day)
    words = role.replace(",", " ").split()
    known = role_purposes()
    own = frozenset(p for word in words if word in known for p in known[word].purposes)
    powers = {purpose for power, purpose in _BY_POWER.items() if power in actor.powers}
    allowed = (own | agreed | powers) or {Purpose.BORDER_CONTROL}
    if OVERSEE in actor.powers and READ not in actor.powers:
        first = Purpose.OVERSIGHT
    elif Purpose.BORDER_CONTROL in agreed or not agreed:
        first = Purpose.BORDER_CONTROL
    else:
        first = next(p for p in Purpose if p in agreed)
    return tuple(
        sorted(allowed, key=lambda p: (p is not first, p not in agreed, list(Purpose).index(p)))
    )


def must_cover(actor: Actor, purpose: Purpose, now: datetime | None = None) -> None:
    """Raises Denied, and leaves a trace, for a purpose that he may not look for."""
    if purpose in purposes_of(actor, now):
        return
    access.note(actor, purpose, access.DENIED, subject="purpose")
    raise Denied(
        Text(
            f"Keperluan “{purpose.label.id}” tidak termasuk tugas instansi Anda dan tidak diberikan"
            " oleh perjanjian yang berlaku. Pilih keperluan lain.",
            f"The purpose “{purpose.label.en}” is not part of your agency's work and no agreement"
            " in force gives it. Choose another purpose.",
        )
    )
