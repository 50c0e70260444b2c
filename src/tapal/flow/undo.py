"""Taking back: an officer's own last act, within its minutes, with all that hung on it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing
from tapal.core.mandates import READ_WITHHELD
from tapal.flow import alert, records, runs, tasks, work
from tapal.kinds import KINDS
from tapal.store.models import Event, EventContent, Record


def undo(record_id: str, *, actor: Actor) -> None:
    """Take the officer's own last act back: old values, tasks and alerts stand as before it.

    Raises Missing when there is nothing of his to undo within the action's minutes, Denied for
    an officer of another agency. A numbered paper that was issued is not undone: it is answered
    by another act.
    """
    queued = _undo(record_id, actor)
    work.work_one(work.claimant_name(), only=queued)


@transaction.atomic
def _undo(record_id: str, actor: Actor) -> int:
    record = Record.objects.select_for_update(no_key=True).filter(pk=record_id).first()
    if record is None or record.owner != actor.agency:
        raise Missing
    told = last_act(record, actor)
    if told is None or not may_undo(record, told, actor):
        raise Missing
    content = told.content
    records.revise(
        record,
        content["before"],
        actor=actor.number,
        action=f"undo:{content['action']}",
        # What an act is called outwardly, its undoing is called too.
        extra={"undoes": content["revision"], "outward": f"undo:{told.outward}"},
    )
    tasks.withdraw_tasks(content.get("opened", ()), actor=actor.number)
    tasks.reopen_tasks(content.get("closed", ()), actor=actor.number)
    if content.get("began"):
        runs.stop(content["began"], actor.number)
    for alert_id in content.get("settled", ()):
        alert.reopen_alert(alert_id, actor=actor)
    return records.enqueue([record.id], urgent=True).pk


@dataclass(frozen=True, slots=True)
class LastAct:
    """An act on a record as its event told it; `newest` is the revision that stands after all."""

    by: str
    at: datetime
    content: Mapping[str, Any]
    newest: str

    @property
    def outward(self) -> str:
        """What the act goes by to those who may not read all of it."""
        return str(self.content.get("outward") or self.content["action"])


def last_act(record: Record, actor: Actor) -> LastAct | None:
    """The newest act that this officer may know of; None without one, or when its content was erased.

    One that changed nothing but withheld fields is passed over for those who may not read them: it
    must not show by what they can no longer take back.
    """
    newest = ""
    for event in (
        Event.objects.filter(subject=str(record.id), type="record.revised")
        .order_by("-id")
        .iterator(chunk_size=20)
    ):
        row = EventContent.objects.filter(event=event).first()
        if row is None:
            return None
        content = records.told(row.content)
        newest = newest or str(content["revision"])
        touched = records.withheld(record, content["values"])
        if READ_WITHHELD in actor.powers or touched != set(content["values"]):
            return LastAct(event.actor, event.at, content, newest)
    return None


def may_undo(record: Record, told: LastAct, actor: Actor) -> bool:
    """True for the same officer, within the action's minutes, when no paper was issued and it is the last.

    What he told the protection officers he takes back only while nothing came after it.
    """
    action = KINDS[record.kind].action(str(told.content["action"]))
    if action is None or told.by != actor.number or action.undo_minutes == 0:
        return False
    in_time = timezone.now() - told.at <= timedelta(minutes=action.undo_minutes)
    nothing_after = told.content["revision"] == told.newest or not records.withheld(
        record, told.content["values"]
    )
    stands = told.newest == str(uuid.UUID(str(record.revision)))
    return in_time and nothing_after and stands
