"""What a batch of records needs to be judged, fetched once: bodies, keys, history, listed documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from tapal.core.record import Key as CoreKey
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, ListedDocument, Rule
from tapal.flow.records import view_of
from tapal.flow.reference import legal_book, places
from tapal.flow.screen import listed_documents
from tapal.kinds import KINDS
from tapal.patterns import PATTERNS
from tapal.store.models import Key, Record

# SQLite takes at most 500 terms in one compound select.
SEEKS_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Gathered:
    """A batch with what its rules may know."""

    rows: Mapping[str, Record]
    views: tuple[RecordView, ...]
    contexts: Mapping[str, Context]


def rules_of(kind: str) -> tuple[Rule, ...]:
    """The kind's own rules and then the patterns across kinds."""
    return (*KINDS[kind].rules, *PATTERNS)


@lru_cache(maxsize=64)
def needs_of(kind: str) -> tuple[History, ...]:
    """The histories that the rules of a kind ask for, those of one sort made one."""
    merged: dict[tuple[tuple[str, ...], bool], History] = {}
    for need in (r.history for r in rules_of(kind) if r.history):
        held = merged.get((need.keys, need.same_kind), need)
        merged[(need.keys, need.same_kind)] = History(
            need.keys, max(need.days, held.days), need.same_kind, max(need.limit, held.limit)
        )
    return tuple(merged.values())


def gather(ids: Sequence[str]) -> Gathered:
    """Fetch a batch: seven or so queries, whatever its size."""
    rows = {str(row.id): row for row in Record.objects.filter(pk__in=ids)}
    keys = _keys_of(rows)
    views = tuple(view_of(rows[i], keys.get(i, ())) for i in ids if i in rows)
    history = _histories(views)
    since = _history_since()
    book, posts, now = legal_book(), places(), timezone.now()
    contexts = {
        view.id: Context(
            now=now,
            legal=book,
            history=history.get(view.id, ()),
            history_since=since,
            listed=_listed(view, now),
            places=posts,
        )
        for view in views
    }
    return Gathered(rows, views, contexts)


def context_of(view: RecordView) -> Context:
    """What the rules of one record know: for the screen, when it weighs what may be offered."""
    return gather([view.id]).contexts[view.id]


def _keys_of(ids: Iterable[str]) -> dict[str, tuple[CoreKey, ...]]:
    found: dict[str, list[CoreKey]] = defaultdict(list)
    for record_id, type_, value in Key.objects.filter(record__in=list(ids)).values_list(
        "record_id", "type", "value"
    ):
        found[str(record_id)].append(CoreKey(type_, value))
    return {i: tuple(sorted(keys, key=lambda k: (k.type, k.value))) for i, keys in found.items()}


def _listed(view: RecordView, now: datetime) -> tuple[ListedDocument, ...]:
    if not any(rule.listed for rule in rules_of(view.kind)):
        return ()
    return listed_documents(KINDS[view.kind].entities(view.body), view.occurred_at or now)


def _histories(views: Sequence[RecordView]) -> dict[str, tuple[RecordView, ...]]:
    seeks = {
        (key, need.limit)
        for view in views
        for need in needs_of(view.kind)
        for key in view.keys
        if key.type in need.keys
    }
    by_key = _newest(seeks)
    wanted = {record_id for ids in by_key.values() for record_id in ids}
    rows = {str(row.id): row for row in _in_chunks(wanted)}
    keys = _keys_of(rows)
    others = {i: view_of(row, keys.get(i, ())) for i, row in rows.items()}
    return {view.id: _history_of(view, by_key, others) for view in views}


def _history_of(
    view: RecordView, by_key: Mapping[CoreKey, Sequence[str]], others: Mapping[str, RecordView]
) -> tuple[RecordView, ...]:
    found: dict[str, RecordView] = {}
    at = view.occurred_at or view.received_at
    for need in needs_of(view.kind):
        ids = [i for k in view.keys if k.type in need.keys for i in by_key.get(k, ())]
        for other in (others[i] for i in ids if i in others and i != view.id):
            age = at - (other.occurred_at or other.received_at)
            alike = other.kind == view.kind or not need.same_kind
            if alike and abs(age) <= timedelta(days=need.days):
                found[other.id] = other
    return tuple(
        sorted(found.values(), key=lambda o: (o.occurred_at or o.received_at, o.id), reverse=True)
    )


def _newest(seeks: Iterable[tuple[CoreKey, int]]) -> dict[CoreKey, list[str]]:
    """The newest records under each key: one index seek a key, however many records bear it."""
    found: dict[CoreKey, list[str]] = defaultdict(list)
    todo = sorted(seeks, key=lambda s: (s[0].type, s[0].value))
    table = Key._meta.db_table
    term = (
        f"SELECT * FROM (SELECT type, value, record_id FROM {table} WHERE type = %s AND value = %s"
        " ORDER BY record_id DESC LIMIT %s) AS s"
    )
    for start in range(0, len(todo), SEEKS_AT_ONCE):
        part = todo[start : start + SEEKS_AT_ONCE]
        sql = " UNION ALL ".join([term] * len(part))
        args = [a for key, limit in part for a in (key.type, key.value, limit)]
        with connection.cursor() as cursor:
            cursor.execute(sql, args)
            for type_, value, record_id in cursor.fetchall():
                found[CoreKey(type_, value)].append(_uuid_text(record_id))
    return found


def _uuid_text(raw: object) -> str:
    text = str(raw)
    return (
        text if "-" in text else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    )


def _in_chunks(ids: Iterable[str]) -> Iterable[Record]:
    todo = sorted(ids)
    for start in range(0, len(todo), 500):
        yield from Record.objects.filter(pk__in=todo[start : start + 500])


def _history_since() -> datetime | None:
    first: datetime | None = Record.objects.aggregate(at=Min("received_at"))["at"]
    return first
