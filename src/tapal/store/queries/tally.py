"""Exact counts without counting: the database keeps tallies by scope and place, and by scope and month.

Triggers keep them (see `tapal.store.triggers`), so no writer can forget it. On PostgreSQL each
statement adds its own rows, so that writers never wait for each other, and they are folded now
and then.
"""

from __future__ import annotations

import json
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
    """Whole scopes, and whole posts of scopes."""
    scopes = [(s.scope,) for s in seeks if s.place is None]
    posts = [(s.scope, s.place) for s in seeks if s.place is not None]
    here = "m.scope_id = s.scope AND m.place = s.place"
    return _sum("store_tally", "m.scope_id = s.scope", scopes, "scope") + _sum(
        "store_tally", here, posts, "scope", "place"
    )


def _in_months(months: Sequence[_Months]) -> int:
    inside = "m.scope_id = s.scope AND m.period BETWEEN s.first AND s.last"
    return _sum("store_tally_month", inside, months, "scope", "first", "last")


def _sum(table: str, where: str, rows: Sequence[Sequence[int | str | None]], *names: str) -> int:
    """The sum of a tally's rows `m` that belong to the rows `s`, one seek for each."""
    if not rows:
        return 0
    chosen, param = _array(rows, names)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT sum((SELECT CAST(sum(m.n) AS bigint) FROM {table} m WHERE {where}))"
            f" FROM {chosen}",
            param,
        )
        return int(cursor.fetchone()[0] or 0)


# Any: what a database takes as a parameter.
def _array(
    rows: Sequence[Sequence[int | str | None]], names: Sequence[str]
) -> tuple[str, list[Any]]:
    """Rows of whole numbers and texts as a table `s`."""
    if connections["default"].vendor == "postgresql":
        types = ("text" if isinstance(value, str) else "bigint" for value in rows[0])
        lists = ", ".join(f"%s::{type_}[]" for type_ in types)
        columns = ", ".join(names)
        return f"unnest({lists}) AS s({columns})", [
            list(column) for column in zip(*rows, strict=True)
        ]
    picked = ", ".join(f"value->>{n} AS {name}" for n, name in enumerate(names))
    return f"(SELECT {picked} FROM json_each(%s)) s", [json.dumps(rows)]
