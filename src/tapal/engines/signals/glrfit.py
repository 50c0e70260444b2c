"""The generalised likelihood ratio of one point, in machine code.

f0 has the mean mu, f1 the mean mu * exp(kappa) ('intercept') or mu + lambda * previous count
('epi'); the variance is mean + alpha * mean**2, Poisson at alpha = 0. The statistic is the
greatest log likelihood ratio over all times k at which the change may have come.
Source: Höhle and Paul 2008, Computational Statistics and Data Analysis 52:4357.
"""

import math
from typing import NamedTuple

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.series import Floats

# The reference begins Newton's method here, and stops when a step is below NEAR.
BEGIN = 0.5
NEAR = 1e-6
STEPS = 1000
# The reference looks for an epidemic's rate from here, and stops when a step is below NEAR.
BEGIN_RATE = 0.5
# The search ends where the logarithm of a factor or a rate falls below it: there is none.
LEAST_KAPPA = -18.0
LEAST_RATE = math.exp(LEAST_KAPPA)
# Log changes beyond it are none that counts can show.
GREATEST_KAPPA = 60.0


@compiled
def slope(x: Floats, mu: Floats, alpha: float, k: int, n: int, kappa: float) -> tuple[float, float]:
    """First derivative of the log likelihood by kappa, and minus the second."""
    grow = math.exp(kappa)
    first = 0.0
    second = 0.0
    for i in range(k, n + 1):
        m = mu[i] * grow
        first += (x[i] - m) / (1.0 + alpha * m)
        second += m * (1.0 + alpha * x[i]) / (1.0 + alpha * m) ** 2
    return first, second


@compiled
def newton(x: Floats, mu: Floats, alpha: float, k: int, n: int, begin: float) -> float:
    """The most likely kappa by Newton's plain method, as the reference seeks it; perhaps NaN."""
    kappa = begin
    for _ in range(STEPS):
        if kappa < LEAST_KAPPA:
            return kappa
        if not kappa < 700.0:
            return math.nan
        first, second = slope(x, mu, alpha, k, n, kappa)
        if second == 0.0:
            return math.nan
        following = kappa + first / second
        if abs(following - kappa) <= NEAR or following < LEAST_KAPPA:
            return following
        kappa = following
    return kappa


@compiled
def halving(x: Floats, mu: Floats, alpha: float, k: int, n: int) -> float:
    """The most likely kappa, whatever the counts: the derivative falls, so its zero is bracketed."""
    low, high = -GREATEST_KAPPA, GREATEST_KAPPA
    for _ in range(200):
        middle = 0.5 * (low + high)
        if slope(x, mu, alpha, k, n, middle)[0] > 0.0:
            low = middle
        else:
            high = middle
        if high - low < 1e-14:
            break
    return 0.5 * (low + high)


@compiled
def shift_ratio(x: Floats, mu: Floats, alpha: float, k: int, n: int, kappa: float) -> float:
    """The log likelihood ratio of a mean times exp(kappa), from k to n."""
    grow = math.exp(kappa)
    total = 0.0
    for i in range(k, n + 1):
        if alpha == 0.0:
            total += x[i] * kappa - mu[i] * (grow - 1.0)
        else:
            widen = (1.0 + alpha * mu[i] * grow) / (1.0 + alpha * mu[i])
            total += x[i] * kappa - (x[i] + 1.0 / alpha) * math.log(widen)
    return total


@compiled
def epidemic_ratio(
    x: Floats, mu: Floats, before: Floats, alpha: float, k: int, n: int, rate: float
) -> float:
    """The log likelihood ratio of a mean plus rate times the previous count, from k to n."""
    total = 0.0
    for i in range(k, n + 1):
        m = mu[i] + rate * before[i]
        total += x[i] * math.log(m / mu[i])
        if alpha == 0.0:
            total -= m - mu[i]
        else:
            widen = (1.0 + alpha * m) / (1.0 + alpha * mu[i])
            total -= (x[i] + 1.0 / alpha) * math.log(widen)
    return total


