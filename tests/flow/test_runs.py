"""An alert begins its procedure; answers and timers move it on; a kill moves nothing; undo goes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.engines import procedures as engine
from tapal.flow import alert, answer, clocks, handling, procedures, runs, tasks
from tapal.flow.intake import HandIn
from tapal.flow.reference import bump
from tapal.flow.report import hand_in
from tapal.store.models import Alert, Event, LegalRow, Link, Place, Procedure, Run, Task
from tests.flow.conftest import ALL_POWERS
from tests.flow.parcels import message
from tests.flow.test_link_alert import ROW, lists

OWNER = "DJBC"


def officer(number: str, agency: str = OWNER, post: str | None = None) -> Actor:
    return Actor(number, f"{agency}-{number}", "X", agency, post, ALL_POWERS | {"task.assign"})


ONE, TWO, CHIEF = officer("1"), officer("2"), officer("3")
KEMLU = officer("9", "KEMLU")


@pytest.fixture
def hit(parcels: Path) -> Run:
    """An alert of the sanctions list, with its run."""
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    return Run.objects.get()


def waiting(run: Run) -> dict[str, Task]:
    return {t.step: t for t in Task.objects.filter(run=run, state="open")}


def go(run: Run, step: str, who: Actor, **answers: str) -> None:
    answer.answer(waiting(run)[step].id, answers, actor=who)


def verify(run: Run, first: str, second: str) -> None:
    go(run, "verify", ONE, first=first, first_why="face")
    go(run, "second", TWO, second=second, second_why="papers")


def test_an_alert_begins_the_procedure_that_its_reason_names(hit: Run) -> None:
    assert hit.procedure.name == "watchlist_hit" and hit.alert == Alert.objects.get()
    task = waiting(hit)["verify"]
    assert (task.owner, task.power, task.record) == (OWNER, "alert.triage", hit.record)
    assert task.due_at is not None and hit.due_at is not None
    assert Event.objects.filter(type="run.started", subject=str(hit.id)).count() == 1


def test_two_officers_who_see_another_person_clear_the_match(hit: Run) -> None:
    verify(hit, "other", "other")
    hit.refresh_from_db()
    closed = Alert.objects.get()
    assert (hit.status, hit.outcome) == ("done", "cleared")
    assert (closed.state, closed.outcome, closed.closed_by) == ("closed", "false", TWO.number)
    assert Link.objects.filter(verdict=-1, by=TWO.number).count() == 1
    hand_in(message(ROW.replace("P1", "P2"), number="2"), HandIn())
    assert Alert.objects.count() == 1  # a cleared match stays cleared


def test_the_second_officer_is_another_person(hit: Run) -> None:
    go(hit, "verify", ONE, first="same", first_why="face")
    with pytest.raises(Rejected):
        go(hit, "second", ONE, second="same", second_why="face")
    assert set(waiting(hit)) == {"second"}


def test_the_owner_of_the_list_confirms_and_the_leader_decides(hit: Run) -> None:
    verify(hit, "same", "unsure")
    asked = waiting(hit)["refer"]
    assert (asked.owner, asked.place, asked.alert) == ("KEMLU", "", None)
    with pytest.raises(Denied):
        go(hit, "refer", ONE, owner_says="confirmed")
    go(hit, "refer", KEMLU, owner_says="confirmed")
    go(hit, "decide", CHIEF, measure="propose", ground="UNSCR")
    assert Alert.objects.get().outcome == "true"


def test_no_answer_in_time_goes_to_the_leader(hit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(hit, "same", "same")
    later(monkeypatch, hours=3)
    assert answer.wake_due() == 1
    assert set(waiting(hit)) == {"decide"}
    assert Task.objects.get(run=hit, step="refer").answer == "withdrawn"


def later(monkeypatch: pytest.MonkeyPatch, **more: float) -> None:
    moment = datetime.now(UTC) + timedelta(**more)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_a_late_step_calls_the_leader_beside_it_once(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answer.wake_due() == 0
    later(monkeypatch, minutes=31)
    assert answer.wake_due() == 1 and answer.wake_due() == 0
    assert set(waiting(hit)) == {"verify", "hurry"}
    verify(hit, "other", "other")
    assert waiting(hit) == {} and Run.objects.get().status == "done"


def test_a_timer_that_two_workers_see_fires_once(hit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, minutes=31)
    moment = timezone.now()
    assert [answer._wake(hit.id, moment), answer._wake(hit.id, moment)] == [True, False]


def test_a_task_of_a_procedure_is_not_answered_in_words(hit: Run) -> None:
    with pytest.raises(Missing):
        tasks.answer_task(waiting(hit)["verify"].id, "done", actor=ONE)


def test_an_answer_that_does_not_fit_leaves_all_as_it_was(hit: Run) -> None:
    before = (Run.objects.get().state, Event.objects.count())
    for given in ({}, {"first": "perhaps", "first_why": "x"}, {"first": "same"}):
        with pytest.raises(Rejected):
            answer.answer(waiting(hit)["verify"].id, given, actor=ONE)
    assert (Run.objects.get().state, Event.objects.count()) == before


def test_a_kill_between_engine_and_log_moves_nothing(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "follow", die)
    with pytest.raises(KeyboardInterrupt):
        go(hit, "verify", ONE, first="same", first_why="face")
    monkeypatch.undo()
    assert set(waiting(hit)) == {"verify"}
    go(hit, "verify", ONE, first="same", first_why="face")


def test_words_of_a_person_are_not_in_the_run(hit: Run) -> None:
    go(hit, "verify", ONE, first="same", first_why="Her name is MARIA")
    assert "MARIA" not in json.dumps(Run.objects.get().state)


def test_an_alert_closed_by_hand_ends_its_run_and_reopening_goes_on(hit: Run) -> None:
    closed = alert.close_alert(hit.alert_id or "", alert.Outcome.EXPLAINED, "known", actor=CHIEF)
    assert waiting(hit) == {} and Run.objects.get().status == "stopped"
    alert.reopen_alert(closed.id, actor=CHIEF)
    assert set(waiting(hit)) == {"verify"} and Run.objects.get().status == "running"
    verify(hit, "other", "other")
    assert Run.objects.get().status == "done"


def test_suspended_and_resumed_by_who_hands_out_tasks(hit: Run) -> None:
    weak = replace(ONE, powers=ALL_POWERS)
    with pytest.raises(Denied):
        handling.suspend(hit.id, "flood", actor=weak)
    with pytest.raises(Denied):
        handling.suspend(hit.id, "flood", actor=KEMLU)
    with pytest.raises(Rejected):
        handling.suspend(hit.id, " ", actor=CHIEF)
    handling.suspend(hit.id, "flood", actor=CHIEF)
    assert waiting(hit) == {} and answer.wake_due() == 0
    handling.resume(hit.id, actor=CHIEF)
    assert set(waiting(hit)) == {"verify"}


def test_seeds_come_once_and_stay_out_of_the_way_of_a_signed_version(hit: Run) -> None:
    procedures.seed()
    assert Procedure.objects.filter(name="watchlist_hit").count() == 1
    ours = Procedure.objects.filter(name="watchlist_hit")
    ours.update(signatures=[{"agency": "IMI"}], sha256="changed by an agency")
    procedures.seed()
    fresh = Procedure.objects.get(version=2)
    held = procedures.for_reason("list_match:cegah", OWNER)
    assert fresh.state == "draft" and held is not None and held.version == 1


def test_a_diagram_that_cannot_go_on_stops_no_alert(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object) -> None:
        raise engine.Stuck("no way on")

    monkeypatch.setattr(engine, "start", stuck)
    assert hit.alert is not None
    runs.begin(hit.alert, [])
    run = Run.objects.exclude(pk=hit.pk).get()
    assert (run.status, run.due_at, run.trouble) == ("stuck", None, "no way on")
    assert Task.objects.get(name="procedure_stuck").power == "alert.close"


def test_clocks_stand_still_while_the_post_is_closed(home: Path) -> None:
    Place.objects.filter(pk="PLBN-11").update(opening_hours="08:00-16:00", zone="Asia/Makassar")
    LegalRow.objects.filter(pk="task.minutes:watchlist_hit.verify").update(unit="open minutes")
    bump()
    evening = datetime(2026, 3, 2, 7, 45, tzinfo=UTC)  # 15:45 at the post
    assert clocks.due_at("watchlist_hit.verify", evening, "PLBN-11") == datetime(
        2026, 3, 3, 0, 15, tzinfo=UTC
    )
    assert clocks.due_at("nobody_s", evening, "PLBN-11") is None


def test_a_clock_of_working_days_leaves_out_the_week_end_and_holidays(home: Path) -> None:
    friday = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    # The end of Wednesday in Kupang, which is eight hours ahead.
    wednesday = datetime(2026, 3, 11, 15, 59, 59, tzinfo=UTC)
    assert clocks.due_at("plant_quarantine.gone", friday, "PLBN-11") == wednesday
    row = LegalRow.objects.filter(topic="calendar.public_holidays")
    row.update(value=["2026-03-10"], valid_from=None, valid_to=None)
    bump()
    assert clocks.due_at("plant_quarantine.gone", friday, "PLBN-11") == wednesday + timedelta(
        days=1
    )


def test_two_officers_can_go_round_together(hit: Run) -> None:
    """Four eyes asks who did the step last, not who ever did it."""
    go(hit, "verify", ONE, first="same", first_why="face")
    task = Task.objects.get(run=hit, step="verify")
    earlier = datetime.now(UTC) - timedelta(hours=1)
    Task.objects.filter(pk=task.pk).update(step_key="later")
    Task.objects.create(
        **{f.attname: getattr(task, f.attname) for f in Task._meta.fields if f.name != "id"}
        | {"closed_by": TWO.number, "closed_at": earlier, "step_key": "first"}
    )
    go(hit, "second", TWO, second="same", second_why="face")
    assert set(waiting(hit)) == {"refer"}
