"""Exact counts without counting: the database keeps a tally by scope, place and month.

Triggers keep it (see `tapal.store.triggers`), so no writer can forget it. On PostgreSQL each
statement adds its own rows, so that writers never wait for each other, and they are folded now
and then.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from tapal.core.clauses import Seek
from tapal.store.queries.walks import count_ranges


def count(seeks: Sequence[Seek]) -> int:
    """How many records lie in disjoint stretches."""
    whole = [s for s in seeks if s.since is None and s.until is None]
    partly = [s for s in seeks if s.since is not None or s.until is not None]
    total = _whole(whole) if whole else 0
    if partly:
        months, rests = _split(partly)
        total += months + (count_ranges(rests) if rests else 0)
    return total


def _whole(seeks: Sequence[Seek]) -> int:
    totals: dict[tuple[int, str | None], int] = defaultdict(int)
    for scope, place, number in _read({s.scope for s in seeks}, "scope_id, place"):
        totals[scope, place] += number
        totals[scope, None] += number
    return sum(totals[s.scope, s.place] for s in seeks)


def _split(seeks: Sequence[Seek]) -> tuple[int, list[Seek]]:
    """The sum of the whole months in the stretches, and what is left of them at either end."""
    rows = list(_read({s.scope for s in seeks}, "scope_id, place, period"))
    counts: dict[tuple[int, str | None], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for scope, place, period, number in rows:
        counts[scope, place][period] += number
        counts[scope, None][period] += number
    total, rests = 0, []
    for seek in seeks:
        by_month = counts.get((seek.scope, seek.place), {})
        for period, number in by_month.items():
            first, after = _starts(period)
            if (seek.since is None or seek.since <= first) and (
                seek.until is None or seek.until >= after
            ):
                total += number
            elif (seek.since is None or seek.since < after) and (
                seek.until is None or seek.until > first
            ):
                low = max(first, seek.since) if seek.since else first
                high = min(after, seek.until) if seek.until else after
                rests.append(Seek(seek.scope, seek.place, low, high))
    return total, rests


def _starts(period: int) -> tuple[datetime, datetime]:
    """The first moment of a month and of the next; `period` counts months since the year 0."""
    first = datetime(period // 12, period % 12 + 1, 1, tzinfo=UTC)
    after = period + 1
    return first, datetime(after // 12, after % 12 + 1, 1, tzinfo=UTC)


# Any: rows of mixed columns.
def _read(scopes: Iterable[int], columns: str) -> list[tuple[Any, ...]]:
    wanted = list(scopes)
    param: Any
    connection = connections["default"]
    if connection.vendor == "postgresql":
        chosen, param = "scope_id = ANY(%s)", wanted
    else:
        chosen, param = "scope_id IN (SELECT value FROM json_each(%s))", json.dumps(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, CAST(sum(n) AS bigint) FROM store_tally WHERE {chosen}"
            f" GROUP BY {columns}",
            [param],
        )
        return list(cursor.fetchall())
