"""An agency's programs: which accounts its manager may give keys to and have told of changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import OVERSEE, READ_CONFIDENTIAL, READ_WITHHELD
from tapal.core.text import Text
from tapal.flow.keys import Key, keys_of
from tapal.flow.officers import actor_of, valid_mandates
from tapal.flow.share.compile import today
from tapal.flow.share.rows import as_uuid
from tapal.store.models import Notice, Officer, Subscription

MANAGE = "program.edit"
_BEYOND = frozenset({READ_CONFIDENTIAL, READ_WITHHELD, OVERSEE})
"""What a key would let its holder read: nobody gives away what he may not read himself."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account at one post of the manager's agency, and whether he may speak for it."""

    officer: Officer
    post: str
    seat: Actor

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.officer.username}@{self.post}"


def accounts(manager: Actor) -> list[Account]:
    """The accounts of his agency that he may give keys to, each at each of its posts, by user name."""
    _need(manager)
    found = []
    rows = Officer.objects.filter(is_active=True, mandates__agency_id=manager.agency).distinct()
    for officer in rows.order_by("username").prefetch_related("mandates"):
        for post in _posts(officer, manager):
            try:
                seat = actor_of(officer, post or None, agency=manager.agency)
            except Denied:
                continue
            if not (seat.powers & _BEYOND) - manager.powers:
                found.append(Account(officer, post, seat))
    return found


def account(manager: Actor, value: str) -> Account:
    """One of them as a form named it. Raises Rejected, hidden and absent alike."""
    found = next((each for each in accounts(manager) if each.value == value), None)
    if found is None:
        raise Rejected(
            Text("Akun itu tidak dapat dipakai.", "That account cannot be used."),
            Text("Pilih satu akun dari daftar.", "Choose one of the list."),
            place="account",
        )
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A key of one of the agency's accounts."""

    officer: Officer
    key: Key


def keys(manager: Actor) -> list[Held]:
    """Every key that holds for the manager's agency."""
    _need(manager)
    rows = Officer.objects.filter(mandates__agency_id=manager.agency).distinct()
    return [
        Held(officer, key)
        for officer in rows.order_by("username")
        for key in keys_of(officer)
        if key.agency == manager.agency and _within(manager, key.post or "")
    ]


def key(manager: Actor, number: str, serial: int) -> Held:
    """One of them. Raises Missing, hidden and absent alike."""
    found = (h for h in keys(manager) if h.officer.number == number and h.key.serial == serial)
    held = next(found, None)
    if held is None:
        raise Missing
    return held


def subscriptions(manager: Actor) -> list[Subscription]:
    """Those of the agency that hold, the newest first."""
    _need(manager)
    rows = Subscription.objects.filter(agency_id=manager.agency, ended_at=None)
    if manager.post is not None:
        rows = rows.filter(post=manager.post)
    return list(rows.select_related("officer").order_by("-id"))


def subscription(manager: Actor, subscription_id: object) -> Subscription:
    """One of them. Raises Missing, hidden and absent alike."""
    wanted = str(subscription_id)
    found = next((row for row in subscriptions(manager) if str(row.pk) == wanted), None)
    if found is None:
        raise Missing
    return found


def notices(manager: Actor, state: str, after: str = "", limit: int = 50) -> list[Notice]:
    """What was sent, waits, was given up or is void, the newest first."""
    held = subscriptions(manager)
    rows = Notice.objects.filter(subscription__in=held, state=state).select_related("subscription")
    if after:
        rows = rows.filter(id__lt=as_uuid(after))
    return list(rows.order_by("-id")[:limit])


def given_up(manager: Actor, notice_id: object) -> bool:
    """Whether a notice of the agency was given up."""
    rows = Notice.objects.filter(subscription__in=subscriptions(manager), state="dead")
    return rows.filter(pk=as_uuid(str(notice_id))).exists()


def has_mandate(row: Subscription) -> bool:
    """Whether its account may still look at anything there: else it is told nothing more."""
    try:
        actor_of(row.officer, row.post or None, agency=row.agency_id)
    except Denied:
        return False
    return True


def _posts(officer: Officer, manager: Actor) -> Iterator[str]:
    held = valid_mandates(officer, today(timezone.now()))
    posts = {m.place_id or "" for m in held if m.agency_id == manager.agency}
    return (post for post in sorted(posts) if _within(manager, post))


def _within(manager: Actor, post: str) -> bool:
    """A manager of one post has its accounts; one of the whole agency has all."""
    return manager.post is None or manager.post == post


def _need(manager: Actor) -> None:
    if MANAGE not in manager.powers:
        raise Denied
