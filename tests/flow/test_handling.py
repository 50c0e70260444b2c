"""Runs and tasks in a person's hand: given to who can do them, stopped, resumed, and never in a circle."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Purpose
from tapal.engines import procedures as engine
from tapal.flow import alert, answer, handling, runs, share, tasks
from tapal.flow.accounts import SETUP
from tapal.flow.intake import HandIn
from tapal.flow.mandates import Given, give_at_setup
from tapal.flow.report import hand_in
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Alert, EventContent, Finding, Link, Officer, Run, Task
from tests.engines.procedures.diagrams import end, flow, start, step
from tests.flow.conftest import ALL_POWERS
from tests.flow.parcels import message
from tests.flow.test_adoption import PRIVATE, drawn, in_force
from tests.flow.test_link_alert import ROW, lists
from tests.flow.test_runs import CHIEF, KEMLU, ONE, TWO, go, hit, verify, waiting

pytestmark = pytest.mark.django_db(databases=["default", "access"])

__all__ = ["hit"]
PLACE = "PLBN-11"


def employ(number: str, role: str, agency: str = "DJBC", place: str | None = PLACE) -> Officer:
    him = Officer.objects.create(username=number.lower(), number=number)
    first = timezone.localdate() - timedelta(days=1)
    give_at_setup(him, Given(agency, role, first, place), by=SETUP)
    return him


def test_a_task_given_to_one_officer_is_his(hit: Run) -> None:
    employ(TWO.number, "officer")
    task = waiting(hit)["verify"]
    weak = replace(ONE, powers=ALL_POWERS)
    handling.assign(task.id, f" {TWO.number} ", actor=CHIEF)
    with pytest.raises(Denied):
        answer.answer(task.id, {"first": "same", "first_why": "x"}, actor=weak)
    go(hit, "verify", TWO, first="same", first_why="x")


def test_a_task_is_given_only_to_who_could_do_it(hit: Run) -> None:
    task = waiting(hit)["verify"]
    Task.objects.filter(pk=task.pk).update(place=PLACE)
    employ("DJBC-81", "analyst")
    employ("DJBC-82", "officer", place="PLBN-16")
    employ("IMI-83", "officer", agency="IMI")
    employ("DJBC-84", "officer").is_active = False
    Officer.objects.filter(number="DJBC-84").update(is_active=False)
    for number in ("DJBC-81", "DJBC-82", "IMI-83", "DJBC-84", "NOBODY", "x\x00y", "9" * 500):
        with pytest.raises(Rejected) as wrong:
            handling.assign(task.id, number, actor=CHIEF)
        assert wrong.value.place == "officer"
    employ("DJBC-85", "officer")
    handling.assign(task.id, "DJBC-85", actor=CHIEF)
    handling.assign(task.id, "", actor=CHIEF)
    assert Task.objects.get(pk=task.pk).assigned_to == ""


def test_who_hands_tasks_out_sees_no_withheld_one_nor_its_run(parcels: Path) -> None:
    in_force(PRIVATE)
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    run, task = Run.objects.get(), Task.objects.get(step="ask")
    for act in (
        lambda: handling.assign(task.id, "", actor=CHIEF),
        lambda: handling.suspend(run.id, "x", actor=CHIEF),
    ):
        with pytest.raises(Missing):
            act()
    with pytest.raises(Denied):
        answer.answer(task.id, {"what": "fine"}, actor=CHIEF)


@pytest.mark.parametrize("status", ["suspended", "stuck"])
def test_a_closing_ends_a_run_that_rests_or_is_stuck(hit: Run, status: str) -> None:
    if status == "suspended":
        handling.suspend(hit.id, "flood", actor=CHIEF)
    else:
        runs.stick(Run.objects.get(), engine.Stuck("no way on"))
    alert.close_alert(hit.alert_id or "", alert.Outcome.EXPLAINED, "known", actor=CHIEF)
    assert Run.objects.get().status == "stopped"
    assert not Task.objects.filter(alert=hit.alert, state="open").exists()
    with pytest.raises(Missing):
        handling.resume(hit.id, actor=CHIEF)
    alert.reopen_alert(hit.alert_id or "", actor=CHIEF)
    assert Run.objects.get().status == status
    if status == "suspended":
        handling.resume(hit.id, actor=CHIEF)
        assert set(waiting(hit)) == {"verify"}
    else:
        assert Task.objects.filter(name="procedure_stuck", state="open").count() == 1


def test_a_run_of_a_closed_alert_is_not_resumed(hit: Run) -> None:
    handling.suspend(hit.id, "flood", actor=CHIEF)
    Alert.objects.update(state="closed")  # as a release before this one left it
    with pytest.raises(Rejected, match="closed"):
        handling.resume(hit.id, actor=CHIEF)


def test_a_run_that_cannot_be_read_back_is_stuck_and_keeps_no_alert_closed(hit: Run) -> None:
    alert.close_alert(hit.alert_id or "", alert.Outcome.EXPLAINED, "known", actor=CHIEF)
    Run.objects.update(state={"format": 99})
    alert.reopen_alert(hit.alert_id or "", actor=CHIEF)
    assert Alert.objects.get().state == "open" and Run.objects.get().status == "stuck"
    seen = share.open_door(replace(CHIEF, powers=CHIEF.powers), purpose=Purpose.BORDER_CONTROL)
    assert seen.run(hit.id).status == "stuck"


@pytest.mark.parametrize("words", ["a\x00b", "half \ud800 character"])
def test_what_no_database_takes_is_shown_by_a_sign(hit: Run, words: str) -> None:
    go(hit, "verify", ONE, first="same", first_why=words)
    kept = EventContent.objects.filter(event__type="run.moved").latest("event_id").content
    shown = words.replace("\x00", "␀").replace("\ud800", "\ufffd")
    assert json.loads(kept)["answers"]["first_why"] == shown
    handling.suspend(hit.id, words, actor=CHIEF)
    alert.close_alert(hit.alert_id or "", alert.Outcome.TRUE, words, actor=CHIEF)
    assert "\x00" not in Alert.objects.get().outcome_reason


def test_no_timer_moves_a_run_for_ever(hit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Run.objects.update(moves=answer.MOST_MOVES)
    moment = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert answer.wake_due() == 1
    assert Run.objects.get().status == "stuck" and answer.wake_due() == 0


def joined(entry: str) -> Finding:
    """Another entry's hit that has joined the alert just now."""
    first = Finding.objects.get(rule="list_match")
    data = {**first.data, "data": {**first.data["data"], "entry": entry}}
    Alert.objects.update(count=2)
    return Finding.objects.create(
        record=first.record, rule="list_match", reason=first.reason, weight=first.weight,
        sensitivity=first.sensitivity, text=first.text, data=data, alert=first.alert,
        at=timezone.now(),
    )  # fmt: skip


