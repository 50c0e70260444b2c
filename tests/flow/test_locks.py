"""Two requests at once on the rows of one case: each waits for the other, none in a circle."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import TapalError
from tapal.flow import alert, answer, decide, handling, work
from tapal.flow.intake import HandIn
from tapal.flow.records import enqueue
from tapal.flow.report import hand_in
from tapal.store.models import Alert, EventContent, Run, Task, Work
from tests.flow.parcels import message
from tests.flow.test_link_alert import ROW, lists
from tests.flow.test_runs import CHIEF, ONE, TWO

pytestmark = [
    pytest.mark.pg,
    pytest.mark.django_db(transaction=True, databases=["default", "access"]),
]
ROUNDS = 12


@pytest.fixture
def house(parcels: Path) -> Iterator[None]:
    lists("sanctions")
    yield


def at_once(*acts: Callable[[], object]) -> None:
    """All acts at the same moment, each with its own connection; a circle of locks is a failure."""
    gate = threading.Barrier(len(acts))
    troubles: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            with suppress(TapalError):
                act()
        except Exception as wrong:  # what the test is about
            troubles.append(wrong)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


def fresh(number: int) -> Run:
    """A new alert with its run."""
    Alert.objects.update(open_key=None)
    hand_in(message(ROW.replace("P1", f"P{number}"), number=str(number)), HandIn())
    return Run.objects.latest("started_at")


def verify(run: Run, who: Actor = ONE) -> None:
    task = Task.objects.filter(run=run, step="verify").get()
    answer.answer(task.id, {"first": "other", "first_why": "face"}, actor=who)


def close(run: Run) -> None:
    alert.close_alert(str(run.alert_id), alert.Outcome.TRUE, "x", actor=CHIEF)


def test_answer_closing_suspension_and_timer_at_once(house: None) -> None:
    for number in range(ROUNDS):
        run = fresh(number)
        Run.objects.filter(pk=run.pk).update(due_at=timezone.now())
        at_once(
            partial(verify, run),
            partial(verify, run, TWO),
            partial(close, run),
            partial(handling.suspend, run.id, "flood", actor=CHIEF),
            answer.wake_due,
        )
        run.refresh_from_db()
        assert Alert.objects.get(pk=str(run.alert_id)).state == "closed"
        assert (run.status, Task.objects.filter(run=run, state="open").count()) == ("stopped", 0)
        moved = EventContent.objects.filter(event__type="run.moved", event__subject=str(run.id))
        assert sum('"step":"verify"' in each.content for each in moved) <= 1


def test_an_answer_is_given_once_by_two_at_once(house: None) -> None:
    for number in range(ROUNDS):
        run = fresh(number)
        at_once(partial(verify, run), partial(verify, run, TWO))
        assert Task.objects.filter(run=run, step="second").count() == 1


def test_an_act_on_the_record_beside_its_procedure_and_the_worker(house: None) -> None:
    for number in range(ROUNDS):
        run = fresh(number)
        record = str(run.record_id)
        decide.act(record, "hold", {"ground": "weight"}, actor=CHIEF)
        queued = enqueue([uuid.UUID(record)], urgent=True)
        at_once(
            partial(verify, run),
            partial(decide.act, record, "release", actor=CHIEF),
            partial(work.work_one, "other", only=queued.pk),
        )
        assert not Work.objects.exclude(trouble="").exists()
        run.refresh_from_db()
        closed = Alert.objects.get(pk=str(run.alert_id)).state
        assert (run.status, closed) == ("stopped", "closed")
