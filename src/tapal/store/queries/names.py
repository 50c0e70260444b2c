"""Names found by any part of them, by trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from django.db import connections

# A part shorter than a trigram cannot be looked up.
SHORTEST = 3
# Up to so many scopes the index itself tells whose name it is; beyond, most rows are the reader's.
_FEW = 64
# So many names are read through in a few milliseconds.
_READ_THROUGH = 20_000
# A scope number in three letters that no name holds and no case folding changes: one trigram.
_LETTERS, _BASE = 0x4E00, 4096

NameRow = tuple[uuid.UUID | str, int, str]


@dataclass(frozen=True, slots=True)
class Named:
    """A name that matched, newest first by `number`."""

    number: int
    record: uuid.UUID
    name: str


def fold(text: str) -> str:
    """A name as it is compared: ASCII capitals and digits, single blanks."""
    plain = anyascii(text).upper()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def index_names(rows: Iterable[NameRow]) -> None:
    """Add names (record id, scope number, name) in the caller's transaction.

    Names go when their record goes, and follow it into another scope, by themselves.
    """
    folded = [(_uuid(record), scope, fold(name)[:200]) for record, scope, name in rows]
    kept = [row for row in folded if row[2]]
    if not kept:
        return
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO store_name (record_id, scope_id, name)"
                " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[])",
                [[r[0] for r in kept], [r[1] for r in kept], [r[2] for r in kept]],
            )
        else:
            cursor.executemany(
                "INSERT INTO store_name (record_id, scope_id, name, tag) VALUES (%s, %s, %s, %s)",
                [(record.hex, scope, name, tag(scope)) for record, scope, name in kept],
            )


def forget_names(records: Iterable[uuid.UUID | str]) -> None:
    """Take the names of some records away, before they are indexed anew."""
    wanted = [_uuid(record) for record in records]
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM store_name WHERE record_id = ANY(%s)", [wanted])
        else:
            cursor.executemany(
                "DELETE FROM store_name WHERE record_id = %s", [(r.hex,) for r in wanted]
            )


def search_names(
    text: str, scopes: Collection[int], limit: int, *, before: int | None = None
) -> list[Named]:
    """Names in these scopes that hold every part of the text, the newest entries first.

    Parts shorter than three letters are not looked for; `before` goes on after a `number`.
    """
    parts = [part for part in fold(text).split() if len(part) >= SHORTEST]
    if not parts or not scopes:
        return []
    if connections["default"].vendor == "postgresql":
        return _search_postgres(parts, sorted(scopes), limit, before)
    sql, params = _fts(parts, scopes)
    last = "" if before is None else f" AND f.rowid < {int(before)}"
    # FTS5 gives its rows in the order of their numbers only where it is asked by its own.
    return _ask(f"{sql}{last} ORDER BY f.rowid DESC LIMIT {int(limit)}", params)


def _search_postgres(
    parts: Sequence[str], scopes: Sequence[int], limit: int, before: int | None
) -> list[Named]:
    """The newest names read one by one; then, by the index, those that are too rare among them.

    The index has no order of its own: a frequent name would have to be fetched whole and sorted.
    """
    newest = _newest() if before is None else before - 1
    edge = newest - _READ_THROUGH
    read = " AND ".join("strpos(n.name, %s) > 0" for _ in parts)
    found = _ask(
        "SELECT n.id, n.record_id, n.name FROM store_name n"
        f" WHERE n.id > %s AND n.id <= %s AND {read} AND n.scope_id = ANY(%s)"
        f" ORDER BY n.id DESC LIMIT {int(limit)}",
        [edge, newest, *parts, list(scopes)],
    )
    if len(found) < limit and edge > 0:
        like = " AND ".join("n.name LIKE %s" for _ in parts)
        found += _ask(
            "SELECT n.id, n.record_id, n.name FROM store_name n"
            f" WHERE {like} AND n.scope_id = ANY(%s) AND n.id + 0 <= %s"
            # An expression, lest the planner walk the whole table in its order.
            f" ORDER BY n.id + 0 DESC LIMIT {int(limit) - len(found)}",
            [*(f"%{part}%" for part in parts), list(scopes), edge],
        )
    return found


def _newest() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT max(id) FROM store_name")
        return int(cursor.fetchone()[0] or 0)


# Any: what a database takes as a parameter.
def _ask(sql: str, params: Sequence[Any]) -> list[Named]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, params)
        return [Named(number, _uuid(record), name) for number, record, name in cursor.fetchall()]


def tag(scope: int) -> str:
    """A scope number as the three letters that stand for it in the index."""
    high, low = divmod(scope, _BASE)
    return "".join(chr(_LETTERS + digit) for digit in (*divmod(high, _BASE), low))


# Any: what a database takes as a parameter.
def _fts(parts: Iterable[str], scopes: Collection[int]) -> tuple[str, list[Any]]:
    # Parts are letters and digits only, so they cannot leave their quotes.
    match = " AND ".join(f'name : "{part}"' for part in parts)
    base = (
        "SELECT n.id, n.record_id, n.name FROM store_name_fts f"
        " CROSS JOIN store_name n ON n.id = f.rowid WHERE f.store_name_fts MATCH %s"
    )
    if len(scopes) <= _FEW:
        tags = " OR ".join(f'"{tag(scope)}"' for scope in sorted(scopes))
        return base, [f"{match} AND tag : ({tags})"]
    return (
        f"{base} AND n.scope_id IN (SELECT value FROM json_each(%s))",
        [match, json.dumps(sorted(scopes))],
    )


def _uuid(value: uuid.UUID | str) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
