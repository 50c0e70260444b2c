"""How far places lie apart."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from tapal.core.record import Place

EARTH_RADIUS_KM = 6371.0


def distance_km(one: Place, other: Place) -> float | None:
    """The great circle between two places, None where one has no position."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    a, b = radians(one.lat), radians(other.lat)
    half = sin((b - a) / 2) ** 2
    half += cos(a) * cos(b) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
