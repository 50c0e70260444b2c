"""What an officer may say he looks for: the purposes of his agency's own work, and those agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.mandates import OVERSEE, READ, READ_WITHHELD
from tapal.core.marking import Purpose
from tapal.data import table
from tapal.flow.share import compile
from tapal.store.models import Agreement

_BY_POWER = {OVERSEE: Purpose.OVERSIGHT, READ_WITHHELD: Purpose.PROTECTION}


@lru_cache(maxsize=1)
def _by_word() -> Mapping[str, frozenset[Purpose]]:
    """Purposes of an agency's own work by the words of its role."""
    return {
        row["word"]: frozenset(map(Purpose, row["purposes"].split(";")))
        for row in table("role_purposes.csv")
    }


def agreed_purposes(agency: str, now: datetime | None = None) -> frozenset[Purpose]:
    """The purposes for which an agreement in force gives the agency something."""
    day = compile.today(now or timezone.now())
    taken = Agreement.objects.filter(taker_id=agency)
    found = {a.purpose for a in taken if compile.in_force(a, day)}
    return frozenset(p for p in Purpose if p in found)


def purposes_of(actor: Actor, now: datetime | None = None) -> tuple[Purpose, ...]:
    """What the actor may look for, the likeliest first.

    An agency that works for nothing that is named here looks for border control alone.
    """
    moment = now or timezone.now()
    role = compile.agencies_on(compile.today(moment)).roles.get(actor.agency, "")
    words = role.replace(",", " ").split()
    agreed = agreed_purposes(actor.agency, moment)
    own = frozenset(p for word in words for p in _by_word().get(word, ()))
    powers = {purpose for power, purpose in _BY_POWER.items() if power in actor.powers}
    allowed = (own | agreed | powers) or {Purpose.BORDER_CONTROL}
    if OVERSEE in actor.powers and READ not in actor.powers:
        first = Purpose.OVERSIGHT
    elif Purpose.BORDER_CONTROL in agreed or not agreed:
        first = Purpose.BORDER_CONTROL
    else:
        first = next(p for p in Purpose if p in agreed)
    return tuple(
        sorted(allowed, key=lambda p: (p is not first, p not in agreed, list(Purpose).index(p)))
    )
