"""Alerts, tasks and rejects as a reader sees them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from django.db.models import Q, QuerySet

from tapal.core.actions import Actor
from tapal.core.clauses import Reach, Seek, narrow
from tapal.core.finding import Weight
from tapal.core.kind import Kind
from tapal.core.mandates import ASSIGN_TASKS, level
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow.diagrams import form_of
from tapal.flow.share import compile, cursors
from tapal.flow.share.rows import Opened, as_uuid, open_records, row_of, sift
from tapal.flow.share.seen import Page, SeenAlert, SeenFinding, SeenReject, SeenTask
from tapal.kinds import KINDS
from tapal.store.models import Alert, Finding, Record, Reject, Task
from tapal.store.queries import findings, walks, wall

Row = TypeVar("Row")
Mark = walks.Mark
# Where tasks without a clock stand in the order: after all that have one.
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)
# Where so often a page of alerts was not filled most are hidden: to walk over each is dear by then, to
# have the database weigh them on its way is not.
_PLAIN_ROUNDS = 3
# So many times what is wanted is walked over at once: a walk costs its stretches, not its rows.
_AHEAD = 3
# Quarters of what is wanted that are opened where some may be hidden yet: a few rows too many are
# cheaper than a second round.
_SPARE = 5


def alerts(
    reach: Reach, state: str | None, place: str | None, start: Mark | None, limit: int, of: str
) -> Page[SeenAlert]:
    """A page of alerts."""
    way = walks.ALERTS if state is None else walks.open_alerts(state)
    seeks = narrow(reach.timeless, place=place)
    mine = [seek for seek in seeks if seek.scope in reach.own]
    others = [seek for seek in seeks if seek.scope not in reach.own]
    ahead: list[Mark] = []
    open_ahead: set[uuid.UUID] = set()
    rounds = count()

    def more(after: Mark | None, wanted: int) -> list[tuple[Mark, SeenAlert | None]]:
        if next(rounds) >= _PLAIN_ROUNDS and others:
            sifted = replace(way, only=_some_finding(reach))
            marks = walks.walk(way, mine, after, wanted)
            marks += walks.walk(sifted, others, after, wanted)
            marks = sorted(marks, reverse=way.newest_first)[:wanted]
            ids = [i for _, i in marks]
        else:
            if len(ahead) < wanted:
                ahead[:] = walks.walk(way, seeks, after, _AHEAD * wanted)
                ids = [i for _, i in ahead]
                if others:
                    ids = findings.open_to(ids, _some_finding(reach), reach.own)
                open_ahead.clear()
                open_ahead.update(ids)
            taken = _as_far_as(ahead, open_ahead, wanted * _SPARE // 4 if others else wanted)
            marks, ahead[:taken] = ahead[:taken], ()
            ids = [i for _, i in marks if i in open_ahead]
        seen = {a.id: a for a in alerts_seen(reach, _stored_alerts(ids))}
        return [(mark, seen.get(str(mark[1]))) for mark in marks]

    return _paged(more, start, limit, of)


def _as_far_as(ahead: Sequence[Mark], seen: Container[uuid.UUID], wanted: int) -> int:
    """How many rows hold so many of the seen ones as are wanted; all, where there are too few."""
    number = 0
    for taken, (_, row) in enumerate(ahead, start=1):
        number += row in seen
        if number == wanted:
            return taken
    return len(ahead)


def _some_finding(reach: Reach) -> str:
    given = [c for c in reach.clauses if not c.own]
    paths = {path for c in given for fields in c.fields.values() for path in fields}
    return findings.some_finding(paths, max((c.highest for c in given), default=0), reach.own)


def alert(reach: Reach, alert_id: uuid.UUID | str) -> SeenAlert | None:
    """One alert, None where there is none for the reader."""
    return next(iter(alerts_seen(reach, _stored_alerts([as_uuid(alert_id)]))), None)


def alerts_of(reach: Reach, record: Record) -> list[SeenAlert]:
    """The alerts that a record opened or joined, newest first."""
    ids = Finding.objects.filter(record_id=record.id, alert__isnull=False).values_list("alert_id")
    found = {i for (i,) in ids} | set(record.alerts.values_list("id", flat=True))
    return alerts_seen(reach, _stored_alerts(sorted(found, reverse=True)))


def _stored_alerts(ids: Iterable[uuid.UUID]) -> list[Alert]:
    wanted = list(ids)
    rows = Alert.objects.in_bulk(wanted)
    return [rows[i] for i in wanted if i in rows]


def alerts_seen(reach: Reach, stored: Sequence[Alert]) -> list[SeenAlert]:
    """Each alert whose scope the reader reaches; to others than the owner it needs a visible finding."""
    told = list(
        Finding.objects.filter(alert_id__in=[a.id for a in stored], withdrawn_at=None).order_by(
            "id"
        )
    )
    ids = {f.record_id for f in told} | {a.record_id for a in stored}
    records = Record.objects.filter(pk__in=ids).defer("base", "registers")
    times = {r.id: r for r in records}
    opened = {o.record.id: o for o in open_records(reach, times.values())}
    alert_by_finding = {str(f.id): f.alert_id for f in told}
    by_alert: dict[uuid.UUID | None, list[SeenFinding]] = {}
    for finding in sift(reach, told, opened):
        by_alert.setdefault(alert_by_finding[finding.id], []).append(finding)
    found = []
    for each in stored:
        record = times.get(each.record_id)
        if record is None:
            continue
        clauses = reach.satisfied(each.scope_id, each.place, record.occurred_at)
        own = any(c.own for c in clauses)
        visible = tuple(by_alert.get(each.id, ()))
        if own or (clauses and visible):
            found.append(_seen_alert(each, visible, opened, own))
    return found


def _seen_alert(
    alert: Alert, visible: tuple[SeenFinding, ...], opened: dict[uuid.UUID, Opened], own: bool
) -> SeenAlert:
    heaviest = max((f.weight for f in visible), default=Weight.NOTE)
    about = opened.get(alert.record_id)
    return SeenAlert(
        id=str(alert.id),
        kind=alert.kind,
        owner=alert.owner,
        place=alert.place or None,
        reason=alert.reason,
        state=alert.state,
        weight=Weight(alert.weight) if own else heaviest,
        count=alert.count if own else len(visible),
        sensitivity=Sensitivity(alert.sensitivity),
        record=str(alert.record_id) if alert.record_id in opened else "",
        subject=alert.subject if own else "",
        opened_at=alert.opened_at,
        last_at=alert.last_at if own else max(f.at for f in visible),
        due_at=alert.due_at,
        findings=visible,
        own=own,
        title=row_of(about, heaviest).title if about else "",
        taken_by=alert.taken_by if own else "",
        taken_at=alert.taken_at if own else None,
        outcome=alert.outcome if own else "",
        outcome_reason=alert.outcome_reason if own else "",
        closed_by=alert.closed_by if own else "",
        closed_at=alert.closed_at if own else None,
    )


def tasks(
    actor: Actor,
    now: datetime,
    state: str,
    place: str | None,
    start: Mark | None,
    limit: int,
    of: str,
) -> Page[SeenTask]:
    """A page of the agency's tasks that the actor may do or hand out."""
    scopes = own_scopes(actor, now)
    seeks = [Seek(number, place) for number in sorted(scopes)]

    def more(after: Mark | None, wanted: int) -> list[tuple[Mark, SeenTask | None]]:
        marks: list[Mark] = []
        if after is None or after[0] != _NO_CLOCK:
            marks = walks.walk(walks.open_tasks(state), seeks, after, wanted)
        if len(marks) < wanted:
            last = after[1] if after and after[0] == _NO_CLOCK else uuid.UUID(int=0)
            free = _without_clock(scopes, state, place, last, wanted - len(marks))
            marks += [(_NO_CLOCK, i) for i in free]
        rows = Task.objects.in_bulk([i for _, i in marks])
        return [
            (mark, seen_task(rows[mark[1]]) if may_see(actor, rows[mark[1]]) else None)
            for mark in marks
            if mark[1] in rows
        ]

    with wall.narrowed(scopes):
        return _paged(more, start, limit, of)


