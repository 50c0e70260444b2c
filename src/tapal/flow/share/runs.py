"""Runs as their readers see them: whole to their own agency, by its own tasks alone to another."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from tapal.core.actions import Actor
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow.diagrams import xml_of
from tapal.flow.share.lists import may_see, own_scopes, seen_task
from tapal.flow.share.rows import as_uuid
from tapal.flow.share.seen import SeenRun, SeenTask
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
    passed, waiting = _lit(row, tasks) if own else _lit_to_others(tasks)
    return SeenRun(
        id=str(row.id),
        procedure=str(row.procedure_id),
        name=row.procedure.name,
        version=row.procedure.version,
        label=Text.of(row.procedure.label),
        status=row.status if own else "running" if waiting else "done",
        outcome=_outcome(xml_of(row.procedure), row.outcome) if own else None,
        trouble=row.trouble if own else "",
        owner=row.owner,
        place=row.place or None,
        started_at=row.started_at,
        ended_at=row.ended_at if own else None,
        passed=passed,
        waiting=waiting,
        tasks=tasks,
        record=str(row.record_id) if own and row.record_id else None,
        alert=str(row.alert_id) if own and row.alert_id else None,
        own=own,
    )


def _lit(row: Run, tasks: Sequence[SeenTask]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was passed and what waits; by its tasks alone where the run cannot be read back."""
    xml = xml_of(row.procedure)
    try:
        passed = engine.passed(xml, row.state) if row.state else ()
        waits = engine.waiting(xml, row.state) if _waits(row) else ()
    except engine.Stuck:
        return _lit_to_others(tasks)
    return passed, tuple(each.step.id for each in waits)


def _lit_to_others(tasks: Sequence[SeenTask]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To another agency its own steps alone: what it answered, and what waits for it."""
    done = tuple(dict.fromkeys(t.step for t in tasks if t.state != "open"))
    return done, tuple(dict.fromkeys(t.step for t in tasks if t.state == "open"))


def _waits(row: Run) -> bool:
    return row.status in ("running", "suspended") and bool(row.state)


def _outcome(xml: bytes, end: str) -> Text | None:
    diagram, _ = engine.checked(xml)
    return diagram.ends[end].label if diagram is not None and end in diagram.ends else None
