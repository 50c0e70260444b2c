"""The places where an officer may sit down: each pair of agency and post in his valid mandates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest

from tapal.core.actions import Actor
from tapal.core.marking import Purpose
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.officers import actor_of
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


def seats_of(officer: Officer, on: date) -> Sequence[Seat]:
    """Where the officer may sit on a day, in the order of agency and post."""
    held = Mandate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), officer=officer, valid_from__lte=on
    ).select_related("agency")
    places = reference.places()
    found: dict[tuple[str, str], list[Mandate]] = {}
    for mandate in held:
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
    seats = seats_of(officer, speech.now().date())
    chosen = request.session.get("seat", "")
    seat = next((s for s in seats if s.value == chosen), None)
    if seat is None and len(seats) == 1:
        seat = seats[0]
    if seat is None:
        return None
    actor: Actor = actor_of(officer, seat.agency, seat.post.id if seat.post else None)
    return Desk(actor, _purpose(request), seat.agency_name, seat.post)


def _purpose(request: HttpRequest) -> Purpose:
    try:
        return Purpose(request.session.get("purpose", Purpose.BORDER_CONTROL))
    except ValueError:
        return Purpose.BORDER_CONTROL
