"""The probability that chance alone gives odds as high as these, by importance sampling.

Windows are drawn from the outbreaks that the evidence looks for, each weighted by one over its
likelihood ratio: the mean weight of those that reach the odds is the tail probability under no
outbreak, precise even where it is one in a million.
Source: Siegmund 1976, Ann Stat 4:673 (importance sampling with the likelihood ratio).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_draws import tails
from tapal.engines.signals.pool_evidence import EvidenceSettings

Floats = NDArray[np.float64]


def p_values(
    observed: Floats,
    mean: Floats,
    dispersion: Floats,
    odds: Floats,
    *,
    settings: EvidenceSettings | None = None,
    floor: float = 3.0,
    draws: int = 500,
    seed: int = 1,
) -> Floats:
    """The p-value of each window (series, weeks); 1 where the odds are not above `floor`.

    The same seed gives the same values. The standard error of a small one is about 5 % of it.
    """
    settings = settings or EvidenceSettings()
    p = np.ones(odds.size)
    tails(
        np.ascontiguousarray(observed),
        np.ascontiguousarray(mean),
        np.ascontiguousarray(dispersion),
        np.ascontiguousarray(odds),
        floor,
        settings.model(),
        draws,
        seed,
        p,
    )
    return np.minimum(p, 1.0)
