"""Mandates: what one must name, how one ends, and how the first are given at set-up.

Every other mandate begins as a proposal that a second person approves: `flow.proposals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.mandates import EDIT_MANDATES
from tapal.core.text import Text
from tapal.flow.accounts import OPERATOR, SETUP
from tapal.flow.events import record_event
from tapal.flow.officers import must_reach, must_share_agency, roles
from tapal.flow.share.compile import today
from tapal.store.models import Agency, Mandate, Officer, Place


@dataclass(frozen=True, slots=True)
class Given:
    """A mandate to be given, from its first day to its last."""

    agency: str
    role: str
    valid_from: date
    place: str | None = None
    valid_to: date | None = None


@transaction.atomic
def give_at_setup(officer: Officer, given: Given, *, by: str) -> Mandate:
    """Give a mandate by one hand, and say so in its row and its event.

    Only for who runs the machine (`OPERATOR`) and the seeds of a demo (`SETUP`): without the first
    mandates nobody could approve another. Raises Rejected for what cannot hold.
    """
    if by not in (OPERATOR, SETUP):
        raise Denied
    return make(officer, given, given_by=by, approved_by="")


def make(officer: Officer, given: Given, *, given_by: str, approved_by: str) -> Mandate:
    """Write a mandate down, with both persons. Raises Rejected for what cannot hold."""
    check(given)
    mandate = Mandate.objects.create(
        officer=officer,
        agency_id=given.agency,
        place_id=given.place,
        role=given.role,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        given_by=given_by,
        approved_by=approved_by,
    )
    both = {"given_by": given_by, "approved_by": approved_by, "at_setup": not approved_by}
    content = {**told(given), **both}
    record_event("mandate.given", officer.number, content, actor=approved_by or given_by)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, last_day: date, *, actor: Actor) -> None:
    """End a mandate after its last day; yesterday ends it at once. The row stays as history.

    One person is enough. Raises Denied without the power or outside his agency or post, Rejected
    when it had already ended earlier.
    """
    if EDIT_MANDATES not in actor.powers:
        raise Denied
    must_share_agency(actor, [mandate], today(timezone.now()))
    must_reach(actor, mandate.place_id)
    if mandate.valid_to is not None and mandate.valid_to < last_day:
        raise Rejected(
            Text("Mandat itu sudah berakhir lebih dulu.", "That mandate ended earlier."),
            Text("Berikan mandat baru.", "Give a new mandate."),
            place="valid_to",
        )
    # One that ends before it began never held.
    mandate.valid_to = max(last_day, mandate.valid_from - timedelta(days=1))
    mandate.save(update_fields=["valid_to"])
    record_event(
        "mandate.ended", mandate.officer.number, told(given_of(mandate)), actor=actor.number
    )


def check(given: Given) -> None:
    """Raises Rejected for an unknown role, agency or post, and for turned days."""
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


def given_of(mandate: Mandate) -> Given:
    """What a mandate gives."""
    return Given(
        mandate.agency_id, mandate.role, mandate.valid_from, mandate.place_id, mandate.valid_to
    )


def told(given: Given) -> dict[str, object]:
    """What an event says of a mandate."""
    return {
        "agency": given.agency,
        "place": given.place,
        "role": given.role,
        "valid_from": given.valid_from.isoformat(),
        "valid_to": given.valid_to.isoformat() if given.valid_to else None,
    }
