"""Runs and tasks in a person's hand: suspended, resumed, given to somebody."""

from __future__ import annotations

import uuid

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS
from tapal.core.text import Text
from tapal.flow import runs, tasks
from tapal.flow.events import record_event
from tapal.flow.held import hold_run, hold_task
from tapal.store.models import Run, Task


@transaction.atomic
def suspend(run_id: uuid.UUID | str, note: str, *, actor: Actor) -> Run:
    """Let a run rest: its tasks are taken away until it is resumed. Raises Denied, Missing, Rejected."""
    run = _handled(run_id, actor, "running")
    if not note.strip():
        raise Rejected(
            Text("Alasan belum diisi.", "The reason is missing."),
            Text("Tulis mengapa prosedur ini ditunda.", "Write why it is suspended."),
            place="note",
        )
    run.status, run.due_at = "suspended", None
    run.save(update_fields=["status", "due_at"])
    for task in Task.objects.filter(run=run, state="open"):
        tasks.close_task(task, actor.number, "suspended")
    record_event("run.suspended", str(run.id), {"note": note.strip()}, actor=actor.number)
    return run


@transaction.atomic
def resume(run_id: uuid.UUID | str, *, actor: Actor) -> Run:
    """Go on with a suspended run: its tasks wait again. Raises Denied, Missing."""
    run = _handled(run_id, actor, "suspended")
    runs.go_on(run, actor.number)
    return run


@transaction.atomic
def assign(task_id: uuid.UUID | str, officer: str, *, actor: Actor) -> Task:
    """Give a task to one officer, or with an empty number to whoever holds its power.

    Raises Missing when it is not open, Denied without the power to hand tasks out.
    """
    task = hold_task(task_id)
    if task is None:
        raise Missing
    held = ASSIGN_TASKS in actor.powers and actor.acts_at(task.place)
    if task.owner != actor.agency or not held:
        raise Denied
    task.assigned_to = officer.strip()
    task.save(update_fields=["assigned_to"])
    record_event("task.assigned", str(task.id), {"to": task.assigned_to}, actor=actor.number)
    return task


def _handled(run_id: uuid.UUID | str, actor: Actor, status: str) -> Run:
    run = hold_run(run_id, status)
    if run is None:
        raise Missing
    held = ASSIGN_TASKS in actor.powers and actor.acts_at(run.place)
    if run.owner != actor.agency or not held:
        raise Denied
    return run
