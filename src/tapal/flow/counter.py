"""The road run inline: what is handed in at a counter is answered before the next traveller steps up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from tapal.flow.intake import HandIn, Reading, take_and_read
from tapal.flow.work import claimant_name, work_one
from tapal.store.models import Record, Work

# How long to wait where the worker has just taken our record in hand.
PATIENCE_SECONDS = 5.0


def answer_now(data: bytes, given: HandIn) -> Reading:
    """Take and read a message and work just its own records; bulk work is left to the worker.

    Where somebody else holds a record for longer than the counter can wait, it is stored and not
    worked: its answer comes, and whoever looks at it is told so.
    """
    reading = take_and_read(data, replace(given, urgent=True))
    ids = [item.id for item in reading.items if item.status == "record"]
    end = time.monotonic() + PATIENCE_SECONDS
    while waiting := unworked(ids):
        for number in batches_with(waiting):
            work_one(claimant_name(), only=number)
        if time.monotonic() > end:
            break
        if unworked(ids):
            time.sleep(0.02)
    return reading


def unworked(ids: Sequence[str]) -> list[str]:
    """Those of the records that have no answer yet."""
    rows = Record.objects.filter(pk__in=ids, worked=False).values_list("pk", flat=True)
    return [str(i) for i in rows]


def batches_with(ids: Sequence[str]) -> list[int]:
    """The urgent batches that hold these records."""
    wanted = set(ids)
    urgent = Work.objects.filter(urgent=True).order_by("-id").values_list("pk", "records")[:50]
    return [pk for pk, records in urgent if wanted & set(records)]
