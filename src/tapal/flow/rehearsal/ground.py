"""What a version is tried on: the alerts and runs of some days, with what people answered, and when."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tapal.flow.runs import SUSPENDED, Cause
from tapal.store.models import Alert, Event, EventContent, Finding, Run, Task

Row = TypeVar("Row")
_AT_ONCE = 200
# How a task ends that nobody answered.
_UNANSWERED = ("withdrawn", "undone", SUSPENDED)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that a person gave to a step, how long the step had waited for it, and who gave it."""

    answers: Mapping[str, Any]  # Any: JSON
    after: timedelta
    by: str = ""


Recorded = Mapping[str, Sequence[Given]]
"""What was answered, by the step's id, passing after passing."""


@dataclass(frozen=True, slots=True)
class Began:
    """Something that begins a procedure: its cause, its moment, and what its own run recorded.

    `name` is the procedure of that run, empty where it has none that the reader may see.
    """

    cause: Cause
    at: datetime
    recorded: Recorded = field(default_factory=dict)
    name: str = ""


def read(since: datetime, scopes: Collection[int], limit: int) -> tuple[list[Began], int]:
    """The newest alerts, and runs that none began, in these scopes; and how many there were in all."""
    alerts = Alert.objects.filter(scope_id__in=scopes, opened_at__gte=since)
    alone = Run.objects.filter(scope_id__in=scopes, started_at__gte=since, alert=None)
    whole = alerts.count() + alone.count()
    found = [
        *_of_alerts(list(alerts.order_by("-opened_at", "-id")[:limit]), scopes),
        *_of_runs(
            list(
                alone.defer("state", "procedure__xml")
                .select_related("procedure")
                .order_by("-id")[:limit]
            )
        ),
    ]
    found.sort(key=lambda each: each.at, reverse=True)
    return found[:limit], whole


def _of_alerts(alerts: Sequence[Alert], scopes: Collection[int]) -> Iterator[Began]:
    for part in _parts(alerts):
        runs = Run.objects.filter(alert__in=part, scope_id__in=scopes).order_by("id")
        runs = runs.select_related("procedure").defer("state", "procedure__xml")
        first = {run.alert_id: run for run in reversed(list(runs))}
        rules = defaultdict(list)
        for alert_id, rule in Finding.objects.filter(alert__in=part).values_list(
            "alert_id", "rule"
        ):
            rules[alert_id].append(rule)
        told = _recorded([run.id for run in first.values()])
        for alert in part:
            run = first.get(alert.id)
            held = told.get(run.id, {}) if run is not None else {}
            name = run.procedure.name if run is not None else ""
            yield Began(Cause.of_alert(alert, rules[alert.id]), alert.opened_at, held, name)


def _of_runs(runs: Sequence[Run]) -> Iterator[Began]:
    for part in _parts(runs):
        told = _recorded([run.id for run in part])
        for run in part:
            reason = next((r for r in run.procedure.reasons if r.startswith(("act:", "hand:"))), "")
            cause = Cause(reason, run.owner, run.kind, run.place, run.sensitivity)
            yield Began(cause, run.started_at, told.get(run.id, {}), run.procedure.name)


def _recorded(runs: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, list[Given]]]:
    """What was answered in some runs. Answers that were lawfully erased are not there."""
    waited: dict[tuple[uuid.UUID | None, str], list[tuple[timedelta, str]]] = defaultdict(list)
    rows = Task.objects.filter(run_id__in=runs, state="done").exclude(answer__in=_UNANSWERED)
    for run_id, step, opened, closed, by in rows.order_by("closed_at", "id").values_list(
        "run_id", "step", "opened_at", "closed_at", "closed_by"
    ):
        if closed is not None:
            waited[run_id, step].append((max(closed - opened, timedelta(0)), by))
    found: dict[uuid.UUID, dict[str, list[Given]]] = defaultdict(lambda: defaultdict(list))
    for run_id, step, answers in _answers(runs):
        times = waited.get((run_id, step), [])
        given = found[run_id][step]
        if len(given) < len(times):
            given.append(Given(answers, *times[len(given)]))
    return found


def _answers(runs: Iterable[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Mapping[str, Any]]]:
    """The answers that stand, in their order: one that was taken back is not among them."""
    told = Event.objects.filter(
        subject__in=[str(each) for each in runs], type__in=("run.moved", "run.taken_back")
    )
    moves: dict[str, list[uuid.UUID]] = defaultdict(list)
    for event_id, subject, type_ in told.order_by("id").values_list("id", "subject", "type"):
        if type_ == "run.moved":
            moves[subject].append(event_id)
        elif moves[subject]:
            moves[subject].pop()  # only a run's last move is taken back
    subjects = {event_id: subject for subject, ids in moves.items() for event_id in ids}
    held = dict(
        EventContent.objects.filter(event_id__in=subjects).values_list("event_id", "content")
    )
    for event_id, subject in subjects.items():
        content = json.loads(held[event_id]) if held.get(event_id) else {}
        if content.get("step"):
            yield uuid.UUID(subject), content["step"], content.get("answers") or {}


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
