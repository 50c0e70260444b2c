"""Numbers of official papers: without gaps within one node, post, form and year."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tapal.store.models import Cursor, Record


def next_number(record: Record, form: str, now: datetime) -> str:
    """The next number of a form, in the caller's transaction: form/post/node/year/running number.

    The node stands in it, so that posts that are apart for days never issue one number twice.
    """
    name = f"number:{record.owner}:{form}:{record.place or '-'}:{now.year}"
    Cursor.objects.get_or_create(name=name)
    cursor = Cursor.objects.select_for_update().get(name=name)
    cursor.position += 1
    cursor.save(update_fields=["position"])
    where = record.place or record.owner
    return f"{form}/{where}/{settings.TAPAL_NODE}/{now.year}/{cursor.position:05d}"
