"""Many rows in one go, past the object mapper, which costs more than the database where rows come by hundreds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import AutoField, ForeignKey, Model

# PostgreSQL takes at most 65,535 values in a statement; no table has a hundred columns.
ROWS_AT_ONCE = 500

# Any in this file: a database value of any type.
Adapt = Callable[[Any], Any]


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of the named columns in the caller's transaction; values are as a model's fields hold them.

    Defaults of columns that are not named are the database's, not the model's. On PostgreSQL a
    statement holds many rows, so that its statement triggers run once.
    """
    adapted = _adapted(model, tuple(columns), rows)
    if not adapted:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    head = f"INSERT INTO {model._meta.db_table} ({names}) VALUES "
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(head + row, adapted)
            return
        for start in range(0, len(adapted), ROWS_AT_ONCE):
            part = adapted[start : start + ROWS_AT_ONCE]
            cursor.execute(
                head + ", ".join([row] * len(part)), [value for each in part for value in each]
            )


def insert_objects(rows: Sequence[Model]) -> None:
    """Insert unsaved objects of one model, whole, in the caller's transaction."""
    if rows:
        columns = _columns(type(rows[0]))
        insert(type(rows[0]), columns, map(attrgetter(*columns), rows))


def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def marks(values: Sequence[Any]) -> str:
    """The placeholders of an IN list."""
    return ", ".join(["%s"] * len(values))


def id_param(value: uuid.UUID | str) -> str:
    """An id as the database compares it."""
    return _hex(value) if connection.vendor == "sqlite" else str(value)


def id_text(raw: object) -> str:
    """An id as it is written, from what the driver gave."""
    text = str(raw)
    if len(text) == 36:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def aware(at: datetime) -> datetime:
    """A time of the database, which is UTC, as an aware one."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _adapted(
    model: type[Model], columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> list[list[Any]]:
    found = [list(row) for row in rows]
    for place, adapt in _adapters(model, columns, connection.vendor):
        for row in found:
            if row[place] is not None:
                row[place] = adapt(row[place])
    return found


@lru_cache(maxsize=256)
def _adapters(
    model: type[Model], columns: tuple[str, ...], vendor: str
) -> tuple[tuple[int, Adapt], ...]:
    """The columns whose values the driver does not take as they are, by position."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found: list[tuple[int, Adapt]] = []
    for place, name in enumerate(columns):
        field = fields[name]
        kind = (field.target_field if isinstance(field, ForeignKey) else field).get_internal_type()
        if kind == "JSONField":
            found.append((place, _json))
        elif vendor == "sqlite" and kind in _SQLITE:
            found.append((place, _SQLITE[kind]))
    return tuple(found)


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> tuple[str, ...]:
    fields = model._meta.concrete_fields
    return tuple(f.attname for f in fields if not isinstance(f, AutoField))


# Made once: `json.dumps` makes one for each value, which costs more than the writing.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _hex(value: uuid.UUID | str) -> str:
    return value.hex if isinstance(value, uuid.UUID) else value.replace("-", "")


def _naive(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))


_SQLITE: dict[str, Adapt] = {"UUIDField": _hex, "DateTimeField": _naive}
