"""How long a notice waits for its next try, and when a target is left in peace."""

from __future__ import annotations

from datetime import timedelta
from random import uniform

TRIES = 10
"""Then a notice is given up, until a person sends it again: about a day and a half after the first try."""
FIRST_SECONDS, LONGEST_SECONDS = 5.0, 12 * 3600.0
FAILURES = 5
"""So many failures in a row, and a target rests."""
REST_SECONDS, LONGEST_REST_SECONDS = 60.0, 3600.0
LEASE = timedelta(seconds=60)
"""Who sends has so long: after it the notice is sent again, under the same id."""


def next_try(tries: int) -> timedelta:
    """The wait after so many tries: four times the last, a little more or less, so that none gather."""
    wait = min(FIRST_SECONDS * 4.0 ** min(max(0, tries - 1), 20), LONGEST_SECONDS)
    return timedelta(seconds=wait * uniform(0.9, 1.1))


def rest(failures: int) -> timedelta | None:
    """How long a target rests after so many failures in a row; None where it does not."""
    if failures < FAILURES:
        return None
    return timedelta(
        seconds=min(REST_SECONDS * 2.0 ** min(failures - FAILURES, 20), LONGEST_REST_SECONDS)
    )
