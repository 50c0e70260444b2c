"""Runs: an alert begins the procedure that its reason names, answers and timers move it on.

A move is one transaction: the run's row is locked, the engine says what follows, tasks are opened
and taken away, the log is written. A worker that is killed in the middle has moved nothing.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import tasks
from tapal.flow.clocks import due_at
from tapal.flow.diagrams import xml_of
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.held import hold_run, hold_runs
from tapal.flow.procedures import for_reason
from tapal.flow.reference import agency_with_role, scope_number
from tapal.flow.storable import storable
from tapal.store.models import Agency, Alert, Procedure, Record, Roll, Run, Task

log = logging.getLogger(__name__)

STUCK = "procedure_stuck"
"""The task of whoever goes on by hand."""
GREW = "alert_grew"
"""The task of whoever looks at what joined an alert while its procedure ran."""
SUSPENDED = "suspended"
"""How a task was answered that a suspended run took away."""
WITHDRAWN = "withdrawn"
"""And one that is not needed any more."""
BY_ACT = "act:"
"""What a procedure names as its reason that an act on a record begins: `act:receive_fear`."""
BY_HAND = "hand:"
"""And one that an officer begins by hand: `hand:` and the power that he needs."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What begins a run: an alert, an act on a record, or an officer; whose, where, how withheld."""

    reason: str
    owner: str
    kind: str
    place: str
    sensitivity: int
    by: str = SYSTEM
    alert: Alert | None = None
    record_id: uuid.UUID | None = None
    rules: tuple[str, ...] = ()
    weight: int = 0

    @classmethod
    def of_alert(cls, alert: Alert, rules: Sequence[str]) -> Cause:
        """An alert and the rules that spoke."""
        return cls(
            reason=alert.reason,
            owner=alert.owner,
            kind=alert.kind,
            place=alert.place,
            sensitivity=alert.sensitivity,
            alert=alert,
            record_id=alert.record_id,
            rules=tuple(sorted(set(rules))),
            weight=int(alert.weight),
        )

    def known(self) -> dict[str, Any]:  # Any: JSON
        """What a run knows from its start: ids and codes, nothing of a person."""
        return {
            "alert": str(self.alert.id) if self.alert else "",
            "record": str(self.record_id or ""),
            "reason": self.reason,
            "rules": list(self.rules),
            "kind": self.kind,
            "weight": self.weight,
            "agency": self.owner,
            "place": self.place,
        }


def begin(alert: Alert, rules: Sequence[str]) -> None:
    """Begin the procedure of an alert's reason, where one is in force, in the caller's transaction.

    Whatever is wrong with a procedure stops no alert: its run says so, and a shift leader is told.
    """
    procedure = for_reason(alert.reason, alert.owner)
    if procedure is not None:
        _begin(procedure, Cause.of_alert(alert, rules))


def begin_by_act(record: Record, act: str, by: str) -> Run | None:
    """Begin the procedure that an act on a record names (`act:NAME`), in the caller's transaction."""
    reason = f"{BY_ACT}{act}"
    procedure = for_reason(reason, record.owner)
    if procedure is None:
        return None
    cause = Cause(reason, record.owner, record.kind, record.place or "", record.sensitivity, by)
    return _begin(procedure, replace(cause, record_id=record.id))


@transaction.atomic
def begin_by_hand(procedure_id: uuid.UUID | str, *, actor: Actor) -> Run:
    """Begin a procedure that no alert begins, at the actor's post, by who holds the power it names.

    Raises Missing for one that is not in force for his agency, Denied without the power, Rejected
    while it runs there already.
    """
    row = Procedure.objects.select_for_update().filter(pk=procedure_id, state="in_force").first()
    if row is None:
        raise Missing
    reason = hand_reason(row, actor)
    if reason is None:
        raise Denied
    place = actor.post or ""
    running = Run.objects.filter(
        owner=actor.agency, place=place, status__in=("running", "suspended")
    )
    if running.filter(procedure__name=row.name).exists():
        raise Rejected(
            Text("Prosedur ini sudah berjalan di pos ini.", "It runs at this post already."),
            Text("Teruskan yang sedang berjalan.", "Go on with the one that runs."),
        )
    level = int(Sensitivity.RESTRICTED)
    return _begin(row, Cause(reason, actor.agency, "", place, level, actor.number))


