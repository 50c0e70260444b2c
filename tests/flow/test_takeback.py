"""A wrong press taken back: within its minutes, by who pressed, before anything came after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import alert, answer, handling, rehearsal, shift, takeback
from tapal.store.models import Alert, Event, Link, Run, Task
from tests.flow.test_rehearsal import draft as drafted
from tests.flow.test_rehearsal import shipped, tried
from tests.flow.test_runs import CHIEF, KEMLU, ONE, TWO, go, hit, verify, waiting

__all__ = ["hit"]
pytestmark = pytest.mark.django_db(databases=["default", "access"])


def task(run: Run, step: str) -> str:
    return str(Task.objects.get(run=run, step=step).id)


def test_a_wrong_press_is_taken_back_and_answered_again(hit: Run) -> None:
    before = Run.objects.get().state
    go(hit, "verify", ONE, first="same", first_why="x")
    takeback.take_back(task(hit, "verify"), actor=ONE)
    run = Run.objects.get()
    assert (run.state, set(waiting(run)), run.moves) == (before, {"verify"}, 3)
    go(hit, "verify", ONE, first="other", first_why="x")
    assert set(waiting(hit)) == {"second"}
    assert Task.objects.filter(run=hit, step="second").count() == 1
    go(hit, "second", TWO, second="other", second_why="x")
    assert Alert.objects.get().outcome == "false"


def test_an_ending_taken_back_opens_the_alert_and_its_clearance_falls(hit: Run) -> None:
    verify(hit, "other", "other")
    assert Link.objects.filter(verdict=-1, undone_at=None).count() == 1
    takeback.take_back(task(hit, "second"), actor=TWO)
    run, alert = Run.objects.get(), Alert.objects.get()
    assert (run.status, run.outcome, run.ended_at) == ("running", "", None)
    assert (alert.state, alert.open_key is not None) == ("open", True)
    assert Link.objects.filter(verdict=-1, undone_at=None).count() == 0
    go(hit, "second", TWO, second="same", second_why="x")
    assert set(waiting(hit)) == {"refer"}


def test_once_the_next_desk_has_acted_nothing_is_taken_back(hit: Run) -> None:
    verify(hit, "same", "same")
    first = task(hit, "verify")
    with pytest.raises(Rejected):
        takeback.take_back(first, actor=ONE)
    go(hit, "refer", KEMLU, owner_says="confirmed")
    with pytest.raises(Rejected):
        takeback.take_back(task(hit, "second"), actor=TWO)
    takeback.take_back(task(hit, "refer"), actor=KEMLU)
    assert set(waiting(hit)) == {"refer"}


def test_nobody_takes_back_anothers_answer_and_none_too_late(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(hit, "verify", ONE, first="same", first_why="x")
    with pytest.raises(Missing):
        takeback.take_back(task(hit, "verify"), actor=TWO)
    with pytest.raises(Missing):
        takeback.take_back(task(hit, "second"), actor=TWO)  # not answered yet
    moment = datetime.now(UTC) + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with pytest.raises(Rejected):
        takeback.take_back(task(hit, "verify"), actor=ONE)


def test_neither_a_suspended_run_nor_one_that_a_timer_moved(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(hit, "same", "same")
    handling.suspend(hit.id, "flood", actor=CHIEF)
    with pytest.raises(Rejected):
        takeback.take_back(task(hit, "second"), actor=TWO)
    handling.resume(hit.id, actor=CHIEF)
    run = Run.objects.get()
    run.moves += 1
    run.save()
    with pytest.raises(Rejected):
        takeback.take_back(task(hit, "second"), actor=TWO)


def test_a_closing_by_hand_after_it_stands(hit: Run) -> None:
    verify(hit, "other", "other")
    Alert.objects.update(closed_by="IMI-CHIEF")
    with pytest.raises(Denied):
        takeback.take_back(task(hit, "second"), actor=TWO)
    assert Run.objects.get().status == "done"


def test_a_trial_takes_the_answer_that_stands(hit: Run) -> None:
    go(hit, "verify", ONE, first="same", first_why="x")
    takeback.take_back(task(hit, "verify"), actor=ONE)
    verify(hit, "other", "other")
    assert Event.objects.filter(type="run.taken_back").count() == 1
    found = tried(drafted(shipped()))
    assert isinstance(found, rehearsal.Rehearsal)
    assert [closes for _, closes, _ in found.after.ends_told()] == ["false"]


def test_a_shift_that_is_taken_over_sets_its_tasks_free(hit: Run) -> None:
    post = "PLBN-11"
    held = waiting(hit)["verify"]
    Task.objects.filter(pk=held.pk).update(assigned_to=ONE.number, place=post)
    leads = [
        type(who)(who.id, who.number, "X", who.agency, post, who.powers | {shift.POWER})
        for who in (CHIEF, TWO)
    ]
    given = shift.hand_over("flood", actor=leads[0])
    shift.accept(given.id, actor=leads[1], free=True)
    assert Task.objects.get(pk=held.pk).assigned_to == ""
    answer.answer(held.id, {"first": "same", "first_why": "x"}, actor=TWO)


@pytest.mark.parametrize("free", [True, False])
def test_a_shift_that_is_taken_over_lets_its_alerts_go(hit: Run, free: bool) -> None:
    post = "PLBN-11"
    Alert.objects.update(place=post, taken_by=ONE.number, taken_at=timezone.now())
    leads = [
        type(who)(who.id, who.number, "X", who.agency, post, who.powers | {shift.POWER})
        for who in (CHIEF, TWO)
    ]
    stranger = type(TWO)("9", "PSDKP-9", "X", "PSDKP", post, leads[1].powers)
    assert not shift.in_hand(stranger).exists() and shift.in_hand(leads[1]).count() == 1
    given = shift.hand_over("flood", actor=leads[0])
    shift.accept(given.id, actor=leads[1], free=free)
    row = Alert.objects.get()
    assert (row.taken_by, row.taken_at is None) == ("" if free else ONE.number, free)
    assert Event.objects.filter(type="alert.let_go", actor=TWO.number).count() == int(free)
    if free:
        assert alert.take_alert(row.id, actor=TWO).taken_by == TWO.number
        # What he holds himself stays with him.
        assert not shift.in_hand(leads[1]).exists()
