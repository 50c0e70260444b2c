"""What each series was expected to count, from its own past: level, trend, season and drift.

The log mean is level + trend + pairs of waves over the year, times a known exposure (travellers,
consignments, population). Trend and waves are held near zero by a normal prior, so that a short or
noisy past makes no season of its own. Past weeks that look like outbreaks count less: their weight
is the probability that they lay in none. Where a series' level wanders, a gamma-distributed drift
follows it, older weeks counting less; it is used only when it would have foretold the past better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_fit import fit_all

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BaselineSettings:
    """How an expectation is made; times in points of the series, spreads in units of the log mean."""

    period: float = 52.1775
    waves: int = 2
    trend_spread: float = 0.5
    wave_spread: float = 0.4
    ahead: int = 5
    past: int | None = None
    memory: float = 0.95


@dataclass(frozen=True, slots=True)
class Expectation:
    """Means, their relative variances and dispersions: (series, times, window), oldest week first.

    `known` is False where the series has too short a past or the week itself is missing; nothing
    may be said of it then.
    """

    mean: Floats
    variance: Floats
    dispersion: Floats
    observed: Floats
    known: NDArray[np.bool_]


def design(length: int, first: int, waves: int, period: float) -> Floats:
    """Columns of the log-linear model: level, trend (per five years), pairs of waves."""
    time = first + np.arange(length)
    angles = 2.0 * np.pi * np.outer(time, np.arange(1, waves + 1)) / period
    pairs = np.stack([np.cos(angles), np.sin(angles)], axis=2).reshape(length, 2 * waves)
    return np.column_stack([np.ones(length), time / (5.0 * period), pairs])


def level(exposure: Floats, known: NDArray[np.bool_]) -> Floats:
    """Each series' exposure over its mean; 1 where it is not known."""
    total = np.where(known, exposure, 0.0).sum(axis=1)
    number = known.sum(axis=1)
    mean = np.where(number > 0, total, 1.0) / np.maximum(number, 1)
    return np.asarray(np.where(known, exposure, 1.0) / mean[:, None])


def expect(
    counts: Floats,
    *,
    exposure: Floats | None = None,
    times: NDArray[np.int64] | None = None,
    settings: BaselineSettings | None = None,
) -> Expectation:
    """Foretell the last weeks up to each of `times` (default: the last) from the weeks before them.

    `counts` is (series, weeks); NaN marks a missing week, which is no zero. An exposure of zero or
    NaN marks a closed post: that week teaches nothing and alarms nothing.
    """
    settings = settings or BaselineSettings()
    series, weeks = counts.shape
    known = np.isfinite(counts) & (counts >= 0)
    base = np.ones((series, weeks))
    if exposure is not None:
        known &= np.isfinite(exposure) & (exposure > 0)
        base = level(exposure, known)
    clean = np.where(known, counts, 0.0).astype(np.float64)
    at = np.array([weeks - 1]) if times is None else np.asarray(times, dtype=np.int64)
    window = settings.ahead
    shape = (series, at.size, window)
    mean, variance = np.ones(shape), np.zeros(shape)
    dispersion, told = np.ones(shape[:2]), np.zeros(shape[:2], dtype=np.bool_)
    penalty = np.array(
        [0.0, settings.trend_spread**-2] + [settings.wave_spread**-2] * (2 * settings.waves)
    )
    columns = design(weeks, 1 - weeks, settings.waves, settings.period).T
    fit_all(
        np.ascontiguousarray(clean),
        np.ascontiguousarray(base),
        np.ascontiguousarray(known, dtype=np.float64),
        at,
        settings.past or weeks,
        window,
        np.ascontiguousarray(columns),
        penalty,
        settings.memory,
        mean,
        variance,
        dispersion,
        told,
    )
    back = at[:, None] + np.arange(1 - window, 1)[None, :]
    gathered = np.where(
        (back >= 0)[None] & known[:, np.maximum(back, 0)], clean[:, np.maximum(back, 0)], np.nan
    )
    return Expectation(mean, variance, dispersion, gathered, told)
