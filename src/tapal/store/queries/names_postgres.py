"""The search of names on PostgreSQL: a plan of ours for each case, since the planner cannot tell them.

Trigrams have no order: of a frequent text all that is found would have to be fetched and sorted.
So the newest names are read one by one, and only then a rare text is looked up by its trigrams, a
frequent one met along the scopes, where what is read does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

# So many of the newest names are read through in two milliseconds; each later stretch along the
# scopes goes so many times as far back.
NEWEST, FURTHER = 20_000, 8
# A text that so many names should hold is frequent, by how many of a sample of the newest do.
FREQUENT, SAMPLE = 10_000, 5_000

Post = tuple[int, str]
"""A scope's number and a place."""
# Any: what a database takes as a parameter and gives as a value.
Rows = tuple[list[Any], int]
"""(number, record), the newest first, and the number down to which was looked, itself left out."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parts to be held, where, and how many names at most."""

    parts: Sequence[str]
    scopes: Sequence[int]
    posts: Collection[Post]
    limit: int

    @property
    def held(self) -> str:
        return " AND ".join("strpos(n.name, %s) > 0" for _ in self.parts)

    @property
    def here(self) -> str:
        """Weighed last, name by name: as a join the planner might begin with the records."""
        if not self.posts:
            return ""
        return (
            " AND (SELECT r.scope_id = ANY(%s) OR (r.scope_id, r.place) IN"
            " (SELECT * FROM unnest(%s::bigint[], %s::text[])) FROM store_record r"
            " WHERE r.id = n.record_id)"
        )

    @property
    def here_params(self) -> list[Any]:
        if not self.posts:
            return []
        scopes, places = zip(*self.posts, strict=True)
        return [whole(self.scopes, self.posts), list(scopes), list(places)]

    def rows(self, sql: str, params: Sequence[Any]) -> list[Any]:
        return _ask(f"{sql} LIMIT {int(self.limit)}", params)


def whole(scopes: Collection[int], posts: Collection[Post]) -> list[int]:
    """The scopes that are not bounded to some posts."""
    return sorted(set(scopes) - {scope for scope, _ in posts})


def search(
    parts: Sequence[str],
    scopes: Collection[int],
    posts: Collection[Post],
    limit: int,
    before: int | None,
) -> Rows:
    """Names that hold all parts. See `names.search_names`."""
    asked = _Asked(parts, sorted(scopes), posts, limit)
    newest = int(_ask("SELECT max(id) FROM store_name", [])[0][0] or 0)
    last = newest if before is None else before - 1
    if newest - last < NEWEST:
        return _among_newest(asked, newest - NEWEST, last)
    if _frequent(asked, newest):
        return _along_scopes(asked, newest - FURTHER * (newest - last), last)
    return _by_trigrams(asked, last)


def _among_newest(asked: _Asked, edge: int, last: int) -> Rows:
    sql = (
        f"SELECT n.id, n.record_id FROM store_name n WHERE n.id > %s AND n.id <= %s"
        f" AND {asked.held} AND n.scope_id = ANY(%s){asked.here} ORDER BY n.id DESC"
    )
    return asked.rows(sql, [edge, last, *asked.parts, asked.scopes, *asked.here_params]), edge


def _along_scopes(asked: _Asked, edge: int, last: int) -> Rows:
    sql = (
        "SELECT n.id, n.record_id FROM unnest(%s::bigint[]) AS s(scope) CROSS JOIN LATERAL"
        " (SELECT n.id, n.record_id FROM store_name n WHERE n.scope_id = s.scope"
        f" AND n.id > %s AND n.id <= %s AND {asked.held}{asked.here}"
        # Not to be folded into the join: it would walk the stretch once with all that is in it.
        " OFFSET 0) n ORDER BY n.id DESC"
    )
    return asked.rows(sql, [asked.scopes, edge, last, *asked.parts, *asked.here_params]), edge


def _by_trigrams(asked: _Asked, last: int) -> Rows:
    like = " AND ".join("n.name LIKE %s" for _ in asked.parts)
    sql = (
        f"SELECT n.id, n.record_id FROM store_name n WHERE {like} AND n.scope_id = ANY(%s)"
        # Expressions, lest the planner walk the whole table in its order.
        f" AND n.id + 0 <= %s{asked.here} ORDER BY n.id + 0 DESC"
    )
    likes = [f"%{part}%" for part in asked.parts]
    return asked.rows(sql, [*likes, asked.scopes, last, *asked.here_params]), 0


def _frequent(asked: _Asked, newest: int) -> bool:
    # Both ends, or the planner takes it for a third of the table until it has been analysed.
    sql = f"SELECT count(*) FROM store_name n WHERE n.id > %s AND n.id <= %s AND {asked.held}"
    ((number,),) = _ask(sql, [newest - SAMPLE, newest, *asked.parts])
    return bool(number * newest > FREQUENT * SAMPLE)


def _ask(sql: str, params: Sequence[Any]) -> list[Any]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
