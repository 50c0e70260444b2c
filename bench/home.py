"""A store for a measurement: made in a temporary folder, filled fast, removed at the end."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

MILLISECONDS_AT = 80
"""Where the time part of a UUID version 7 begins, in bits."""

# The columns that hold ids, by table; a copy has all of them moved by the same time.
_IDS = {
    "store_record": ("id", "first_revision", "revision"),
    "store_key": ("record_id",),
    "store_event": ("id",),
    "store_eventcontent": ("event_id",),
    "store_identity": ("id",),
    "store_link": ("id", "identity_id", "record_id"),
    "store_finding": ("id", "record_id"),
    "store_name": ("record_id",),
}
# What must not be the same in a copy: another bearer's document, another number in the log.
_OTHER = {
    ("store_key", "value"): "value || '/' || {copy}",
    ("store_identity", "anchor_value"): "anchor_value || '/' || {copy}",
    ("store_event", "subject"): "coalesce(moved(replace(subject, '-', ''), {shift}), subject)",
    (
        "store_event",
        "seq",
    ): "seq + {copy} * (SELECT position FROM store_cursor WHERE name = 'sequencer')",
    ("store_finding", "alert_id"): "NULL",
}


def fresh() -> Path:
    """A fresh home on SQLite with reference data; Django is started on it."""
    folder = Path(tempfile.mkdtemp(prefix="tapal-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.pop("TAPAL_DATABASE_URL", None)
    open_home(folder)
    return folder


def open_home(folder: Path) -> None:
    """Start Django on a home, making it ready where it is not."""
    os.environ["TAPAL_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"
    import django

    django.setup()
    from tapal.flow.setup import ensure_ready

    ensure_ready()


def multiply(copies: int) -> Iterator[int]:
    """Copy everything in the store so many times, older each time; yields after each copy.

    The copies are other records of other people: the store's trees grow as if all had come by the road.
    """
    from django.db import connection

    connection.ensure_connection()
    connection.connection.create_function("moved", 2, _moved, deterministic=True)
    newest, oldest = _span()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        # The rows to be copied lie on the disk: what is measured is the road's memory, not this.
        cursor.execute("PRAGMA temp_store = FILE")
        for table in _IDS:
            cursor.execute(f"CREATE TEMP TABLE first_{table} AS SELECT * FROM {table}")
        for copy in range(1, copies + 1):
            cursor.execute("BEGIN")
            for table in _IDS:
                cursor.execute(_copying(table, copy, copy * (newest - oldest + 1)))
            cursor.execute("COMMIT")
            yield copy
        cursor.execute(
            "UPDATE store_cursor SET position = (SELECT max(seq) FROM store_event)"
            " WHERE name = 'sequencer'"
        )
        for table in _IDS:
            cursor.execute(f"DROP TABLE first_{table}")
    connection.close()


def _copying(table: str, copy: int, shift: int) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    # Rows numbered by the database get new numbers.
    if table in ("store_key", "store_name"):
        names.remove("id")
    parts = [
        f"moved({name}, {shift})"
        if name in _IDS[table]
        else _OTHER.get((table, name), f'"{name}"').format(copy=copy, shift=shift)
        for name in names
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {', '.join(parts)} FROM first_{table}"


def _span() -> tuple[int, int]:
    """The times of the newest and of the oldest id, in milliseconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), min(id) FROM store_event")
        newest, oldest = cursor.fetchone()
    return int(newest, 16) >> MILLISECONDS_AT, int(oldest, 16) >> MILLISECONDS_AT


def _moved(text: str | None, shift: int) -> str | None:
    """An id as it would have been so many milliseconds earlier; None for what is no id."""
    try:
        number = uuid.UUID(hex=text or "").int
    except ValueError:
        return None
    return f"{number - (shift << MILLISECONDS_AT):032x}"
