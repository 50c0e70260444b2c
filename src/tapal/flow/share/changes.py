"""What changed, in the order of the log, as far as one reader may see it.

Of what he may not see nothing is told: neither a number nor a gap nor that the log went on.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.flow.sequence import SEQUENCER
from tapal.flow.share import lists
from tapal.flow.share.opening import content_seen
from tapal.flow.share.rows import Opened, as_uuid, open_records
from tapal.flow.share.seen import SeenAlert, SeenTask
from tapal.flow.share.seen_feed import SeenChange
from tapal.store.models import Alert, Cursor, Event, EventContent, Record, Task
from tapal.store.queries import wall

# What the owner learns of an alert, and what others do: who has it in hand is the owner's own affair.
_ALERTS = frozenset(
    f"alert.{w}" for w in ("opened", "joined", "taken", "let_go", "closed", "reopened")
)
_ALERTS_TOLD = frozenset({"alert.opened", "alert.closed", "alert.reopened"})
_RECORDS = frozenset({"record.received", "record.revised"})
_TASKS = frozenset(f"task.{w}" for w in ("opened", "closed", "reopened", "assigned"))
FEED = _RECORDS | _ALERTS | _TASKS

# Read so many of the log's numbers at a time, and so many for one answer: a longer stretch of what
# others did takes some more requests, each as short as the last.
AT_ONCE = 1_000
AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands behind the events of one stretch and is the reader's to see."""

    records: Mapping[uuid.UUID, Opened]
    alerts: Mapping[str, SeenAlert]
    tasks: Mapping[str, SeenTask]
    contents: Mapping[uuid.UUID, str]


def newest() -> int:
    """The number up to which the log is numbered."""
    with wall.everything():
        row = Cursor.objects.filter(name=SEQUENCER).values_list("position", flat=True).first()
    return row or 0


def after(
    actor: Actor, reach: Reach, now: datetime, position: int, limit: int
) -> tuple[list[SeenChange], int]:
    """The changes behind a number of the log, and the number to go on behind."""
    found: list[SeenChange] = []
    end = min(newest(), position + AT_MOST)
    while True:
        upto = min(position + AT_ONCE, end)
        # Even where nothing is new the same questions are asked: they take their time all the same.
        for event, change in _stretch(actor, reach, now, position, upto):
            if len(found) == limit:
                return found, position
            position = event.seq or position
            if change is not None:
                found.append(change)
        position = max(position, upto)
        if position >= end:
            return found, position


def _stretch(
    actor: Actor, reach: Reach, now: datetime, above: int, upto: int
) -> list[tuple[Event, SeenChange | None]]:
    with wall.everything():
        events = list(
            Event.objects.filter(seq__gt=above, seq__lte=upto, type__in=FEED).order_by("seq")
        )
        ids = [e.id for e in events if e.type in ("record.revised", "alert.joined")]
        told = EventContent.objects.filter(event_id__in=[*ids, uuid.UUID(int=0)])
        contents = {row.event_id: row.content for row in told}
    known = _Known(
        _records(reach, _subjects(events, "record.")),
        _alerts(reach, _subjects(events, "alert.")),
        _tasks(actor, now, _subjects(events, "task.")),
        contents,
    )
    return [(event, _change(event, known)) for event in events]


def _subjects(events: Iterable[Event], prefix: str) -> list[uuid.UUID]:
    found = {as_uuid(e.subject): None for e in events if e.type.startswith(prefix)}
    return [*found, uuid.UUID(int=0)]


def _records(reach: Reach, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Opened]:
    with wall.narrowed(reach.by_scope):
        rows = Record.objects.filter(pk__in=ids).defer("base", "registers", "body")
        return {o.record.id: o for o in open_records(reach, rows)}


def _alerts(reach: Reach, ids: Sequence[uuid.UUID]) -> dict[str, SeenAlert]:
    with wall.narrowed(reach.by_scope):
        stored = list(Alert.objects.filter(pk__in=ids))
        return {seen.id: seen for seen in lists.alerts_seen(reach, stored)}


def _tasks(actor: Actor, now: datetime, ids: Sequence[uuid.UUID]) -> dict[str, SeenTask]:
    scopes = lists.own_scopes(actor, now)
    with wall.narrowed(scopes):
        rows = list(Task.objects.filter(pk__in=ids))
    return {
        str(row.id): lists.seen_task(row)
        for row in rows
        if row.scope_id in scopes and lists.may_see(actor, row)
    }


def _change(event: Event, known: _Known) -> SeenChange | None:
    if event.type in _TASKS:
        task = known.tasks.get(event.subject)
        return _told(event, task.kind, task.owner, task.place) if task else None
    if event.type in _ALERTS:
        alert = known.alerts.get(event.subject)
        if alert is None or not _alert_told(event, alert, known):
            return None
        return _told(event, alert.kind, alert.owner, alert.place)
    opened = known.records.get(as_uuid(event.subject))
    if opened is None or not _record_told(event, opened, known):
        return None
    record = opened.record
    return _told(event, record.kind, record.owner, record.place or None)


def _alert_told(event: Event, alert: SeenAlert, known: _Known) -> bool:
    """Others than the owner learn of a repeat only where they see a finding that it brought."""
    if alert.own or event.type in _ALERTS_TOLD:
        return True
    if event.type != "alert.joined" or event.id not in known.contents:
        return False
    record = json.loads(known.contents[event.id]).get("record")
    return any(finding.record == record for finding in alert.findings)


def _record_told(event: Event, opened: Opened, known: _Known) -> bool:
    """An edit is told to who may read something of what it changed."""
    if event.type == "record.received":
        return True
    if event.id not in known.contents:
        return False
    return content_seen(event.type, json.loads(known.contents[event.id]), opened) is not None


def _told(event: Event, kind: str, owner: str, place: str | None) -> SeenChange:
    about, _, _ = event.type.partition(".")
    return SeenChange(
        id=str(event.id),
        type=event.type,
        at=event.at,
        about=about,
        subject=event.subject,
        kind=kind,
        owner=owner,
        place=place,
    )
