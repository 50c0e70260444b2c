"""Acts: offered by law, allowed by power, undone in time, never overwriting what was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tapal.core.actions import Actor, NewTask
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import decide
from tapal.flow.intake import HandIn
from tapal.flow.reference import bump
from tapal.flow.report import hand_in
from tapal.flow.tasks import Wanted
from tapal.flow.undo import undo
from tapal.store.models import Alert, LegalRow, Record, Task
from tests.flow.parcels import message

HEAVY = "P1,20000,MARIA BERE,1990-01-02,TLS:A1,,entry"


@pytest.fixture
def record(parcels: Path) -> str:
    return hand_in(message(HEAVY), HandIn(post="PLBN-11")).items[0].id


def test_a_stranger_is_offered_nothing_and_may_do_nothing(record: str, stranger: Actor) -> None:
    assert decide.offers(record, actor=stranger) == ()
    with pytest.raises(Missing):
        decide.act(record, "release", actor=stranger)


def test_without_the_power_the_key_is_not_there(record: str, owner: Actor) -> None:
    weak = Actor("3", "DJBC-3", "Weak", "DJBC", None, frozenset({"record.read"}))
    assert decide.offers(record, actor=weak) == ()
    with pytest.raises(Denied):
        decide.act(record, "release", actor=weak)
    assert [a.name for a, _ in decide.offers(record, actor=owner)] == ["hold", "release"]


def test_an_act_changes_issues_and_opens(record: str, owner: Actor) -> None:
    acted = decide.act(record, "hold", {"ground": "art. 44"}, actor=owner)
    row = Record.objects.get()
    assert row.body["state"] == "held"
    assert row.body["papers"][0]["number"] == acted.documents[0][1]
    assert acted.documents[0][1].startswith("H-1/PLBN-11/")
    task = Task.objects.get()
    assert task.name == "answer_hold" and task.due_at is not None
    with pytest.raises(Denied):
        decide.act(record, "hold", {"ground": "art. 44"}, actor=owner)


def test_an_answer_that_does_not_fit_names_its_place(record: str, owner: Actor) -> None:
    with pytest.raises(Rejected) as wrong:
        decide.act(record, "hold", {"ground": "x"}, actor=owner)
    assert wrong.value.place == "ground"
    assert "state" not in Record.objects.get().body


def test_undo_gives_back_values_tasks_and_alerts(record: str, owner: Actor) -> None:
    decide.act(record, "hold", {"ground": "art. 44"}, actor=owner)
    decide.act(record, "release", actor=owner)
    assert Task.objects.get().state == "done"
    assert Alert.objects.get().state == "closed"
    undo(record, actor=owner)
    assert Record.objects.get().body["state"] == "held"
    assert Task.objects.get().state == "open"
    assert Alert.objects.get().state == "open"
    with pytest.raises(Missing):
        undo(record, actor=owner)


def test_only_the_same_officer_undoes(record: str, owner: Actor) -> None:
    decide.act(record, "release", actor=owner)
    other = Actor("9", "DJBC-9", "Other", "DJBC", None, owner.powers)
    with pytest.raises(Missing):
        undo(record, actor=other)


def test_two_officers_who_did_not_see_each_other_both_stay(record: str, owner: Actor) -> None:
    seen = {"state": [str(Record.objects.get().first_revision)]}
    decide.act(record, "hold", {"ground": "art. 44"}, actor=owner, saw=seen)
    decide.act(record, "release", actor=owner, saw=seen)
    row = Record.objects.get()
    assert row.conflicting
    task = Task.objects.get(name="settle_conflict")
    assert task.state == "open"
    decide.settle_conflict(record, "state", "held", actor=owner)
    row.refresh_from_db()
    assert (row.conflicting, row.body["state"]) == (False, "held")
    task.refresh_from_db()
    assert task.state == "done"


def test_a_tasks_clock_is_its_rule_row_and_without_one_it_has_none(home: Path) -> None:
    new = NewTask("second_inspection", Text("x", "x"), Text("x", "x"), "task.do")
    now = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert Wanted.of(new, now).due_at == now + timedelta(minutes=30)
    LegalRow.objects.filter(pk="task.minutes:second_inspection").update(value=45)
    bump()
    assert Wanted.of(new, now).due_at == now + timedelta(minutes=45)
    assert Wanted.of(replace(new, name="nobody_s"), now).due_at is None
