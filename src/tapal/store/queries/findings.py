"""A condition on alerts: whether a reader could see any of their findings, roughly and fast."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence

from django.db import connections


def some_finding(paths: Collection[str], highest: int, own: Collection[int]) -> str:
    """True of an alert `r` with a finding whose fields all lie in `paths`, or that is of an own scope.

    It lets through a little more than may be seen, never less: a field in a list (it bears a number)
    is taken for readable, and so is each of the paths in every scope.
    """
    named = ", ".join(f"'{path}'" for path in sorted(paths) if _plain(path)) or "''"
    if connections["default"].vendor == "postgresql":
        fields, numbered = "jsonb_array_elements_text(f.data->'fields') p(path)", "p.path ~ '[0-9]'"
    else:
        fields = "(SELECT value AS path FROM json_each(f.data, '$.fields')) p"
        numbered = "p.path GLOB '*[0-9]*'"
    hidden = f"SELECT 1 FROM {fields} WHERE p.path NOT IN ({named}) AND NOT {numbered}"
    readable = f"f.sensitivity <= {int(highest)} AND NOT EXISTS ({hidden})"
    if own:
        scopes = ", ".join(str(int(scope)) for scope in sorted(own))
        of_record = "SELECT o.scope_id FROM store_record o WHERE o.id = f.record_id"
        readable = f"({readable} OR ({of_record}) IN ({scopes}))"
    # A value, not EXISTS: that could be turned into a join that begins with all findings.
    return (
        "(SELECT f.id FROM store_finding f WHERE f.alert_id = r.id AND f.withdrawn_at IS NULL"
        f" AND {readable} LIMIT 1) IS NOT NULL"
    )


def open_to(ids: Sequence[uuid.UUID], only: str, own: Collection[int]) -> list[uuid.UUID]:
    """Those of some alerts that are of an own scope or meet what `some_finding` said, in their order."""
    if not ids:
        return []
    scopes = ", ".join(str(int(scope)) for scope in sorted(own)) or "NULL"
    postgres = connections["default"].vendor == "postgresql"
    among = "r.id = ANY(%s)" if postgres else "r.id IN (SELECT value FROM json_each(%s))"
    given = list(ids) if postgres else json.dumps([i.hex for i in ids])
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT r.id FROM store_alert r WHERE {among} AND (r.scope_id IN ({scopes}) OR {only})",
            [given],
        )
        found = {i if isinstance(i, uuid.UUID) else uuid.UUID(i) for (i,) in cursor.fetchall()}
    return [i for i in ids if i in found]


def _plain(path: str) -> bool:
    """A path as models name their fields; another one may not stand in a statement."""
    return path.replace("_", "").replace(".", "").isalnum() and path.isascii()
