"""What a declared signal counts, as expressions over the lake: by owner, post, split and day."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis.expr.types import BooleanValue, Table

from tapal.core.kind import ANY_VALUE, PLACE, Signal
from tapal.core.lake import LAKE_LEVEL, column_name
from tapal.engines.lake.ask import RECEIVED, present

_SPLIT = "by_"


def counted(signal: Signal, kind: str, by: Sequence[str], events: Table) -> Table:
    """Rows of owner, place, `by_0`, `by_1` …, local_day: `n` records, the highest `sensitivity`."""
    rows = present(events.filter(events.kind == kind))
    rows = rows.filter(
        rows.sensitivity <= int(LAKE_LEVEL), rows.occurred_known, _fits(signal, rows)
    )
    for path in by:
        column = rows[_column(path)]
        if column.type().is_array():  # once in the series of each of its values
            rows = rows.mutate(**{_column(path): column.unique().unnest()})
    split = {f"{_SPLIT}{n}": rows[_column(path)] for n, path in enumerate(by)}
    return rows.group_by(owner=rows.owner, post=rows.place, day=rows.local_day, **split).aggregate(
        n=rows.count(), level=rows.sensitivity.max()
    )


def reported(events: Table) -> Table:
    """Rows of owner, post and day on which the owner told of anything at all at the post."""
    rows = events.filter(events.type == RECEIVED)
    return rows.group_by(owner=rows.owner, post=rows.place, day=rows.local_day).aggregate(
        n=rows.count()
    )


def delays(kind: str, events: Table) -> Table:
    """Rows of owner, post, day of occurrence and day of receipt: `n` records."""
    rows = events.filter((events.type == RECEIVED) & (events.kind == kind) & events.occurred_known)
    return rows.group_by(
        owner=rows.owner, post=rows.place, day=rows.local_day, told=rows.received_at.date()
    ).aggregate(n=rows.count())


def _fits(signal: Signal, rows: Table) -> BooleanValue:
    fits: BooleanValue = ibis.literal(True)
    for path, value in signal.where.items():
        column = rows[column_name(path)]
        fits &= column.notnull() if value == ANY_VALUE else (column == value).fill_null(False)
    for path, value in signal.unless.items():
        fits &= (rows[column_name(path)] != value).fill_null(True)
    return fits


def _column(path: str) -> str:
    return PLACE if path == PLACE else column_name(path)
