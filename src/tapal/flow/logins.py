"""Tries at logging in, counted so that guessing is slow and nobody can shut an officer out.

A wrong password counts against the name at the place where it was typed (an address, or a browser
in which the officer is known). Over all places a name that is tried often is tried ever more
slowly, except where its owner usually comes in.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tapal.core.errors import Unavailable
from tapal.flow.accounts import hashed
from tapal.store.models import LoginTry

# Wrong passwords for one name at one place, and how long they count.
AT_ONE_PLACE, PLACE_SECONDS = 5, 300
# Wrong passwords from one place for whatever names (a post's counters may share an address).
FROM_ONE_PLACE, FROM_SECONDS = 20, 60
# Wrong passwords for one name in an hour from anywhere, before each more has to wait: twice as
# long each time, from a second to a quarter of an hour.
ANYWHERE, SLOWEST_SECONDS = 10, 900


class TooOften(Unavailable):
    """Too many tries: `seconds` until another is heard."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


def begin(name: str, place: str, *, at_home: bool) -> LoginTry:
    """Count a try before its password is looked at. Raises TooOften; such a try does not count.

    `at_home` says that the name's owner comes in from this place.
    """
    now = timezone.now()
    LoginTry.objects.filter(at__lt=now - timedelta(hours=1)).delete()
    # Written before it is counted: of two at once each sees the other.
    made = LoginTry.objects.create(name=hashed(name.casefold()), place=hashed(place), at=now)
    if wait := _wait(made, at_home=at_home):
        made.delete()
        raise TooOften(wait)
    return made


def succeeded(tried: LoginTry) -> None:
    """A right password was no wrong one."""
    LoginTry.objects.filter(pk=tried.pk).delete()


def _wait(made: LoginTry, *, at_home: bool) -> float:
    """Seconds until this try may be made; 0 for now."""
    others = LoginTry.objects.exclude(pk=made.pk)
    here = others.filter(place=made.place)
    recent = here.filter(at__gte=made.at - timedelta(seconds=FROM_SECONDS))
    if not at_home and recent.count() >= FROM_ONE_PLACE:
        return FROM_SECONDS
    named = here.filter(name=made.name, at__gte=made.at - timedelta(seconds=PLACE_SECONDS))
    if named.count() >= AT_ONE_PLACE:
        return PLACE_SECONDS
    if at_home:
        return 0
    tries = list(others.filter(name=made.name).order_by("-at").values_list("at", flat=True))
    if len(tries) < ANYWHERE:
        return 0
    slow = min(SLOWEST_SECONDS, 2.0 ** (len(tries) - ANYWHERE))
    return max(0.0, slow - (made.at - tries[0]).total_seconds())