def titled(reach: Reach, tasks: Sequence[SeenTask]) -> tuple[SeenTask, ...]:
    """The tasks with what the reader sees of the records that they are about."""
    ids = {uuid.UUID(t.record) for t in tasks if t.record}
    records = Record.objects.filter(pk__in=ids).defer("base", "registers")
    titles = {str(o.record.id): row_of(o, Weight.NOTE).title for o in open_records(reach, records)}
    return tuple(replace(t, title=titles.get(t.record or "", "")) for t in tasks)


def _without_clock(
    scopes: Iterable[int], state: str, place: str | None, after: uuid.UUID, limit: int
) -> list[uuid.UUID]:
    rows = Task.objects.filter(scope_id__in=list(scopes), state=state, due_at=None, id__gt=after)
    if place is not None:
        rows = rows.filter(place=place)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def task(actor: Actor, now: datetime, task_id: uuid.UUID | str) -> SeenTask | None:
    """One task, None where there is none for the actor."""
    scopes = own_scopes(actor, now)
    with wall.narrowed(scopes):
        row = Task.objects.filter(pk=as_uuid(task_id)).first()
    if row is None or row.scope_id not in scopes or not may_see(actor, row):
        return None
    return replace(seen_task(row), form=form_of(row))


def tasks_of(actor: Actor, reach: Reach, record: Record) -> list[SeenTask]:
    """The tasks about a record, oldest first."""
    rows = Task.objects.filter(record_id=record.id).order_by("id")
    own = {n for n, clauses in reach.by_scope.items() if any(c.own for c in clauses)}
    return [seen_task(row) for row in rows if row.scope_id in own and may_see(actor, row)]


