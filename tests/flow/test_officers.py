"""Officers: powers come from mandates that hold today, at this post, for this agency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.mandates import level
from tapal.core.marking import Sensitivity
from tapal.flow import accounts, mandates, officers
from tapal.flow.accounts import OPERATOR, SETUP, Person
from tapal.flow.mandates import Given
from tapal.store.models import Event, EventContent, Mandate, Officer

pytestmark = pytest.mark.django_db(databases=["default", "access"])

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
ADMIN = Actor("9", "MSN-1", "Admin", "IMI", None, officers.roles()["admin"].powers)
NOBODY = Actor("8", "X-1", "X", "IMI", None, officers.roles()["supervisor"].powers)


@pytest.fixture
def officer(home: Path) -> Officer:
    return accounts.create_officer(
        Person("imi.test", "Maria de Jesus", "IMI-7"), "long enough 42", actor=ADMIN
    )


def give(
    officer: Officer, role: str = "officer", place: str | None = "PLBN-11", **more: date
) -> Mandate:
    first = more.pop("valid_from", date(2026, 1, 1))
    given = Given(str(more.pop("agency", "IMI")), role, first, place, **more)
    return mandates.give_at_setup(officer, given, by=SETUP)


def test_without_a_mandate_nobody_acts(officer: Officer) -> None:
    with pytest.raises(Denied):
        officers.actor_of(officer, "PLBN-11", now=NOW)
    assert officers.powers_of(officer, "PLBN-11", NOW) == frozenset()


def test_a_mandate_holds_at_its_post(officer: Officer) -> None:
    give(officer)
    actor = officers.actor_of(officer, "PLBN-11", now=NOW)
    assert (actor.agency, actor.post, actor.name) == ("IMI", "PLBN-11", "Maria de Jesus")
    assert "record.read" in actor.powers
    for elsewhere in ("PLBN-16", None):
        with pytest.raises(Denied):
            officers.actor_of(officer, elsewhere, now=NOW)
    assert officers.posts_of(officer, NOW) == ["PLBN-11"]


def test_a_mandate_without_a_post_holds_at_every_post(officer: Officer) -> None:
    give(officer, place=None)
    give(officer, "signing_officer")
    assert "refusal.sign" in officers.actor_of(officer, "PLBN-11", now=NOW).powers
    assert "refusal.sign" not in officers.actor_of(officer, "PLBN-16", now=NOW).powers
    assert officers.posts_of(officer, NOW) == [None, "PLBN-11"]


def test_a_mandate_holds_from_its_first_to_its_last_day(officer: Officer) -> None:
    give(officer, valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 1))
    officers.actor_of(officer, "PLBN-11", now=NOW)
    # Midnight is that of the capital, 17.00 UTC.
    for moment in (datetime(2026, 5, 31, 16, 59, tzinfo=UTC), datetime(2026, 6, 1, 17, tzinfo=UTC)):
        with pytest.raises(Denied):
            officers.actor_of(officer, "PLBN-11", now=moment)


def test_a_mandate_of_an_agency_that_is_no_more_is_void(officer: Officer) -> None:
    given = Given("IMI-HAM", "officer", date(2020, 1, 1))
    mandates.give_at_setup(officer, given, by=SETUP)
    with pytest.raises(Denied):
        officers.actor_of(officer, now=NOW)


def test_powers_of_two_agencies_do_not_mix(officer: Officer) -> None:
    give(officer)
    other = Given("DJBC", "signing_officer", date(2026, 1, 1), "PLBN-11")
    mandates.give_at_setup(officer, other, by=SETUP)
    actor = officers.actor_of(officer, "PLBN-11", agency="IMI", now=NOW)
    assert "refusal.sign" not in actor.powers
    with pytest.raises(Denied):
        officers.actor_of(officer, "PLBN-11", agency="BNPP", now=NOW)


def test_an_ended_mandate_keeps_its_row(officer: Officer) -> None:
    mandate = give(officer)
    mandates.end_mandate(mandate, date(2026, 5, 31), actor=ADMIN)
    with pytest.raises(Denied):
        officers.actor_of(officer, "PLBN-11", now=NOW)
    assert Mandate.objects.filter(pk=mandate.pk, valid_to=date(2026, 5, 31)).exists()
    with pytest.raises(Rejected):
        mandates.end_mandate(mandate, date(2027, 1, 1), actor=ADMIN)


def test_an_officer_who_is_shut_out_does_not_act(officer: Officer) -> None:
    give(officer)
    accounts.switch_off(officer, actor=ADMIN)
    with pytest.raises(Denied):
        officers.actor_of(officer, "PLBN-11", now=NOW)


def test_an_administrator_of_another_agency_shuts_nobody_out(officer: Officer) -> None:
    mandate = give(officer)
    other = replace(ADMIN, agency="DJBC")
    with pytest.raises(Denied, match="another agency"):
        accounts.switch_off(officer, actor=other)
    with pytest.raises(Denied, match="another agency"):
        mandates.end_mandate(mandate, date(2026, 5, 31), actor=other)
    give(officer, agency="DJBC")  # type: ignore[arg-type]
    for actor in (ADMIN, other):
        with pytest.raises(Denied, match="another agency"):
            accounts.switch_off(officer, actor=actor)
    accounts.switch_off_by_operator(officer)
    assert not Officer.objects.get(pk=officer.pk).is_active


def test_changes_need_their_power_and_are_written_down(officer: Officer) -> None:
    with pytest.raises(Denied):
        accounts.switch_off(officer, actor=NOBODY)
    with pytest.raises(Denied):
        accounts.change_officer(officer, name="X", actor=NOBODY)
    with pytest.raises(Denied):
        accounts.create_officer(Person("a", "A", "A-1"), "long enough 42", actor=NOBODY)
    give(officer)
    assert set(Event.objects.filter(subject="IMI-7").values_list("type", flat=True)) == {
        "officer.saved",
        "mandate.given",
    }


@pytest.mark.parametrize(
    "given",
    [
        Given("IMI", "nosuch", date(2026, 1, 1)),
        Given("NOSUCH", "officer", date(2026, 1, 1)),
        Given("IMI", "officer", date(2026, 1, 1), "PLBN-99"),
        Given("IMI", "officer", date(2026, 1, 2), None, date(2026, 1, 1)),
    ],
)
def test_a_mandate_that_cannot_hold_is_refused(officer: Officer, given: Given) -> None:
    with pytest.raises(Rejected):
        mandates.give_at_setup(officer, given, by=SETUP)


def test_a_doubled_number_and_a_weak_password_are_refused(officer: Officer) -> None:
    with pytest.raises(Rejected):
        accounts.create_officer(Person("other", "B", "imi-7"), "long enough 42", actor=ADMIN)
    with pytest.raises(Rejected):
        accounts.create_officer(Person("other", "B", "IMI-8"), "12345678", actor=ADMIN)


@pytest.mark.parametrize("number", ["SETUP", "operator", "System"])
def test_nobody_bears_the_name_under_which_the_machine_acts(home: Path, number: str) -> None:
    with pytest.raises(Rejected):
        accounts.create_officer(Person("other", "B", number), "long enough 42", actor=ADMIN)


def test_a_mandate_by_one_hand_is_for_set_up_alone_and_says_so(officer: Officer) -> None:
    given = Given("IMI", "officer", date(2026, 1, 1))
    for by in (ADMIN.number, "", officer.number, "system"):
        with pytest.raises(Denied):
            mandates.give_at_setup(officer, given, by=by)
    made = mandates.give_at_setup(officer, given, by=OPERATOR)
    assert (made.given_by, made.approved_by) == ("OPERATOR", "")
    told = EventContent.objects.get(event__type="mandate.given").content
    assert '"at_setup":true' in told


def test_a_pin_is_the_officers_own_and_not_plain(officer: Officer) -> None:
    give(officer)
    me = officers.actor_of(officer, "PLBN-11", now=NOW)
    for weak in ("111111", "123456", "98765", "abcdef", "987654", ""):
        with pytest.raises(Rejected):
            accounts.set_pin(officer, weak, actor=me)
    with pytest.raises(Denied):
        accounts.set_pin(officer, "402917", actor=ADMIN)
    assert not accounts.check_pin(officer, "402917")
    accounts.set_pin(officer, "402917", actor=me)
    assert accounts.check_pin(officer, "402917")
    assert not accounts.check_pin(officer, "402918")


def test_roles_read_as_high_as_their_work_asks() -> None:
    levels = {code: level(role.powers) for code, role in officers.roles().items()}
    assert levels["officer"] == levels["analyst"] == Sensitivity.RESTRICTED
    assert levels["supervisor"] == levels["signing_officer"] == Sensitivity.CONFIDENTIAL
    assert [code for code, top in levels.items() if top is Sensitivity.WITHHELD] == [
        "protection_duty"
    ]
