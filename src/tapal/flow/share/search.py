"""Searching through the door: a record is found only by what the reader may see of it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tapal.core.clauses import Reach, union
from tapal.core.kind import Kind
from tapal.core.record import KeyType
from tapal.core.text import Text
from tapal.flow.share.rows import fetch, list_rows, reached_ids
from tapal.flow.share.seen import Hit, RecordRow
from tapal.kinds import KINDS
from tapal.store.models import Record
from tapal.store.queries import keys, names, wall

NAME = Text("nama", "name")
# A shorter text finds whole keys only: too much begins so.
SHORTEST_BEGINNING = 4
# Names are looked at so many at first, so many at a time after that, and so many in all: most may
# not be the reader's to see.
_NAMES_AT_FIRST, _NAMES_AT_ONCE, _NAMES_AT_MOST = 250, 1_000, 2_000
_RECORDS_AT_ONCE = 100
# A scope of which so many names could not be read is left out, unless one could.
_BARREN = 50
_NAME_PROPERTIES = ("name", "alias", "previousName", "firstName", "lastName")


@dataclass(frozen=True, slots=True)
class _Found:
    record: uuid.UUID
    by: str
    label: Text
    value: str
    exact: bool


def find(reach: Reach, text: str, *, kind: str | None, limit: int) -> list[Hit]:
    """Whole keys first, then keys that begin so, then names; each record once, newest first in each."""
    wanted = " ".join(text.split())
    if not wanted:
        return []
    kinds = {name: k for name, k in KINDS.items() if kind in (None, name)}
    found = _by_key(reach, wanted, kinds, limit)
    hits = _hits(reach, found, kinds)
    if len(hits) < limit:
        seen = {hit.row.id for hit in hits}
        more = _by_name(reach, wanted, kinds, limit - len(hits), seen)
        hits += [hit for hit in more if hit.row.id not in seen]
    return hits[:limit]


def _by_key(reach: Reach, text: str, kinds: Mapping[str, Kind], limit: int) -> list[_Found]:
    values = _spellings(text)
    whole: list[_Found] = []
    begun: list[_Found] = []
    for name, (label, scopes) in sorted(_key_scopes(reach, kinds).items()):
        with wall.everything():
            # What has no reader: which issuers there are, and whether any key begins so.
            starts = [*values, *(f"{i}:{v}" for i in keys.issuers(name) for v in values)]
            near = keys.present(name, starts) if len(text) >= SHORTEST_BEGINNING else []
        whole += [
            _Found(k.record, name, label, k.value, True)
            for k in keys.exact(name, starts, scopes, limit)
        ]
        if near and len(whole) < limit:
            begun += [
                _Found(k.record, name, label, k.value, False)
                for k in keys.beginning(name, near, scopes, limit)
            ]
    return whole + begun


def _key_scopes(reach: Reach, kinds: Mapping[str, Kind]) -> dict[str, tuple[Text, frozenset[int]]]:
    """For each sort of key the scopes in which some clause opens all that it is made of."""
    labels: dict[str, Text] = {}
    scopes: dict[str, set[int]] = defaultdict(set)
    for number, clauses in reach.by_scope.items():
        kind = kinds.get(reach.scopes[number].kind)
        for key_type in kind.key_types if kind else ():
            if set(key_type.fields) <= union(clauses, number):
                labels[key_type.name] = key_type.label
                scopes[key_type.name].add(number)
    return {name: (labels[name], frozenset(numbers)) for name, numbers in scopes.items()}


def _spellings(text: str) -> list[str]:
    """The text as keys may have been normalised: as typed, in capitals, without blanks and marks."""
    upper = text.upper()
    tight = "".join(c for c in upper if c.isalnum())
    return list(dict.fromkeys(v for v in (text, upper, upper.replace(" ", ""), tight) if v))


def _hits(reach: Reach, found: Iterable[_Found], kinds: Mapping[str, Kind]) -> list[Hit]:
    """The found records that the reader sees, each by the first key that he may know it by."""
    listed = list(found)
    rows = _rows(reach, dict.fromkeys(f.record for f in listed))
    hits: dict[str, Hit] = {}
    for each in listed:
        row = rows.get(each.record)
        if row is None or row.id in hits or row.view.kind not in kinds:
            continue
        if any(_opens(row, t) for t in kinds[row.view.kind].key_types if t.name == each.by):
            hits[row.id] = Hit(row, each.by, each.label, each.value, each.exact)
    return list(hits.values())


def _opens(row: RecordRow, key_type: KeyType) -> bool:
    return set(key_type.fields) <= row.fields


def _rows(reach: Reach, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, RecordRow]:
    return {uuid.UUID(row.id): row for row in list_rows(reach, fetch(list(ids)))}


def _by_name(
    reach: Reach, text: str, kinds: Mapping[str, Kind], limit: int, seen: Collection[str]
) -> list[Hit]:
    """Records with a name that holds all parts of the text, as far as the reader can read it there.

    Scopes in which nothing of what was met could be read are left out of what is looked at further.
    """
    parts = names.fold(text).split()
    scopes = _name_scopes(reach, kinds)
    posts = _posts(reach, scopes)
    hits: dict[str, Hit] = {}
    unread: Counter[int] = Counter()
    fruitful: set[int] = set()
    looked, last = 0, None
    while looked < _NAMES_AT_MOST:
        barren = {s for s, number in unread.items() if number >= _BARREN} - fruitful
        at_once = _NAMES_AT_ONCE if looked else _NAMES_AT_FIRST
        found = names.search_names(text, scopes - barren, at_once, posts=posts, before=last)
        for records in _opened_in_turn(reach, found.records):
            read = _named(reach, records, parts)
            hits.update({hit.row.id: hit for hit in read if hit.row.id not in seen})
            named = {hit.row.id for hit in read}
            unread.update(r.scope_id for r in records)
            fruitful |= {r.scope_id for r in records if str(r.id) in named}
            if len(hits) >= limit:
                return list(hits.values())[:limit]
        looked, last = looked + len(found.records), found.rest
        if last is None:
            break
    return list(hits.values())[:limit]


def _opened_in_turn(reach: Reach, ids: Iterable[uuid.UUID]) -> Iterator[list[Record]]:
    """The records that the reader reaches, some at a time: most may be at other posts than his."""
    reached = reached_ids(reach, list(dict.fromkeys(ids)))
    for start in range(0, len(reached), _RECORDS_AT_ONCE):
        yield fetch(reached[start : start + _RECORDS_AT_ONCE])


def _named(reach: Reach, records: Iterable[Record], parts: Collection[str]) -> list[Hit]:
    """Those records in which the reader can read such a name."""
    listed = list(records)
    rows = {row.id: row for row in list_rows(reach, listed)}
    hits = []
    for record in listed:
        row = rows.get(str(record.id))
        if row and (name := _readable_name(record, row, parts)):
            hits.append(Hit(row, "name", NAME, name, False))
    return hits


def _name_scopes(reach: Reach, kinds: Mapping[str, Kind]) -> frozenset[int]:
    """The scopes in which a name could be readable: of which some clause opens a personal field."""
    found = set()
    for number, clauses in reach.by_scope.items():
        kind = kinds.get(reach.scopes[number].kind)
        if kind and any(kind.fields[p].personal for p in union(clauses, number)):
            found.add(number)
    return frozenset(found)


def _posts(reach: Reach, scopes: Collection[int]) -> list[tuple[int, str]]:
    """(scope, post) for each of the scopes that the reader reaches at some posts only."""
    everywhere = {seek.scope for seek in reach.seeks if seek.place is None}
    return [
        (seek.scope, seek.place)
        for seek in reach.seeks
        if seek.place is not None and seek.scope in scopes and seek.scope not in everywhere
    ]


def _readable_name(record: Record, row: RecordRow, parts: Collection[str]) -> str:
    """What the reader can read of a name that holds all parts, nothing where a part is hidden.

    A readable text counts that stands in the name as whole words: a surname alone may be granted.
    """
    texts = [(text, f" {names.fold(text)} ") for text in _texts(row.view.body)]
    for entity in KINDS[record.kind].entities(record.body):
        for prop in _NAME_PROPERTIES:
            for name in entity.properties.get(prop, ()):
                whole = f" {names.fold(name)} "
                inside = [(t, f) for t, f in texts if f.strip() and f in whole]
                if all(any(part in f for _, f in inside) for part in parts):
                    return name if any(f == whole for _, f in inside) else _joined(inside)
    return ""


def _joined(inside: Iterable[tuple[str, str]]) -> str:
    return " ".join(dict.fromkeys(text for text, _ in inside))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
