"""Events as rows of the lake: what is not personal, under pseudonyms, never above the lake's level."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tapal.core.kind import Kind
from tapal.core.lake import LAKE_LEVEL, LakeColumn, lake_columns
from tapal.core.redaction import leaf_path
from tapal.flow import reference
from tapal.flow.replay import rebuild
from tapal.flow.share.export import values
from tapal.kinds import KINDS
from tapal.store.models import Alert, Event, EventContent, Record, Task

RECEIVED, REVISED = "record.received", "record.revised"
ALERTS = ("alert.opened", "alert.joined", "alert.taken", "alert.closed", "alert.reopened")
TASKS = ("task.opened", "task.closed", "task.reopened")
TAKEN = (RECEIVED, REVISED, *ALERTS, *TASKS)
CAPITAL = "Asia/Jakarta"

# Any: a row's values are what its column takes.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One event with its content."""

    seq: int
    type: str
    subject: str
    node: str
    at: datetime
    content: Mapping[str, Any]  # Any: JSON


@dataclass(slots=True)
class Known:
    """Rows of the store that a batch of events speaks of: what of them never changes is theirs to say."""

    records: dict[str, Record] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)


def all_columns() -> tuple[LakeColumn, ...]:
    """The columns of every kind, each path once. Raises TypeError where kinds differ about one."""
    found: dict[str, LakeColumn] = {}
    for kind in KINDS.values():
        for column in lake_columns(kind):
            if found.setdefault(column.path, column) != column:
                raise TypeError(f"two kinds differ about the lake's column {column.path}")
    return tuple(found.values())


def rows_of(events: Sequence[Told]) -> Iterator[Row]:
    """The lake's rows of some events; an event that the lake does not take gives none."""
    known = _known(events)
    for told in events:
        if told.type == RECEIVED:
            row = _received(told)
        elif told.type == REVISED:
            row = _revised(told, known)
        elif told.type in ALERTS:
            row = _alert(told, known)
        else:
            row = _task(told, known)
        if row is not None:
            yield row


def pseudonym(subject: str) -> int:
    """A number that stands for an id: only this node's key leads from the one to the other."""
    digest = hmac.new(_key(settings.SECRET_KEY), subject.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"lake:" + secret.encode()).digest()


def scope_text(owner: str, kind: str, sensitivity: int) -> str:
    """A scope as the lake's rows carry it."""
    return f"{owner}|{kind}|{sensitivity}"


def lake_values(kind: Kind, body: Mapping[str, Any]) -> Row:
    """The lake's columns of a body."""
    return {c.name: c.value(values(body, c.path.split("."))) for c in _columns(kind)}


_columns: Callable[[Kind], tuple[LakeColumn, ...]] = lru_cache(maxsize=256)(lake_columns)


def _known(events: Iterable[Told]) -> Known:
    ids: dict[str, set[str]] = {"record": set(), "alert": set(), "task": set()}
    for told in events:
        if told.type != RECEIVED:
            ids[told.type.partition(".")[0]].add(told.subject)
    facts = ("id", "owner", "kind", "place", "sensitivity")
    return Known(
        {str(r.id): r for r in Record.objects.only(*facts).filter(pk__in=ids["record"])},
        {
            str(a.id): a
            for a in Alert.objects.only(*facts, "reason", "record_id").filter(pk__in=ids["alert"])
        },
        {
            str(t.id): t
            for t in Task.objects.only(*facts, "name", "record_id", "due_at", "alert_id").filter(
                pk__in=ids["task"]
            )
        },
    )


def _received(told: Told) -> Row | None:
    # Content that was lawfully erased before the lake came by leaves nothing to count.
    said = told.content
    if "body" not in said or said["sensitivity"] > LAKE_LEVEL:
        return None
    return _record_row(told, said, said["body"])


def _revised(told: Told, known: Known) -> Row | None:
    """The record as it stands with this edit; none for an edit of what the lake does not hold."""
    record = known.records.get(told.subject)
    if record is None or record.sensitivity > LAKE_LEVEL or record.kind not in KINDS:
        return None
    kind = KINDS[record.kind]
    edited = {leaf_path(path) for path in told.content.get("values", ())}
    if not any(_touches(path, column) for path in edited for column in kind.lake):
        return None
    made = rebuild(_log_until(told.subject, told.seq))[told.subject]
    return _record_row(told, made.header, made.body) if made.first else None


def _touches(path: str, column: str) -> bool:
    return path == column or column.startswith(path + ".") or path.startswith(column + ".")


def _log_until(subject: str, seq: int) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    events = Event.objects.filter(subject=subject, type__startswith="record.", seq__lte=seq)
    contents = EventContent.objects.filter(event__in=events).select_related("event")
    for each in contents.order_by("event__seq"):
        yield each.event.type, each.event.subject, json.loads(each.content)


def _record_row(told: Told, said: Mapping[str, Any], body: dict[str, Any]) -> Row:
    kind = KINDS.get(said["kind"])
    if kind is not None and said["schema"] < kind.version:
        body = kind.upgrade(dict(body), said["schema"])
    occurred = datetime.fromisoformat(said["occurred_at"])
    return {
        **_envelope(told, said["owner"], said["kind"], said["place"], said["sensitivity"]),
        **_local(occurred, said["place"]),
        "record": pseudonym(told.subject),
        "occurred_at": occurred,
        "occurred_known": said["occurred_known"],
        "received_at": datetime.fromisoformat(said["received_at"]),
        **(lake_values(kind, body) if kind else {}),
    }


def _alert(told: Told, known: Known) -> Row | None:
    alert = known.alerts.get(told.subject)
    if alert is None or alert.sensitivity > LAKE_LEVEL:
        return None
    return {
        **_envelope(told, alert.owner, alert.kind, alert.place, alert.sensitivity),
        **_local(told.at, alert.place),
        "record": pseudonym(str(alert.record_id)),
        "name": alert.reason,
        "outcome": told.content.get("outcome"),
    }


def _task(told: Told, known: Known) -> Row | None:
    task = known.tasks.get(told.subject)
    if task is None or task.sensitivity > LAKE_LEVEL:
        return None
    return {
        **_envelope(told, task.owner, task.kind, task.place, task.sensitivity),
        **_local(told.at, task.place),
        "record": pseudonym(str(task.record_id)) if task.record_id else None,
        "name": task.name,
        "due_at": task.due_at,
    }


def _envelope(told: Told, owner: str, kind: str, place: str, sensitivity: int) -> Row:
    return {
        "seq": told.seq,
        "month": told.at.strftime("%Y-%m"),
        "type": told.type,
        "at": told.at,
        "node": told.node,
        "scope": scope_text(owner, kind, sensitivity),
        "owner": owner,
        "kind": kind,
        "sensitivity": sensitivity,
        "place": place,
        "subject": pseudonym(told.subject),
    }


def _local(at: datetime, place: str) -> Row:
    known = reference.places().get(place) if place else None
    there = at.astimezone(_zone(known.zone if known and known.zone else CAPITAL))
    return {"local_day": there.date(), "local_hour": there.hour}


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
