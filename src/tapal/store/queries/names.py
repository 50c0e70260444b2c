"""Names found by any part of them, by trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from django.db import connections

from tapal.store.queries import names_postgres
from tapal.store.queries.names_postgres import Post, whole

# A part shorter than a trigram cannot be looked up.
SHORTEST = 3
# Up to so many scopes the index itself tells whose name it is; beyond, most rows are the reader's.
_FEW = 64
# A scope number in three letters that no name holds and no case folding changes: one trigram.
_LETTERS, _BASE = 0x4E00, 4096

NameRow = tuple[uuid.UUID | str, int, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Records with a name that matched, the newest names first.

    More may stand before the name with the number `rest`; None where all were met.
    """

    records: Sequence[uuid.UUID]
    rest: int | None = None


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
    text: str,
    scopes: Collection[int],
    limit: int,
    *,
    posts: Collection[Post] = (),
    before: int | None = None,
) -> Found:
    """Names in these scopes that hold every part of the text, the newest entries first.

    Of scopes that `posts` names only the records of those posts. At most `limit`, and fewer where
    more would take long: go on `before` the number that is given. Parts shorter than three letters
    are not looked for.
    """
    parts = [part for part in fold(text).split() if len(part) >= SHORTEST]
    if not parts or not scopes:
        return Found(())
    if connections["default"].vendor == "postgresql":
        rows, edge = names_postgres.search(parts, scopes, posts, limit, before)
    else:
        rows, edge = _search_sqlite(parts, scopes, posts, limit, before), 0
    if len(rows) == limit:
        edge = rows[-1][0] - 1
    return Found([_uuid(record) for _, record in rows], edge + 1 if edge > 0 else None)


# Any: what a database gives as a value.
def _search_sqlite(
    parts: Sequence[str],
    scopes: Collection[int],
    posts: Collection[Post],
    limit: int,
    before: int | None,
) -> list[Any]:
    # Parts are letters and digits only, so they cannot leave their quotes.
    match = " AND ".join(f'name : "{part}"' for part in parts)
    where, params = "", [match]
    if len(scopes) <= _FEW:
        tags = " OR ".join(f'"{tag(scope)}"' for scope in sorted(scopes))
        params = [f"{match} AND tag : ({tags})"]
    else:
        where = " AND n.scope_id IN (SELECT value FROM json_each(%s))"
        params.append(json.dumps(sorted(scopes)))
    if posts:
        where += (
            " AND (SELECT r.scope_id IN (SELECT value FROM json_each(%s)) OR (r.scope_id, r.place)"
            " IN (SELECT value->>0, value->>1 FROM json_each(%s)) FROM store_record r"
            " WHERE r.id = n.record_id)"
        )
        params += [json.dumps(sorted(whole(scopes, posts))), json.dumps(sorted(posts))]
    if before is not None:
        where += f" AND f.rowid < {int(before)}"
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT n.id, n.record_id FROM store_name_fts f"
            " CROSS JOIN store_name n ON n.id = f.rowid"
            # FTS5 gives its rows in the order of their numbers only where it is asked by its own.
            f" WHERE f.store_name_fts MATCH %s{where} ORDER BY f.rowid DESC LIMIT {int(limit)}",
            params,
        )
        return list(cursor.fetchall())


def tag(scope: int) -> str:
    """A scope number as the three letters that stand for it in the index."""
    high, low = divmod(scope, _BASE)
    return "".join(chr(_LETTERS + digit) for digit in (*divmod(high, _BASE), low))


def _uuid(value: uuid.UUID | str) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
