"""Write notices from the log: each subscription reads it through the door, as a program would."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tapal.core.errors import Denied, Rejected
from tapal.core.marking import Purpose
from tapal.flow.officers import actor_of
from tapal.flow.outbox.waits import TRIES
from tapal.flow.share import Door, open_door
from tapal.flow.share.changes import newest
from tapal.store.models import Notice, Reply, Subscription

AT_ONCE = 100
"""Changes told in one notice."""
MOST_WAITING = 1_000
"""Notices that may wait for one target: past them its cursor stands still, and nothing is lost."""


class Writer:
    """Follows the log for every subscription; remembers how far it had looked, to leave quiet logs alone."""

    def __init__(self) -> None:
        self._seen: dict[uuid.UUID, int] = {}

    def step(self) -> int:
        """One notice at most for each subscription; returns how many were written."""
        top, written = newest(), 0
        for pk in Subscription.objects.filter(ended_at=None).values_list("pk", flat=True):
            if self._seen.get(pk) == top:
                continue
            more = _write(pk)
            written += more
            if not more:
                self._seen[pk] = top
        return written


def write_notices() -> int:
    """Write everything that there is to tell now; returns how many notices."""
    writer, written = Writer(), 0
    while more := writer.step():
        written += more
    return written


def door_for(subscription: Subscription) -> Door:
    """The reading door as its account may open it today. Raises Denied where it may not."""
    actor = actor_of(subscription.officer, subscription.post or None, agency=subscription.agency_id)
    return open_door(actor, Purpose(subscription.purpose))


@transaction.atomic
def _write(pk: uuid.UUID) -> int:
    """The next notice of one subscription, its cursor moved with it; 0 where there is nothing more."""
    row = Subscription.objects.select_for_update(of=("self",)).filter(pk=pk, ended_at=None)
    held = row.select_related("officer").first()
    if held is None or held.notices.filter(state="waiting").count() >= MOST_WAITING:
        return 0
    if held.carrier:
        return _write_answers(held)
    try:
        page = door_for(held).changes(cursor=held.cursor, limit=AT_ONCE)
    except (Denied, Rejected):
        # Its account may look at nothing today: it is told nothing, and goes on where it stood.
        return 0
    told = [c for c in page.rows if not held.types or c.type in held.types]
    if not page.rows or page.next is None:
        return 0
    if told:
        _note(held, page.next, [c.id for c in told], timezone.now())
    held.cursor = page.next
    held.save(update_fields=["cursor"])
    return 1


def _write_answers(held: Subscription) -> int:
    """A notice for each answer to the carrier's lists that it has none for."""
    fresh = Reply.objects.filter(
        message__sender=held.carrier, message__agency=held.agency_id, made_at__gte=held.made_at
    ).exclude(notices__subscription=held)
    now, written = timezone.now(), 0
    for reply in fresh.order_by("id")[:AT_ONCE]:
        _note(held, "", [], now, reply)
        written += 1
    return written


def _note(
    held: Subscription, upto: str, changes: list[str], now: datetime, reply: Reply | None = None
) -> None:
    Notice.objects.create(
        subscription=held,
        after=held.cursor,
        upto=upto,
        changes=changes,
        reply=reply,
        tries_left=TRIES,
        next_at=now,
        made_at=now,
    )
