"""Four eyes: a mandate stands after a second person approved it; who is wrong for that is refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import accounts, health, mandates, officers, proposals
from tapal.flow.accounts import SETUP, Person
from tapal.flow.mandates import Given
from tapal.store.models import Event, EventContent, Mandate, Officer, Proposal

pytestmark = pytest.mark.django_db(databases=["default", "access"])

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
MAKER = Actor("0", SETUP, "set-up", "BNPP", None, officers.roles()["admin"].powers)
ASKED = Given("IMI", "supervisor", FIRST_DAY, "PLBN-11")
# Any: what an act gives back is not asked.
Act = Callable[[Actor], Any]


def made(number: str, agency: str, role: str | None, place: str | None = None) -> Officer:
    """An officer with a mandate that was given at set-up."""
    person = Person(number.lower(), number, number)
    officer = accounts.create_officer(person, "long enough 42", actor=MAKER, temporary=False)
    if role:
        given = Given(agency, role, FIRST_DAY, place)
        mandates.give_at_setup(officer, given, by=SETUP)
    return officer


def acting(officer: Officer, post: str | None = None) -> Actor:
    return officers.actor_of(officer, post, now=NOW)


@pytest.fixture
def proposer(home: Path) -> Actor:
    return acting(made("MSN-1", "BNPP", "admin"))


@pytest.fixture
def second(home: Path) -> Actor:
    return acting(made("MSN-2", "IMI", "admin"))


@pytest.fixture
def officer(home: Path) -> Officer:
    return made("IMI-7", "IMI", None)


@pytest.fixture
def proposal(officer: Officer, proposer: Actor) -> Proposal:
    return proposals.propose_mandate(officer, ASKED, actor=proposer, now=NOW)


def decisions(proposal: Proposal) -> tuple[Act, Act]:
    """To approve it and to decline it."""
    return (
        lambda who: proposals.approve(proposal.id, actor=who, now=NOW),
        lambda who: proposals.decline(proposal.id, "no", actor=who, now=NOW),
    )


def told(type_: str) -> list[tuple[str, dict[str, object]]]:
    rows = EventContent.objects.filter(event__type=type_).order_by("event_id")
    return [(row.event.actor, json.loads(row.content)) for row in rows]


def test_a_stranger_neither_proposes_nor_decides(proposal: Proposal, officer: Officer) -> None:
    for role in ("officer", "supervisor", "steward", "auditor", "analyst"):
        stranger = acting(made(f"X-{role}", "PSDKP", role))
        acts: tuple[Act, ...] = (
            lambda who: proposals.propose_mandate(officer, ASKED, actor=who),
            *decisions(proposal),
        )
        for act in acts:
            with pytest.raises(Denied):
                act(stranger)
    assert not officer.mandates.exists()


def test_a_proposal_opens_nothing(proposal: Proposal, officer: Officer) -> None:
    with pytest.raises(Denied):
        acting(officer, "PLBN-11")
    assert not Mandate.objects.filter(officer=officer).exists()


def test_the_second_person_puts_it_in_force(
    proposal: Proposal, officer: Officer, second: Actor
) -> None:
    proposals.approve(proposal.id, actor=second, now=NOW)
    held = officer.mandates.get()
    assert (held.role, held.agency_id, held.place_id) == ("supervisor", "IMI", "PLBN-11")
    # It never stood before both had said so.
    assert held.valid_from == date(2026, 6, 1)
    assert (held.given_by, held.approved_by) == ("MSN-1", "MSN-2")
    assert "alert.close" in acting(officer, "PLBN-11").powers
    assert [actor for actor, _ in told("proposal.made")] == ["MSN-1"]
    assert [actor for actor, _ in told("proposal.approved")] == ["MSN-2"]
    actor, content = told("mandate.given")[-1]
    assert actor == "MSN-2" and content["given_by"] == "MSN-1" and content["at_setup"] is False


def test_the_proposer_never_approves_his_own(proposal: Proposal, proposer: Actor) -> None:
    for who in (proposer, replace(proposer, agency="IMI"), replace(proposer, id="77")):
        with pytest.raises(Denied, match="second person"):
            proposals.approve(proposal.id, actor=who, now=NOW)


def test_nobody_decides_about_himself(proposer: Actor) -> None:
    mine = made("MSN-3", "IMI", "admin")
    with pytest.raises(Denied, match="yourself"):
        proposals.propose_mandate(mine, ASKED, actor=acting(mine))
    asked = proposals.propose_mandate(mine, ASKED, actor=proposer, now=NOW)
    for decide in decisions(asked):
        with pytest.raises(Denied, match="yourself"):
            decide(acting(mine))


def test_one_of_the_two_is_of_the_agency(proposal: Proposal, officer: Officer) -> None:
    other = acting(made("MSN-4", "BARANTIN", "admin"))
    with pytest.raises(Denied, match="IMI"):
        proposals.approve(proposal.id, actor=other, now=NOW)
    assert not officer.mandates.exists()


def test_the_agencys_own_proposal_may_be_approved_by_another_agency(officer: Officer) -> None:
    own, other = acting(made("A-1", "IMI", "admin")), acting(made("A-2", "BARANTIN", "admin"))
    asked = proposals.propose_mandate(officer, ASKED, actor=own, now=NOW)
    proposals.approve(asked.id, actor=other, now=NOW)
    assert officer.mandates.exists()


def test_an_administrator_of_one_post_reaches_no_other(officer: Officer, proposer: Actor) -> None:
    local = acting(made("A-3", "IMI", "admin", "PLBN-11"), "PLBN-11")
    for place in ("PLBN-16", None):
        with pytest.raises(Denied):
            proposals.propose_mandate(officer, replace(ASKED, place=place), actor=local, now=NOW)
        asked = proposals.propose_mandate(
            officer, replace(ASKED, place=place), actor=proposer, now=NOW
        )
        for decide in decisions(asked):
            with pytest.raises(Denied, match="no other"):
                decide(local)
    here = proposals.propose_mandate(officer, ASKED, actor=proposer, now=NOW)
    proposals.approve(here.id, actor=local, now=NOW)


def test_a_proposal_lapses_with_its_proposers_power(
    proposal: Proposal, officer: Officer, second: Actor
) -> None:
    gone = Mandate.objects.get(officer__number="MSN-1")
    mandates.end_mandate(gone, date(2026, 5, 31), actor=acting(made("MSN-9", "BNPP", "admin")))
    with pytest.raises(Denied, match="proposer"):
        proposals.approve(proposal.id, actor=second, now=NOW)
    proposals.decline(proposal.id, "he has gone", actor=second, now=NOW)
    assert not officer.mandates.exists()


def test_a_declined_one_is_over(proposal: Proposal, officer: Officer, second: Actor) -> None:
    with pytest.raises(Rejected):
        proposals.decline(proposal.id, "  ", actor=second, now=NOW)
    proposals.decline(proposal.id, "not his post", actor=second, now=NOW)
    with pytest.raises(Rejected, match="MSN-2"):
        proposals.approve(proposal.id, actor=second, now=NOW)
    actor, content = told("proposal.declined")[0]
    assert (actor, content["reason"]) == ("MSN-2", "not his post")
    assert not officer.mandates.exists()


def test_the_proposer_takes_his_own_back(proposal: Proposal, proposer: Actor) -> None:
    proposals.decline(proposal.id, "mistyped", actor=proposer, now=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("declined", "MSN-1")


def test_the_same_proposal_does_not_wait_twice(
    proposal: Proposal, officer: Officer, proposer: Actor
) -> None:
    with pytest.raises(Rejected):
        proposals.propose_mandate(officer, ASKED, actor=proposer, now=NOW)


def test_what_has_passed_while_it_waited_is_refused(
    officer: Officer, proposer: Actor, second: Actor
) -> None:
    short = replace(ASKED, valid_to=date(2026, 5, 31))
    asked = proposals.propose_mandate(officer, short, actor=proposer, now=NOW)
    with pytest.raises(Rejected):
        proposals.approve(asked.id, actor=second, now=NOW)
    asked.refresh_from_db()
    assert asked.state == "open" and not officer.mandates.exists()


def test_no_such_proposal(second: Actor) -> None:
    with pytest.raises(Missing):
        proposals.approve(uuid.uuid4(), actor=second, now=NOW)


def test_off_takes_one_and_on_takes_two(proposer: Actor, second: Actor) -> None:
    local = acting(made("MSN-6", "IMI", "admin"))
    officer = made("IMI-8", "IMI", "officer", "PLBN-11")
    with pytest.raises(Rejected):
        proposals.propose_return(officer, actor=proposer)
    accounts.switch_off(officer, actor=local)
    with pytest.raises(Denied):
        acting(officer, "PLBN-11")
    asked = proposals.propose_return(officer, actor=proposer, now=NOW)
    other = acting(made("MSN-4", "BARANTIN", "admin"))
    for wrong in (proposer, other):
        with pytest.raises(Denied):
            proposals.approve(asked.id, actor=wrong, now=NOW)
    assert not Officer.objects.get(pk=officer.pk).is_active
    proposals.approve(asked.id, actor=second, now=NOW)
    assert acting(Officer.objects.get(pk=officer.pk), "PLBN-11").powers


def test_killed_in_the_middle_it_has_not_happened(
    proposal: Proposal, officer: Officer, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of an approval is one transaction: a break after the mandate leaves neither it nor a decision."""

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mandates, "record_event", cut)
    with pytest.raises(KeyboardInterrupt):
        proposals.approve(proposal.id, actor=second, now=NOW)
    monkeypatch.undo()
    proposal.refresh_from_db()
    assert proposal.state == "open" and not officer.mandates.exists()
    assert not Event.objects.filter(type="proposal.approved").exists()
    proposals.approve(proposal.id, actor=second, now=NOW)
    assert officer.mandates.count() == 1


