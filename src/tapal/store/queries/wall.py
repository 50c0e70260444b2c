"""The second wall, on PostgreSQL: row-level security that follows what a door has granted.

Each connection says who reads: `system` for the road's own work, `door` for a person's look, in
which only rows of the granted scopes exist. A connection that says nothing sees nothing. SQLite
has no such wall: there the door's own seeks are all there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# What the connection of this thread was last told: reader, scopes, subject.
_SYSTEM = ("system", "", "")
_now: ContextVar[tuple[str, str, str]] = ContextVar("tapal_wall", default=_SYSTEM)


# Any: a signal passes whatever its sender likes.
def greet(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Tell a new connection who reads. A receiver of `connection_created`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Compiling a question of many seeks takes ten times as long as answering it.
            cursor.execute("SET jit = off")
            # A seek along an index costs little on flash or in memory. By the price of a turning
            # disk a table that was not analysed yet is rather read by its pages, in their order.
            cursor.execute("SET random_page_cost = 1.1")
        _tell(connection, _now.get() if connection.alias == "default" else _SYSTEM)


@contextmanager
def narrowed(scopes: Iterable[int], *, subject: str = "") -> Iterator[None]:
    """Within it, this thread's connection holds only rows of these scopes.

    `subject` names the one record whose events may be read.
    """
    with _told(("door", ",".join(map(str, sorted(scopes))), subject)):
        yield


@contextmanager
def everything() -> Iterator[None]:
    """Within it, this thread's connection holds all rows: for questions whose answer no reader sees."""
    with _told(_SYSTEM):
        yield


@contextmanager
def _told(who: tuple[str, str, str]) -> Iterator[None]:
    connection = connections["default"]
    if connection.vendor != "postgresql":
        yield
        return
    token = _now.set(who)
    try:
        _tell(connection, who)
        yield
    finally:
        _now.reset(token)
        # In a failed transaction the setting goes back by itself when it is rolled back.
        with suppress(DatabaseError):
            _tell(connection, _now.get())


def _tell(connection: BaseDatabaseWrapper, who: tuple[str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tapal.reader', %s, false), set_config('tapal.scopes', %s, false),"
            " set_config('tapal.subject', %s, false)",
            list(who),
        )
