"""The places where an officer may sit down: each pair of agency and post in his valid mandates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.flow import officers, reference
from tapal.flow.share.compile import today
from tapal.flow.share.purposes import must_cover, purposes_of
from tapal.store.models import Mandate, Officer
from tapal.web import speech
from tapal.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Seat:
    """An agency and a post, the whole agency where `post` is None, with the roles held there."""

    agency: str
    agency_name: Text
    post: Place | None
    roles: tuple[str, ...]

    @property
    def value(self) -> str:
        """How a form names the seat."""
        return f"{self.agency}/{self.post.id if self.post else ''}"


def seats_of(officer: Officer) -> Sequence[Seat]:
    """Where the officer may sit today, in the order of agency and post."""
    places = reference.places()
    found: dict[tuple[str, str], list[Mandate]] = {}
    for mandate in officers.valid_mandates(officer, today(speech.now())):
        found.setdefault((mandate.agency_id, mandate.place_id or ""), []).append(mandate)
    return [
        Seat(
            agency=agency,
            agency_name=Text(mandates[0].agency.name_id, mandates[0].agency.name_en),
            post=places.get(post),
            roles=tuple(sorted({m.role for m in mandates})),
        )
        for (agency, post), mandates in sorted(found.items())
    ]


def sit(request: HttpRequest) -> Desk | None:
    """The desk that this session has chosen; the only seat there is needs no choice."""
    officer = request.user
    if not isinstance(officer, Officer):
        return None
    seats = seats_of(officer)
    chosen = request.session.get("seat", "")
    seat = next((s for s in seats if s.value == chosen), seats[0] if len(seats) == 1 else None)
    if seat is None:
        return None
    try:
        actor = actor_at(officer, seat)
    except Denied:
        return None
    return Desk(actor, chosen_purpose(request, actor), seat.agency_name, seat.post)


def chosen_purpose(request: HttpRequest, actor: Actor) -> Purpose:
    """What this sitting says it looks for, the likeliest where nothing was said.

    Whether he may look for that is for the reading door to say.
    """
    chosen = request.session.get("purpose", "")
    return next((p for p in Purpose if p == chosen), None) or purposes_of(actor)[0]


def sit_down(request: HttpRequest, officer: Officer, seat: Seat, purpose: str) -> None:
    """Begin to work at a seat for a purpose, the likeliest where none is named. Raises Denied."""
    actor = actor_at(officer, seat)
    if purpose:
        must_cover(actor, as_purpose(purpose))
    request.session["seat"] = seat.value
    request.session["purpose"] = purpose or purposes_of(actor)[0].value


def as_purpose(text: str) -> Purpose:
    """The purpose of a posted word. Raises Denied for one that there is not."""
    try:
        return Purpose(text)
    except ValueError:
        raise Denied from None


def actor_at(officer: Officer, seat: Seat) -> Actor:
    """The officer as he acts at one of his seats."""
    return officers.actor_of(officer, seat.post.id if seat.post else None, agency=seat.agency)


def purposes_at(officer: Officer, seats: Sequence[Seat]) -> tuple[Purpose, ...]:
    """What may be looked for at one or another of the seats, the likeliest of the first one first."""
    found: dict[Purpose, None] = {}
    for seat in seats:
        found.update(dict.fromkeys(purposes_of(actor_at(officer, seat))))
    return tuple(found)
