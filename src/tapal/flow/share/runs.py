"""Runs as their readers see them: whole to their own agency, by its own tasks alone to another."""

from __future__ import annotations

import uuid
from datetime import datetime

from tapal.core.actions import Actor
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow.diagrams import xml_of
from tapal.flow.share.lists import may_see, own_scopes, seen_task
from tapal.flow.share.rows import as_uuid
from tapal.flow.share.seen import SeenRun
from tapal.store.models import Run, Task


def run(actor: Actor, now: datetime, run_id: uuid.UUID | str) -> SeenRun | None:
    """One run, None where there is none for the reader."""
    row = Run.objects.select_related("procedure").filter(pk=as_uuid(run_id)).first()
    return _seen(actor, now, row) if row is not None else None


def runs_of_alert(actor: Actor, now: datetime, alert_id: uuid.UUID | str) -> list[SeenRun]:
    """The runs that an alert began, the newest first."""
    rows = Run.objects.select_related("procedure").filter(alert_id=as_uuid(alert_id))
    seen = (_seen(actor, now, row) for row in rows.order_by("-started_at"))
    return [each for each in seen if each is not None]


def _seen(actor: Actor, now: datetime, row: Run) -> SeenRun | None:
    scopes = own_scopes(actor, now)
    own = row.scope_id in scopes and "record.read" in actor.powers
    held = Task.objects.filter(run=row, scope_id__in=scopes).order_by("id")
    tasks = tuple(seen_task(t) for t in held if may_see(actor, t))
    if not own and not tasks:
        return None
    xml = xml_of(row.procedure)
    return SeenRun(
        id=str(row.id),
        procedure=str(row.procedure_id),
        name=row.procedure.name,
        version=row.procedure.version,
        label=Text.of(row.procedure.label),
        status=row.status,
        outcome=_outcome(xml, row.outcome),
        trouble=row.trouble,
        owner=row.owner,
        place=row.place or None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        passed=engine.passed(xml, row.state) if row.state else (),
        waiting=tuple(r.step.id for r in engine.waiting(xml, row.state)) if _waits(row) else (),
        tasks=tasks,
        record=str(row.record_id) if own and row.record_id else None,
        alert=str(row.alert_id) if own and row.alert_id else None,
        own=own,
    )


def _waits(row: Run) -> bool:
    return row.status in ("running", "suspended") and bool(row.state)


def _outcome(xml: bytes, end: str) -> Text | None:
    diagram, _ = engine.checked(xml)
    return diagram.ends[end].label if diagram is not None and end in diagram.ends else None
