"""Two officers at once in one case: one of them is told of the other, and the case stays whole."""

from __future__ import annotations

from functools import partial

import pytest

from tapal.core.cases import CaseOutcome
from tapal.flow import cases
from tapal.store.models import Case, CaseEntry, CaseMember, Event
from tests.flow.cases.conftest import LEADER, DoorOf
from tests.flow.test_locks import at_once

pytestmark = [
    pytest.mark.pg,
    pytest.mark.django_db(transaction=True, databases=["default", "access"]),
]
ROUNDS = 6
SECOND = "imi.motaain.ttd"


def opened(door: DoorOf, *, sealed: bool = False) -> Case:
    return cases.open_case("Kurir di Motaain", actor=door(LEADER).actor, sealed=sealed)


def test_nothing_is_written_into_a_case_that_another_closes(door: DoorOf) -> None:
    for number in range(ROUNDS):
        case, actor = opened(door), door(LEADER).actor
        at_once(
            *(
                partial(cases.write, case.id, "note", f"{number} {n}", actor=actor)
                for n in range(3)
            ),
            partial(cases.close, case.id, CaseOutcome.RESOLVED, "selesai", actor=actor),
            partial(cases.close, case.id, CaseOutcome.RESOLVED, "selesai juga", actor=actor),
        )
        lines = list(CaseEntry.objects.filter(case=case).order_by("at", "id"))
        assert [line.sort for line in lines].count("closed") == 1
        assert lines[-1].sort == "closed"
        told = Event.objects.filter(subject=str(case.id), type="case.added").count()
        assert told == sum(line.sort == "note" for line in lines)


def test_an_offer_is_taken_or_withdrawn_and_there_is_one_owner(door: DoorOf) -> None:
    for _ in range(ROUNDS):
        case, lead, taker = opened(door), door(LEADER).actor, door("hubinter.penyidik").actor
        cases.add_member(case.id, taker.number, taker.agency, actor=lead)
        cases.offer(case.id, taker.agency, "milik Anda", actor=lead)
        at_once(
            partial(cases.accept, case.id, actor=taker),
            partial(cases.withdraw, case.id, "tidak jadi", actor=lead),
            partial(cases.decline, case.id, "bukan kami", actor=taker),
        )
        case.refresh_from_db()
        ends = ("case.handed_over", "case.withdrawn", "case.declined")
        (end,) = Event.objects.filter(subject=str(case.id), type__in=ends)
        assert case.offered_to == ""
        assert (case.owner == taker.agency) == (end.type == "case.handed_over")


def test_a_sealed_case_keeps_a_lead_when_two_leave_at_once(door: DoorOf) -> None:
    for _ in range(ROUNDS):
        case, one, two = opened(door, sealed=True), door(LEADER).actor, door(SECOND).actor
        cases.add_member(case.id, two.number, two.agency, actor=one)
        at_once(
            partial(cases.end_member, case.id, one.number, one.agency, actor=one),
            partial(cases.end_member, case.id, two.number, two.agency, actor=two),
        )
        assert CaseMember.objects.filter(case=case, ended_at=None).count() == 1
