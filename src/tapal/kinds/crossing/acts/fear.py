"""Fear of return: heard at any desk, known to the protection officers alone (Perpres 125/2016).

To everybody else it is a referral to the second desk, in words, tasks, history and keys; where the person
is there already, nothing changes that they may read.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints

from tapal.core.actions import Action, NewTask, Occasion, Outcome
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.acts.answers import Said
from tapal.kinds.crossing.acts.second_desk import REFER, refer
from tapal.kinds.crossing.acts.standing import now_text, protected, second_desk_open
from tapal.kinds.crossing.citizenship import is_citizen
from tapal.kinds.crossing.form import Answers
from tapal.kinds.crossing.marks import withheld


class Heard(Answers):
    """What the person said, and in which language he needs to be heard."""

    words: Annotated[
        Annotated[str, StringConstraints(max_length=2000)] | None,
        withheld("Yang dikatakannya", "What was said"),
    ] = None
    language: Annotated[str | None, withheld("Bahasa", "Language")] = None


class ProcedureEnded(Answers):
    """How the protection procedure ended; while it runs with UNHCR it has not ended."""

    result: Annotated[
        Literal["withdrawn", "decided"],
        withheld("Hasil prosedur pelindungan", "Result of the procedure", codes.PROTECTION_RESULTS),
    ]
    note: Annotated[
        Said, withheld("Bagaimana dipastikan, oleh siapa", "How it was established, by whom")
    ]


def _may_hear(occasion: Occasion) -> bool:
    """Anyone but a plain citizen; of one with a second nationality it is not for the counter to say.

    It stays when it was heard before: a key that goes away would tell the next officer.
    """
    record = occasion.record
    return not (is_citizen(record) and not record.get("person.other_nationalities"))


def _case(heard: dict[str, Any]) -> NewTask:  # Any: JSON
    return NewTask(
        "fear_of_return",
        Text("Takut kembali: temui orang ini", "Fear of return: meet this person"),
        Text(
            "Orang ini menyatakan takut kembali. Jangan hubungi perwakilan negaranya. Selama "
            "prosedur berjalan ia tidak dipulangkan.",
            "This person expressed fear of return. Do not contact his consulate. No removal while "
            "the procedure runs.",
        ),
        power="fear_of_return.write",
        sensitivity=Sensitivity.WITHHELD,
        data=heard,
    )


def _hear(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Open a withheld task and refer the person to the second desk, unless he is there already.

    Heard again, it is noted anew; the duty officer has his task already.
    """
    changes: dict[str, Any] = {  # Any: JSON
        "protection.fear_of_return": True,
        "protection.heard_at": now_text(occasion),
        "protection.heard_by": occasion.actor.number,
    }
    tasks: tuple[NewTask, ...] = ()
    if not protected(occasion):
        tasks = (_case(answers.model_dump(exclude_none=True) if answers else {}),)
        past = [p for p in _PROCEDURE if occasion.record.get(p)]
        changes |= dict.fromkeys(past)
    closes: tuple[str, ...] = ()
    if not second_desk_open(occasion):
        referral = refer(occasion)
        changes |= referral.changes
        tasks += referral.tasks
        closes = referral.closes
    return Outcome(changes, tasks=tasks, closes=closes, outward=REFER.name)


_PROCEDURE = tuple(
    f"protection.{name}"
    for name in ("received_at", "received_by", "ended_at", "ended_by", "result", "note")
)
"""What an earlier procedure left, which a new one begins without."""


def _may_receive(occasion: Occasion) -> bool:
    return protected(occasion) and not occasion.record.get("protection.received_by")


def _receive(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    changes = {
        "protection.received_at": now_text(occasion),
        "protection.received_by": occasion.actor.number,
    }
    return Outcome(changes, closes=("fear_of_return",))


def _may_end(occasion: Occasion) -> bool:
    return protected(occasion) and bool(occasion.record.get("protection.received_by"))


def _end(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    given = answers.model_dump() if answers else {}
    changes = {
        "protection.ended_at": now_text(occasion),
        "protection.ended_by": occasion.actor.number,
    }
    return Outcome(changes | {f"protection.{name}": value for name, value in given.items()})


HEAR = Action(
    "fear_of_return", Text("Takut kembali", "Fear of return"), "counter.decide",
    _may_hear, _hear, "F8", form=lambda occasion: Heard, undo_minutes=5,
)  # fmt: skip
RECEIVE = Action(
    "receive_fear", Text("Terima kasus takut kembali", "Take the fear-of-return case"),
    "fear_of_return.write", _may_receive, _receive, answers=("fear_of_return",),
)  # fmt: skip
END = Action(
    "end_protection", Text("Akhiri prosedur pelindungan", "End the protection procedure"),
    "fear_of_return.write", _may_end, _end, form=lambda occasion: ProcedureEnded,
)  # fmt: skip
