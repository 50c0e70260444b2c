"""Send what waits: each notice under one id however often, by who claimed it, in bounded time."""

from __future__ import annotations

import json
import logging
import smtplib
import time
import uuid
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import replies
from tapal.flow.events import record_event
from tapal.flow.outbox.subscribing import EMAIL, secrets_of
from tapal.flow.outbox.waits import LEASE, TRIES, next_try, rest
from tapal.flow.outbox.webhook import post, signed
from tapal.flow.outbox.writing import door_for
from tapal.flow.share.seen_feed import SeenChange
from tapal.store.models import Notice, Reply, Subscription

log = logging.getLogger(__name__)

SENT, DEAD, WAITING, VOID = "sent", "dead", "waiting", "void"
NO_MANDATE = "the account may see nothing any more"
NOTHING_LEFT = "nothing of it may be seen any more"
OVERTAKEN = "a newer answer stands"
_SUBJECT = "Tapal: ada perubahan / something changed"
_TEXT = Text(
    "Ada perubahan yang dapat Anda lihat di Tapal ({node}). Masuklah untuk membacanya.",
    "Something changed that you may see in Tapal ({node}). Log in to read it.",
)


def send_due(most: int = 20) -> int:
    """Send what is due, the oldest first; returns how many were tried."""
    now, tried = timezone.now(), 0
    awake = Q(subscription__rests_until=None) | Q(subscription__rests_until__lte=now)
    due = Notice.objects.filter(awake, state=WAITING, next_at__lte=now, subscription__ended_at=None)
    for pk in list(due.order_by("next_at").values_list("pk", flat=True)[:most]):
        tried += _send(pk)
    return tried


@transaction.atomic
def retry(notice_id: str, *, by: str) -> None:
    """Have a notice that was given up sent again, under its id. Raises Missing."""
    now = timezone.now()
    try:
        again = Notice.objects.filter(pk=notice_id, state=DEAD, subscription__ended_at=None).update(
            state=WAITING, tries_left=TRIES, next_at=now, done_at=None
        )
    except ValidationError:
        raise Missing from None
    if not again:
        raise Missing
    Subscription.objects.filter(notices=uuid.UUID(str(notice_id))).update(rests_until=None)
    record_event("notice.retried", str(notice_id), {}, actor=by)


def _send(pk: uuid.UUID) -> int:
    """Claim one notice and send it; 0 where another has it, or its target has come to rest."""
    now = timezone.now()
    notice = (
        Notice.objects.select_related("subscription__officer", "reply__message")
        .filter(pk=pk)
        .first()
    )
    if notice is None or _rests(notice.subscription, now):
        return 0
    claimed = Notice.objects.filter(
        pk=pk, state=WAITING, attempts=notice.attempts, next_at__lte=now
    ).update(attempts=F("attempts") + 1, next_at=now + LEASE)
    if not claimed:
        return 0
    notice.attempts += 1
    try:
        void, told = _left_to_tell(notice)
    except (Denied, Rejected):
        void, told = NO_MANDATE, []
    if void:
        _settle(notice, void, VOID)
        return 1
    try:
        trouble = _by_channel(notice, told)
    except Rejected as wrong:
        trouble = wrong.reason.en
    _settle(notice, trouble)
    return 1


def _left_to_tell(notice: Notice) -> tuple[str, list[SeenChange]]:
    """Why nothing may be told, or "" and what may. Raises Denied where its account may look no more."""
    if notice.reply is None:
        told = _still_seen(notice)
        return ("" if told else NOTHING_LEFT), told
    door_for(notice.subscription)
    # Sent late, an answer would undo the one that came after it.
    newer = Reply.objects.filter(message=notice.reply.message_id, id__gt=notice.reply_id)
    return (OVERTAKEN if newer.exists() else ""), []


def _still_seen(notice: Notice) -> list[SeenChange]:
    """Of the changes of a notice those that its reader may see now."""
    door, wanted, cursor = door_for(notice.subscription), set(notice.changes), notice.after
    found: list[SeenChange] = []
    for _ in range(10):
        page = door.changes(cursor=cursor, limit=200)
        found += [change for change in page.rows if change.id in wanted]
        if len(found) == len(wanted) or not page.rows or page.next is None:
            break
        cursor = page.next
    return found


def _by_channel(notice: Notice, told: list[SeenChange]) -> str:
    held = notice.subscription
    if held.channel == EMAIL:
        return _mail(held.target, str(notice.pk))
    if notice.reply is not None:
        how = replies.answering(notice.reply.message)
        return _post(notice, replies.bytes_of(notice.reply), how.media_type if how else "")
    body = json.dumps(
        {
            "type": "changes",
            "timestamp": notice.made_at.isoformat(),
            "data": {
                "items": [
                    {"id": c.id, "type": c.type, "about": c.about, "subject": c.subject}
                    for c in told
                ],
                "next": notice.upto,
            },
        }
    ).encode()
    return _post(notice, body, "application/json")


def _post(notice: Notice, body: bytes, media_type: str) -> str:
    held = notice.subscription
    secrets = secrets_of(held, timezone.now())
    headers = signed(secrets, str(notice.pk), int(time.time()), body)
    return post(held.target, body, headers, media_type)


def _mail(target: str, notice: str) -> str:
    """A letter that says that there is something to read, and nothing of what; "" when it was taken."""
    said = _TEXT.fill(node=settings.TAPAL_NODE)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    letter = EmailMessage(
        _SUBJECT,
        f"{said.id}\n\n{said.en}\n",
        to=[target],
        headers={"Message-ID": f"<{notice}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as trouble:
        return type(trouble).__name__
    return ""


@transaction.atomic
def _settle(notice: Notice, trouble: str, state: str = "") -> None:
    """Write down what came of an attempt, unless it was overtaken."""
    now, left = timezone.now(), max(0, notice.tries_left - 1)
    state = state or (SENT if not trouble else WAITING if left else DEAD)
    written = Notice.objects.filter(pk=notice.pk, state=WAITING, attempts=notice.attempts).update(
        state=state,
        tries_left=left,
        next_at=now + next_try(TRIES - left),
        trouble=trouble[:200],
        done_at=None if state == WAITING else now,
    )
    if not written or state == VOID:
        return
    _rest(notice.subscription, failed=bool(trouble), now=now)
    if state == DEAD:
        record_event("notice.dead", str(notice.pk), {"trouble": trouble[:200]})


def _rest(held: Subscription, *, failed: bool, now: datetime) -> None:
    """Count the failures of a target in a row: whoever else is told there rests with it."""
    there = Subscription.objects.filter(channel=held.channel, target=held.target, ended_at=None)
    rows = list(there.select_for_update().order_by("id"))
    failures = max((row.failures for row in rows), default=0) + 1 if failed else 0
    wait = rest(failures)
    there.update(failures=failures, rests_until=now + wait if wait else None)


def _rests(held: Subscription, now: datetime) -> bool:
    fresh = Subscription.objects.filter(pk=held.pk).values_list("rests_until", "ended_at").first()
    return fresh is None or fresh[1] is not None or (fresh[0] is not None and fresh[0] > now)
