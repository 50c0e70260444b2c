"""Tasks: opened by acts, answered by acts or by hand, and opened again when an act is taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor, NewTask
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS, level
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow.clocks import due_at
from tapal.flow.events import record_event
from tapal.flow.reference import scope_number
from tapal.flow.storable import storable
from tapal.kinds import KINDS
from tapal.store.models import Alert, Record, Run, Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to be opened. `due_at` is aware UTC; None has no clock."""

    name: str
    label: Text
    text: Text
    power: str
    sensitivity: Sensitivity
    due_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON

    @classmethod
    def of(cls, new: NewTask, now: datetime, place: str = "") -> Wanted:
        """What a kind's act asks for at a place, with its clock started."""
        due = new.due_at or due_at(new.name, now, place)
        return cls(new.name, new.label, new.text, new.power, new.sensitivity, due, new.data)


@dataclass(frozen=True, slots=True)
class Passing:
    """The passing of a step of a run that a task is for."""

    run: Run
    step: str
    key: str


def open_task(
    wanted: Wanted,
    *,
    actor: str,
    record: Record | None = None,
    alert: Alert | None = None,
    owner: str | None = None,
    place: str | None = None,
    passing: Passing | None = None,
) -> Task:
    """Open a task in the caller's transaction; owner and place are the record's unless named."""
    owner = (record.owner if record else "") if owner is None else owner
    kind = record.kind if record else ""
    task = Task.objects.create(
        scope_id=scope_number(owner, kind, int(wanted.sensitivity)),
        owner=owner,
        kind=kind,
        place=(record.place if record else "") if place is None else place,
        run=passing.run if passing else None,
        step=passing.step if passing else "",
        step_key=passing.key if passing else "",
        sensitivity=int(wanted.sensitivity),
        name=wanted.name,
        label=wanted.label.json(),
        text=wanted.text.json(),
        power=wanted.power,
        record=record,
        alert=alert,
        data=dict(wanted.data),
        opened_at=timezone.now(),
        opened_by=actor,
        due_at=wanted.due_at,
    )
    record_event("task.opened", str(task.id), _told(task), actor=actor)
    return task


def _told(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "record": str(task.record_id) if task.record_id else None,
        "power": task.power,
        "text": task.text,
        "due_at": task.due_at.isoformat() if task.due_at else None,
    }


def close_tasks(record: Record, names: Iterable[str], *, actor: str, answer: str) -> list[str]:
    """Close a record's open tasks of these names in the caller's transaction; returns their ids."""
    closed = []
    for task in Task.objects.filter(record=record, name__in=list(names), state="open"):
        close_task(task, actor, answer)
        closed.append(str(task.id))
    return closed


def close_task(task: Task, actor: str, answer: str) -> None:
    """Close a task in the caller's transaction."""
    task.state, task.closed_by, task.closed_at, task.answer = "done", actor, timezone.now(), answer
    task.save(update_fields=["state", "closed_by", "closed_at", "answer"])
    record_event("task.closed", str(task.id), {"name": task.name, "answer": answer}, actor=actor)


def reopen_tasks(ids: Iterable[str], *, actor: str) -> None:
    """Open tasks again whose answer was taken back, in the caller's transaction."""
    for task in Task.objects.filter(pk__in=list(ids)).order_by("id"):
        task.state, task.closed_by, task.closed_at, task.answer = "open", "", None, ""
        task.save(update_fields=["state", "closed_by", "closed_at", "answer"])
        record_event("task.reopened", str(task.id), {"name": task.name}, actor=actor)


def withdraw_tasks(ids: Iterable[str], *, actor: str) -> None:
    """Close tasks that an act opened and that its undoing makes moot, in the caller's transaction."""
    for task in Task.objects.filter(pk__in=list(ids), state="open"):
        close_task(task, actor, "undone")


@transaction.atomic
def answer_task(task_id: uuid.UUID | str, answer: str, *, actor: Actor) -> Task:
    """Answer a task by hand, in words; a procedure's is answered by its form.

    Raises Denied without its power or of another agency, Missing when closed, Rejected for one that
    is answered by an act on its record.
    """
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id, state="open").first()
    if task is None or task.run_id is not None:
        raise Missing
    allow_task(task, actor)
    if ends_by_act(task.kind, task.name):
        raise Rejected(
            ENDS_BY_ACT,
            Text("Buka berkasnya dan pilih tindakan di sana.", "Open the record and act there."),
        )
    close_task(task, actor.number, storable(answer))
    return task


ENDS_BY_ACT = Text(
    "Tugas ini selesai dengan tindakan di berkasnya.", "This task ends with an act on its record."
)


def ends_by_act(kind: str, name: str) -> bool:
    """True for a task that nothing but an act on its record answers."""
    known = KINDS.get(kind)
    return known is not None and any(name in action.answers for action in known.actions)


def allow_task(task: Task, actor: Actor) -> None:
    """Raises Denied unless the actor's agency owns the task, he holds its power at its post and reads
    as far as it, and it is not another's (who hands tasks out may do it for him)."""
    held = task.power in actor.powers and actor.acts_at(task.place)
    held = held and task.sensitivity <= level(actor.powers)
    other = task.assigned_to not in ("", actor.number) and ASSIGN_TASKS not in actor.powers
    if task.owner != actor.agency or not held or other:
        raise Denied
