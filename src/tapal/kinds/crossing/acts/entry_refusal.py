"""Refusing a foreigner's entry: proposed with a ground of art. 13, signed by another who may."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, create_model

from tapal.core.actions import Action, NewDocument, NewTask, Occasion, Outcome
from tapal.core.text import Text, same
from tapal.kinds.crossing.acts.answers import Reason, Said
from tapal.kinds.crossing.acts.standing import (
    ENTRY_BAN,
    by_another,
    decided,
    entering,
    given_back,
    listed,
    outcome_of,
    post_day,
    proposed,
    undecided,
)
from tapal.kinds.crossing.acts.stops import (
    before_proposing,
    before_signing,
    unless,
    why,
)
from tapal.kinds.crossing.citizenship import may_be_citizen
from tapal.kinds.crossing.form import Answers
from tapal.kinds.crossing.marks import decision
from tapal.kinds.crossing.refusal import grounds_of


def _proposable(occasion: Occasion) -> bool:
    """A foreigner's entry only: of one who may be a citizen the citizenship is settled first."""
    foreigner = not may_be_citizen(occasion.record)
    lawful = bool(grounds_of(occasion.context, post_day(occasion)))
    return undecided(occasion) and entering(occasion) and foreigner and lawful


def _form(occasion: Occasion) -> type[BaseModel]:
    """Ask for one of the grounds in force, and the facts; an entry ban suggests its own."""
    grounds = grounds_of(occasion.context, post_day(occasion))
    letters = tuple(grounds)
    mark = decision("Dasar penolakan", "Ground of refusal", grounds)
    first: Any = "a" if listed(occasion, ENTRY_BAN) and "a" in grounds else ...
    # Any: the choice is made of the legal rows in force.
    choice: Any = Annotated[Literal[letters], mark]
    facts: Any = Annotated[Said, decision("Uraian fakta", "Facts")]
    return create_model(
        "ProposeRefusal",
        __base__=Answers,
        ground=(choice, first),
        facts=(facts, ...),
    )


def _propose(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    given = answers.model_dump() if answers else {}
    letter = str(given.get("ground") or "")
    ground = grounds_of(occasion.context, post_day(occasion)).get(letter, same(letter))
    facts = str(given.get("facts") or "")
    task = NewTask(
        "sign_refusal",
        Text("Putuskan usul penolakan masuk", "Decide on a proposed refusal of entry"),
        Text(f"Dasar: {ground.id}. Fakta: {facts}", f"Ground: {ground.en}. Facts: {facts}"),
        power="refusal.sign",
    )
    return Outcome(proposed(occasion, "refusal_proposed", given), tasks=(task,))


def _pending(occasion: Occasion) -> bool:
    return outcome_of(occasion) == "refusal_proposed"


def _signable(occasion: Occasion) -> bool:
    """By another than he who proposed it; never of a citizen."""
    foreigner = not may_be_citizen(occasion.record)
    return _pending(occasion) and entering(occasion) and foreigner and by_another(occasion)


def _sign(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    paper = NewDocument(
        "TOLAK-MASUK",
        Text("Surat penolakan masuk", "Notice of refusal of entry"),
        into="decision.papers",
    )
    return Outcome(
        decided(occasion, "refused"),
        documents=(paper,),
        closes=("sign_refusal",),
        settles_alerts=True,
    )


def _return(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else ""
    return Outcome(decided(occasion, given_back(occasion), reason=reason), closes=("sign_refusal",))


PROPOSE = Action(
    "propose_refusal", Text("Usul tolak", "Propose refusal"), "refusal.propose",
    unless(before_proposing, _proposable), _propose, "F11", "danger", _form,
    undo_minutes=5, waits=why(before_proposing, _proposable),
)  # fmt: skip
SIGN = Action(
    "sign_refusal", Text("Tandatangani penolakan", "Sign the refusal"), "refusal.sign",
    unless(before_signing, _signable), _sign, "", "danger",
    waits=why(before_signing, _signable), answers=("sign_refusal",),
)  # fmt: skip
RETURN = Action(
    "return_refusal", Text("Kembalikan usul tolak", "Send the proposal back"), "refusal.sign",
    _pending, _return, form=lambda occasion: Reason,
)  # fmt: skip
