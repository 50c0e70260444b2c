"""Dispersions that no single series knows well enough, settled over all series of a run.

A series with a case a month cannot tell whether its variance is its mean or five times that. Its
own estimate is drawn towards what the series have in common, the more the less it knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_baseline import Expectation

Floats = NDArray[np.float64]

# What is held of log dispersion before any series was seen: centre, spread, and its worth in series.
CENTRE, SPREAD, WORTH = float(np.log(1.5)), 0.4, 10.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Settled dispersions and the standard errors of their logarithms, in the shape they came."""

    dispersion: Floats
    error: Floats

    def cautious(self, errors: float = 1.0) -> Floats:
        """The dispersions taken so many standard errors high; a p-value wants no too narrow one."""
        return np.exp(np.log(self.dispersion) + errors * self.error)


def sampling_variance(dispersion: Floats, mean: Floats, weeks: Floats) -> Floats:
    """Variance of log dispersion as estimated from so many weeks with this mean.

    From the fourth moment of the negative binomial: (2 + excess kurtosis) / weeks.
    """
    excess = 6.0 * (dispersion - 1.0) / mean + 1.0 / (dispersion * mean)
    return np.minimum((2.0 + excess) / np.maximum(weeks, 1.0), 4.0)


def settle(dispersion: Floats, mean: Floats, weeks: Floats, known: NDArray[np.bool_]) -> Spread:
    """Draw the dispersions towards their common centre; arrays of one shape, series first.

    `mean` is a typical weekly count, `weeks` how many were seen; what is not `known` is left alone.
    """
    log = np.log(np.maximum(dispersion, 1.0))
    centre, spread = CENTRE, SPREAD
    for _ in range(3):
        noise = sampling_variance(np.full_like(mean, np.exp(centre)), mean, weeks)
        weight = np.where(known, 1.0 / (noise + spread**2), 0.0)
        # Several weeks of one series are one series; the prior is worth a few.
        share = weight / weight.shape[1] if weight.ndim > 1 else weight
        prior = WORTH / SPREAD**2
        total = share.sum() + prior
        centre = float(((share * log).sum() + prior * CENTRE) / total)
        beyond = (log - centre) ** 2 - noise
        spread = float(np.sqrt(max(((share * beyond).sum() + prior * SPREAD**2) / total, 0.01**2)))
    noise = sampling_variance(np.full_like(mean, np.exp(centre)), mean, weeks)
    pull = spread**2 / (spread**2 + noise)
    settled = np.maximum(centre + pull * (log - centre), 0.0)
    noise = sampling_variance(np.exp(settled), mean, weeks)
    error = np.sqrt(noise * spread**2 / (spread**2 + noise))
    return Spread(np.where(known, np.exp(settled), dispersion), np.where(known, error, 0.0))


def settle_seen(counts: Floats, found: Expectation, times: NDArray[np.int64], ahead: int) -> Spread:
    """Settle the dispersions of expectations at `times`, each made from all but `ahead` weeks."""
    seen = np.isfinite(counts).cumsum(axis=1)[:, np.maximum(times - ahead, 0)]
    typical = found.mean.mean(axis=2)
    return settle(found.dispersion, typical, seen.astype(np.float64), found.known)
