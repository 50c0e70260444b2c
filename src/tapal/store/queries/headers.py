"""What of a record decides who reaches it, read for many records in one short statement."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from tapal.store.queries.walks import aware

Header = tuple[uuid.UUID, int, str, datetime]


def headers(ids: Sequence[uuid.UUID]) -> list[Header]:
    """(id, scope number, place, time of what happened) of those ids that are records, in any order."""
    connection = connections["default"]
    wanted: list[Any]  # what a database takes as a parameter
    postgres = connection.vendor == "postgresql"
    if postgres:
        inside, wanted = "= ANY(%s)", [list(ids)]
    else:
        inside = "IN (SELECT value FROM json_each(%s))"
        wanted = [json.dumps([i.hex for i in ids])]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, r.scope_id, r.place, r.occurred_at FROM store_record r WHERE r.id {inside}",
            wanted,
        )
        return [
            (id_ if postgres else uuid.UUID(id_), scope, place, aware(at))
            for id_, scope, place, at in cursor.fetchall()
        ]
