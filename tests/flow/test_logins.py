"""Guessing is slow everywhere, and a stranger's guesses shut nobody out where he usually comes in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tapal.flow import accounts, logins
from tapal.flow.logins import ANYWHERE, AT_ONE_PLACE, FROM_ONE_PLACE, TooOften
from tapal.store.models import LoginTry
from tests.flow.test_proposals import made

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def wrong(name: str, place: str, times: int = 1) -> int:
    """Wrong passwords from a place that is nobody's; how many of them were heard."""
    heard = 0
    for _ in range(times):
        try:
            logins.begin(name, place, at_home=False)
            heard += 1
        except TooOften:
            pass
    return heard


def earlier(**ago: float) -> None:
    """Let time pass."""
    for row in LoginTry.objects.all():
        row.at -= timedelta(**ago)
        row.save()


def test_a_stranger_gets_five_guesses_and_shuts_out_himself_alone(home: Path) -> None:
    assert wrong("imi.test", "203.0.113.9", 9) == AT_ONE_PLACE
    assert wrong("IMI.Test", "203.0.113.9") == 0
    logins.begin("imi.test", "192.0.2.1", at_home=False)
    earlier(minutes=5, seconds=1)
    assert wrong("imi.test", "203.0.113.9") == 1


def test_many_places_together_are_slowed_more_and_more(home: Path) -> None:
    heard = sum(wrong("imi.test", f"203.0.113.{n}") for n in range(60))
    # However slow the machine: the tries after the tenth wait 1, 2, 4 … seconds.
    assert ANYWHERE <= heard <= ANYWHERE + 4
    with pytest.raises(TooOften) as told:
        logins.begin("imi.test", "198.51.100.1", at_home=False)
    assert 0 < told.value.seconds <= 2 ** (heard - ANYWHERE)
    for _ in range(20):
        earlier(minutes=15)
        wrong("imi.test", "198.51.100.1")
    # No more than one in a quarter of an hour, with what the hour has forgotten.
    assert LoginTry.objects.count() <= ANYWHERE + 12


def test_the_owner_is_heard_where_he_usually_comes_in(home: Path) -> None:
    for n in range(60):
        wrong("imi.test", f"203.0.113.{n}")
    with pytest.raises(TooOften):
        logins.begin("imi.test", "198.51.100.1", at_home=False)
    logins.begin("imi.test", "192.0.2.1", at_home=True)


def test_at_home_too_five_wrong_ones_have_to_wait(home: Path) -> None:
    for _ in range(AT_ONE_PLACE):
        logins.begin("imi.test", "192.0.2.1", at_home=True)
    with pytest.raises(TooOften):
        logins.begin("imi.test", "192.0.2.1", at_home=True)


def test_one_place_does_not_try_a_list_of_names(home: Path) -> None:
    heard = sum(wrong(f"name-{n}", "203.0.113.9") for n in range(40))
    assert heard == FROM_ONE_PLACE


def test_a_right_password_does_not_count(home: Path) -> None:
    for _ in range(30):
        logins.succeeded(logins.begin("imi.test", "192.0.2.1", at_home=False))
    assert not LoginTry.objects.exists()


def test_names_and_addresses_are_not_kept(home: Path) -> None:
    wrong("imi.test", "203.0.113.9")
    row = LoginTry.objects.get()
    assert "imi" not in row.name and "203" not in row.place
    officer = made("IMI-7", "IMI", None)
    accounts.note_login(officer, "password", good=True, place="203.0.113.9")
    officer.refresh_from_db()
    assert "203" not in str(list(officer.came_from))
    assert accounts.comes_from(officer, "203.0.113.9")
    assert not accounts.comes_from(officer, "203.0.113.10")


def test_only_his_latest_places_are_remembered(home: Path) -> None:
    officer = made("IMI-7", "IMI", None)
    for n in range(12):
        accounts.note_login(officer, "password", good=True, place=f"192.0.2.{n}")
    officer.refresh_from_db()
    assert len(officer.came_from) == accounts.PLACES_KEPT
    assert accounts.comes_from(officer, "192.0.2.11")
    assert not accounts.comes_from(officer, "192.0.2.0")