def hand_reason(row: Procedure, actor: Actor) -> str | None:
    """The reason by which the actor may begin this version by hand, None where there is none."""
    for reason in row.reasons:
        power = reason.removeprefix(BY_HAND)
        if power != reason and power in actor.powers:
            held = for_reason(reason, actor.agency)
            if held is not None and held.id == row.id:
                return str(reason)
    return None


def _begin(procedure: Procedure, cause: Cause) -> Run:
    try:
        with transaction.atomic():
            run = _opened(procedure, cause)
            _start(run, cause)
            return run
    except OperationalError:
        raise  # the database is busy: the whole batch is tried again
    except Exception as wrong:
        if not isinstance(wrong, engine.Stuck):
            log.exception("the procedure %s of %s broke", procedure.name, cause.record_id)
        run = _opened(procedure, cause)
        stick(run, wrong)
        return run


def _opened(procedure: Procedure, cause: Cause) -> Run:
    level = level_of(procedure, cause.sensitivity)
    run = Run(
        procedure=procedure,
        scope_id=scope_number(cause.owner, cause.kind, level),
        owner=cause.owner,
        kind=cause.kind,
        place=cause.place,
        sensitivity=level,
        alert=cause.alert,
        record_id=cause.record_id,
        state={},
        started_at=_now(),
    )
    run.save(force_insert=True)
    told = {"procedure": str(procedure.id), "alert": str(cause.alert.id) if cause.alert else None}
    record_event("run.started", str(run.id), told, actor=cause.by)
    return run


def _start(run: Run, cause: Cause) -> None:
    moved = engine.start(xml_of(run.procedure), cause.known(), host_of(run, run.started_at))
    if follow(run, moved, cause.by):
        raise engine.Stuck("it would close the alert without a person")


def level_of(procedure: Procedure, sensitivity: int) -> int:
    """A run is as withheld as its most private step: its diagram, lit, would tell of it."""
    diagram, _ = engine.checked(xml_of(procedure))
    private = diagram is not None and any(s.private for s in diagram.steps.values())
    return int(Sensitivity.WITHHELD if private else sensitivity)


def host_of(run: Run, now: datetime) -> engine.Host:
    """The house as the engine sees it: its time, and clocks by rule row and post."""
    return engine.Host(now, lambda name, since: due_at(name, since, run.place))


def follow(run: Run, moved: engine.Moved, by: str) -> str:
    """Write what a move has led to, the run and its tasks, in the caller's transaction.

    Returns what the alert was found to be where the run has ended so, else nothing.
    """
    run.state, run.due_at, run.moves = dict(moved.state), moved.due, run.moves + 1
    if moved.ended:
        run.outcome = moved.ended[-1].id
    if moved.done:
        run.status, run.ended_at = "done", _now()
    run.save()
    wanted = {each.key: each for each in moved.ready}
    held = {t.step_key: t for t in Task.objects.filter(run=run)}
    for key, task in sorted(held.items(), key=lambda each: each[1].id):
        if key not in wanted and task.state == "open":
            tasks.close_task(task, SYSTEM, WITHDRAWN)
    for key, ready in wanted.items():
        if key not in held:
            _open(run, ready, by)
        elif held[key].state != "open":
            _open_again(run, ready, held[key], by)
    if moved.done:
        record_event("run.ended", str(run.id), {"outcome": run.outcome}, actor=by)
        return next((e.closes for e in reversed(moved.ended) if e.closes), "")
    return ""


def _open(run: Run, ready: engine.Ready, by: str) -> None:
    step = ready.step
    name = f"{run.procedure.name}.{step.id}"
    owner, level = whose(run, step)
    place = run.place if step.at_post and owner == run.owner else ""
    tasks.open_task(
        tasks.Wanted(
            name=name[:40],
            label=step.label,
            text=step.text,
            power=step.power,
            sensitivity=max(Sensitivity.RESTRICTED, level),
            due_at=due_at(step.clock or name, _now(), place or run.place),
        ),
        actor=by,
        record=run.record,
        alert=run.alert if owner == run.owner else None,
        owner=owner,
        place=place,
        passing=tasks.Passing(run, step.id, ready.key),
    )


