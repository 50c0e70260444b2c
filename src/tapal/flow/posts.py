"""Posts: what an administrator may change of them by hand."""

from __future__ import annotations

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing
from tapal.flow.events import record_event
from tapal.flow.reference import bump
from tapal.store.models import Place

POWER = "place.edit"


@transaction.atomic
def save_post(place_id: str, *, opening_hours: str, status: str, actor: Actor) -> Place:
    """Change a post's opening hours and status. Raises Denied without the power, Missing."""
    if POWER not in actor.powers:
        raise Denied
    place = Place.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise Missing
    before = {"opening_hours": place.opening_hours, "status": place.status}
    place.opening_hours, place.status = opening_hours.strip()[:80], status.strip()[:120]
    place.opening_confidence = "checked"
    place.save(update_fields=["opening_hours", "status", "opening_confidence"])
    after = {"opening_hours": place.opening_hours, "status": place.status}
    record_event("place.saved", place_id, {"before": before, "after": after}, actor=actor.number)
    bump()
    return place
