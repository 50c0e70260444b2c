"""Two requests at once on the rows of one case: each waits for the other, none in a circle."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import TapalError
from tapal.engines import procedures as engine
from tapal.flow import alert, answer, decide, handling, procedures, work
from tapal.flow.intake import HandIn
from tapal.flow.records import enqueue
from tapal.flow.report import hand_in
from tapal.store.models import Alert, EventContent, Procedure, Run, Task, Work
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


def _proposed(xml: bytes, who: Actor) -> uuid.UUID:
    """A version that waits for its last signature."""
    diagram = engine.checked(xml)[0]
    assert diagram is not None
    row = procedures._new_version(diagram, xml, who.number, who.agency, "")
    Procedure.objects.filter(pk=row.pk).update(state="proposed")
    return row.pk


def test_of_two_versions_signed_last_at_once_one_is_in_force(house: None) -> None:
    for number in range(8):
        both = []
        for who in (ONE, TWO):
            xml = procedures.seeds()["watchlist_hit.bpmn"].replace(b'"IMI"', b'"DJBC"')
            # A reason that speaks of nobody else's: nobody else is asked.
            xml = xml.replace(b'"list_match:*"', b'"profile:nobodys"')
            both.append(_proposed(xml + f"<!-- {number}{who.number} -->".encode(), who))
        signs = replace(CHIEF, powers=CHIEF.powers | {procedures.SIGN})
        at_once(*(partial(procedures.sign, pk, actor=signs) for pk in both))
        held = Procedure.objects.filter(name="watchlist_hit", state="in_force", seed=False)
        assert held.count() == 1
        assert Procedure.objects.filter(pk__in=both, state="followed").count() == 1