def _open_again(run: Run, ready: engine.Ready, task: Task, by: str) -> None:
    """A step that is come to again after the answer that had led to it was taken back."""
    clock = ready.step.clock or f"{run.procedure.name}.{ready.step.id}"
    task.opened_at, task.due_at = _now(), due_at(clock, _now(), task.place or run.place)
    task.save(update_fields=["opened_at", "due_at"])
    tasks.reopen_tasks([str(task.id)], actor=by)


def whose(run: Run, step: engine.Step) -> tuple[str, Sensitivity]:
    """Whose task a step is, and how withheld.

    To another agency its own step alone is told, not how private others of the diagram are; and
    what is withheld about the alert itself no other agency is told: its own one does the step.
    """
    own = Sensitivity.WITHHELD if step.private else Sensitivity(run.sensitivity)
    owner = _agency(run, step)
    if owner == run.owner:
        return owner, own
    about = Sensitivity(run.alert.sensitivity) if run.alert is not None else own
    level = Sensitivity.WITHHELD if step.private else about
    return (run.owner, own) if level == Sensitivity.WITHHELD else (owner, level)


def _agency(run: Run, step: engine.Step) -> str:
    """Whose task a step is; the alert's own agency where nobody else can be found.

    A foreign key is looked at only when all is committed: one that leads nowhere must not get there.
    """
    if step.agency == "owner":
        return run.owner
    if step.agency == "list_owner":
        return _list_owner(run) or run.owner
    if step.agency.startswith("role:"):
        return agency_with_role(step.agency.removeprefix("role:"), _now().date()) or run.owner
    if not Agency.objects.filter(pk=step.agency).exists():
        raise engine.Stuck(f"{step.id}: no agency {step.agency}")
    return step.agency


def _list_owner(run: Run) -> str | None:
    """The authority of the list that was hit, where it is an agency of this house."""
    code = run.alert.reason.partition(":")[2] if run.alert is not None else ""
    authority = Roll.objects.filter(pk=code).values_list("authority", flat=True).first()
    known = Agency.objects.filter(pk=authority or "")
    return known.values_list("code", flat=True).first()


def stick(run: Run, wrong: Exception) -> None:
    """Mark a run that cannot go on, and tell the shift leader, who goes on by hand."""
    # What is no word of the engine may name anything: only its sort is told.
    trouble = str(wrong) if isinstance(wrong, engine.Stuck) else type(wrong).__name__
    run.status, run.trouble, run.due_at = "stuck", storable(trouble)[:2000], None
    run.save()
    record_event("run.stuck", str(run.id), {"trouble": run.trouble})
    tasks.open_task(
        tasks.Wanted(
            name=STUCK,
            label=Text("Prosedur macet", "A procedure is stuck"),
            text=Text(
                "Prosedur peringatan ini berhenti: {t}. Tangani dengan tangan dan beri tahu penyusunnya.",
                "The procedure of this alert stopped: {t}. Go on by hand and tell who drew it.",
            ).fill(t=run.trouble),
            power=_told_power(run),
            sensitivity=max(Sensitivity.RESTRICTED, Sensitivity(run.sensitivity)),
            due_at=due_at(STUCK, _now(), run.place),
        ),
        actor=SYSTEM,
        record=run.record,
        alert=run.alert,
        owner=run.owner,
        place=run.place,
    )


def _told_power(run: Run) -> str:
    """Who is told of trouble: the shift leader, of a withheld run those alone who do its steps."""
    diagram, _ = engine.checked(xml_of(run.procedure))
    steps = diagram.steps.values() if diagram is not None else ()
    return next((step.power for step in steps if step.private), "alert.close")


