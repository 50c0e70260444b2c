"""Moving a run: an officer answers its task, or a timer's time has come."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import alert, runs, takeback, tasks
from tapal.flow.diagrams import step_of, xml_of
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.held import hold_run, hold_task
from tapal.flow.storable import storable_json
from tapal.store.models import Run, Task

TIMERS_AT_ONCE = 50
MOST_MOVES = 2_000
"""After so many moves no timer moves a run any more: it goes in a circle, and its state only grows."""


def answer(task_id: uuid.UUID | str, answers: Mapping[str, Any], *, actor: Actor) -> Run:
    """Answer a procedure's task with its form; the run goes on in the same transaction.

    Raises Missing when it does not wait, Denied to who may not do it, Rejected for an answer that
    does not fit or where a second person is needed.
    """
    with transaction.atomic():
        task = hold_task(task_id)
        if task is None or task.run is None or task.run.status != "running":
            raise Missing
        tasks.allow_task(task, actor)
        run = task.run
        xml = xml_of(run.procedure)
        step = step_of(xml, task.step)
        _four_eyes(run, step, actor)
        answers = storable_json(dict(answers))
        fits = engine.fitting(step.form, answers)
        try:
            moved = engine.answer(
                xml, run.state, task.step_key, answers, runs.host_of(run, timezone.now())
            )
        except engine.Stuck as wrong:
            raise Rejected(
                Text("Prosedur ini tidak dapat dilanjutkan: {r}", "The run cannot go on: {r}").fill(
                    r=wrong
                ),
                Text("Beri tahu penyusun prosedur.", "Tell who drew the procedure."),
            ) from wrong
        run.last = takeback.remember(run, task, actor.number)
        told_in_words = said(step, fits).id
        tasks.close_task(task, actor.number, told_in_words)
        told = {"step": task.step, "answers": fits, "passed": list(moved.passed)}
        record_event("run.moved", str(run.id), told, actor=actor.number)
        _conclude(run, runs.follow(run, moved, actor.number), actor.number)
        return run


def said(step: engine.Step, fits: Mapping[str, Any]) -> Text:
    """The answers of a form as a person reads them."""
    parts = [(f.label, _words(f, fits[f.name])) for f in step.form if f.name in fits]
    return Text(
        "; ".join(f"{label.id}: {value.id}" for label, value in parts) or step.label.id,
        "; ".join(f"{label.en}: {value.en}" for label, value in parts) or step.label.en,
    )


def _words(field: engine.Field, value: Any) -> Text:
    if field.type == "choice":
        return next((o.label for o in field.options if o.value == value), Text(value, value))
    if field.type == "yes_no":
        return Text("ya", "yes") if value else Text("tidak", "no")
    return Text(str(value), str(value))


def wake_due(limit: int = TIMERS_AT_ONCE) -> int:
    """Let the timers fire whose time has come; returns how many runs moved."""
    now = timezone.now()
    due = Run.objects.filter(status="running", due_at__lte=now).order_by("due_at")
    return sum(_wake(i, now) for i in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _wake(run_id: uuid.UUID, now: datetime) -> bool:
    run = hold_run(run_id, "running")
    if run is None or run.due_at is None or run.due_at > now:
        return False
    try:
        if run.moves >= MOST_MOVES:
            raise engine.Stuck(f"it has made {run.moves} moves")
        moved = engine.wake(xml_of(run.procedure), run.state, runs.host_of(run, now))
    except engine.Stuck as wrong:
        runs.stick(run, wrong)
        return True
    told = {"step": "", "answers": {}, "passed": list(moved.passed)}
    record_event("run.moved", str(run.id), told)
    _conclude(run, runs.follow(run, moved, SYSTEM), SYSTEM)
    return True


def _conclude(run: Run, found: str, by: str) -> None:
    """Close the alert as the run's end says; no time that ran out judges it."""
    if not found or run.alert is None:
        return
    if by == SYSTEM and found in engine.VERDICTS:
        runs.stick(run, engine.Stuck("time alone would have judged the alert"))
        return
    words = runs.closing_words(run, run.alert).id
    since, reach = run.started_at, run.sensitivity
    if not alert.conclude(run.alert, alert.Outcome(found), words, by, since=since, reach=reach):
        runs.ask_again(run)


def _four_eyes(run: Run, step: engine.Step, actor: Actor) -> None:
    """Raises Rejected when the step asks for another person than the one who did the step it names.

    Of a step that was passed again its last doer counts: two officers can go round together.
    """
    if not step.not_by:
        return
    before = Task.objects.filter(run=run, step=step.not_by, state="done").exclude(
        answer=runs.WITHDRAWN
    )
    if before.order_by("-closed_at").values_list("closed_by", flat=True).first() == actor.number:
        raise Rejected(
            Text(
                "Langkah ini dikerjakan petugas kedua, bukan Anda yang mengerjakan langkah pertama.",
                "This step is done by a second officer, not by you who did the first.",
            ),
            Text("Minta rekan Anda.", "Ask a colleague."),
        )
