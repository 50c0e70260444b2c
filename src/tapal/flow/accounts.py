"""Accounts of officers: made, changed, switched off; PINs, and who came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.mandates import EDIT_OFFICERS
from tapal.core.text import Text
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.officers import must_reach, must_share_agency, open_mandates
from tapal.flow.passwords import set_first_password
from tapal.flow.share.compile import today
from tapal.store.models import Officer

# Who acts where no officer does; no officer may bear such a number.
SETUP, OPERATOR = "SETUP", "OPERATOR"
_TAKEN = frozenset(word.casefold() for word in (SYSTEM, SETUP, OPERATOR))
# Places of his earlier logins that are remembered, and for how long.
PLACES_KEPT = 8
PLACE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be an officer. `number` is the service number, which never changes."""

    username: str
    name: str
    number: str
    language: str = "id"


@transaction.atomic
def create_officer(
    person: Person, password: str, *, actor: Actor, temporary: bool = True
) -> Officer:
    """Make an officer without any mandate; he must change a `temporary` password when he comes in.

    Raises Denied without the power, Rejected for a doubled name or number or a weak password.
    """
    if EDIT_OFFICERS not in actor.powers:
        raise Denied
    doubled = Q(username__iexact=person.username) | Q(number__iexact=person.number)
    if person.number.casefold() in _TAKEN or Officer.objects.filter(doubled).exists():
        raise Rejected(
            Text(
                "Nama pengguna atau nomor pegawai sudah ada.", "The user name or number is taken."
            ),
            Text("Pakai yang lain.", "Use another one."),
            place="username",
        )
    first, _, last = person.name.partition(" ")
    officer = Officer(
        username=person.username,
        number=person.number,
        first_name=first,
        last_name=last,
        language=person.language,
    )
    set_first_password(officer, password, temporary=temporary)
    officer.save()
    record_event("officer.saved", person.number, told(officer), actor=actor.number)
    return officer


@transaction.atomic
def change_officer(
    officer: Officer, *, actor: Actor, name: str | None = None, language: str | None = None
) -> None:
    """Change name or language. Raises Denied without the power."""
    if EDIT_OFFICERS not in actor.powers:
        raise Denied
    if name is not None:
        officer.first_name, _, officer.last_name = name.partition(" ")
    officer.language = language or officer.language
    officer.save(update_fields=["first_name", "last_name", "language"])
    record_event("officer.saved", officer.number, told(officer), actor=actor.number)


@transaction.atomic
def switch_off(officer: Officer, *, actor: Actor) -> None:
    """Shut an officer out at once: one person is enough.

    Raises Denied without the power or where he has a mandate outside the actor's agency or post. To
    let him in again takes two: `proposals.propose_return`.
    """
    if EDIT_OFFICERS not in actor.powers:
        raise Denied
    day = today(timezone.now())
    held = open_mandates(officer, day)
    must_share_agency(actor, held, day)
    must_reach(actor, *(mandate.place_id for mandate in held))
    _shut_out(officer, actor.number)


@transaction.atomic
def switch_off_by_operator(officer: Officer) -> None:
    """The same by whoever runs the machine, for an officer of any agency."""
    _shut_out(officer, OPERATOR)


def _shut_out(officer: Officer, by: str) -> None:
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    record_event("officer.saved", officer.number, told(officer), actor=by)


@transaction.atomic
def set_pin(officer: Officer, pin: str, *, actor: Actor) -> None:
    """Set the officer's own short code. Raises Denied for another's, Rejected for a weak one."""
    if actor.number != officer.number:
        raise Denied
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12) or _too_plain(pin):
        raise Rejected(
            Text("PIN itu terlalu lemah.", "That PIN is too weak."),
            Text(
                "Pakai 6 sampai 12 angka, bukan angka berulang atau berurutan.",
                "Use 6 to 12 digits, not one repeated digit nor a run.",
            ),
            place="pin",
        )
    officer.pin_hash = make_password(pin)
    officer.save(update_fields=["pin_hash"])
    record_event("officer.pin_set", officer.number, {}, actor=actor.number)


def check_pin(officer: Officer, pin: str) -> bool:
    """True for the officer's own code; as slow for one who has none."""
    if not officer.pin_hash:
        make_password(pin)
        return False
    return officer.is_active and check_password(pin, officer.pin_hash)


@transaction.atomic
def note_login(officer: Officer, how: str, *, good: bool, place: str = "") -> None:
    """Write down that an officer came in, or that somebody tried in his name: by password or PIN.

    A `place` from which he came in is remembered as a keyed hash: see `comes_from`.
    """
    type_ = "officer.logged_in" if good else "officer.login_refused"
    record_event(type_, officer.number, {"how": how}, actor=officer.number if good else SYSTEM)
    if good and place:
        kept = Officer.objects.select_for_update().get(pk=officer.pk)
        seen = {**kept.came_from, hashed(place): timezone.now().isoformat()}
        latest = sorted(seen, key=lambda each: seen[each])[-PLACES_KEPT:]
        kept.came_from = {each: seen[each] for each in latest}
        kept.save(update_fields=["came_from"])


def comes_from(officer: Officer, place: str) -> bool:
    """True for a place from which he has come in by password lately."""
    at = officer.came_from.get(hashed(place))
    since = timezone.now() - timedelta(days=PLACE_DAYS)
    return at is not None and datetime.fromisoformat(at) > since


def hashed(text: str) -> str:
    """What is kept instead of an address or a name: the same each time, on this node alone."""
    return salted_hmac("tapal.login", text).hexdigest()[:40]


def told(officer: Officer) -> dict[str, object]:
    """What an event says of an account."""
    return {
        "name": officer.get_full_name(),
        "username": officer.username,
        "language": officer.language,
        "active": officer.is_active,
    }


def _too_plain(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}
