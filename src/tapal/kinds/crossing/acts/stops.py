"""What must wait for another desk, and what is said of it.

Whose work is not done is never said (it would tell of illness, trafficking or fear of return): any open
second inspection and any unfinished protection procedure give the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from tapal.core.actions import Occasion
from tapal.core.mandates import READ_WITHHELD
from tapal.core.text import Text
from tapal.kinds.crossing.acts.standing import protected, second_desk_open

Weighs = Callable[[Occasion], bool]
Stop = Callable[[Occasion], Text | None]

ANOTHER_DESK = Text(
    "Menunggu meja lain. Meja mana dan mengapa tidak ditampilkan, pada siapa pun, juga bila di sini tidak"
    " ada tugas yang terbuka; tindakan ini terbuka sendiri sesudah semuanya selesai.",
    "Waits for other desks. Which, and why, is shown of nobody, also where no task stands open here; this act"
    " opens by itself when all have finished.",
)
PROTECTION = Text(
    "Orang ini takut kembali dan prosedur pelindungannya belum selesai.",
    "This person fears to return and the protection procedure has not ended.",
)


def until_second_desk_ends(occasion: Occasion) -> Text | None:
    """No refusal or hold is proposed of one whom the second desk has."""
    return ANOTHER_DESK if second_desk_open(occasion) else None


def until_all_desks_end(occasion: Occasion) -> Text | None:
    """Nothing is signed against one whom a desk has, or who fears to return (Perpres 125/2016)."""
    if protected(occasion) and READ_WITHHELD in occasion.actor.powers:
        return PROTECTION
    if protected(occasion) or second_desk_open(occasion):
        return ANOTHER_DESK
    return None


CLASHING = Text(
    "Ada dua nilai yang bertentangan: putuskan dahulu mana yang benar.",
    "Two values conflict: settle first which one is right.",
)
_MUST_BE_ONE = (
    "direction",
    "person.nationality",
    "person.other_nationalities",
    "document.issuing_state",
    "decision.outcome",
    "decision.citizenship",
    "decision.proposed_by",
)
"""What an act against a person rests on: of two values neither may be taken for granted."""


def until_values_agree(occasion: Occasion) -> Text | None:
    """Nothing is done against a person on a value that another officer contradicts."""
    return CLASHING if any(path in occasion.clashes for path in _MUST_BE_ONE) else None


def before_proposing(occasion: Occasion) -> Text | None:
    """What a proposal against a person waits for."""
    return until_second_desk_ends(occasion) or until_values_agree(occasion)


def before_signing(occasion: Occasion) -> Text | None:
    """What a signature against a person waits for."""
    return until_all_desks_end(occasion) or until_values_agree(occasion)


def unless(stop: Stop, lawful: Weighs) -> Weighs:
    """Lawful, and nothing to wait for."""
    return lambda occasion: lawful(occasion) and stop(occasion) is None


def why(stop: Stop, lawful: Weighs) -> Stop:
    """What a lawful act waits for."""
    return lambda occasion: stop(occasion) if lawful(occasion) else None