def may_see(actor: Actor, task: Task) -> bool:
    """Whether the actor's powers open a task of his own agency.

    He holds its power or hands tasks out; a WITHHELD one he must be able to do himself.
    """
    if task.sensitivity > level(actor.powers):
        return False
    if task.power in actor.powers:
        return True
    return ASSIGN_TASKS in actor.powers and task.sensitivity < Sensitivity.WITHHELD


def own_scopes(actor: Actor, now: datetime) -> frozenset[int]:
    """The scopes of the actor's own agency up to his level."""
    owners = compile.agencies_on(compile.today(now)).owners(actor.agency)
    highest = level(actor.powers)
    return frozenset(
        n
        for n, s in compile.scope_table().items()
        if s.owner in owners and s.sensitivity <= highest
    )


def seen_task(row: Task) -> SeenTask:
    return SeenTask(
        id=str(row.id),
        name=row.name,
        label=Text.of(row.label),
        text=Text.of(row.text),
        power=row.power,
        owner=row.owner,
        kind=row.kind,
        place=row.place or None,
        record=str(row.record_id) if row.record_id else None,
        alert=str(row.alert_id) if row.alert_id else None,
        state=row.state,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        due_at=row.due_at,
        data=row.data,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        answer=row.answer,
        run=str(row.run_id) if row.run_id else None,
        step=row.step,
        assigned_to=row.assigned_to,
    )


def rejects(
    actor: Actor, now: datetime, state: str, start: Mark | None, limit: int, of: str
) -> Page[SeenReject]:
    """A page of what the actor's agency handed in at his post and that was refused, newest first."""
    rows = _own_rejects(actor, now).filter(state=state).order_by("-id")
    if start is not None:
        rows = rows.filter(id__lt=start[1])
    found = [((r.at, r.id), _seen_reject(r)) for r in rows[: limit + 1]]
    return paged(found, limit, of)


def reject(actor: Actor, now: datetime, reject_id: uuid.UUID | str) -> SeenReject | None:
    """One reject of the actor's agency and post, None where there is none for him."""
    row = _own_rejects(actor, now).filter(pk=as_uuid(reject_id)).first()
    return _seen_reject(row) if row else None


def _own_rejects(actor: Actor, now: datetime) -> QuerySet[Reject]:
    """The rejects of the actor's agency that he may read: they hold bytes as they came.

    An officer of a post sees his post's, and those that name none; and only where his level reaches
    whatever a message of that kind may hold.
    """
    owners = compile.agencies_on(compile.today(now)).owners(actor.agency)
    rows, kinds = Reject.objects.filter(agency_id__in=owners), raw_kinds(actor)
    if kinds is not None:
        rows = rows.filter(message__kind__in=kinds)
    if actor.post is not None:
        rows = rows.filter(Q(post=None) | Q(post=actor.post))
    return rows


def raw_kinds(actor: Actor) -> list[str] | None:
    """The kinds whose messages the actor may read as they came; None for all, recognised or not."""
    highest = level(actor.powers)
    kinds = [name for name, kind in KINDS.items() if raw_level(kind) <= highest]
    return None if len(kinds) == len(KINDS) else kinds


def raw_level(kind: Kind) -> Sensitivity:
    """The highest level of what a message of a kind may hold: all but what this house alone writes."""
    levels = (mark.sensitivity for mark in kind.fields.values())
    return max(each for each in levels if each < Sensitivity.WITHHELD)


def _seen_reject(row: Reject) -> SeenReject:
    return SeenReject(
        id=str(row.id),
        message=str(row.message_id),
        post=row.post_id,
        place=row.place,
        reason=Text.of(row.reason),
        mend=Text.of(row.mend),
        raw=row.raw,
        state=row.state,
        at=row.at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closing_note=row.closing_note,
    )


def paged(found: Sequence[tuple[Mark, Row]], limit: int, of: str) -> Page[Row]:
    """A page from at most one row more than it holds."""
    more = cursors.give(found[limit - 1][0], of=of) if len(found) > limit else None
    return Page(tuple(row for _, row in found[:limit]), more)


def _paged(
    more: Callable[[Mark | None, int], list[tuple[Mark, Row | None]]],
    start: Mark | None,
    limit: int,
    of: str,
) -> Page[Row]:
    """Read on until the page is full: a hidden row neither shortens it nor ends it.

    Each time so many are read as should hold what is missing by what was seen so far, and some more.
    """
    found: list[tuple[Mark, Row]] = []
    wanted, read = limit + 1, 0
    while True:
        rows = more(start, wanted)
        found += [(mark, row) for mark, row in rows if row is not None]
        if len(found) > limit or len(rows) < wanted:
            return paged(found, limit, of)
        start, read = rows[-1][0], read + len(rows)
        missing = (limit + 1 - len(found)) * read / max(len(found), 1)
        wanted = min(max(10, int(missing * 1.4)), 4 * limit)