def test_of_two_who_decide_at_once_one_is_told_of_the_other(
    proposal: Proposal, officer: Officer, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = acting(made("MSN-5", "IMI", "admin"))
    real, others = proposals.why_not, [third]

    def overtaken(*asked: object) -> object:
        if others:
            proposals.approve(proposal.id, actor=others.pop(), now=NOW)
        return real(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(proposals, "why_not", overtaken)
    with pytest.raises(Rejected, match="MSN-5"):
        proposals.approve(proposal.id, actor=second, now=NOW)
    assert officer.mandates.get().approved_by == "MSN-5"
    assert Event.objects.filter(type="mandate.given", subject="IMI-7").count() == 1


def test_declined_while_another_approves_it_gives_nothing(
    proposal: Proposal, officer: Officer, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = proposals.why_not

    def overtaken(*asked: object) -> object:
        proposals.decline(proposal.id, "wrong post", actor=second, now=NOW)
        return real(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(proposals, "why_not", overtaken)
    with pytest.raises(Rejected, match="MSN-2"):
        proposals.approve(proposal.id, actor=acting(made("MSN-5", "IMI", "admin")), now=NOW)
    assert not officer.mandates.exists()


def test_a_node_with_one_administrator_is_told_to_have_two(proposer: Actor) -> None:
    def sign() -> str:
        told = {s.name.en: s for s in health.signs()}["Administrators to approve each other"]
        return f"{told.seen} {told.grade}"

    assert sign() == "1 soon"
    second = made("MSN-2", "IMI", "admin")
    assert sign() == "2 good"
    accounts.switch_off_by_operator(second)
    assert sign() == "1 soon"


def test_nor_does_he_end_what_holds_elsewhere(home: Path) -> None:
    local = acting(made("A-3", "IMI", "admin", "PLBN-11"), "PLBN-11")
    for number, place in (("IMI-8", "PLBN-16"), ("IMI-9", None)):
        other = made(number, "IMI", "officer", place)
        with pytest.raises(Denied, match="no other"):
            mandates.end_mandate(other.mandates.get(), date(2026, 5, 31), actor=local)
        with pytest.raises(Denied, match="no other"):
            accounts.switch_off(other, actor=local)
    here = made("IMI-10", "IMI", "officer", "PLBN-11")
    mandates.end_mandate(here.mandates.get(), date(2026, 5, 31), actor=local)
    accounts.switch_off(here, actor=local)
