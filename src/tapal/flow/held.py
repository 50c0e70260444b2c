"""The one order in which the rows of a case are locked: record, then alert, then run, then task.

Whoever needs more than one of them takes them in this order, several of a sort by their id, so
that two requests at once wait for one another and never in a circle. A row that is wanted first
is looked at without a lock, to learn what stands above it, and looked at again under the lock.

A lock leaves the row's key free (`no_key`): a new row that names it, checked when its transaction
ends, waits for nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from tapal.store.models import Alert, Run, Task


def hold_alert(alert_id: uuid.UUID | str | None) -> Alert | None:
    """An alert, locked; None where there is none."""
    if alert_id is None:
        return None
    return Alert.objects.select_for_update(no_key=True).filter(pk=alert_id).first()


def hold_run(run_id: uuid.UUID | str, *statuses: str) -> Run | None:
    """A run in one of these states (any, where none is named), locked with its alert."""
    found = list(Run.objects.filter(pk=run_id).values_list("alert_id", flat=True)[:1])
    return _under(hold_alert(found[0]), run_id, statuses) if found else None


def _under(above: Alert | None, run_id: uuid.UUID | str, statuses: Iterable[str]) -> Run | None:
    """A run, locked, whose alert is locked already; its version and its record are read with it."""
    locked = Run.objects.select_for_update(no_key=True, of=("self",))
    rows = locked.select_related("procedure", "record").filter(pk=run_id)
    run = (rows.filter(status__in=statuses) if statuses else rows).first()
    if run is not None:
        run.alert = above
    return run


def hold_runs(alert: Alert, statuses: Iterable[str]) -> list[Run]:
    """The runs of a locked alert in these states, locked."""
    rows = Run.objects.select_for_update(no_key=True).filter(alert=alert, status__in=statuses)
    runs = list(rows.order_by("id"))
    for run in runs:
        run.alert = alert
    return runs


def hold_task(task_id: uuid.UUID | str) -> Task | None:
    """An open task, locked with its run and that run's alert; None where none is open."""
    above = ("run_id", "run__alert_id")
    found = list(Task.objects.filter(pk=task_id, state="open").values_list(*above))
    if not found:
        return None
    run_id, alert_id = found[0]
    run = _under(hold_alert(alert_id), run_id, ()) if run_id is not None else None
    row = Task.objects.select_for_update(no_key=True).filter(pk=task_id, state="open").first()
    if row is not None:
        row.run = run
    return row
