"""Set up who is told of changes, and end it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.outbox.targets import LONGEST, addresses, checked
from tapal.flow.outbox.webhook import PREFIX
from tapal.flow.share import open_door
from tapal.flow.share.changes import FEED
from tapal.store.models import Officer, Subscription

WEBHOOK, EMAIL = "webhook", "email"
MOST = 20
OVERLAP = timedelta(hours=24)
"""How long the secret before the present one holds still."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be told to whom: changes of `types` (all where none is named), for one purpose.

    With a `carrier` it is the answers to his passenger lists instead.
    """

    channel: str
    target: str
    purpose: Purpose
    types: Sequence[str] = ()
    carrier: str = ""


@transaction.atomic
def subscribe(officer: Officer, actor: Actor, wish: Wish, *, by: str) -> Subscription:
    """Tell a target from now on what the account may see as `actor`.

    Raises Rejected for a target, a type or a channel that cannot be; Denied for a purpose that is
    not his.
    """
    _check(officer, wish)
    start = open_door(actor, wish.purpose).changes(from_now=True, limit=1).next or ""
    made = Subscription.objects.create(
        officer=officer,
        agency_id=actor.agency,
        post=actor.post or "",
        purpose=wish.purpose,
        channel=wish.channel,
        target=wish.target,
        types=sorted(set(wish.types)),
        carrier=wish.carrier.strip(),
        cursor=start,
        made_by=by,
        made_at=timezone.now(),
    )
    told = {
        "officer": officer.number,
        "agency": made.agency_id,
        "purpose": made.purpose,
        "channel": made.channel,
        "target": made.target,
        "types": made.types,
        "carrier": made.carrier,
    }
    record_event("notice.subscribed", str(made.pk), told, actor=by)
    return made


@transaction.atomic
def end(subscription_id: str, *, by: str) -> None:
    """Tell a target nothing more; what still waits is not sent. Raises Missing."""
    now = timezone.now()
    try:
        ended = Subscription.objects.filter(pk=subscription_id, ended_at=None).update(ended_at=now)
    except ValidationError:
        raise Missing from None
    if not ended:
        raise Missing
    record_event("notice.ended", str(subscription_id), {}, actor=by)


@transaction.atomic
def turn_secret(subscription_id: str, *, by: str) -> Subscription:
    """Give a subscription a new secret; notices are signed with both until the overlap ends. Raises Missing."""
    try:
        rows = Subscription.objects.select_for_update().filter(pk=subscription_id, ended_at=None)
        held = rows.filter(channel=WEBHOOK).first()
    except ValidationError:
        raise Missing from None
    if held is None:
        raise Missing
    held.turn += 1
    held.old_until = timezone.now() + OVERLAP
    held.save(update_fields=["turn", "old_until"])
    record_event("notice.secret_turned", str(held.pk), {"turn": held.turn}, actor=by)
    return held


def secrets_of(subscription: Subscription, now: datetime) -> list[str]:
    """The secrets that a notice is signed with now, the newest first."""
    found = [secret_of(subscription)]
    if subscription.old_until is not None and now < subscription.old_until:
        found.append(_secret(subscription, subscription.turn - 1))
    return found


def secret_of(subscription: Subscription) -> str:
    """The secret with which its webhooks are signed; it is made from the node's key, and kept nowhere."""
    return _secret(subscription, subscription.turn)


def _secret(subscription: Subscription, turn: int) -> str:
    of = f"{subscription.pk}.{turn}"
    made = salted_hmac("tapal.webhook", of, algorithm="sha256").digest()
    assert len(made) == hashlib.sha256().digest_size
    return PREFIX + base64.b64encode(made).decode()


def _check(officer: Officer, wish: Wish) -> None:
    unknown = sorted(set(wish.types) - FEED)
    if unknown:
        raise _refused(
            "type",
            Text("Jenis perubahan tidak dikenal: {t}.", "No such change: {t}.").fill(
                t=", ".join(unknown)
            ),
            Text("Sebutkan di antara: {t}.", "Name some of: {t}.").fill(t=", ".join(sorted(FEED))),
        )
    if Subscription.objects.filter(officer=officer, ended_at=None).count() >= MOST:
        raise _refused(
            "target",
            Text("Sudah {n} pemberitahuan.", "There are {n} already.").fill(n=MOST),
            Text("Akhiri yang tidak dipakai lagi.", "End those that are no longer used."),
        )
    if wish.carrier and wish.channel != WEBHOOK:
        raise _refused(
            "carrier",
            Text(
                "Jawaban kepada pengangkut hanya dikirim lewat webhook.",
                "Answers to carriers go by webhook alone.",
            ),
            Text("Sebutkan alamat https:// miliknya.", "Name his https:// address."),
        )
    if wish.channel == WEBHOOK:
        # A node without a line cannot look the name up: each sending does it again anyway.
        with suppress(OSError):
            addresses(checked(wish.target))
        return
    try:
        validate_email(wish.target)
        right = wish.channel == EMAIL and len(wish.target) <= LONGEST
    except ValidationError:
        right = False
    if not right:
        raise _refused(
            "target",
            Text("Alamat surel itu tidak dapat dikirimi.", "That is no e-mail address."),
            Text("Sebutkan satu alamat.", "Name one address."),
        )


def _refused(place: str, reason: Text, mend: Text) -> Rejected:
    return Rejected(reason, mend, place=place)
