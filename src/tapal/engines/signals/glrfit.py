"""The generalised likelihood ratio of one point, in machine code.

f0 has the mean mu, f1 the mean mu * exp(kappa) ('intercept') or mu + lambda * previous count
('epi'); the variance is mean + alpha * mean**2, Poisson at alpha = 0. The statistic is the
greatest log likelihood ratio over all times k at which the change may have come.
Source: Höhle and Paul 2008, Computational Statistics and Data Analysis 52:4357.
"""

import math

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.series import Floats

# The reference begins Newton's method here, and stops when a step is below NEAR.
BEGIN = 0.5
NEAR = 1e-6
STEPS = 1000
# A factor below exp of this is taken for none.
LEAST_KAPPA = math.log(1e-9)
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
def bend(kappa: float, sign: int) -> float:
    """The change, kept to rises (sign 1) or falls (-1); none where it is not known."""
    if math.isnan(kappa):
        return 0.0
    return max(kappa, 0.0) if sign > 0 else min(kappa, 0.0)


@compiled
def statistic(
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
    """The greatest ratio over the times of change low..high, at least 0."""
    best = 0.0
    carried = BEGIN
    sum_x = 0.0
    sum_mu = 0.0
    for i in range(low, n + 1):
        sum_x += x[i]
        sum_mu += mu[i]
    for k in range(low, high + 1):
        if epidemic:
            if textbook or alpha == 0.0:
                rate = best_rate(x, mu, before, alpha, k, n)
            else:
                # The reference takes the shift's factor for the rate.
                kappa = newton(x, mu, alpha, k, n, carried)
                carried = kappa
                rate = math.exp(kappa)
            value = epidemic_ratio(x, mu, before, alpha, k, n, rate)
        else:
            if alpha == 0.0:
                kappa = math.log(sum_x / sum_mu) if sum_x > 0.0 else -GREATEST_KAPPA
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
    """The first count of point n, from 0 on, whose statistic reaches the bound; NaN beyond `most`.

    For falls the greatest one.
    """
    kept = x[n]
    found = math.nan
    if sign > 0 and alpha == 0.0:
        # Here the statistic only rises with the count: double, then halve.
        below, above = -1, 0
        while above <= most:
            x[n] = above
            if statistic(x, mu, before, alpha, low, high, n, epidemic, sign, textbook) >= bound:
                break
            below, above = above, max(2 * above, 1)
        if above <= most:
            while above - below > 1:
                middle = (above + below) // 2
                x[n] = middle
                if statistic(x, mu, before, alpha, low, high, n, epidemic, sign, textbook) >= bound:
                    above = middle
                else:
                    below = middle
            found = float(above)
    else:
        for count in range(most + 1):
            x[n] = count
            reached = (
                statistic(x, mu, before, alpha, low, high, n, epidemic, sign, textbook) >= bound
            )
            if reached:
                found = float(count)
                if sign > 0:
                    break
            elif sign < 0:
                break
    x[n] = kept
    return found