def closing_words(run: Run, alert: Alert) -> Text:
    """Why an alert was closed by its procedure: the name of the end, and no answer to any step.

    A run that is more withheld than its alert says not even that.
    """
    diagram, _ = engine.checked(xml_of(run.procedure))
    if diagram is None or run.outcome not in diagram.ends or run.sensitivity > alert.sensitivity:
        return Text("Selesai menurut prosedurnya.", "Ended by its procedure.")
    return diagram.ends[run.outcome].label


def ask_again(run: Run) -> None:
    """Tell the shift leader that an alert grew while its procedure looked at what it held before."""
    tasks.open_task(
        tasks.Wanted(
            name=GREW,
            label=Text("Peringatan bertambah", "An alert has grown"),
            text=Text(
                "Prosedur menyatakan peringatan ini keliru, tetapi entri daftar lain bergabung sesudah"
                " prosedur itu dimulai. Periksa entri itu, lalu tutup peringatannya sendiri.",
                "The procedure found this alert false, but other list entries joined it after the"
                " procedure began. Look at those, then close the alert yourself.",
            ),
            power="alert.close",
            sensitivity=max(Sensitivity.RESTRICTED, Sensitivity(run.sensitivity)),
            due_at=due_at(STUCK, _now(), run.place),
        ),
        actor=SYSTEM,
        record=run.record,
        alert=run.alert,
    )


_ALIVE = ("running", "suspended", "stuck")


def stop_for(alert: Alert, by: str, reach: int) -> None:
    """End the runs of an alert, held by the caller, that is closed: those that rest or are stuck too.

    `reach` is how far up its closer reads: a more withheld run, of which he knows nothing, goes on.
    """
    for run in hold_runs(alert, _ALIVE):
        if run.sensitivity > max(reach, alert.sensitivity):
            continue
        _stop(run, by, "alert closed")
    look_no_more(alert, by, STUCK, GREW)


def look_no_more(alert: Alert, by: str, *names: str) -> None:
    """Close the tasks that asked somebody to look at what an alert's procedure left over."""
    rows = Task.objects.filter(alert=alert, name__in=names or (GREW,), state="open")
    for task in rows.order_by("id"):
        tasks.close_task(task, by, WITHDRAWN)


def stop(run_id: uuid.UUID | str, by: str) -> None:
    """End a run whose ground was taken back, in the caller's transaction."""
    run = hold_run(run_id, *_ALIVE)
    if run is not None:
        _stop(run, by, "taken back")


def _stop(run: Run, by: str, why: str) -> None:
    run.status, run.due_at, run.ended_at = "stopped", None, _now()
    run.save(update_fields=["status", "due_at", "ended_at"])
    for task in Task.objects.filter(run=run, state="open").order_by("id"):
        tasks.close_task(task, by, WITHDRAWN)
    record_event("run.ended", str(run.id), {"outcome": why}, actor=by)


def resume_for(alert: Alert, by: str) -> None:
    """Go on with the runs that a closing, now taken back, had stopped; the alert is held by the caller.

    One that was suspended before rests again, and one that was stuck is stuck again.
    """
    for run in hold_runs(alert, ["stopped"]):
        if run.trouble:
            run.ended_at = None
            stick(run, engine.Stuck(run.trouble))
        elif Task.objects.filter(run=run, answer=SUSPENDED).exists():
            run.status, run.ended_at = "suspended", None
            run.save(update_fields=["status", "ended_at"])
        else:
            go_on(run, by)


def go_on(run: Run, by: str) -> None:
    """Let a stopped or suspended run, held by the caller, wait again for what it waited for."""
    run.status, run.ended_at = "running", None
    record_event("run.resumed", str(run.id), {}, actor=by)
    try:
        keys = {r.key for r in engine.waiting(xml_of(run.procedure), run.state)}
        moved = engine.wake(xml_of(run.procedure), run.state, host_of(run, _now()))
    except engine.Stuck as wrong:
        stick(run, wrong)
        return
    reopened = Task.objects.filter(run=run, step_key__in=keys).exclude(state="open")
    tasks.reopen_tasks([str(t.id) for t in reopened.order_by("id")], actor=by)
    follow(run, moved, by)


def _now() -> datetime:
    return timezone.now()
