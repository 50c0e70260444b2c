"""Lists by one seek per stretch of an index, merged: never an OR, never an OFFSET.

First the head of every stretch is read; only the stretches whose heads are among the first
`limit` can hold a row of the page, and only they are read further, down to the last such head.
The plan does not depend on statistics, so ANALYZE cannot turn it. PostgreSQL does both steps in
one statement, since each way to the server takes its time.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connections

from tapal.core.clauses import Seek

# SQLite refuses a compound SELECT of more than 500 terms.
TERMS = 400
_FIRST = (datetime(1, 1, 1, tzinfo=UTC), uuid.UUID(int=0))
_LAST = (datetime(9999, 12, 31, tzinfo=UTC), uuid.UUID(int=2**128 - 1))

Mark = tuple[datetime, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Walk:
    """A table walked along an index of (scope, [`state`,] `moment`, id), perhaps led by place.

    Without `newest_first` the walk goes up in time, and the stretches' times do not count. `only`
    is a condition on the row `r`, weighed for each row that is met.
    """

    table: str
    moment: str
    newest_first: bool = True
    state: str | None = None
    only: str = ""


RECORDS = Walk("store_record", "occurred_at")
ALERTS = Walk("store_alert", "opened_at")


def open_alerts(state: str) -> Walk:
    """Alerts of one state by what is due first."""
    return Walk("store_alert", "due_at", newest_first=False, state=state)


def open_tasks(state: str) -> Walk:
    """Tasks of one state by what is due first; those without a clock are not met."""
    return Walk("store_task", "due_at", newest_first=False, state=state)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A seek with the row after which it starts and the time at which it ends."""

    scope: int
    place: str | None
    start: Mark
    end: datetime


def walk(walk: Walk, seeks: Sequence[Seek], start: Mark | None, limit: int) -> list[Mark]:
    """The first `limit` rows after `start` in the stretches, as (time, id)."""
    stretches = [_stretch(walk, seek, start) for seek in seeks]
    if connections["default"].vendor == "postgresql":
        return _in_one(walk, stretches, limit) if stretches else []
    heads = _heads(walk, stretches)
    heads.sort(key=lambda head: head[0], reverse=walk.newest_first)
    if len(heads) > limit:
        # Heads alike in time may differ in id: all of the last one's moment stay.
        last = heads[limit - 1][0]
        heads = [h for h in heads if h[0] == last or (h[0] > last) == walk.newest_first]
        near = [_until(stretches[number], last) for _, number in heads]
    else:
        near = [stretches[number] for _, number in heads]
    found: list[Mark] = []
    for chunk in range(0, len(near), TERMS):
        found += _rows(walk, near[chunk : chunk + TERMS], limit)
    found.sort(reverse=walk.newest_first)
    return found[:limit]


def count_ranges(seeks: Sequence[Seek]) -> int:
    """How many records lie in the stretches, counted along the index."""
    stretches = [_stretch(RECORDS, seek, None) for seek in seeks]
    total = 0
    for place, sql, params in _groups(RECORDS, stretches):
        inner = f"SELECT count(*) FROM store_record r WHERE {_where(RECORDS, place)}"
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT sum(({inner})) FROM {sql}", params)
            total += cursor.fetchone()[0] or 0
    return int(total)


def _stretch(walk: Walk, seek: Seek, start: Mark | None) -> _Stretch:
    if not walk.newest_first:
        return _Stretch(seek.scope, seek.place, start or _FIRST, _LAST[0])
    begin = start or _LAST
    if seek.until is not None and seek.until <= begin[0]:
        begin = (seek.until, _FIRST[1])
    return _Stretch(seek.scope, seek.place, begin, seek.since or _FIRST[0])


def _until(stretch: _Stretch, last: datetime) -> _Stretch:
    # `last` is a head, so it lies within every stretch that is kept.
    return _Stretch(stretch.scope, stretch.place, stretch.start, last)


