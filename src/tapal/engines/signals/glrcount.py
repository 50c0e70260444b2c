"""The chart's bound as a count of the newest point: how many cases raise the alarm."""

import math

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.glrfit import statistic
from tapal.engines.signals.series import Floats

# What the reference's negative binomial chart names where no count raises the alarm.
NO_COUNT = 1e99


@compiled
def tried(
    count: float,
    x: Floats,
    mu: Floats,
    before: Floats,
    alpha: float,
    low: int,
    high: int,
    n: int,
    epidemic: bool,
    sign: int,
    textbook: bool,
) -> float:
    """The statistic if point n had that count."""
    kept = x[n]
    x[n] = count
    value: float = statistic(x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
    x[n] = kept
    return value


@compiled
def least_count(
    x: Floats,
    mu: Floats,
    before: Floats,
    alpha: float,
    low: int,
    high: int,
    n: int,
    epidemic: bool,
    sign: int,
    textbook: bool,
    bound: float,
    most: int,
) -> float:
    """The least count of point n whose statistic reaches the bound; NO_COUNT where none does.

    For falls the greatest one, and -1 where none does.
    """
    if sign < 0:
        below, above = -1.0, float(most) + 1.0
        if tried(0.0, x, mu, before, alpha, low, high, n, epidemic, sign, textbook) < bound:
            return below
    else:
        below, above = -1.0, 0.0
        while above <= most:
            value = tried(above, x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
            if value >= bound:
                break
            below, above = above, max(2.0 * above, 1.0)
        if above > most:
            return NO_COUNT
    # The statistic rises with the count for rises, and falls for falls: halve.
    while above - below > 1.0:
        middle = math.floor((above + below) / 2.0)
        value = tried(middle, x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
        if (value >= bound) == (sign > 0):
            above = middle
        else:
            below = middle
    return above if sign > 0 else below


@compiled
def sought_count(
    x: Floats,
    mu: Floats,
    before: Floats,
    alpha: float,
    low: int,
    high: int,
    n: int,
    epidemic: bool,
    sign: int,
    textbook: bool,
    bound: float,
    most: int,
) -> float:
    """The bound as a count as the reference's negative binomial chart seeks it from the count itself.

    Down while the alarm lasts, else up until it comes; never from no count at all.
    """
    count = float(x[n])
    value = statistic(x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
    if value >= bound:
        if sign < 0 or count > most:
            return 0.0
        while count > 0.0:
            value = tried(count - 1.0, x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
            if not value >= bound:
                break
            count -= 1.0
        return count
    if sign < 0 or count == 0.0:
        return NO_COUNT
    while count <= most:
        count += 1.0
        value = tried(count, x, mu, before, alpha, low, high, n, epidemic, sign, textbook)
        if value >= bound:
            return count
    return NO_COUNT
