"""The chart's bound as a count of the newest point: how many cases raise the alarm."""

import math

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.glrfit import Asked, statistic

# What the reference's negative binomial chart names where no count raises the alarm.
NO_COUNT = 1e99


@compiled
def tried(asked: Asked, count: float) -> float:
    """The statistic if the point had that count."""
    kept = asked.x[asked.n]
    asked.x[asked.n] = count
    value: float = statistic(asked)
    asked.x[asked.n] = kept
    return value


@compiled
def least_count(asked: Asked, bound: float, most: int) -> float:
    """The least count of the point whose statistic reaches the bound; NO_COUNT where none does.

    For falls the greatest one, and -1 where none does.
    """
    if asked.sign < 0:
        below, above = -1.0, float(most) + 1.0
        if tried(asked, 0.0) < bound:
            return below
    else:
        below, above = -1.0, 0.0
        while above <= most:
            value = tried(asked, above)
            if value >= bound:
                break
            below, above = above, max(2.0 * above, 1.0)
        if above > most:
            return NO_COUNT
    # The statistic rises with the count for rises, and falls for falls: halve.
    while above - below > 1.0:
        middle = math.floor((above + below) / 2.0)
        value = tried(asked, middle)
        if (value >= bound) == (asked.sign > 0):
            above = middle
        else:
            below = middle
    return above if asked.sign > 0 else below


@compiled
def sought_count(asked: Asked, bound: float, most: int) -> float:
    """The bound as a count as the reference's negative binomial chart seeks it from the count itself.

    Down while the alarm lasts, else up until it comes; never from no count at all.
    """
    count = float(asked.x[asked.n])
    value = statistic(asked)
    if value >= bound:
        if asked.sign < 0 or count > most:
            return 0.0
        while count > 0.0:
            value = tried(asked, count - 1.0)
            if not value >= bound:
                break
            count -= 1.0
        return count
    if asked.sign < 0 or count == 0.0:
        return NO_COUNT
    while count <= most:
        count += 1.0
        value = tried(asked, count)
        if value >= bound:
            return count
    return NO_COUNT
