"""A traveller before an officer: acts carried out as the road would do it."""

from __future__ import annotations

from typing import Any

from tapal.core.actions import Actor, Occasion, Outcome
from tapal.core.finding import Finding, Weight
from tapal.core.mandates import READ_WITHHELD
from tapal.core.registers import set_at
from tapal.core.text import Text, same
from tapal.kinds.crossing import CROSSING
from tests.kinds.builders import NOW, context, view
from tests.kinds.crossing.cases import PASSPORT, PERSON

OFFICER = Actor("o-1", "IMI-0001", "Petugas Contoh", "IMI", "PLBN-11", frozenset())
SIGNER = Actor("o-2", "IMI-0003", "Pejabat Contoh", "IMI", "PLBN-11", frozenset())
DUTY = Actor("o-3", "IMI-0031", "Petugas Jaga", "IMI", "PLBN-11", frozenset({READ_WITHHELD}))
ALERT = Finding("document_expired", Weight.ALERT, same("x"), ("document.expires",))


def listed(roll: str) -> Finding:
    return Finding("list_match", Weight.ALERT, same("x"), data={"roll": roll})


class Desk:
    """A traveller before an officer: acts are carried out as the road would do it."""

    def __init__(self, *findings: Finding, **fields: Any) -> None:
        self.findings = findings
        self.clashes: dict[str, list[Any]] = {}
        self.body: dict[str, Any] = {
            "direction": "entry",
            "capture": "form",
            "person": dict(PERSON),
            "document": PASSPORT,
            **fields,
        }

    def occasion(self, actor: Actor) -> Occasion:
        record = view("crossing", self.body, occurred_at=NOW)
        return Occasion(record, self.findings, context(), actor, self.clashes)

    def offers(self, actor: Actor = OFFICER) -> set[str]:
        at_hand = self.occasion(actor)
        return {action.name for action in CROSSING.actions if action.offered(at_hand)}

    def waits(self, actor: Actor = OFFICER) -> dict[str, Text]:
        at_hand = self.occasion(actor)
        return {
            action.name: why
            for action in CROSSING.actions
            if action.waits and (why := action.waits(at_hand))
        }

    def act(self, name: str, actor: Actor = OFFICER, **answers: Any) -> Outcome:
        assert name in self.offers(actor), self.offers(actor)
        action = CROSSING.action(name)
        assert action is not None
        at_hand = self.occasion(actor)
        given = action.form(at_hand).model_validate(answers) if action.form else None
        outcome = action.apply(at_hand, given)
        for path, value in outcome.changes.items():
            set_at(self.body, path, value)
        for paper in outcome.documents:
            row = {"form": paper.form, "number": "1", "issued_at": "now", "issued_by": actor.number}
            set_at(self.body, paper.into, [row])
        CROSSING.model.model_validate(self.body)
        return outcome


def proposed(*findings: Finding, **fields: Any) -> Desk:
    desk = Desk(*findings, **fields)
    desk.act("propose_refusal", ground="b", facts="tidak membawa dokumen perjalanan")
    return desk
