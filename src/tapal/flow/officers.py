"""Officers and their mandates: who he is at this post today, and every change of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import EDIT_MANDATES, EDIT_OFFICERS, Role, powers_of_roles
from tapal.core.text import Text
from tapal.data import table
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.share.compile import today
from tapal.store.models import Agency, Mandate, Officer, Place


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """Every role with its powers."""
    return {
        row["code"]: Role(
            row["code"],
            Text(row["label_id"], row["label_en"]),
            frozenset(p for p in row["powers"].split(";") if p),
        )
        for row in table("roles.csv")
    }


def actor_of(
    officer: Officer,
    post: str | None = None,
    *,
    agency: str | None = None,
    now: datetime | None = None,
) -> Actor:
    """The officer as he may act at a post, or without one, now.

    A mandate without a place holds at every post; without a post all his mandates count only when
    they have no place. `agency` chooses where he has mandates from several. Raises Denied when no
    mandate holds.
    """
    day = today(now or timezone.now())
    held = [m for m in valid_mandates(officer, day) if m.place_id in (None, post)]
    chosen = [m for m in held if agency in (None, m.agency_id)]
    if not officer.is_active or not chosen:
        raise Denied
    code = agency or min(m.agency_id for m in chosen)
    powers = powers_of_roles((m.role for m in chosen if m.agency_id == code), roles())
    name = officer.get_full_name() or officer.username
    return Actor(str(officer.pk), officer.number, name, code, post, powers)


def valid_mandates(officer: Officer, day: date) -> list[Mandate]:
    """The mandates that hold on a day, of agencies that exist on it."""
    return list(
        officer.mandates.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
        .filter(Q(agency__valid_to=None) | Q(agency__valid_to__gte=day))
        .select_related("agency", "place")
        .order_by("agency_id", "place_id", "id")
    )


def posts_of(officer: Officer, now: datetime | None = None) -> Sequence[str | None]:
    """The posts at which he may sit down; None among them where a mandate holds everywhere."""
    found = {m.place_id for m in valid_mandates(officer, today(now or timezone.now()))}
    return sorted(found, key=lambda post: post or "")


def powers_of(officer: Officer, post: str | None, now: datetime | None = None) -> frozenset[str]:
    """His powers at a post, none where he has no mandate."""
    try:
        return actor_of(officer, post, now=now).powers
    except Denied:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be an officer. `number` is the service number, which never changes."""

    username: str
    name: str
    number: str
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Given:
    """A mandate to be given, from its first day to its last."""

    agency: str
    role: str
    valid_from: date
    place: str | None = None
    valid_to: date | None = None


@transaction.atomic
def create_officer(person: Person, password: str, *, actor: Actor) -> Officer:
    """Make an officer without any mandate. Raises Denied without the power, Rejected for a doubled name or number."""
    _allow(actor, EDIT_OFFICERS)
    if Officer.objects.filter(Q(username=person.username) | Q(number=person.number)).exists():
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
    _set_password(officer, password)
    officer.save()
    record_event("officer.saved", person.number, _told(officer), actor=actor.number)
    return officer


@transaction.atomic
def change_officer(
    officer: Officer,
    *,
    actor: Actor,
    name: str | None = None,
    language: str | None = None,
    active: bool | None = None,
) -> None:
    """Change name, language or whether he may log in. Raises Denied without the power."""
    _allow(actor, EDIT_OFFICERS)
    if name is not None:
        officer.first_name, _, officer.last_name = name.partition(" ")
    officer.language = language or officer.language
    officer.is_active = officer.is_active if active is None else active
    officer.save(update_fields=["first_name", "last_name", "language", "is_active"])
    record_event("officer.saved", officer.number, _told(officer), actor=actor.number)


