"""The count model of the pooling engine: negative binomial with variance = dispersion x mean.

With one dispersion such counts add up: a sum of weeks is again of this family, with the means added.
Source: Noufaily et al. 2013, Stat Med 32:1206 (the quasi-Poisson model and its negative binomial).
"""

from __future__ import annotations

import math

from tapal.engines.signals.pool_compile import compiled

# Below this excess over 1 the dispersion counts as Poisson: the two agree to 1e-6.
POISSON = 1.000001


@compiled
def log_mass(count: float, mean: float, dispersion: float) -> float:
    """Log probability of `count`, without the term that depends on the count alone (log count!)."""
    if mean <= 0.0:
        return 0.0 if count == 0.0 else -1e30
    if dispersion <= POISSON:
        return count * math.log(mean) - mean
    size = mean / (dispersion - 1.0)
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - size * math.log(dispersion)
        + count * math.log1p(-1.0 / dispersion)
    )


@compiled
def log_ratio(count: float, mean: float, dispersion: float, extra: float) -> float:
    """Log likelihood ratio of `extra` expected cases against none.

    The extra cases are Poisson, so that the variance grows by `extra` alone.
    """
    raised = mean + extra
    wide = (dispersion * mean + extra) / raised
    return log_mass(count, raised, wide) - log_mass(count, mean, dispersion)