def test_a_procedure_clears_no_entry_that_joined_while_it_ran(hit: Run) -> None:
    go(hit, "verify", ONE, first="other", first_why="face")
    joined("sanctions:somebody-else")
    go(hit, "second", TWO, second="other", second_why="papers")
    assert Run.objects.get().outcome == "cleared" and Alert.objects.get().state == "open"
    assert not Link.objects.filter(verdict=-1).exists()
    assert Task.objects.get(name="alert_grew").power == "alert.close"
    alert.close_alert(hit.alert_id or "", alert.Outcome.FALSE, "both", actor=CHIEF, seen=2)
    assert Link.objects.filter(verdict=-1).count() == 2
    assert not Task.objects.filter(state="open").exists()


def test_an_officer_closes_what_he_has_seen(hit: Run) -> None:
    joined("sanctions:somebody-else")
    with pytest.raises(Rejected) as wrong:
        alert.close_alert(hit.alert_id or "", alert.Outcome.FALSE, "x", actor=CHIEF, seen=1)
    assert wrong.value.place == "seen" and Alert.objects.get().state == "open"


def test_another_agency_sees_its_own_steps_lit_and_no_end(hit: Run) -> None:
    verify(hit, "same", "unsure")
    door = share.open_door(KEMLU, purpose=min(purposes_of(KEMLU)))
    seen = door.run(hit.id)
    assert (seen.own, seen.passed, seen.waiting) == (False, (), ("refer",))
    go(hit, "refer", KEMLU, owner_says="confirmed")
    go(hit, "decide", CHIEF, measure="propose", ground="UNSCR")
    after = door.run(hit.id)
    assert (after.passed, after.waiting, after.outcome) == (("refer",), (), None)
    assert (after.status, after.ended_at, after.trouble) == ("done", None, "")
    mine = share.open_door(CHIEF, purpose=Purpose.BORDER_CONTROL).run(hit.id)
    assert "proposed" in mine.passed and mine.outcome is not None


