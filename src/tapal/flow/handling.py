"""Runs and tasks in a person's hand: suspended, resumed, given to somebody."""

from __future__ import annotations

import uuid

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS, level
from tapal.core.text import Text
from tapal.flow import runs, tasks
from tapal.flow.events import record_event
from tapal.flow.held import hold_run, hold_task
from tapal.flow.officers import actor_of, posts_of
from tapal.flow.storable import storable
from tapal.store.models import Officer, Run, Task


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
        tasks.close_task(task, actor.number, runs.SUSPENDED)
    told = {"note": storable(note.strip())[:2000]}
    record_event("run.suspended", str(run.id), told, actor=actor.number)
    return run


@transaction.atomic
def resume(run_id: uuid.UUID | str, *, actor: Actor) -> Run:
    """Go on with a suspended run: its tasks wait again.

    Raises Denied, Missing, Rejected where its alert is closed.
    """
    run = _handled(run_id, actor, "suspended")
    # One that is more withheld than its alert outlives a closing by who could not see it.
    seen = run.alert is not None and run.sensitivity <= run.alert.sensitivity
    if run.alert is not None and seen and run.alert.state != "open":
        raise Rejected(
            Text("Peringatannya sudah ditutup.", "Its alert is closed."),
            Text("Buka lagi peringatannya bila perlu.", "Open the alert again where you must."),
        )
    runs.go_on(run, actor.number)
    return run


@transaction.atomic
def assign(task_id: uuid.UUID | str, officer: str, *, actor: Actor) -> Task:
    """Give a task to one officer, or with an empty number to whoever holds its power.

    Raises Missing when it is not open or he may not see it, Denied without the power to hand tasks
    out, Rejected for somebody who could not do it.
    """
    task = hold_task(task_id)
    if task is None or task.sensitivity > level(actor.powers):
        raise Missing
    held = ASSIGN_TASKS in actor.powers and actor.acts_at(task.place)
    if task.owner != actor.agency or not held:
        raise Denied
    task.assigned_to = storable(officer.strip())
    if task.assigned_to and not _could_do(task, task.assigned_to):
        raise Rejected(
            Text(
                "Petugas itu tidak dapat mengerjakan tugas ini di pos ini.",
                "That officer could not do this task at this post.",
            ),
            Text(
                "Sebut nomor pegawai dari instansi ini yang memegang wewenangnya.",
                "Name the service number of one of this agency who holds its power.",
            ),
            place="officer",
        )
    task.save(update_fields=["assigned_to"])
    record_event("task.assigned", str(task.id), {"to": task.assigned_to}, actor=actor.number)
    return task


def _could_do(task: Task, number: str) -> bool:
    """Whether an officer has a mandate under which he may do a task."""
    him = Officer.objects.filter(number=number, is_active=True).first()
    if him is None:
        return False
    for post in posts_of(him):
        try:
            tasks.allow_task(task, actor_of(him, post, agency=task.owner))
        except Denied:
            continue
        return True
    return False


def _handled(run_id: uuid.UUID | str, actor: Actor, status: str) -> Run:
    run = hold_run(run_id, status)
    if run is None or run.sensitivity > level(actor.powers):
        raise Missing
    held = ASSIGN_TASKS in actor.powers and actor.acts_at(run.place)
    if run.owner != actor.agency or not held:
        raise Denied
    return run
