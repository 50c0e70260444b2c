"""Allowing a crossing."""

from __future__ import annotations

from pydantic import BaseModel

from tapal.core.actions import Action, Occasion, Outcome
from tapal.core.finding import Weight
from tapal.core.text import Text
from tapal.kinds.crossing.acts.answers import Nothing, Reason
from tapal.kinds.crossing.acts.standing import decided, second_desk_open, undecided


def _form(occasion: Occasion) -> type[BaseModel]:
    """A reason is asked where something alerts; else one key is enough.

    An exit ban is among what alerts: it is answered by a hold, or by allowing with a reason.
    """
    alerting = any(finding.weight == Weight.ALERT for finding in occasion.findings)
    return Reason if alerting else Nothing


def _allow(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Let the person cross; one who was at the second desk leaves it by that."""
    reason = answers.reason if isinstance(answers, Reason) else None
    changes = decided(occasion, "admitted", reason=reason)
    if second_desk_open(occasion):
        changes["decision.second_desk"] = "no_objection"
    return Outcome(
        changes, closes=("second_inspection", "clarify_citizenship"), settles_alerts=False
    )


ALLOW = Action(
    "allow", Text("Izinkan", "Allow"), "counter.decide", undecided, _allow,
    "F9", "accept", _form, undo_minutes=5,
)  # fmt: skip
