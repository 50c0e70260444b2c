"""Holding an exit under an exit ban (*cegah*): proposed with its number, signed by another who may."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from tapal.core.actions import Action, NewDocument, NewTask, Occasion, Outcome
from tapal.core.text import Text
from tapal.kinds.crossing.acts.answers import Reason, Said
from tapal.kinds.crossing.acts.standing import (
    EXIT_BAN,
    by_another,
    decided,
    given_back,
    leaving,
    listed,
    outcome_of,
    proposed,
    undecided,
)
from tapal.kinds.crossing.acts.stops import (
    before_proposing,
    before_signing,
    unless,
    why,
)
from tapal.kinds.crossing.form import Answers
from tapal.kinds.crossing.marks import decision


class HoldGround(Answers):
    """The exit ban that the hold rests on, and how the person was identified with it."""

    ground: Annotated[Said, decision("Nomor keputusan pencegahan", "Number of the exit ban")]
    facts: Annotated[Said, decision("Uraian fakta", "Facts")]


def _proposable(occasion: Occasion) -> bool:
    return undecided(occasion) and leaving(occasion) and listed(occasion, EXIT_BAN)


def _propose(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    given = answers.model_dump() if answers else {}
    task = NewTask(
        "sign_exit_hold",
        Text("Putuskan usul penundaan keluar", "Decide on a proposed exit hold"),
        Text(
            "Keputusan pencegahan: {ground}. Fakta: {facts}", "Exit ban: {ground}. Facts: {facts}"
        ).fill(**given),
        power="exit_refusal.sign",
    )
    return Outcome(proposed(occasion, "exit_hold_proposed", given), tasks=(task,))


def _pending(occasion: Occasion) -> bool:
    return outcome_of(occasion) == "exit_hold_proposed"


def _signable(occasion: Occasion) -> bool:
    """By another than he who proposed it, while the ban still alerts."""
    banned = leaving(occasion) and listed(occasion, EXIT_BAN)
    return _pending(occasion) and banned and by_another(occasion)


def _sign(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    paper = NewDocument(
        "TUNDA-KELUAR",
        Text("Surat penundaan keluar", "Notice of exit hold"),
        into="decision.papers",
    )
    return Outcome(
        decided(occasion, "exit_held"),
        documents=(paper,),
        closes=("sign_exit_hold",),
        settles_alerts=True,
    )


def _return(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else ""
    return Outcome(
        decided(occasion, given_back(occasion), reason=reason), closes=("sign_exit_hold",)
    )


PROPOSE = Action(
    "propose_exit_hold", Text("Usul tunda keluar", "Propose exit hold"), "refusal.propose",
    unless(before_proposing, _proposable), _propose, "F12", "danger",
    lambda occasion: HoldGround, undo_minutes=5, waits=why(before_proposing, _proposable),
)  # fmt: skip
SIGN = Action(
    "sign_exit_hold", Text("Tandatangani penundaan", "Sign the exit hold"), "exit_refusal.sign",
    unless(before_signing, _signable), _sign, "", "danger",
    waits=why(before_signing, _signable), answers=("sign_exit_hold",),
)  # fmt: skip
RETURN = Action(
    "return_exit_hold", Text("Kembalikan usul tunda", "Send the hold back"), "exit_refusal.sign",
    _pending, _return, form=lambda occasion: Reason,
)  # fmt: skip
