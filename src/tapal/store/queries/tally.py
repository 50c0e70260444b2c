"""Exact counts without counting: the database keeps tallies by scope and place, and by scope and month.

Triggers keep them (see `tapal.store.triggers`), so no writer can forget it. On PostgreSQL each
statement adds its own rows, so that writers never wait for each other, and they are folded now
and then.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from tapal.core.clauses import Seek
from tapal.store.queries.walks import count_ranges

# (scope, first month, last month), both included; months since the year 0.
_Months = tuple[int, int, int]


def count(seeks: Sequence[Seek]) -> int:
    """How many records lie in disjoint stretches."""
    whole: list[Seek] = []
    months: list[_Months] = []
    ranges: list[Seek] = []
    for seek in seeks:
        if seek.since is None and seek.until is None:
            whole.append(seek)
        elif seek.place is not None:
            # One post's part of a scope is small: it is counted along the index.
            ranges.append(seek)
        else:
            _split(seek, months, ranges)
    return _whole(whole) + _in_months(months) + (count_ranges(ranges) if ranges else 0)


def _split(seek: Seek, months: list[_Months], ranges: list[Seek]) -> None:
    """Whole months for the tally, and what is left at either end for the index."""
    first = 0 if seek.since is None else _period(seek.since) + (_start(seek.since) < seek.since)
    last = 9999 * 12 if seek.until is None else _period(seek.until) - 1
    if first > last:
        ranges.append(seek)
        return
    months.append((seek.scope, first, last))
    if seek.since is not None and _start(seek.since) < seek.since:
        ranges.append(Seek(seek.scope, None, seek.since, _first_moment(first)))
    if seek.until is not None and _start(seek.until) < seek.until:
        ranges.append(Seek(seek.scope, None, _start(seek.until), seek.until))


def _period(at: datetime) -> int:
    utc = at.astimezone(UTC)
    return utc.year * 12 + utc.month - 1


def _start(at: datetime) -> datetime:
    return _first_moment(_period(at))


def _first_moment(period: int) -> datetime:
    return datetime(period // 12, period % 12 + 1, 1, tzinfo=UTC)


def _whole(seeks: Sequence[Seek]) -> int:
    if not seeks:
        return 0
    scopes = sorted({s.scope for s in seeks})
    chosen, param = _array([(n,) for n in scopes], "scope")
    totals: dict[tuple[int, str | None], int] = defaultdict(int)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT t.scope_id, t.place, CAST(sum(t.n) AS bigint) FROM store_tally t"
            f" WHERE t.scope_id IN (SELECT s.scope FROM {chosen}) GROUP BY t.scope_id, t.place",
            param,
        )
        for scope, place, number in cursor.fetchall():
            totals[scope, place] += number
            totals[scope, None] += number
    return sum(totals[s.scope, s.place] for s in seeks)


def _in_months(months: Sequence[_Months]) -> int:
    if not months:
        return 0
    chosen, param = _array(months, "scope", "first", "last")
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT sum((SELECT CAST(sum(m.n) AS bigint) FROM store_tally_month m WHERE"
            f" m.scope_id = s.scope AND m.period BETWEEN s.first AND s.last)) FROM {chosen}",
            param,
        )
        return int(cursor.fetchone()[0] or 0)


# Any: what a database takes as a parameter.
def _array(rows: Sequence[tuple[int, ...]], *names: str) -> tuple[str, list[Any]]:
    """Rows of whole numbers as a table `s`."""
    if connections["default"].vendor == "postgresql":
        lists = ", ".join(["%s::bigint[]"] * len(names))
        columns = ", ".join(names)
        return f"unnest({lists}) AS s({columns})", [
            list(column) for column in zip(*rows, strict=True)
        ]
    picked = ", ".join(f"value->>{n} AS {name}" for n, name in enumerate(names))
    return f"(SELECT {picked} FROM json_each(%s)) s", [json.dumps(rows)]
