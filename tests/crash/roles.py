"""What the processes do that are killed: hand messages in, work, decide."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.db import OperationalError

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.engines.procedures import Field
from tapal.flow import decide, intake, runs, work
from tapal.flow import worker as worker_module
from tapal.flow.answer import answer, wake_due
from tapal.flow.diagrams import form_of
from tapal.flow.sequence import number_events
from tapal.flow.undo import undo
from tapal.flow.worker import Worker
from tapal.kinds import KINDS
from tapal.store.models import Event, Message, Record, Run, Task, Work

log = logging.getLogger(__name__)

# Small batches, so that a message has a middle in which its reading can be cut.
BATCH = 7


# How long a step of a procedure may wait here: timers fire all the time.
CLOCK = timedelta(seconds=0.3)


def hurry() -> None:
    """Let the clocks of procedures run out within this process's life."""
    setattr(runs, "due_at", lambda name, since, place="": since + CLOCK)  # noqa: B010


def acknowledge(out: int, name: str) -> None:
    """Tell the sender that a message is taken: he will not send it again."""
    os.write(out, f"{name}\n".encode())


def hand_in(files: Sequence[tuple[str, str, Path]], out: int) -> None:
    """Take and read messages (agency, post, file); each is acknowledged when it is taken."""
    intake.BATCH = BATCH
    for agency, post, path in files:
        given = intake.HandIn(source=path.name, agency=agency, post=post)
        message = intake.take(path.read_bytes(), given)
        acknowledge(out, path.name)
        try:
            if message.state != "done":
                intake.read(message)
        except intake.Overtaken:
            # A worker found it unread and reads it already.
            log.warning("%s is read elsewhere", path.name)


def run_worker(last: bool) -> None:
    """Work, number and resume readings for ever; with `last` until nothing is left to do."""
    intake.BATCH = BATCH
    # Every reading is taken for dead at once: two readers of one message meet often.
    worker_module.STALLED = timedelta(0)
    worker = Worker(lambda: False)
    name = work.claimant_name()
    while True:
        try:
            worked = work.work_one(name) is not None
            worked |= number_events(200) > 0
            worked |= _resume(worker)
            worked |= wake_due() > 0
        except OperationalError:
            # SQLite has one writer; who waits too long tries again, as the worker's round does.
            continue
        if last and not worked and nothing_left():
            return


def _resume(worker: Worker) -> bool:
    """Readings whose reader seems dead: seen at one position twice."""
    return bool(worker.resume() + worker.resume())


def nothing_left() -> bool:
    """True when every message is read, every batch worked, every event numbered, every timer fired."""
    return not (
        Message.objects.exclude(state="done").exists()
        or Work.objects.exists()
        or Event.objects.filter(seq__isnull=True).exists()
        or Run.objects.filter(status="running", due_at__isnull=False).exists()
    )


def decide_some(seed: str) -> None:
    """An officer does what he is offered, record after record, takes some of it back, answers steps."""
    rng = random.Random(seed)
    agencies: dict[str, Actor] = {}
    while True:
        ids = list(Record.objects.filter(worked=True).values_list("pk", "owner"))
        if not ids:
            time.sleep(0.02)
            continue
        record, agency = rng.choice(ids)
        actor = agencies.setdefault(agency, officer(agency))
        try:
            _act(str(record), actor, rng)
            answer_one(rng)
        except (Denied, Missing, Rejected, OperationalError):
            continue


def _act(record: str, actor: Actor, rng: random.Random) -> None:
    offered = [action for action, form in decide.offers(record, actor=actor) if form is None]
    if offered and rng.random() < 0.7:
        decide.act(record, rng.choice(offered).name, actor=actor)
    else:
        undo(record, actor=actor)


def answer_one(rng: random.Random) -> bool:
    """Answer a step of some procedure as an officer who may; False where none waits."""
    waiting = list(Task.objects.filter(state="open", run__isnull=False).order_by("id")[:20])
    if not waiting:
        return False
    task = rng.choice(waiting)
    answers = {f.name: _some(f, rng) for f in form_of(task)}
    answer(task.id, answers, actor=officer(task.owner, str(rng.randint(1, 3))))
    return True


def _some(field: Field, rng: random.Random) -> str:
    if field.options:
        return rng.choice(field.options).value
    return {"yes_no": "yes", "date": "2026-03-02", "number": "3"}.get(field.type, "seen")


def officer(agency: str, number: str = "1") -> Actor:
    """An officer with the powers of a counter and its shift leader."""
    powers = {action.power for kind in KINDS.values() for action in kind.actions}
    powers |= {"record.write", "alert.triage", "alert.close", "task.do"}
    return Actor(number, f"{agency}-{number}", "Officer", agency, None, frozenset(powers))