@transaction.atomic
def give_mandate(officer: Officer, given: Given, *, actor: Actor) -> Mandate:
    """Give a mandate to another. Raises Denied without the power or for oneself, Rejected for an
    unknown name or turned days."""
    _allow(actor, EDIT_MANDATES)
    if officer.number == actor.number:
        raise Denied
    _check(given)
    mandate = Mandate.objects.create(
        officer=officer,
        agency_id=given.agency,
        place_id=given.place,
        role=given.role,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )
    record_event("mandate.given", officer.number, _mandate(mandate), actor=actor.number)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, last_day: date, *, actor: Actor) -> None:
    """End a mandate after its last day; yesterday ends it at once. The row stays as history.

    Raises Denied without the power, Rejected when it had already ended earlier.
    """
    _allow(actor, EDIT_MANDATES)
    if mandate.valid_to is not None and mandate.valid_to < last_day:
        raise Rejected(
            Text("Mandat itu sudah berakhir lebih dulu.", "That mandate ended earlier."),
            Text("Berikan mandat baru.", "Give a new mandate."),
            place="valid_to",
        )
    # One that ends before it began never held.
    mandate.valid_to = max(last_day, mandate.valid_from - timedelta(days=1))
    mandate.save(update_fields=["valid_to"])
    record_event("mandate.ended", mandate.officer.number, _mandate(mandate), actor=actor.number)


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


def note_login(officer: Officer, how: str, *, good: bool) -> None:
    """Write down that an officer came in, or that somebody tried in his name: by password or PIN."""
    type_ = "officer.logged_in" if good else "officer.login_refused"
    record_event(type_, officer.number, {"how": how}, actor=officer.number if good else SYSTEM)


def note_key(officer: Officer, *, actor: Actor) -> None:
    """Write down that an officer made himself a key for a program."""
    content = {"agency": actor.agency, "post": actor.post}
    record_event("officer.key_given", officer.number, content, actor=actor.number)


def check_pin(officer: Officer, pin: str) -> bool:
    """True for the officer's own code; as slow for one who has none."""
    if not officer.pin_hash:
        make_password(pin)
        return False
    return officer.is_active and check_password(pin, officer.pin_hash)


def _too_plain(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def _set_password(officer: Officer, password: str) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as weak:
        raise Rejected(
            Text("Kata sandi itu terlalu lemah.", "That password is too weak."),
            Text(" ".join(weak.messages), " ".join(weak.messages)),
            place="password",
        ) from None
    officer.set_password(password)


def _check(given: Given) -> None:
    unknown = None
    if given.role not in roles():
        unknown = given.role
    elif not Agency.objects.filter(pk=given.agency).exists():
        unknown = given.agency
    elif given.place and not Place.objects.filter(pk=given.place).exists():
        unknown = given.place
    if unknown is not None:
        raise Rejected(
            Text("{x} tidak dikenal.", "{x} is not known.").fill(x=unknown),
            Text("Pilih dari daftar.", "Choose from the list."),
            place="mandate",
        )
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise Rejected(
            Text("Hari terakhir mendahului hari pertama.", "The last day is before the first."),
            Text("Balik kedua tanggal.", "Turn the two days round."),
            place="valid_to",
        )


def _allow(actor: Actor, power: str) -> None:
    if power not in actor.powers:
        raise Denied


def find_officer(number: str) -> Officer:
    """An officer by his service number. Raises Missing."""
    officer = Officer.objects.filter(number=number).first()
    if officer is None:
        raise Missing
    return officer


def _told(officer: Officer) -> dict[str, object]:
    return {
        "name": officer.get_full_name(),
        "username": officer.username,
        "language": officer.language,
        "active": officer.is_active,
    }


def _mandate(mandate: Mandate) -> dict[str, object]:
    return {
        "agency": mandate.agency_id,
        "place": mandate.place_id,
        "role": mandate.role,
        "valid_from": mandate.valid_from.isoformat(),
        "valid_to": mandate.valid_to.isoformat() if mandate.valid_to else None,
    }
