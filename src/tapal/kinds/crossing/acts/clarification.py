"""Clarifying citizenship: a citizen's entry is clarified, never refused (UU 6/2011 art. 13-14)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from tapal.core.actions import Action, NewTask, Occasion, Outcome
from tapal.core.country import HOME
from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.kinds.crossing.acts.answers import Reason, Said
from tapal.kinds.crossing.acts.standing import (
    decided,
    entering,
    given_back,
    outcome_of,
    undecided,
)
from tapal.kinds.crossing.citizenship import UNSTATED, may_be_citizen
from tapal.kinds.crossing.codes import state_code, state_known
from tapal.kinds.crossing.form import Answers, State
from tapal.kinds.crossing.marks import decision


class Settled(Answers):
    """What was established of a person who might have been a citizen, and by what."""

    nationality: Annotated[
        State, decision("Kewarganegaraan yang terbukti", "Nationality established")
    ]
    evidence: Annotated[Said, decision("Bukti yang diperiksa", "Evidence examined")]


def _may_clarify(occasion: Occasion) -> bool:
    """For the entry of a citizen, and of everyone who may be one."""
    doubt = entering(occasion) and may_be_citizen(occasion.record)
    return undecided(occasion) and doubt and outcome_of(occasion) != "clarification"


def _clarify(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else ""
    task = NewTask(
        "clarify_citizenship",
        Text("Klarifikasi kewarganegaraan", "Clarify citizenship"),
        Text(
            "Warga negara tidak ditolak masuk: pastikan kewarganegaraannya dengan bukti lain. {r}",
            "A citizen is not refused entry: establish citizenship by other evidence. {r}",
        ).fill(r=reason),
        power="refusal.propose",
    )
    return Outcome(decided(occasion, "clarification", reason=reason), tasks=(task,))


def _may_settle(occasion: Occasion) -> bool:
    return outcome_of(occasion) == "clarification" and entering(occasion)


def _settle(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Record whose citizen he was found to be; only then may a foreigner's entry be refused."""
    given = answers.model_dump() if answers else {}
    state = state_code(str(given.get("nationality") or ""))
    if not state_known(state) or state in UNSTATED:
        raise Rejected(
            Text(f"“{state}” bukan kode negara.", f"“{state}” is no State's code."),
            Text("Tulis kode tiga huruf, misalnya TLS.", "Write the three letters, such as TLS."),
            place="nationality",
        )
    found = "citizen" if state == HOME else "foreigner"
    changes = decided(occasion, given_back(occasion), citizenship=found, evidence=given["evidence"])
    changes["person.nationality"] = state
    if found == "foreigner":
        changes["person.other_nationalities"] = None
    return Outcome(changes, closes=("clarify_citizenship",))


CLARIFY = Action(
    "clarify", Text("Klarifikasi", "Clarify"), "counter.decide", _may_clarify, _clarify,
    "F11", form=lambda occasion: Reason, undo_minutes=5,
)  # fmt: skip
SETTLE = Action(
    "settle_citizenship", Text("Catat hasil klarifikasi", "Record what was clarified"),
    "refusal.sign", _may_settle, _settle, form=lambda occasion: Settled,
    answers=("clarify_citizenship",),
)  # fmt: skip
