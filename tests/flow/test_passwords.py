"""A temporary password: who may give one, to whom, what it ends, and how it ends itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.errors import Denied, Rejected
from tapal.flow import accounts, passwords, proposals
from tapal.flow.accounts import OPERATOR
from tapal.flow.mandates import Given
from tapal.store.models import Event, EventContent, Officer
from tests.flow.test_proposals import FIRST_DAY, NOW, acting, made

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@pytest.fixture
def officer(home: Path) -> Officer:
    return made("IMI-7", "IMI", "supervisor", "PLBN-11")


def test_strangers_give_none(officer: Officer) -> None:
    before = officer.password
    for number, agency, role in (
        ("X-1", "IMI", "supervisor"), ("X-2", "IMI", "steward"), ("X-3", "BARANTIN", "admin"),
    ):  # fmt: skip
        with pytest.raises(Denied):
            passwords.reset_password(officer, actor=acting(made(number, agency, role)))
    local = acting(made("X-4", "IMI", "admin", "PLBN-16"), "PLBN-16")
    with pytest.raises(Denied, match="another agency or post"):
        passwords.reset_password(officer, actor=local)
    officer.refresh_from_db()
    assert (
        officer.password == before
        and not Event.objects.filter(type="officer.password_reset").exists()
    )


def test_one_without_any_mandate_is_nobody_s_to_come_into(home: Path) -> None:
    fresh = made("IMI-9", "IMI", None)
    for agency in ("IMI", "BARANTIN"):
        with pytest.raises(Denied, match="no mandate"):
            passwords.reset_password(fresh, actor=acting(made(f"A-{agency}", agency, "admin")))
    former = made("IMI-10", "IMI", "officer")
    former.mandates.update(valid_to=FIRST_DAY)
    with pytest.raises(Denied, match="another agency"):
        passwords.reset_password(former, actor=acting(Officer.objects.get(number="A-BARANTIN")))
    assert passwords.reset_password(former, actor=acting(Officer.objects.get(number="A-IMI")))


def test_one_mandate_elsewhere_is_enough_to_refuse(officer: Officer) -> None:
    admin = made("A-1", "IMI", "admin")
    elsewhere = Given("DJBC", "officer", FIRST_DAY)
    proposals.propose_mandate(officer, elsewhere, actor=acting(admin), now=NOW)
    with pytest.raises(Denied, match="another agency"):
        passwords.reset_password(officer, actor=acting(admin))


def test_nobody_resets_his_own(home: Path) -> None:
    admin = made("A-1", "IMI", "admin")
    with pytest.raises(Denied, match="My account"):
        passwords.reset_password(admin, actor=acting(admin))


@pytest.mark.parametrize("role", ["admin", "steward", "auditor", "protection_duty"])
def test_those_who_watch_or_approve_him_stand_above(home: Path, role: str) -> None:
    admin, above = made("A-1", "IMI", "admin"), made("A-2", "IMI", role)
    with pytest.raises(Denied, match="operator"):
        passwords.reset_password(above, actor=acting(admin))
    passwords.reset_by_operator(above, by=OPERATOR)


def test_nor_one_who_is_about_to_stand_above(officer: Officer) -> None:
    admin = acting(made("A-1", "IMI", "admin"))
    proposals.propose_mandate(officer, Given("IMI", "admin", FIRST_DAY), actor=admin, now=NOW)
    with pytest.raises(Denied, match="operator"):
        passwords.reset_password(officer, actor=admin)


def test_it_ends_password_and_pin_and_is_told_without_itself(officer: Officer) -> None:
    admin = acting(made("A-1", "IMI", "admin"))
    accounts.set_pin(officer, "402917", actor=acting(officer, "PLBN-11"))
    first = passwords.reset_password(officer, actor=admin)
    second = passwords.reset_password(officer, actor=admin)
    officer.refresh_from_db()
    assert first != second and not officer.check_password(first)
    assert officer.check_password(second) and not officer.check_password("long enough 42")
    assert not accounts.check_pin(officer, "402917")
    row = EventContent.objects.filter(event__type="officer.password_reset").latest("event_id")
    assert row.event.actor == "A-1" and row.event.subject == "IMI-7"
    assert not EventContent.objects.filter(content__contains=second).exists()


def test_after_its_hours_it_is_none(officer: Officer) -> None:
    made_ = passwords.reset_by_operator(officer, by=OPERATOR)
    officer.refresh_from_db()
    assert officer.temporary_until is not None
    officer.temporary_until = timezone.now() - timedelta(seconds=1)
    assert not officer.check_password(made_)


def test_ones_own_choice_ends_it_and_is_another(officer: Officer) -> None:
    made_ = passwords.reset_by_operator(officer, by=OPERATOR)
    officer.refresh_from_db()
    for poor in (made_, "short", "password"):
        with pytest.raises(Rejected):
            passwords.set_own_password(officer, poor)
    passwords.set_own_password(officer, "my own choice 77")
    officer.refresh_from_db()
    assert officer.temporary_until is None and officer.check_password("my own choice 77")
    assert Event.objects.filter(type="officer.password_changed", actor="IMI-7").exists()


def test_who_came_in_with_the_old_one_does_not_undo_a_reset(officer: Officer) -> None:
    at_the_desk = Officer.objects.get(pk=officer.pk)
    made_ = passwords.reset_by_operator(officer, by=OPERATOR)
    with pytest.raises(Denied):
        passwords.set_own_password(at_the_desk, "the intruder's 77")
    officer.refresh_from_db()
    assert officer.check_password(made_) and officer.temporary_until is not None
