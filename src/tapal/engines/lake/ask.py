"""Asking the lake: Ibis expressions over the files that the manifest names, run by DuckDB.

`Table` is given on from here: a named question is an expression and needs no library by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis
from ibis.expr.types import Table

from tapal.core.lake import LakeColumn, column_name
from tapal.engines.lake import manifest
from tapal.engines.lake.manifest import Manifest
from tapal.engines.lake.table import ENVELOPE, TABLE, schema

__all__ = ["Allowed", "LakeReader", "Table"]

THREADS = 2
MEMORY = "400MB"

RECEIVED, REVISED = "record.received", "record.revised"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Rows that a reader may count: of these scopes, perhaps at one place, between two moments.

    A scope is owner, kind and sensitivity as one text, as the lake's rows carry it.
    """

    scopes: frozenset[str]
    place: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class LakeReader:
    """One process's way to the lake in a folder; opened again when the lake has grown."""

    def __init__(self, folder: Path, columns: Sequence[LakeColumn]) -> None:
        self._folder = folder
        self._schema = schema(columns)
        self._lock = threading.Lock()
        self._held: tuple[Manifest, Any, Table] | None = None  # Any: Ibis's connection

    def manifest(self) -> Manifest | None:
        """What the lake is made of now; None before it was first built."""
        found = manifest.read(self._folder)
        return found if found and found.files else None

    # Any: a row's values as Python has them.
    def run(self, ask: Callable[[Table], Table]) -> list[dict[str, Any]]:
        """The rows of an expression over the whole lake. Raises FileNotFoundError without a lake."""
        with self._lock:
            connection, events = self._opened()
            answer = connection.to_pyarrow(ask(events))
        rows: list[dict[str, Any]] = answer.to_pylist()
        return rows

    def _opened(self) -> tuple[Any, Table]:
        now = self.manifest()
        if now is None:
            raise FileNotFoundError(self._folder / manifest.NAME)
        if self._held is None or self._held[0] != now:
            connection = ibis.duckdb.connect(threads=THREADS, memory_limit=MEMORY)
            self._held = (now, connection, self._events(connection, now))
        return self._held[1], self._held[2]

    def _events(self, connection: Any, now: Manifest) -> Table:
        files = [str(self._folder / TABLE / name) for name in now.files]
        found = connection.read_parquet(
            files, table_name="events", union_by_name=True, hive_partitioning=False
        )
        # A column that came with a later version stands in no older file.
        missing = {
            field.name: ibis.null(ibis.dtype(field.type))
            for field in self._schema
            if field.name not in found.columns and field.name != "month"
        }
        return found.mutate(**missing) if missing else found


def narrowed(events: Table, paths: Iterable[str]) -> Table:
    """The events with the envelope's columns and those of these body paths alone."""
    wanted = [*ENVELOPE, *map(column_name, paths)]
    return events.select([name for name in wanted if name != "month"])


def allowed_rows(rows: Table, allowed: Sequence[Allowed]) -> Table:
    """The rows that some part of what is allowed covers; none when nothing is allowed."""
    covered = ibis.literal(False)
    for part in allowed:
        this = rows.scope.isin(sorted(part.scopes))
        if part.place is not None:
            this &= rows.place == part.place
        if part.since is not None:
            this &= rows.occurred_at >= part.since
        if part.until is not None:
            this &= rows.occurred_at < part.until
        covered |= this
    return rows.filter(covered)


def present(events: Table) -> Table:
    """Records as they stand now: of each the row of its newest revision."""
    received = events.filter(events.type == RECEIVED)
    revised = events.filter(events.type == REVISED)
    newest = revised.group_by("subject").aggregate(seq=revised.seq.max())
    unchanged = received.anti_join(newest, "subject")
    changed = revised.semi_join(newest, ["subject", "seq"])
    return unchanged.union(changed)


def between(rows: Table, since: date | None, until: date | None) -> Table:
    """Rows of these days by the post's own calendar, both included."""
    if since is not None:
        rows = rows.filter(rows.local_day >= since)
    if until is not None:
        rows = rows.filter(rows.local_day <= until)
    return rows


def opened_between(rows: Table, since: date, until: date) -> Table:
    """All events of what was opened on these days by the post's own calendar."""
    opened = between(rows.filter(rows.type.endswith(".opened")), since, until)
    return rows.semi_join(opened.select("subject"), "subject")


def count_and_sums(events: Table, columns: Sequence[LakeColumn]) -> Table:
    """By kind: how many records stand, and the sum of each column that holds numbers."""
    rows = present(events)
    sums = {}
    for column in columns:
        value = rows[column.name]
        sums[column.name] = (value.sums() if column.many else value).sum()
    return rows.group_by("kind").aggregate(records=rows.count(), **sums)
