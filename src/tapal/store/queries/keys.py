"""Records by a key, whole or its beginning."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

# A beginning that this many keys share is too vague to look through further.
LOOKED_THROUGH = 5_000
# Weighed key by key: as a join a planner without statistics begins with the records of a scope.
_IN_SCOPE = "(SELECT r.scope_id {} FROM store_record r WHERE r.id = k.record_id)"
_ISSUERS_AT_MOST = 500
_KEPT_SECONDS = 60.0
_issuers: dict[tuple[str, str], tuple[float, tuple[str, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Keyed:
    """A key that matched and the record that bears it."""

    type: str
    value: str
    record: uuid.UUID


def issuers(type: str) -> tuple[str, ...]:
    """What stands before the colon in keys of a type (`IDN:X123456`), by skipping along the index.

    Kept for a minute: a document of a new issuer is found by its number a little later.
    """
    connection = connections["default"]
    kept = _issuers.get((str(connection.settings_dict["NAME"]), type))
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    colon = "strpos(p.v, ':')" if connection.vendor == "postgresql" else "instr(p.v, ':')"
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE p(v) AS ("
            " SELECT (SELECT min(value) FROM store_key WHERE type = %s)"
            " UNION ALL SELECT (SELECT min(value) FROM store_key WHERE type = %s"
            f"  AND value > substr(p.v, 1, {colon}) || %s) FROM p WHERE {colon} > 0)"
            f" SELECT v FROM p WHERE {colon} > 0 LIMIT {_ISSUERS_AT_MOST}",
            [type, type, "\uffff"],
        )
        found = tuple(value.partition(":")[0] for (value,) in cursor.fetchall())
    _issuers[str(connection.settings_dict["NAME"]), type] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Drop what this process remembers: another database is behind it now (tests, restore)."""
    _issuers.clear()


def exact(type: str, values: Collection[str], scopes: Collection[int], limit: int) -> list[Keyed]:
    """Records in these scopes that bear one of the values, newest first."""
    value, scope, params = _lists(list(values), list(scopes))
    sql = (
        f"SELECT k.type, k.value, k.record_id FROM store_key k WHERE k.type = %s AND k.value {value}"
        f" AND {_IN_SCOPE.format(scope)} ORDER BY k.record_id DESC LIMIT {int(limit)}"
    )
    return _ask(sql, [type, *params])


def beginning(type: str, starts: Sequence[str], scopes: Collection[int], limit: int) -> list[Keyed]:
    """Records in these scopes with a longer key that begins so, in the order of the keys.

    By a range of the index: a LIKE cannot use it.
    """
    found: list[Keyed] = []
    _, scope, params = _lists([], list(scopes))
    for start in starts:
        sql = (
            "SELECT k.type, k.value, k.record_id FROM (SELECT type, value, record_id"
            " FROM store_key WHERE type = %s AND value > %s AND value < %s"
            f" ORDER BY value LIMIT {LOOKED_THROUGH}) k WHERE {_IN_SCOPE.format(scope)}"
            f" ORDER BY k.value, k.record_id DESC LIMIT {int(limit)}"
        )
        found += _ask(sql, [type, start, f"{start}\uffff", *params[1:]])
    found.sort(key=lambda keyed: keyed.value)
    return found[:limit]


def present(type: str, starts: Iterable[str]) -> list[str]:
    """Those beginnings with which some longer key of the type begins: one seek each."""
    wanted = list(starts)
    connection = connections["default"]
    # A value, not EXISTS: that would be turned into a join over all keys of the type.
    inside = (
        "(SELECT k.value FROM store_key k WHERE k.type = %s AND k.value > s.start"
        " AND k.value < s.start || %s ORDER BY k.value LIMIT 1) IS NOT NULL"
    )
    if connection.vendor == "postgresql":
        table = "unnest(%s::text[]) AS s(start)"
        param: Any = wanted
    else:
        table, param = "(SELECT value AS start FROM json_each(%s)) s", json.dumps(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT s.start FROM {table} WHERE {inside}", [param, type, "\uffff"])
        return [start for (start,) in cursor.fetchall()]


# Any: what a database takes as a parameter.
def _lists(values: list[str], scopes: list[int]) -> tuple[str, str, list[Any]]:
    if connections["default"].vendor == "postgresql":
        return "= ANY(%s)", "= ANY(%s)", [values, scopes]
    inside = "IN (SELECT value FROM json_each(%s))"
    return inside, inside, [json.dumps(values), json.dumps(scopes)]


def _ask(sql: str, params: Sequence[Any]) -> list[Keyed]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, params)
        return [Keyed(t, v, uuid.UUID(str(r))) for t, v, r in cursor.fetchall()]
