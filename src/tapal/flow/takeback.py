"""An answer to a procedure's step taken back: a wrong press, before anything came after it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import alert, runs, tasks
from tapal.flow.diagrams import xml_of
from tapal.flow.events import record_event
from tapal.flow.held import hold_run
from tapal.store.models import Run, Task


def remember(run: Run, task: Task, by: str) -> Mapping[str, Any]:
    """What a run held before an answer, so that the answer can be taken back: JSON."""
    return {
        "task": str(task.id),
        "by": by,
        "at": timezone.now().isoformat(),
        "move": run.moves + 1,
        "state": run.state,
        "outcome": run.outcome,
        "due_at": run.due_at.isoformat() if run.due_at else None,
        "alert": run.alert.state if run.alert is not None else "",
    }


def may_take_back(run: Run, task: Task, actor: Actor, now: datetime | None = None) -> bool:
    """Whether the actor's answer to this task is the run's last move, and within its minutes."""
    last = run.last or {}
    if last.get("task") != str(task.id) or last["by"] != actor.number:
        return False
    if last["move"] != run.moves or run.status not in ("running", "done"):
        return False
    return _in_time(last, now or timezone.now())


def offered(task_id: uuid.UUID | str, actor: Actor) -> bool:
    """Whether a page offers the actor to take his answer to this task back."""
    task = Task.objects.filter(pk=task_id, state="done").select_related("run").first()
    return task is not None and task.run is not None and may_take_back(task.run, task, actor)


def _in_time(last: Mapping[str, Any], now: datetime) -> bool:
    at = parse_datetime(last["at"])
    return at is not None and now - at <= timedelta(minutes=alert.UNDO_MINUTES)


@transaction.atomic
def take_back(task_id: uuid.UUID | str, *, actor: Actor) -> Run:
    """Take the actor's own answer back: the run waits again at that step, what it opened is closed.

    An alert that it closed is open again. Raises Missing for what is no answer of his, Denied where
    he may no longer do that step, Rejected where another moved on or the minutes are over.
    """
    run_id = Task.objects.filter(pk=task_id, run__isnull=False).values_list("run_id", flat=True)
    run = hold_run(found[0]) if (found := list(run_id)) else None
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id).first()
    if run is None or task is None or task.closed_by != actor.number:
        raise Missing
    tasks.allow_task(task, actor)
    if not may_take_back(run, task, actor):
        raise Rejected(
            Text(
                "Jawaban ini tidak dapat ditarik lagi: sudah ada langkah sesudahnya atau waktunya lewat.",
                "This answer can no longer be taken back: a step followed, or its minutes are over.",
            ),
            Text("Beri tahu kepala regu.", "Tell the shift leader."),
        )
    last = run.last
    assert last is not None
    if run.alert is not None and last["alert"] == "open" and run.alert.state == "closed":
        if run.alert.closed_by != actor.number:
            raise Denied
        alert.open_again(run.alert, actor.number)
    _restore(run, last, actor.number)
    told = {"step": task.step, "move": last["move"]}
    record_event("run.taken_back", str(run.id), told, actor=actor.number)
    return run


def _restore(run: Run, last: Mapping[str, Any], by: str) -> None:
    run.state, run.outcome = last["state"], last["outcome"]
    run.due_at = parse_datetime(last["due_at"]) if last["due_at"] else None
    run.status, run.ended_at, run.last = "running", None, None
    run.moves += 1
    run.save()
    waits = {ready.key for ready in engine.waiting(xml_of(run.procedure), run.state)}
    held = list(Task.objects.filter(run=run).order_by("id"))
    for task in held:
        if task.state == "open" and task.step_key not in waits:
            tasks.close_task(task, by, runs.WITHDRAWN)
    closed = [str(t.id) for t in held if t.state != "open" and t.step_key in waits]
    tasks.reopen_tasks(closed, actor=by)
    if run.alert is not None:
        runs.look_no_more(run.alert, by)
