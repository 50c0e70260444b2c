"""The demo's officers at work: they answer the day's procedures, so that the desk has open, late and closed work.

What they do hangs on the day's messages and the seed alone; what was done already is not done again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.data import table
from tapal.engines import procedures as engine
from tapal.flow import answer, runs
from tapal.flow.diagrams import form_of
from tapal.flow.held import hold_run
from tapal.flow.officers import actor_of
from tapal.store.models import Officer, Procedure, Run, Task

# Of ten runs: how many nobody has touched, how many stand at a step, the others went to their end.
UNTOUCHED, HALFWAY = 2, 4
# Of ten that are not at their end: how many began so long ago that a step of them is late.
LATE = 4
EARLIER = timedelta(hours=9)
MOST_STEPS = 12
WORDS = "diperiksa (petugas simulasi)"
# Who tries out the degraded mode in the demo.
DECLARES = ("imi.skouw.kepala", "list_outage")


def work_day(seed: int, progress: Callable[[int, int], None]) -> int:
    """Let the demo's officers work at the runs that the demo's messages began; returns how many steps."""
    _declare()
    rows = Run.objects.filter(record__message__received_by="demo").select_related(
        "procedure", "record__message", "alert"
    )
    answered, actors = 0, _actors()
    day = sorted(rows, key=_key)
    for number, run in enumerate(day, 1):
        answered += _work(run, random.Random(f"{seed}|{_key(run)}"), actors)
        progress(len(day), number)
    while answer.wake_due():
        pass
    return answered


def _key(run: Run) -> str:
    """What a run is called in every telling of the same day."""
    record, reason = run.record, run.alert.reason if run.alert else ""
    assert record is not None and record.message is not None
    return f"{record.message.source}|{record.source_place}|{reason}|{run.procedure.name}"


def _declare() -> None:
    """One post works in degraded mode."""
    who, name = DECLARES
    officer = Officer.objects.filter(username=who).first()
    row = Procedure.objects.filter(name=name, state="in_force", seed=True).first()
    if officer is None or row is None or Run.objects.filter(procedure__name=name).exists():
        return
    actor = actor_of(officer, _posts()[who])
    run = runs.begin_by_hand(row.id, actor=actor)
    said = {"out": "power", "open": "yes", "declared_why": WORDS}
    for task in Task.objects.filter(run=run, step="declare", state="open"):
        answer.answer(task.id, said, actor=actor)


def _work(run: Run, chance: random.Random, actors: Sequence[Actor]) -> int:
    lot, late = chance.randrange(10), chance.randrange(10) < LATE
    steps = MOST_STEPS
    if lot < UNTOUCHED + HALFWAY:
        steps = 0 if lot < UNTOUCHED else chance.randint(1, 2)
    done = Task.objects.filter(run=run, state="done").exclude(closed_by="system").count()
    answered = 0
    # The officers before whom chance stood are passed over, so that a start that was cut goes on alike.
    for number in range(steps):
        said = random.Random(chance.random())
        if number >= done:
            if not _answer_one(run, said, actors):
                break
            answered += 1
    if late and steps < MOST_STEPS:
        _begin_earlier(run)
    return answered


def _answer_one(run: Run, chance: random.Random, actors: Sequence[Actor]) -> bool:
    """Answer the first step that some officer of the demo may answer."""
    for task in Task.objects.filter(run=run, state="open").order_by("step").select_related("run"):
        said = {field.name: _said(field, chance) for field in form_of(task)}
        for actor in _able(task, chance, actors):
            try:
                answer.answer(task.id, said, actor=actor)
            except (Denied, Missing, Rejected):
                continue  # a second person is needed, or the step is gone
            return True
    return False


def _said(field: engine.Field, chance: random.Random) -> Any:  # Any: JSON
    if field.type == "choice":
        # The first answer of a form is the plain one.
        return chance.choice((field.options[0], *field.options)).value
    known = {"yes_no": "yes", "number": 1, "date": timezone.localdate().isoformat()}
    return known.get(field.type, WORDS)


def _able(task: Task, chance: random.Random, actors: Sequence[Actor]) -> Iterator[Actor]:
    officers = [a for a in actors if a.agency == task.owner and task.power in a.powers]
    chance.shuffle(officers)
    return (actor for actor in officers if actor.acts_at(task.place))


@lru_cache(maxsize=1)
def _posts() -> dict[str, str | None]:
    return {row["username"]: row["post"] or None for row in table("demo_officers.csv")}


def _actors() -> list[Actor]:
    rows = Officer.objects.filter(username__in=_posts()).order_by("username")
    return [actor_of(row, _posts()[row.username]) for row in rows]


@transaction.atomic
def _begin_earlier(run: Run) -> None:
    """Put a run and its clocks back, so that a step of it is late."""
    held = hold_run(run.id, "running")
    if held is None or (held.alert and held.started_at < held.alert.opened_at - EARLIER / 2):
        return
    held.state = dict(engine.set_back(held.state, EARLIER))
    held.started_at -= EARLIER
    held.due_at = held.due_at - EARLIER if held.due_at else None
    held.save()
    for task in Task.objects.filter(run=held):
        task.opened_at -= EARLIER
        task.due_at = task.due_at - EARLIER if task.due_at else None
        task.save(update_fields=["opened_at", "due_at"])
