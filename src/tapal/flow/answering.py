"""Keep the answers to senders as things stand: follow the log, look again at what it touched.

A message is marked as due in the transaction that moves the cursor, so that a kill loses none.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tapal.core.errors import Missing, Rejected, Unavailable
from tapal.flow import unscreened
from tapal.flow.replies import answer
from tapal.flow.sequence import SEQUENCER
from tapal.kinds import KINDS
from tapal.store.models import Alert, Cursor, Event, Message, Record, Reject, ReplyDue
from tapal.store.queries import wall

log = logging.getLogger(__name__)

CURSOR = "replies"
AT_ONCE = 1_000
"""Numbers of the log that are looked at in one go."""
MOST = 20
"""Messages that are answered in one go."""
AGAIN = timedelta(seconds=60)
"""When a message is looked at again of which something is not judged or not screened yet."""
ANSWERED = tuple(
    form.name for kind in KINDS.values() for form in kind.formats if form.reply is not None
)
_ALERTS = ("alert.opened", "alert.joined", "alert.closed", "alert.reopened")
_TYPES = ("message.read", "record.revised", "reject.mended", *_ALERTS)


def keep_answers() -> int:
    """Mark what the log touched, and answer what is due; returns how much was done."""
    with wall.everything():
        return _follow() + sum(_look(pk) for pk in _due())


@transaction.atomic
def _follow() -> int:
    Cursor.objects.get_or_create(name=CURSOR)
    cursor = Cursor.objects.select_for_update().get(name=CURSOR)
    top = Cursor.objects.filter(name=SEQUENCER).values_list("position", flat=True).first() or 0
    upto = min(cursor.position + AT_ONCE, top)
    if upto <= cursor.position:
        return 0
    touched = _touched(
        Event.objects.filter(seq__gt=cursor.position, seq__lte=upto, type__in=_TYPES)
    )
    now = timezone.now()
    for pk in touched:
        ReplyDue.objects.update_or_create(message_id=pk, defaults={"at": now})
    cursor.position = upto
    cursor.save(update_fields=["position"])
    return 1


def _touched(events: Iterable[Event]) -> list[uuid.UUID]:
    """The messages that may be answered otherwise after some events."""
    by_type: dict[str, set[str]] = {}
    for event in events:
        by_type.setdefault(event.type.partition(".")[0], set()).add(event.subject)
    rows = Message.objects.filter(format__in=ANSWERED)
    found = set(rows.filter(pk__in=_ids(by_type, "message")).values_list("pk", flat=True))
    held = set(_ids(by_type, "record"))
    held |= set(_of_alerts(_ids(by_type, "alert")))
    found |= set(rows.filter(stored__in=held).values_list("pk", flat=True))
    mended = Reject.objects.filter(pk__in=_ids(by_type, "reject"), message__format__in=ANSWERED)
    found |= set(mended.values_list("message_id", flat=True))
    # A part that was mended lies in a message of its own: its acts touch the one it came from.
    parts = Reject.objects.filter(mended_by__stored__in=held, message__format__in=ANSWERED)
    return sorted(found | set(parts.values_list("message_id", flat=True)))


def _ids(by_type: dict[str, set[str]], name: str) -> list[uuid.UUID]:
    found = []
    for subject in by_type.get(name, ()):
        try:
            found.append(uuid.UUID(subject))
        except ValueError:
            continue
    return found


def _of_alerts(ids: list[uuid.UUID]) -> Iterable[uuid.UUID]:
    rested = Alert.objects.filter(pk__in=ids, findings__withdrawn_at__isnull=True)
    return rested.values_list("findings__record_id", flat=True)


def _due() -> list[uuid.UUID]:
    rows = ReplyDue.objects.filter(at__lte=timezone.now()).order_by("at")
    return list(rows.values_list("pk", flat=True)[:MOST])


@transaction.atomic
def _look(pk: uuid.UUID) -> int:
    """Answer one message that is due; 0 where it must wait or another has it."""
    due = ReplyDue.objects.select_for_update().filter(pk=pk, at__lte=timezone.now()).first()
    if due is None:
        return 0
    try:
        made = answer(pk)
    except Unavailable:
        return _later(due)
    except (Missing, Rejected) as wrong:
        # It asks for no answer, or cannot be given one: `tapal reply` and its page say why.
        log.info("message %s is not answered: %s", pk, type(wrong).__name__)
        due.delete()
        return 0
    ids = [str(i) for i in Record.objects.filter(message_id=pk).values_list("pk", flat=True)]
    if unscreened.among(ids):
        return _later(due) + made.fresh
    due.delete()
    return 1


def _later(due: ReplyDue) -> int:
    due.at = timezone.now() + AGAIN
    due.save(update_fields=["at"])
    return 0
