"""Passwords: one's own, and a temporary one from an administrator where it was forgotten."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.mandates import (
    EDIT_AGREEMENTS,
    EDIT_MANDATES,
    EDIT_OFFICERS,
    OVERSEE,
    READ_ACCESS,
    READ_WITHHELD,
)
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.officers import open_mandates, reaches, roles
from tapal.flow.share.compile import agencies_on, today
from tapal.store.models import Mandate, Officer, Proposal

TEMPORARY_HOURS = 72
# Those who approve what an administrator proposes, who watch him, or who read what is withheld:
# he must not come to sit in their place.
ABOVE = frozenset(
    {EDIT_AGREEMENTS, EDIT_MANDATES, EDIT_OFFICERS, OVERSEE, READ_ACCESS, READ_WITHHELD}
)
# No letter or digit that is taken for another when it is read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def reset_password(officer: Officer, *, actor: Actor, now: datetime | None = None) -> str:
    """Give an officer a temporary password, which is told this once.

    His sessions, keys and PIN end with the old one. Raises Denied without the power, for oneself,
    for one whose role stands above, and for one of another agency or post.
    """
    moment = now or timezone.now()
    kept = Officer.objects.select_for_update().get(pk=officer.pk)
    if why := why_no_reset(kept, actor, today(moment)):
        raise Denied(why)
    return _give_temporary(kept, moment, by=actor.number)


@transaction.atomic
def reset_by_operator(officer: Officer, *, by: str) -> str:
    """The same by whoever runs the machine, for an administrator too."""
    kept = Officer.objects.select_for_update().get(pk=officer.pk)
    return _give_temporary(kept, timezone.now(), by=by)


def why_no_reset(officer: Officer, actor: Actor, day: date) -> Text | None:
    """Why the actor may not reset this officer's password; None where he may."""
    if EDIT_OFFICERS not in actor.powers:
        return Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
    if officer.number == actor.number:
        return Text(
            "Kata sandi Anda sendiri diganti di Akun saya.",
            "Your own password is changed under My account.",
        )
    waiting = officer.proposals.filter(state="open", act="mandate")
    held: list[Mandate | Proposal] = [*open_mandates(officer, day), *waiting]
    # Whoever came into an account without any would still be there when it is given one.
    held = held or list(officer.mandates.all())
    if not held:
        return Text(
            "Petugas itu belum bermandat di instansi mana pun: operator mesin yang memberinya"
            " (tapal officers password).",
            "That officer has no mandate of any agency yet: the machine's operator gives it"
            " (tapal officers password).",
        )
    owners = agencies_on(day).owners(actor.agency)
    theirs = all(m.agency_id in owners for m in held)
    if not theirs or not reaches(actor, *(m.place_id for m in held)):
        return Text(
            "Petugas itu bermandat di instansi atau pos lain: pengelola di sana yang memberinya.",
            "That officer has a mandate of another agency or post: its administrator gives it.",
        )
    known = roles()
    if any(not ABOVE.isdisjoint(known[m.role].powers) for m in held if m.role in known):
        return Text(
            "Perannya mengawasi atau menyetujui pekerjaan Anda: operator mesin yang memberinya"
            " (tapal officers password).",
            "His role watches or approves your work: the machine's operator gives it"
            " (tapal officers password).",
        )
    return None


@transaction.atomic
def set_own_password(officer: Officer, password: str) -> None:
    """Take the new password that an officer chose for himself; a temporary one ends.

    Raises Rejected as `check_own` does, Denied where the password that let him in was reset since.
    """
    kept = Officer.objects.select_for_update().get(pk=officer.pk)
    if kept.password != officer.password:
        raise Denied
    check_own(kept, password)
    kept.set_password(password)
    kept.temporary_until = None
    kept.save(update_fields=["password", "temporary_until"])
    officer.refresh_from_db()
    record_event("officer.password_changed", officer.number, {}, actor=officer.number)


def check_own(officer: Officer, password: str) -> None:
    """Raises Rejected for a weak password and for the temporary one again."""
    if officer.temporary_until is not None and officer.check_password(password):
        raise _refused(
            Text(
                "Itu kata sandi sementara: pilih yang lain.",
                "That is the temporary password: choose another one.",
            ),
            Text("Pilih yang lain.", "Choose another one."),
        )
    _check(officer, password)


def set_first_password(officer: Officer, password: str, *, temporary: bool) -> None:
    """Set the password of an account that is being made; it is not saved here.

    Raises Rejected for a weak one.
    """
    _check(officer, password)
    officer.set_password(password)
    hours = timedelta(hours=TEMPORARY_HOURS)
    officer.temporary_until = timezone.now() + hours if temporary else None


def _give_temporary(officer: Officer, now: datetime, *, by: str) -> str:
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    officer.set_password(password)
    officer.temporary_until = now + timedelta(hours=TEMPORARY_HOURS)
    # A PIN would let him in beside the password.
    officer.pin_hash = ""
    officer.save(update_fields=["password", "temporary_until", "pin_hash"])
    until = officer.temporary_until.isoformat()
    record_event("officer.password_reset", officer.number, {"until": until}, actor=by)
    return password


def _check(officer: Officer, password: str) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as weak:
        raise _refused(
            Text("Kata sandi itu terlalu lemah.", "That password is too weak."),
            Text(" ".join(weak.messages), " ".join(weak.messages)),
        ) from None


def _refused(reason: Text, mend: Text) -> Rejected:
    return Rejected(reason, mend, place="password")
