"""What a batch of records needs to be judged, fetched once: bodies, keys, history, listed documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from pydantic_core import from_json

from tapal.core.entity import Entity
from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.record import Key as CoreKey
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context, History, ListedDocument, Rule
from tapal.flow.bulk import aware, fetch, id_param, id_text, marks
from tapal.flow.listed import Lists, current
from tapal.flow.reference import legal_book, places
from tapal.flow.screen import Held, listed_documents
from tapal.kinds import KINDS
from tapal.patterns import PATTERNS
from tapal.store.models import Key, Record

# SQLite takes at most 500 terms in one compound select.
SEEKS_AT_ONCE = 400
RECORDS_AT_ONCE = 500

_RECORD, _KEY = Record._meta.db_table, Key._meta.db_table


@dataclass(frozen=True, slots=True)
class Gathered:
    """A batch with what its rules may know; by record id. `worked` were on the road before.

    `overtaken` are records outside the batch that were judged without one of these: it came late and
    happened before them, or their rules ask for what comes later too.
    """

    views: tuple[RecordView, ...]
    entities: Mapping[str, Sequence[Entity]]
    contexts: Mapping[str, Context]
    scopes: Mapping[str, int]
    worked: frozenset[str]
    overtaken: frozenset[str]


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
            need.keys,
            max(need.days, held.days),
            need.same_kind,
            max(need.limit, held.limit),
            need.later or held.later,
        )
    return tuple(merged.values())


@lru_cache(maxsize=64)
def asks_for_lists(kind: str) -> bool:
    """True when a rule of the kind wants the entries of document lists."""
    return any(rule.listed for rule in rules_of(kind))


def gather(ids: Sequence[str], *, held_against_lists: bool = True) -> Gathered:
    """Fetch a batch: seven or so queries, whatever its size.

    Without the lists nothing waits for their index, which a process that has just begun must load.
    """
    held = _fetch(ids)
    views = tuple(held[i].view for i in ids if i in held)
    entities = {v.id: tuple(KINDS[v.kind].entities(v.body)) for v in views}
    history = _histories(views)
    lists, since = current() if held_against_lists else None, _history_since()
    book, posts, now = legal_book(), places(), timezone.now()
    contexts = {
        view.id: Context(
            now=now,
            legal=book,
            history=history.get(view.id, ()),
            history_since=since,
            listed=_listed(lists, view, entities[view.id], posts),
            places=posts,
        )
        for view in views
    }
    scopes = {i: row.scope for i, row in held.items()}
    worked = frozenset(i for i, row in held.items() if row.worked)
    overtaken = _overtaken((v for v in views if v.id not in worked), history)
    return Gathered(views, entities, contexts, scopes, worked, overtaken - held.keys())


def bare_views(ids: Sequence[str]) -> tuple[RecordView, ...]:
    """The records by themselves, without what their rules would ask."""
    held = _fetch(ids)
    return tuple(held[i].view for i in ids if i in held)


def context_of(view: RecordView) -> Context:
    """What the rules of one record know, but for the lists: for the screen, when it weighs its acts.

    Findings have said already what the lists hold.
    """
    return gather([view.id], held_against_lists=False).contexts[view.id]


@dataclass(frozen=True, slots=True)
class _Row:
    view: RecordView
    scope: int
    worked: bool


def _overtaken(
    fresh: Iterable[RecordView], history: Mapping[str, Sequence[RecordView]]
) -> frozenset[str]:
    """The records that came before one of these and were judged without it. Ids sort by receipt."""
    return frozenset(
        other.id
        for view in fresh
        for other in history.get(view.id, ())
        if other.id < view.id and (_happened_after(other, view) or _asks_later(other, view))
    )


def _happened_after(other: RecordView, view: RecordView) -> bool:
    at, was = other.occurred_at, view.occurred_at
    return at is not None and was is not None and at > was


def _asks_later(other: RecordView, view: RecordView) -> bool:
    """True where a rule of the other asks for later records under a key that found it."""
    return any(
        key.type in need.keys and (view.kind == other.kind or not need.same_kind)
        for need in needs_of(other.kind)
        if need.later
        for key in other.keys
    )


_COLUMNS = (
    "id, kind, owner, place, occurred_at, occurred_known, received_at, sensitivity, body,"
    " occurred_text, weight, schema, scope_id, worked"
)


def _fetch(
    ids: Iterable[str], keys: Mapping[str, Sequence[CoreKey]] | None = None
) -> dict[str, _Row]:
    """Records with their keys, or with those that are given, as rules see them."""
    found: dict[str, _Row] = {}
    todo = sorted(ids)
    for start in range(0, len(todo), RECORDS_AT_ONCE):
        part = [id_param(i) for i in todo[start : start + RECORDS_AT_ONCE]]
        among = f"IN ({marks(part)})"
        held = _keys_of(among, part) if keys is None else keys
        for row in fetch(f"SELECT {_COLUMNS} FROM {_RECORD} WHERE id {among}", part):
            record = id_text(row[0])
            view = _view(record, row, tuple(held.get(record, ())))
            found[record] = _Row(view, row[12], bool(row[13]))
    return found


def _keys_of(among: str, ids: Sequence[str]) -> dict[str, list[CoreKey]]:
    found: dict[str, list[CoreKey]] = defaultdict(list)
    sql = f"SELECT record_id, type, value FROM {_KEY} WHERE record_id {among} ORDER BY type, value"
    for record, type_, value in fetch(sql, ids):
        found[id_text(record)].append(CoreKey(type_, value))
    return found


# Any: a row as the driver gives it.
def _view(record: str, row: tuple[Any, ...], keys: tuple[CoreKey, ...]) -> RecordView:
    kind, body = KINDS[row[1]], from_json(row[8])
    return RecordView(
        id=record,
        kind=kind.name,
        owner=row[2],
        place=row[3] or None,
        occurred_at=aware(row[4]) if row[5] else None,
        received_at=aware(row[6]),
        sensitivity=Sensitivity(row[7]),
        body=kind.upgrade(body, row[11]) if row[11] < kind.version else body,
        occurred_text=row[9],
        weight=Weight(row[10]),
        keys=keys,
    )


def _listed(
    lists: Lists | None, view: RecordView, entities: Sequence[Entity], posts: Mapping[str, Place]
) -> tuple[ListedDocument, ...]:
    if lists is None or not lists.documents or not asks_for_lists(view.kind):
        return ()
    return listed_documents(lists, entities, Held.of(view, posts))


def _histories(views: Sequence[RecordView]) -> dict[str, tuple[RecordView, ...]]:
    seeks = {
        (key, need.limit)
        for view in views
        for need in needs_of(view.kind)
        for key in view.keys
        if key.type in need.keys
    }
    by_key = _newest(seeks)
    found_by: dict[str, list[CoreKey]] = defaultdict(list)
    for key, ids in by_key.items():
        for record_id in ids:
            found_by[record_id].append(key)
    others = {i: row.view for i, row in _fetch(found_by, found_by).items()}
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
    term = (
        f"SELECT * FROM (SELECT type, value, record_id FROM {_KEY} WHERE type = %s AND value = %s"
        " ORDER BY record_id DESC LIMIT %s) AS s"
    )
    for start in range(0, len(todo), SEEKS_AT_ONCE):
        part = todo[start : start + SEEKS_AT_ONCE]
        sql = " UNION ALL ".join([term] * len(part))
        args = [a for key, limit in part for a in (key.type, key.value, limit)]
        for type_, value, record_id in fetch(sql, args):
            found[CoreKey(type_, value)].append(id_text(record_id))
    return found


def _history_since() -> datetime | None:
    """Since when this node has had records: its first one's receipt. Ids sort by time, so this is one seek."""
    return Record.objects.order_by("id").values_list("received_at", flat=True).first()
