"""The second desk: referring a person to it, and how it ends.

While it has the person nobody proposes a refusal or a hold, whatever the reason of the referral: a key
that goes away for one reason only would tell that reason.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel

from tapal.core.actions import Action, NewTask, Occasion, Outcome
from tapal.core.text import Text
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.acts.answers import Said
from tapal.kinds.crossing.acts.standing import (
    AT_COUNTER,
    AT_SECOND_DESK,
    decided,
    outcome_of,
    second_desk_open,
    undecided,
)
from tapal.kinds.crossing.form import Answers
from tapal.kinds.crossing.marks import decision


class Ended(Answers):
    """How the second desk ended, and what it found."""

    result: Annotated[
        Literal["no_objection", "grounds_found", "handed_on"],
        decision("Hasil meja kedua", "Result of the second desk", codes.SECOND_DESKS),
    ]
    # Everybody at the post reads it.
    note: Annotated[
        Said,
        decision(
            "Uraian (tanpa hal kesehatan atau pelindungan)",
            "What was found (nothing of health or protection)",
        ),
    ]


def _may_refer(occasion: Occasion) -> bool:
    """At any time but while it has the person: also of one who is decided or proposed already."""
    return not second_desk_open(occasion)


def refer(occasion: Occasion) -> Outcome:
    """Send the person to the second desk; a proposal or decision that stands is left standing."""
    changes: dict[str, Any] = {"decision.second_desk": "open"}  # Any: JSON
    if occasion.record.get("decision.second_desk_note"):
        changes["decision.second_desk_note"] = None
    closes: tuple[str, ...] = ()
    if undecided(occasion):
        changes |= decided(occasion, AT_SECOND_DESK)
        closes = ("clarify_citizenship",)
    task = NewTask(
        "second_inspection",
        Text("Pemeriksaan lanjutan", "Second inspection"),
        # At the counter only this is shown, whatever the reason: it would reveal it to an escort.
        Text("Periksa orang ini di meja kedua.", "See this person at the second desk."),
        power="counter.decide",
    )
    return Outcome(changes, tasks=(task,), closes=closes)


def _refer(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    return refer(occasion)


def _end(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Say what the second desk found; what stood undecided goes back to the counter."""
    given = answers.model_dump() if answers else {}
    changes: dict[str, Any] = {  # Any: JSON
        "decision.second_desk": given.get("result"),
        "decision.second_desk_note": given.get("note"),
    }
    if outcome_of(occasion) == AT_SECOND_DESK:
        changes |= decided(occasion, AT_COUNTER)
    return Outcome(changes, closes=("second_inspection",))


REFER = Action(
    "second_inspection", Text("Periksa lanjut", "Second inspection"), "counter.decide",
    _may_refer, _refer, "F10", undo_minutes=5,
)  # fmt: skip
END = Action(
    "end_second_inspection", Text("Selesai periksa lanjut", "End the second inspection"),
    "counter.decide", second_desk_open, _end, "F10", form=lambda occasion: Ended, undo_minutes=5,
    answers=("second_inspection",),
)  # fmt: skip
