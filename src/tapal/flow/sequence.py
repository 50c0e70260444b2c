"""The one sequencer: numbers events after they are committed, without gaps, one process at a time."""

from __future__ import annotations

from django.db import connection, transaction

from tapal.store.models import Cursor, Event

SEQUENCER = "sequencer"


def number_events(limit: int = 2000) -> int:
    """Give the next numbers to committed events that have none; returns how many.

    The cursor's row lock makes it one sequencer: a second one waits and then goes on behind it.
    Readers that use only `seq` can therefore never pass an event that commits late.
    """
    with transaction.atomic():
        Cursor.objects.get_or_create(name=SEQUENCER)
        cursor = Cursor.objects.select_for_update().get(name=SEQUENCER)
        waiting = list(
            Event.objects.filter(seq__isnull=True)
            .order_by("id")
            .values_list("pk", flat=True)[:limit]
        )
        if not waiting:
            return 0
        prepare = Event._meta.get_field("id").get_db_prep_value
        rows = [
            (cursor.position + n, prepare(pk, connection)) for n, pk in enumerate(waiting, start=1)
        ]
        with connection.cursor() as sql:
            sql.executemany(f"UPDATE {Event._meta.db_table} SET seq = %s WHERE id = %s", rows)
        cursor.position += len(rows)
        cursor.save(update_fields=["position"])
    return len(waiting)


def number_all() -> int:
    """Number everything that is committed now."""
    total = 0
    while done := number_events():
        total += done
    return total
