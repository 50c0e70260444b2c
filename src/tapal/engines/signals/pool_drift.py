"""The compiled loops that follow a drift of the level, where it would have foretold the past better."""

from __future__ import annotations

import math

import numpy as np

from tapal.engines.signals.compiled import borrowed, summing
from tapal.engines.signals.pool_mass import Floats

# Strengths of the drift that is tried: coefficients of variation of the level within a quarter.
DRIFTS = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
# Gain in log likelihood that a drift must bring before it is believed.
DRIFT_GAIN = 3.0

# The rows of a drift's work: what came, what was due (as added up, then by week), factors.
CAME, DUE, COUNTED, EXPECTED, FACTOR, BEST = 0, 1, 2, 3, 4, 5


@borrowed
def add_up(gap: int, keep: float, drift: Floats) -> None:
    """Fill what came and what was due by each week and the weeks ahead, from `gap` weeks earlier.

    Older weeks count less: each week what was added up is multiplied by `keep`.
    """
    came, due = 0.0, 0.0
    for i in range(drift.shape[1]):
        j = i - gap
        if j >= 0:
            came = keep * came + drift[COUNTED, j]
            due = keep * due + drift[EXPECTED, j]
        drift[CAME, i] = came
        drift[DUE, i] = due


@summing
def most_gain(prior: float, weeks: int, drift: Floats) -> float:
    """Not less than the gain in fit of a drift with this prior: log(1+x) <= x - x**2/2 + x**3/3."""
    gain = 0.0
    for i in range(weeks):
        x = (drift[CAME, i] - drift[DUE, i]) / (prior + drift[DUE, i])
        bound = x * (1.0 - x * (0.5 - x * (1.0 / 3.0)))
        gain += drift[COUNTED, i] * bound - drift[EXPECTED, i] * x
    return gain


@borrowed
def drift_gain(prior: float, weeks: int, drift: Floats) -> float:
    """Fill the factors of the level's drift, the last one for the weeks ahead; the gain in fit.

    A gamma prior is updated by what came against what was expected.
    """
    gain = 0.0
    for i in range(drift.shape[1]):
        factor = (prior + drift[CAME, i]) / (prior + drift[DUE, i])
        drift[FACTOR, i] = factor
        if i < weeks:
            gain -= drift[EXPECTED, i] * (factor - 1.0)
            if drift[COUNTED, i] > 0.0:
                gain += drift[COUNTED, i] * math.log(factor)
    return gain


@borrowed
def best_drift(
    counts: Floats,
    mean: Floats,
    weights: Floats,
    dispersion: float,
    gap: int,
    memory: float,
    drift: Floats,
) -> bool:
    """Whether a drift would have foretold the past better; its factors are then in `drift`."""
    for i in range(counts.size):
        drift[COUNTED, i] = weights[i] * counts[i] / dispersion
        drift[EXPECTED, i] = weights[i] * mean[i] / dispersion
    reached = DRIFT_GAIN
    for keep in (memory, memory**4):
        add_up(gap, keep, drift)
        for coefficient in DRIFTS:
            prior = 1.0 / (coefficient * coefficient)
            if most_gain(prior, counts.size, drift) < reached - 1e-6:
                continue
            gain = drift_gain(prior, counts.size, drift)
            if gain > reached:
                reached = gain
                for i in range(drift.shape[1]):
                    drift[BEST, i] = drift[FACTOR, i]
    return reached > DRIFT_GAIN