@compiled
def best_rate(x: Floats, mu: Floats, before: Floats, alpha: float, k: int, n: int) -> float:
    """The most likely rate of an epidemic, not below zero, by golden section on its logarithm."""
    ratio = 0.5 * (math.sqrt(5.0) - 1.0)
    low, high = -20.0, 10.0
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left = epidemic_ratio(x, mu, before, alpha, k, n, math.exp(left))
    at_right = epidemic_ratio(x, mu, before, alpha, k, n, math.exp(right))
    for _ in range(80):
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = epidemic_ratio(x, mu, before, alpha, k, n, math.exp(right))
        else:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = epidemic_ratio(x, mu, before, alpha, k, n, math.exp(left))
    return math.exp(0.5 * (low + high))


@compiled
def newton_rate(x: Floats, mu: Floats, before: Floats, k: int, n: int, begin: float) -> float:
    """An epidemic's rate under Poisson counts by Newton's method on its logarithm, as the reference.

    From where the likelihood bends upwards it walks towards none; NaN where nothing came before.
    """
    rate = begin
    for _ in range(STEPS):
        if rate < LEAST_RATE:
            return rate
        first = 0.0
        second = 0.0
        for i in range(k, n + 1):
            more = rate * before[i]
            m = mu[i] + more
            first += x[i] * more / m - more
            second += x[i] * mu[i] * more / (m * m) - more
        if second == 0.0:
            return math.nan
        step = first / second
        if not abs(step) < 700.0:
            return math.nan
        following = rate * math.exp(-step)
        if abs(following - rate) < NEAR:
            return following
        rate = following
    return rate


@compiled
def bend(kappa: float, sign: int) -> float:
    """The change, kept to rises (sign 1) or falls (-1); none where it is not known."""
    if math.isnan(kappa):
        return 0.0
    return max(kappa, 0.0) if sign > 0 else min(kappa, 0.0)


class Asked(NamedTuple):
    """What a chart is asked at point `n`: counts, means and what came before, the times of change
    `low` to `high`, the sort of change, and its `sign` (1 for rises, -1 for falls)."""

    x: Floats
    mu: Floats
    before: Floats
    alpha: float
    low: int
    high: int
    n: int
    epidemic: bool
    sign: int
    textbook: bool


@compiled
def statistic(asked: Asked) -> float:
    """The greatest ratio over the times of change, at least 0."""
    x, mu, before, alpha, low, high, n, epidemic, sign, textbook = asked
    best = 0.0
    carried = BEGIN
    sum_x = 0.0
    sum_mu = 0.0
    for i in range(low, n + 1):
        sum_x += x[i]
        sum_mu += mu[i]
    for k in range(low, high + 1):
        if epidemic:
            if textbook:
                rate = best_rate(x, mu, before, alpha, k, n)
            elif alpha == 0.0:
                carried = newton_rate(x, mu, before, k, n, carried)
                rate = 0.0 if math.isnan(carried) else carried
            else:
                # The reference takes the shift's factor for the rate.
                kappa = newton(x, mu, alpha, k, n, carried)
                carried = kappa
                rate = math.exp(kappa)
            value = epidemic_ratio(x, mu, before, alpha, k, n, rate)
        else:
            if alpha == 0.0 and sum_x > 0.0:
                kappa = math.log(sum_x / sum_mu)
            elif alpha == 0.0:
                # Where nothing at all was counted, the reference sees no fall.
                kappa = -GREATEST_KAPPA if textbook else 0.0
            elif textbook:
                kappa = halving(x, mu, alpha, k, n)
            else:
                kappa = newton(x, mu, alpha, k, n, carried)
            kappa = bend(kappa, sign)
            carried = kappa
            value = shift_ratio(x, mu, alpha, k, n, kappa)
        if value > best:
            best = value
        sum_x -= x[k]
        sum_mu -= mu[k]
    return best
