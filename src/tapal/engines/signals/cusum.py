"""CUSUM: small excesses that add up.

S_t = max(0, S_{t-1} + x_t - k), an alarm where S_t >= h, with x_t the count made nearly standard
normal by `trans`. The bound is the least count that would have raised the alarm.
Source: Rossi, Lampugnani and Marchi 1999, Statistics in Medicine 18:2111; Pierce and Schafer 1986,
JASA 81:977 (residuals); Anscombe 1953, JRSS B 15:229 (the integral of variance**(-1/3)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from tapal.engines.signals.seasonal import NotFitted, Seasonal, design, fit, means
from tapal.engines.signals.series import Floats, Outcome, Reason, Series, verdicts

Trans = Literal[
    "standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin", "none"
]


@dataclass(frozen=True)
class Cusum:
    """The settings: reference value `k`, decision value `h`, the expected count `m`.

    `m` is a number, one for each point, None for the mean of what came before the first point, or
    'glm' for a yearly wave fitted to it. `alpha` is the negative binomial's: m + alpha * m**2.
    """

    k: float = 1.04
    h: float = 2.26
    m: float | tuple[float, ...] | Literal["glm"] | None = None
    trans: Trans = "standard"
    alpha: float = 0.1
    reset: bool = False


def expected(series: Series, points: Floats, setting: Cusum) -> Floats:
    """The expected counts at zero-based points. Raises NotFitted."""
    first = int(points[0])
    past = series.counts[:first]
    known = ~np.isnan(past)
    if setting.m is None:
        return np.full(len(points), past[known].mean() if known.any() else np.nan)
    if isinstance(setting.m, str):
        model = Seasonal(waves=1, trend=False)
        days = np.arange(1.0, first + 1.0)[known]
        beta = fit(past[known], design(days, series.freq, model), patient=True)
        return means(design(points + 1.0, series.freq, model), beta)
    return np.broadcast_to(np.asarray(setting.m, dtype=np.float64), points.shape).copy()


def standardise(y: Floats, m: Floats, trans: Trans, alpha: float) -> Floats:
    """Counts y with mean m, made nearly standard normal."""
    third = 2 / 3
    match trans:
        case "standard":
            return np.asarray((y - m) / np.sqrt(m))
        case "rossi":
            return np.asarray((y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)))
        case "anscombe":
            return np.asarray((y**third - m**third) / (third * m ** (1 / 6)))
        case "anscombe2nd":
            return np.asarray((y**third - m**third + m ** (-1 / 3) / 9) / (third * m ** (1 / 6)))
        case "pearsonNegBin":
            return np.asarray((y - m) / np.sqrt(m + alpha * m**2))
        case "anscombeNegBin":
            apart = negbin_scale(y, alpha) - negbin_scale(m, alpha)
            return np.asarray(apart / (m + alpha * m**2) ** (1 / 6))
    return y


def negbin_scale(y: Floats, alpha: float) -> Floats:
    """The integral of (t + alpha t**2)**(-1/3) from 0 to y, which makes the variance even."""
    return np.asarray(1.5 * y ** (2 / 3) * special.hyp2f1(1 / 3, 2 / 3, 5 / 3, -alpha * y))


def least_count(z: Floats, m: Floats, trans: Trans, alpha: float) -> Floats:
    """The count whose standardised value is z, as the reference gives it."""
    third = 2 / 3
    match trans:
        case "standard":
            return np.asarray(np.ceil(m + z * np.sqrt(m)))
        case "rossi":
            square = 4 * m + 2 * z * np.sqrt(m)
            root = np.sqrt(np.maximum(square, 0.0)) - np.sqrt(m)
            return np.where(square >= 0, root**2, 0.0)
        case "anscombe":
            return np.asarray(np.maximum(m**third + z * third * m ** (1 / 6), 0) ** 1.5)
        case "anscombe2nd":
            # The reference subtracts m**(1/3)/9 here, where its statistic has m**(-1/3)/9.
            base = m**third - m ** (1 / 3) / 9
            return np.asarray(np.maximum(base + z * third * m ** (1 / 6), 0) ** 1.5)
        case "pearsonNegBin":
            return np.asarray(m + z * np.sqrt(m + alpha * m**2))
    return z


def add_up(x: Floats, setting: Cusum) -> tuple[Floats, Floats]:
    """The sums S_t, and those with which each point began."""
    sums, before = np.zeros(len(x)), np.zeros(len(x))
    total = 0.0
    for i, value in enumerate(x):
        before[i] = total
        # A point that was not reported leaves the sum as it is.
        total = sums[i] = total if np.isnan(value) else max(0.0, total + value - setting.k)
        if setting.reset and total >= setting.h:
            total = 0.0
    return sums, before


def cusum(series: Series, points: Sequence[int], setting: Cusum) -> Outcome:
    """CUSUM on one series; the points follow each other, the first one starts the sum."""
    at = np.asarray(points)
    y = series.counts[at]
    none = np.zeros(len(at), dtype=np.int64)
    try:
        m = expected(series, at.astype(np.float64), setting)
    except NotFitted:
        return verdicts(y, y * np.nan, y * np.nan, y > 0, none + Reason.NOT_CONVERGED)
    short = np.isnan(m) | (m <= 0)
    m = np.where(short, 1.0, m)
    sums, before = add_up(standardise(y, m, setting.trans, setting.alpha), setting)
    if setting.trans in {"none", "anscombeNegBin"}:
        # Here the reference gives what the sum still lacks after the point itself.
        upper = setting.h - sums
    else:
        upper = least_count(setting.h + setting.k - before, m, setting.trans, setting.alpha)
    reason = np.where(short, Reason.EMPTY_PAST, Reason.NONE)
    return verdicts(y, m, np.maximum(upper, 0.0), sums >= setting.h, reason)
