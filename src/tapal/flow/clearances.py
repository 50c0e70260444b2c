"""Until when a match that a person found false stays cleared."""

from __future__ import annotations

import uuid
from datetime import date

from tapal.store.models import Link


def cleared_until(alert_id: str, record_id: str) -> date | None:
    """The last day of the clearance that closing an alert gave; None where it gave none."""
    bearers = Link.objects.filter(record=uuid.UUID(record_id), verdict=1, undone_at__isnull=True)
    given = Link.objects.filter(
        identity__in=bearers.values("identity_id"),
        roll__isnull=False,
        verdict=-1,
        undone_at__isnull=True,
        evidence__alert=alert_id,
    )
    return min((until for until in given.values_list("until", flat=True) if until), default=None)
