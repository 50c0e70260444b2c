"""Keys with which programs come in: each for one account at one agency and post, narrow, and with an end.

A key's own text is signed and held by its program alone. What stands here is what it may do and until
when, under its running number; a key whose number no longer stands does not hold. A new key for the
same work is given beside the old one, which goes on for as long as its program needs to change over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Cursor, Officer

INTAKE = "intake"
SCOPES: Mapping[str, Text] = {
    INTAKE: Text("menyerahkan kiriman", "hand messages in"),
    "records": Text("membaca catatan", "read records"),
    "search": Text("mencari catatan", "search records"),
    "alerts": Text("membaca peringatan", "read alerts"),
    "tasks": Text("membaca tugas", "read tasks"),
    "cases": Text("membaca perkara", "read cases"),
    "rejects": Text("membaca tolakan", "read rejects"),
    "changes": Text("mengikuti perubahan", "follow changes"),
    "lists": Text("membaca kemutakhiran daftar", "read how fresh the lists are"),
    "screen": Text("menyaring terhadap daftar", "screen against the lists"),
}
MOST_DAYS = 366
MOST_KEYS = 50
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Key:
    """What one key may do. An empty `purpose` leaves the account's own to be chosen at each request."""

    serial: int
    agency: str
    post: str | None
    scopes: tuple[str, ...]
    purpose: str
    label: str
    given_at: datetime
    until: datetime

    def told(self) -> dict[str, Any]:  # Any: JSON
        """The key as it is stored and as its event tells it."""
        times = {"given_at": self.given_at.isoformat(), "until": self.until.isoformat()}
        return asdict(self) | {"scopes": list(self.scopes)} | times


@transaction.atomic
def give_key(
    officer: Officer,
    actor: Actor,
    *,
    scopes: Iterable[str] = (INTAKE,),
    days: int = 90,
    purpose: str = "",
    label: str = "",
    by: str = "",
) -> Key:
    """A new key for an account as it acts at `actor`'s agency and post.

    Raises Rejected for a scope that there is not, a purpose that the account may not look for, a
    length beyond `MOST_DAYS`, or one key too many.
    """
    wanted = tuple(dict.fromkeys(scopes))
    _check(actor, wanted, days, purpose)
    now = timezone.now()
    shelf = _locked(officer)
    held = _holding(shelf, now)
    if len(held) >= MOST_KEYS:
        raise _refused(
            "keys",
            Text("Sudah {n} kunci berlaku.", "There are {n} keys already.").fill(n=MOST_KEYS),
            Text("Akhiri yang tidak dipakai lagi.", "End those that are no longer used."),
        )
    key = Key(
        serial=shelf.position + 1,
        agency=actor.agency,
        post=actor.post,
        scopes=wanted,
        purpose=purpose,
        label=label[:80],
        given_at=now,
        until=now + timedelta(days=days),
    )
    _keep(shelf, [*held, key])
    record_event("officer.key_given", officer.number, key.told(), actor=by or actor.number)
    return key


@transaction.atomic
def rotate_key(
    officer: Officer, serial: int, *, days: int = 90, overlap: timedelta = OVERLAP, by: str
) -> Key:
    """A new key that may do what the old one may; the old one ends after the overlap.

    Raises Missing for one that does not hold.
    """
    now = timezone.now()
    shelf = _locked(officer)
    held = {key.serial: key for key in _holding(shelf, now)}
    old = held.get(serial)
    if old is None:
        raise Missing
    ending = replace(old, until=min(old.until, now + overlap))
    length = timedelta(days=max(1, min(days, MOST_DAYS)))
    new = replace(old, serial=shelf.position + 1, given_at=now, until=now + length)
    _keep(shelf, [*(ending if k.serial == serial else k for k in held.values()), new])
    told = new.told() | {"instead_of": serial, "old_until": ending.until.isoformat()}
    record_event("officer.key_given", officer.number, told, actor=by)
    return new


@transaction.atomic
def end_key(officer: Officer, serial: int, *, by: str) -> None:
    """End a key at once. Raises Missing for one that does not hold."""
    shelf = _locked(officer)
    held = _holding(shelf, timezone.now())
    left = [key for key in held if key.serial != serial]
    if len(left) == len(held):
        raise Missing
    _keep(shelf, left)
    record_event("officer.key_ended", officer.number, {"serial": serial}, actor=by)


def keys_of(officer: Officer) -> Sequence[Key]:
    """The account's keys that hold now, the oldest first."""
    shelf = Cursor.objects.filter(name=_name(officer.pk)).first()
    return _holding(shelf, timezone.now()) if shelf else []


def key_held(officer_pk: int, serial: int) -> Key | None:
    """The key of this number, None where it has ended."""
    shelf = Cursor.objects.filter(name=_name(officer_pk)).first()
    held = _holding(shelf, timezone.now()) if shelf else []
    return next((key for key in held if key.serial == serial), None)


def _check(actor: Actor, scopes: Sequence[str], days: int, purpose: str) -> None:
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise _refused(
            "scope",
            Text("Cakupan {s} tidak dikenal.", "There is no scope {s}.").fill(s=", ".join(unknown)),
            Text("Sebutkan di antara: {s}.", "Name some of: {s}.").fill(s=", ".join(SCOPES)),
        )
    allowed = purposes_of(actor)
    if purpose and purpose not in allowed:
        raise _refused(
            "purpose",
            Text("Keperluan itu bukan milik akun ini.", "That purpose is not this account's."),
            Text("Sebutkan di antara: {s}.", "Name one of: {s}.").fill(s=", ".join(allowed)),
        )
    if not 1 <= days <= MOST_DAYS:
        raise _refused(
            "days",
            Text("Masa berlaku {n} hari tidak dapat.", "It cannot last {n} days.").fill(n=days),
            Text("Paling lama {n} hari.", "{n} days at most.").fill(n=MOST_DAYS),
        )


def _name(officer_pk: int) -> str:
    return f"keys:{officer_pk}"


def _locked(officer: Officer) -> Cursor:
    Cursor.objects.get_or_create(name=_name(officer.pk))
    return Cursor.objects.select_for_update().get(name=_name(officer.pk))


def _holding(shelf: Cursor, now: datetime) -> list[Key]:
    found = []
    for raw in shelf.data.get("keys", ()):
        times = {name: datetime.fromisoformat(raw[name]) for name in ("given_at", "until")}
        key = Key(**raw | {"scopes": tuple(raw["scopes"])} | times)
        if now < key.until and (not key.purpose or key.purpose in set(Purpose)):
            found.append(key)
    return found


def _keep(shelf: Cursor, keys: Sequence[Key]) -> None:
    """Write the keys that hold; numbers are never given twice."""
    shelf.position = max([shelf.position, *(key.serial for key in keys)])
    shelf.data = {"keys": [key.told() for key in keys]}
    shelf.save(update_fields=["position", "data"])


def _refused(place: str, reason: Text, mend: Text) -> Rejected:
    return Rejected(reason, mend, place=place)
