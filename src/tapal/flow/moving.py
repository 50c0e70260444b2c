"""Running cases moved to a newer version, one by one, by a person's choice and never by themselves.

A case moves by walking again: its recorded answers and its timers go through the newer diagram at
their own times. Where that comes to a step that waits, the case goes on from there; where an answer
finds no step, no longer fits, or the case would end, it stays, and the preview says why.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS, level
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import adoption, runs
from tapal.flow.clocks import due_at
from tapal.flow.diagrams import xml_of
from tapal.flow.events import record_event
from tapal.flow.held import hold_run
from tapal.flow.procedures import in_force
from tapal.flow.reference import scope_number
from tapal.store.models import Event, EventContent, Finding, Procedure, Run, Task

MOST = 200
"""How many running cases a preview looks at, the oldest first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A running case and what moving it would come to; `why` it stays where it cannot move."""

    run: Run
    waits: tuple[str, ...]
    would: tuple[engine.Step, ...] = ()
    why: Text | None = None


class _Stays(Exception):  # no error: the answer to a question
    def __init__(self, id: str, en: str, **values: object) -> None:
        super().__init__(en)
        self.why = Text(id, en).fill(**values)


def may_move(row: Procedure, actor: Actor) -> bool:
    """Whether the actor may move cases of his agency to this version."""
    return row.state == "in_force" and ASSIGN_TASKS in actor.powers


def preview(row: Procedure, *, actor: Actor) -> list[Candidate]:
    """The running cases on other versions that the actor hands out, and whether each can move."""
    if not may_move(row, actor):
        raise Denied
    rows = Run.objects.filter(
        procedure__name=row.name,
        status="running",
        owner=actor.agency,
        sensitivity__lte=level(actor.powers),
    ).exclude(procedure=row)
    if actor.post is not None:
        rows = rows.filter(place__in=("", actor.post))
    held = rows.select_related("procedure", "alert").order_by("started_at", "id")
    return [_candidate(run, row) for run in held[:MOST] if actor.acts_at(run.place)]


def _candidate(run: Run, row: Procedure) -> Candidate:
    open_tasks = Task.objects.filter(run=run, state="open").order_by("id")
    waits = tuple(open_tasks.values_list("step", flat=True))
    try:
        moved = _walked(run, row)
    except _Stays as stays:
        return Candidate(run, waits, why=stays.why)
    return Candidate(run, waits, tuple(each.step for each in moved.ready))


@transaction.atomic
def move(run_id: uuid.UUID | str, row: Procedure, *, actor: Actor) -> Run:
    """Move a running case to a version in force.

    Raises Missing for one that he may not see or that does not run, Denied without the power,
    Rejected with the reason where it cannot move.
    """
    run = hold_run(run_id, "running")
    row = Procedure.objects.get(pk=row.pk)
    if run is None or run.sensitivity > level(actor.powers) or run.owner != actor.agency:
        raise Missing
    if not may_move(row, actor) or not actor.acts_at(run.place):
        raise Denied
    if run.procedure.name != row.name or run.procedure_id == row.pk:
        raise Missing
    try:
        moved = _walked(run, row)
    except _Stays as stays:
        mend = Text("Selesaikan dengan versinya sendiri.", "Finish it by its own version.")
        raise Rejected(stays.why, mend) from stays
    if runs.level_of(row, run.sensitivity) > level(actor.powers):
        raise Denied
    before, waited = run.procedure, list(Task.objects.filter(run=run, state="open"))
    _put(run, row, moved, actor.number)
    told = {
        "from": {"procedure": str(before.id), "version": before.version},
        "to": {"procedure": str(row.id), "version": row.version},
        "waited": sorted(t.step for t in waited),
        "waits": sorted(each.step.id for each in moved.ready),
    }
    record_event("run.migrated", str(run.id), told, actor=actor.number)
    return run


def _put(run: Run, row: Procedure, moved: engine.Moved, by: str) -> None:
    """Set a run down in the newer version: a step that waits there too keeps its task and its time."""
    held = {t.step: t for t in Task.objects.filter(run=run, state="open").order_by("id")}
    run.procedure, run.last = row, None
    run.sensitivity = runs.level_of(row, run.sensitivity)
    run.scope_id = scope_number(run.owner, run.kind, run.sensitivity)
    for ready in moved.ready:
        task = held.get(ready.step.id)
        owner, sensitivity = runs.whose(run, ready.step)
        same = task is not None and (task.owner, task.power) == (owner, ready.step.power)
        if task is None or not same or task.sensitivity != max(Sensitivity.RESTRICTED, sensitivity):
            continue
        clock = ready.step.clock or f"{row.name}.{ready.step.id}"[:40]
        task.step_key = ready.key
        task.label, task.text = ready.step.label.json(), ready.step.text.json()
        task.due_at = due_at(clock, task.opened_at, task.place or run.place)
        task.save(update_fields=["step_key", "label", "text", "due_at"])
    runs.follow(run, moved, by)


def _walked(run: Run, row: Procedure) -> engine.Moved:
    """The case walked again through a version. Raises _Stays."""
    reason = _reason(run)
    if _rightful(reason, run.owner) != row.pk:
        raise _Stays(
            "Versi ini tidak berlaku bagi peringatan seperti ini.",
            "This version does not begin such an alert of this agency.",
        )
    if any(t.state == "open" and not t.step_key for t in Task.objects.filter(run=run)):
        raise _Stays("Ada tugas di luar bagannya.", "A task stands outside its diagram.")
    xml, at = xml_of(row), run.started_at
    try:
        moved = engine.start(xml, _known(run, reason), runs.host_of(run, at))
        for step, answers, at in _history(run):
            moved = _again(xml, moved, step, answers, runs.host_of(run, at))
    except engine.Stuck as wrong:
        raise _Stays("Berhenti di jalan: {r}", "It would stop on its way: {r}", r=wrong) from wrong
    if moved.done or not moved.ready:
        raise _Stays(
            "Dengan jawaban yang sama versi ini sudah berakhir: orang harus memutuskannya.",
            "By the same answers this version would have ended: a person must decide that.",
        )
    return moved


def _again(
    xml: bytes, moved: engine.Moved, step: str, answers: Mapping[str, Any], host: engine.Host
) -> engine.Moved:
    if not step:
        return engine.wake(xml, moved.state, host)
    ready = next((each for each in moved.ready if each.step.id == step), None)
    if ready is None:
        first = ", ".join(each.step.label.id for each in moved.ready) or "-"
        first_en = ", ".join(each.step.label.en for each in moved.ready) or "-"
        why = Text(
            f"Langkah {step} sudah dijawab, tetapi di versi ini yang menunggu: {first}.",
            f"Step {step} was answered, but in this version there waits: {first_en}.",
        )
        raise _Stays(why.id, why.en)
    try:
        return engine.answer(xml, moved.state, ready.key, dict(answers), host)
    except Rejected as wrong:
        why = Text(
            f"Jawaban langkah {step} tidak sesuai lagi: {wrong.reason.id}",
            f"The answer to step {step} no longer fits: {wrong.reason.en}",
        )
        raise _Stays(why.id, why.en) from wrong


def _history(run: Run) -> Iterator[tuple[str, Mapping[str, Any], datetime]]:
    """The moves that stand, in their order. Raises _Stays where one was lawfully erased."""
    moves: list[Event] = []
    told = Event.objects.filter(subject=str(run.id), type__in=("run.moved", "run.taken_back"))
    for event in told.order_by("id"):
        if event.type == "run.moved":
            moves.append(event)
        elif moves:
            moves.pop()
    held = dict(EventContent.objects.filter(event__in=moves).values_list("event_id", "content"))
    for event in moves:
        if event.id not in held:
            raise _Stays("Jawaban lamanya sudah dihapus.", "Its earlier answers were erased.")
        content = json.loads(held[event.id])
        yield content["step"], content["answers"], event.at


def _reason(run: Run) -> str:
    if run.alert is not None:
        return str(run.alert.reason)
    return next((r for r in run.procedure.reasons if r.startswith((runs.BY_ACT, runs.BY_HAND))), "")


def _rightful(reason: str, owner: str) -> uuid.UUID | None:
    found = adoption.rightful(in_force(), reason, owner)
    return found.id if found is not None else None


def _known(run: Run, reason: str) -> Mapping[str, Any]:
    if run.alert is not None:
        rules = Finding.objects.filter(alert=run.alert).values_list("rule", flat=True)
        return runs.Cause.of_alert(run.alert, list(rules)).known()
    cause = runs.Cause(
        reason, run.owner, run.kind, run.place, run.sensitivity, record_id=run.record_id
    )
    return cause.known()
