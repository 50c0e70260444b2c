"""Quantiles and tails of the Poisson and the negative binomial, for arrays and for huge means.

The negative binomial has mean m and size k: variance m + m*m/k. Quantiles are the smallest count
whose probability reaches p, with R's allowance of 64 eps for rounding.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from tapal.engines.signals.series import Floats

FUZZ = 64 * float(np.finfo(np.float64).eps)
# Beyond it the probabilities are no numbers any more; R's own search ends there, too.
GREATEST_MEAN = 1e300


def poisson_cdf(count: Floats, mean: Floats) -> Floats:
    """P(Y <= count) of a Poisson."""
    return np.asarray(special.gammaincc(count + 1.0, mean))


def negbin_cdf(count: Floats, mean: Floats, size: Floats) -> Floats:
    """P(Y <= count) of a negative binomial."""
    return np.asarray(special.betainc(size, count + 1.0, size / (size + mean)))


def poisson_tail(count: Floats, mean: Floats) -> Floats:
    """P(Y >= count) of a Poisson."""
    return np.where(count > 0, special.gammainc(np.maximum(count, 1.0), mean), 1.0)


def negbin_tail(count: Floats, mean: Floats, size: Floats) -> Floats:
    """P(Y >= count) of a negative binomial."""
    positive = np.maximum(count, 1.0)
    return np.where(count > 0, special.betainc(positive, size, mean / (size + mean)), 1.0)


def search(cdf: Callable[[Floats], Floats], p: Floats, guess: Floats, spread: Floats) -> Floats:
    """The smallest count at which `cdf` reaches p: a bracket around the guess, then halved."""
    p = p * (1.0 - FUZZ)
    low = np.maximum(np.floor(guess - spread), -1.0)
    high = np.maximum(np.floor(guess + spread), 0.0)
    width = np.maximum(spread, 1.0)
    for _ in range(2000):
        wrong = (cdf(high) < p) & (high < GREATEST_MEAN)
        if not wrong.any():
            break
        low = np.where(wrong, high, low)
        high = np.where(wrong, np.floor(high + width), high)
        width = width * 2.0
    width = np.maximum(spread, 1.0)
    for _ in range(2000):
        wrong = (low >= 0) & (cdf(np.maximum(low, 0.0)) >= p)
        if not wrong.any():
            break
        high = np.where(wrong, low, high)
        low = np.where(wrong, np.maximum(np.floor(low - width), -1.0), low)
        width = width * 2.0
    while True:
        middle = np.floor(low + (high - low) / 2.0)
        moving = (middle > low) & (middle < high)
        if not moving.any():
            return high
        reached = cdf(np.maximum(middle, 0.0)) >= p
        high = np.where(moving & reached, middle, high)
        low = np.where(moving & ~reached, middle, low)


def normal_guess(p: Floats, mean: Floats, sd: Floats, skew: Floats) -> tuple[Floats, Floats]:
    """Cornish and Fisher's first guess of a quantile, and how far it may be off."""
    z = special.ndtri(np.clip(p, 1e-300, 1.0 - 1e-16))
    return mean + sd * (z + skew * (z * z - 1.0) / 6.0), 1.0 + np.floor(0.05 * sd)


def poisson_quantile(p: float, mean: Floats) -> Floats:
    """The p quantile of Poissons; NaN where the mean is no finite number."""
    mean = np.asarray(mean, dtype=np.float64)
    out = np.full(mean.shape, np.nan)
    good = np.isfinite(mean) & (mean >= 0) & (mean < GREATEST_MEAN)
    m = mean[good]
    if m.size:
        sd = np.sqrt(m)
        ps = np.full(m.shape, p)
        guess, spread = normal_guess(ps, m, sd, np.where(sd > 0, 1.0 / np.maximum(sd, 1e-9), 0.0))
        out[good] = search(lambda count: poisson_cdf(count, m), ps, guess, spread)
    return out


def negbin_quantile(p: float, mean: Floats, size: Floats) -> Floats:
    """The p quantile of negative binomials; NaN where mean or size is no finite number."""
    mean, size = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(size, np.float64))
    out = np.full(mean.shape, np.nan)
    good = np.isfinite(mean) & np.isfinite(size) & (size > 0) & (mean >= 0)
    good &= mean < GREATEST_MEAN
    m, k = mean[good], size[good]
    if m.size:
        ratio = m / k
        sd = np.sqrt(m) * np.sqrt(1.0 + ratio)
        skew = np.where(sd > 0, (1.0 + 2.0 * ratio) / np.maximum(sd, 1e-9), 0.0)
        ps = np.full(m.shape, p)
        guess, spread = normal_guess(ps, m, sd, skew)
        out[good] = search(lambda count: negbin_cdf(count, m, k), ps, guess, spread)
    return out