def test_a_withheld_task_is_answered_only_by_who_reads_it(hit: Run) -> None:
    task = waiting(hit)["verify"]
    Task.objects.filter(pk=task.pk).update(sensitivity=4)
    task.refresh_from_db()
    with pytest.raises(Denied):
        tasks.allow_task(task, ONE)
    tasks.allow_task(task, replace(ONE, powers=ONE.powers | {"protection.read"}))


def begun(xml: bytes) -> Run:
    in_force(xml)
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    return Run.objects.get()


def test_a_closing_by_who_cannot_see_a_private_run_does_not_end_it(parcels: Path) -> None:
    run = begun(PRIVATE)
    handler = replace(ONE, powers=ALL_POWERS | {"protection.read", "task.assign"})
    alert.close_alert(run.alert_id or "", alert.Outcome.EXPLAINED, "known", actor=CHIEF)
    assert waiting(run) and Run.objects.get().status == "running"
    handling.suspend(run.id, "rest", actor=handler)
    handling.resume(run.id, actor=handler)
    go(run, "ask", handler, what="fine")
    assert Run.objects.get().status == "done"
    assert Alert.objects.get().outcome_reason == "known"


def test_a_closing_by_who_sees_a_private_run_ends_it(parcels: Path) -> None:
    run = begun(PRIVATE)
    handler = replace(CHIEF, powers=CHIEF.powers | {"protection.read"})
    alert.close_alert(run.alert_id or "", alert.Outcome.EXPLAINED, "known", actor=handler)
    assert Run.objects.get().status == "stopped" and not waiting(run)


def sent(private: str) -> bytes:
    """A step at another agency beside a private one of the alert's own."""
    return drawn(
        start(), step("ask", agency="KEMLU", private=private), step("own", private="true"),
        end("done"), flow("start", "ask"), flow("ask", "own"), flow("own", "done"),
        reasons="list_match:*", signers="DJBC",
    )  # fmt: skip


def test_another_agency_is_told_its_step_and_nothing_of_what_is_withheld(parcels: Path) -> None:
    run = begun(sent("false"))
    task = Task.objects.get(step="ask")
    assert (task.owner, task.sensitivity) == ("KEMLU", run.alert.sensitivity if run.alert else 0)
    assert run.sensitivity == 4


def test_a_withheld_step_or_alert_opens_no_task_at_another_agency(parcels: Path) -> None:
    run = begun(sent("true"))
    assert [(t.owner, t.sensitivity) for t in Task.objects.filter(run=run)] == [("DJBC", 4)]
    Alert.objects.update(sensitivity=4)
    in_force(sent("false"))
    runs.begin(Alert.objects.get(), [])
    second = Run.objects.exclude(pk=run.pk).get()
    assert [(t.owner, t.sensitivity) for t in Task.objects.filter(run=second)] == [("DJBC", 4)]
