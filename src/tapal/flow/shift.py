"""Shift hand-over: the leader writes what the next one must know; the next one accepts."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import level
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow import tasks
from tapal.flow.events import record_event
from tapal.store.models import Alert, Run, Task

POWER = "shift.hand_over"
NAME = "shift_hand_over"


@transaction.atomic
def hand_over(note: str, *, actor: Actor) -> Task:
    """Hand the shift of the actor's post over with a note; a task waits until the next leader accepts.

    Raises Denied without the power, Rejected without a note or while an earlier one waits.
    """
    if POWER not in actor.powers:
        raise Denied
    if not note.strip():
        raise Rejected(
            Text("Catatan serah terima belum diisi.", "The hand-over note is missing."),
            Text(
                "Tulis apa yang harus diketahui regu berikut.",
                "Write what the next shift must know.",
            ),
            place="note",
        )
    if waiting(actor) is not None:
        raise Rejected(
            Text(
                "Serah terima sebelumnya belum diterima.",
                "The last hand-over was not accepted yet.",
            ),
            Text("Kepala regu berikut menerimanya dulu.", "The next leader accepts it first."),
        )
    task = tasks.open_task(
        _wanted(note.strip(), actor), actor=actor.number, owner=actor.agency, place=actor.post or ""
    )
    content = {"note": note.strip(), "post": actor.post, "agency": actor.agency, **task.data}
    record_event("shift.handed_over", str(task.id), content, actor=actor.number)
    return task


def _wanted(note: str, actor: Actor) -> tasks.Wanted:
    return tasks.Wanted(
        name=NAME,
        label=Text("Serah terima regu", "Shift hand-over"),
        text=Text("{name} ({number}): {note}", "{name} ({number}): {note}").fill(
            name=actor.name, number=actor.number, note=note
        ),
        power=POWER,
        sensitivity=Sensitivity.RESTRICTED,
        data=open_work(actor),
    )


def open_work(actor: Actor) -> dict[str, int]:
    """How much is open at the actor's post for his agency: tasks, alerts, procedures; how many are late.

    What is withheld counts nowhere: a number would tell that it is there.
    """
    now = timezone.now()
    here = Q(
        owner=actor.agency,
        place=actor.post or "",
        state="open",
        sensitivity__lt=Sensitivity.WITHHELD,
    )
    open_tasks = Task.objects.filter(here).exclude(name=NAME)
    alerts = Alert.objects.filter(here)
    runs = Run.objects.filter(
        owner=actor.agency, place=actor.post or "", sensitivity__lt=Sensitivity.WITHHELD
    )
    return {
        "tasks": open_tasks.count(),
        "late_tasks": open_tasks.filter(due_at__lt=now).count(),
        "alerts": alerts.count(),
        "runs": runs.filter(status__in=("running", "suspended", "stuck")).count(),
        "late_alerts": alerts.filter(due_at__lt=now).count(),
    }


def waiting(actor: Actor) -> Task | None:
    """The hand-over of the actor's post that nobody has accepted yet."""
    rows = Task.objects.filter(owner=actor.agency, place=actor.post or "", name=NAME, state="open")
    return rows.order_by("-opened_at").first()


@transaction.atomic
def accept(task_id: uuid.UUID | str, *, actor: Actor, free: bool = False) -> datetime:
    """Accept a hand-over. Raises Missing when it does not wait, Denied without the power or for one's own.

    With `free` the tasks at the post that one officer was to do, and the alerts that one has in hand,
    are anybody's again.
    """
    task = Task.objects.filter(pk=task_id, name=NAME, state="open", owner=actor.agency).first()
    if task is None or task.place != (actor.post or ""):
        raise Missing
    if POWER not in actor.powers or task.opened_by == actor.number:
        raise Denied
    # Alerts are locked before tasks, as everywhere.
    let_go = _let_go(actor) if free else 0
    freed = _set_free(actor) if free else 0
    tasks.answer_task(task.id, "accepted", actor=actor)
    told = {"from": task.opened_by, "freed": freed, "let_go": let_go}
    record_event("shift.accepted", str(task.id), told, actor=actor.number)
    return timezone.now()


def given(actor: Actor) -> QuerySet[Task]:
    """The open tasks at the actor's post that one officer is to do; what he may not read is not there."""
    return Task.objects.filter(
        owner=actor.agency,
        place=actor.post or "",
        state="open",
        sensitivity__lte=min(level(actor.powers), Sensitivity.CONFIDENTIAL),
    ).exclude(assigned_to="")


def in_hand(actor: Actor) -> QuerySet[Alert]:
    """The open alerts at the actor's post that another officer has in hand and that he may read."""
    return Alert.objects.filter(
        owner=actor.agency,
        place=actor.post or "",
        state="open",
        sensitivity__lte=min(level(actor.powers), Sensitivity.CONFIDENTIAL),
    ).exclude(taken_by__in=("", actor.number))


def _let_go(actor: Actor) -> int:
    """Take alerts out of the hands of the last shift, so that the next one can work on them."""
    held = list(in_hand(actor).select_for_update(no_key=True).order_by("id"))
    for alert in held:
        before, alert.taken_by, alert.taken_at = alert.taken_by, "", None
        alert.save(update_fields=["taken_by", "taken_at"])
        record_event("alert.let_go", str(alert.id), {"from": before}, actor=actor.number)
    return len(held)


def _set_free(actor: Actor) -> int:
    """Let tasks that somebody of the last shift was to do be done by whoever holds their power."""
    freed = 0
    for task in given(actor).select_for_update(no_key=True).order_by("id"):
        before, task.assigned_to = task.assigned_to, ""
        task.save(update_fields=["assigned_to"])
        told = {"to": "", "from": before}
        record_event("task.assigned", str(task.id), told, actor=actor.number)
        freed += 1
    return freed