def _in_one(walk: Walk, stretches: Sequence[_Stretch], limit: int) -> list[Mark]:
    way, at_least = ("DESC", ">=") if walk.newest_first else ("ASC", "<=")
    heads, rows, params = [], [], []
    for place, sql, given in _groups(walk, stretches):
        heads.append(f"SELECT s.*, ({_head(walk, place)}) AS head FROM {sql}")
        params += given
        here = "IS NOT NULL" if place else "IS NULL"
        rows.append(
            f"SELECT r.at, r.id FROM (SELECT * FROM near WHERE place {here} OFFSET 0) s"
            f" CROSS JOIN LATERAL ({_page(walk, place, limit)}) r"
        )
    # Each step stands by itself: folded into the next, its seeks would be made again there.
    text = (
        f"WITH heads AS MATERIALIZED ({' UNION ALL '.join(heads)}),"
        " last AS MATERIALIZED (SELECT head AS at FROM heads WHERE head IS NOT NULL"
        f" ORDER BY head {way} OFFSET {int(limit) - 1} LIMIT 1),"
        " near AS MATERIALIZED (SELECT h.scope, h.place, h.at, h.id,"
        " coalesce(l.at, h.until) AS until FROM heads h LEFT JOIN last l ON true"
        f" WHERE h.head IS NOT NULL AND (l.at IS NULL OR h.head {at_least} l.at))"
        f" SELECT at, id FROM ({' UNION ALL '.join(rows)}) page"
        f" ORDER BY at {way}, id {way} LIMIT {int(limit)}"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(text, params)
        return [(at, id_) for at, id_ in cursor.fetchall()]


def _heads(walk: Walk, stretches: Sequence[_Stretch]) -> list[tuple[datetime, int]]:
    found = []
    for place, sql, params in _groups(walk, stretches):
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT s.number, ({_head(walk, place)}) FROM {sql}", params)
            found += [(aware(at), number) for number, at in cursor.fetchall() if at is not None]
    return found


def _rows(walk: Walk, stretches: Sequence[_Stretch], limit: int) -> list[Mark]:
    """On SQLite, which has no LATERAL: one term for each stretch."""
    found = []
    for place in (False, True):
        chosen = [s for s in stretches if (s.place is not None) == place]
        if not chosen:
            continue
        with connections["default"].cursor() as cursor:
            cursor.execute(*_union(walk, place, chosen, limit))
            found += [(aware(at), uuid.UUID(id_)) for at, id_ in cursor.fetchall()]
    return found


def _union(
    walk: Walk, place: bool, stretches: Sequence[_Stretch], limit: int
) -> tuple[str, list[Any]]:
    term = re.sub(r"\bs\.(scope|place|at|id|until)\b", "%s", _page(walk, place, limit))
    params: list[Any] = []
    for stretch in stretches:
        here = (stretch.place,) if place else ()
        params += [*here, stretch.scope, *_bounds(stretch)]
    return " UNION ALL ".join([f"SELECT * FROM ({term})"] * len(stretches)), params


def _head(walk: Walk, place: bool) -> str:
    """The time of a stretch's first row."""
    return (
        f"SELECT r.{walk.moment} FROM {walk.table} r WHERE {_where(walk, place)}"
        f" {_order(walk)} LIMIT 1"
    )


def _page(walk: Walk, place: bool, limit: int) -> str:
    """A stretch's first rows."""
    return (
        f"SELECT r.{walk.moment} AS at, r.id AS id FROM {walk.table} r"
        f" WHERE {_where(walk, place)} {_order(walk)} LIMIT {int(limit)}"
    )


def _where(walk: Walk, place: bool) -> str:
    state = f" AND r.state = '{_word(walk.state)}'" if walk.state else ""
    here = "r.place = s.place AND " if place else ""
    after, end = ("<", ">=") if walk.newest_first else (">", "<=")
    return (
        f"{here}r.scope_id = s.scope{state}"
        f" AND (r.{walk.moment}, r.id) {after} (s.at, s.id) AND r.{walk.moment} {end} s.until"
        f"{walk.only and f' AND {walk.only}'}"
    )


def _order(walk: Walk) -> str:
    way = "DESC" if walk.newest_first else "ASC"
    return f"ORDER BY r.{walk.moment} {way}, r.id {way}"


def _groups(walk: Walk, stretches: Sequence[_Stretch]) -> list[tuple[bool, str, list[Any]]]:
    """The stretches as a table `s`, those with and those without a place apart: two indexes."""
    found = []
    for place in (False, True):
        rows = [(n, s) for n, s in enumerate(stretches) if (s.place is not None) == place]
        if rows:
            found.append((place, *_table(rows)))
    return found


def _table(rows: Sequence[tuple[int, _Stretch]]) -> tuple[str, list[Any]]:
    """Numbered stretches as a table. Most start and end alike: what is usual is said once."""
    usual = rows[0][1]
    at, id_, until = _bounds(usual)
    packed = [
        (
            n,
            s.scope,
            s.place,
            *((None, None) if s.start == usual.start else _bounds(s)[:2]),
            None if s.end == usual.end else _bounds(s)[2],
        )
        for n, s in rows
    ]
    if connections["default"].vendor == "postgresql":
        # As text: the driver takes longer over each value of a list than the server over a row.
        return (
            "(SELECT number, scope, place, coalesce(at, %s::timestamptz) AS at,"
            " coalesce(id, %s::uuid) AS id, coalesce(until, %s::timestamptz) AS until"
            " FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::timestamptz[], %s::uuid[],"
            # Not to be folded into the question: behind the wall only plain columns may bound an
            # index, a coalesce would be weighed row by row.
            " %s::timestamptz[]) AS u(number, scope, place, at, id, until) OFFSET 0) s",
            [at, id_, until, *(_literal(column) for column in zip(*packed, strict=True))],
        )
    return (
        "(SELECT value->>0 AS number, value->>1 AS scope, value->>2 AS place,"
        " coalesce(value->>3, %s) AS at, coalesce(value->>4, %s) AS id,"
        " coalesce(value->>5, %s) AS until FROM json_each(%s)) s",
        [at, id_, until, json.dumps(packed)],
    )


def _literal(column: Sequence[object]) -> str:
    """A list as PostgreSQL writes one."""
    if isinstance(column[0], int):
        return f"{{{','.join(map(str, column))}}}"
    if not any(column):
        return f"{{{','.join(['NULL'] * len(column))}}}"
    return "{" + ",".join("NULL" if v is None else _quoted(str(v)) for v in column) + "}"


def _quoted(text: str) -> str:
    if text.isalnum():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bounds(stretch: _Stretch) -> tuple[Any, Any, Any]:
    """Start and end as the database keeps times and ids."""
    if connections["default"].vendor == "postgresql":
        return stretch.start[0], stretch.start[1], stretch.end
    return _text(stretch.start[0]), stretch.start[1].hex, _text(stretch.end)


@lru_cache(maxsize=1024)
def _text(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))


def aware(at: datetime | str) -> datetime:
    """A time as the database gives it, in UTC where it says no zone."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _word(text: str) -> str:
    """A state's name as it may stand in a statement; another text matches no row."""
    return text if text.isascii() and text.isalpha() else ""
