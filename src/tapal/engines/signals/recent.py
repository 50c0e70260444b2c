"""RKI, Bayes and CDC: the same weeks of earlier years, and the newest ones, as they stand.

Sources: RKI: Riebler 2004, Robert Koch Institute's rule; limits of Crow and Gardner 1959,
Biometrika 46:441. Bayes: Höhle 2007, Computational Statistics 22:571; Riebler 2004.
CDC: Stroup, Williamson, Herndon and Karon 1989, Statistics in Medicine 8:323.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from tapal.engines.signals.quantile import negbin_quantile
from tapal.engines.signals.series import Floats, Outcome, Reason, Series, verdicts

# Upper 95 % limits of a Poisson mean when 0, 1, ... 20 were counted (Crow and Gardner 1959).
CROW_GARDNER = (
    *(3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633),
    *(19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017),
)


@dataclass(frozen=True)
class Recent:
    """The past of RKI and Bayes.

    `b` years back with `w` points each side of the same point, and with `this_year` the `w`
    newest points; `alpha` (Bayes alone) is one-sided.
    """

    b: int = 0
    w: int = 6
    this_year: bool = True
    alpha: float = 0.05


@dataclass(frozen=True)
class Cdc:
    """`b` years back, `m` four-week blocks each side of the same block, two-sided `alpha`."""

    b: int = 5
    m: int = 1
    alpha: float = 0.025


def past(counts: Floats, point: int, freq: int, setting: Recent) -> Floats | Reason:
    """The reported counts that stand for today, or why there are none."""
    w = setting.w
    pieces = [counts[point - w : point]] if setting.this_year else []
    first = point - w if setting.this_year else point
    for year in range(1, setting.b + 1):
        middle = point - freq * year
        first = min(first, middle - w)
        pieces.append(counts[max(middle - w, 0) : max(middle + w + 1, 0)])
    if first < 0:
        return Reason.SHORT_PAST
    values = np.concatenate(pieces) if pieces else np.empty(0)
    values = values[~np.isnan(values)]
    return values if len(values) else Reason.EMPTY_PAST


def rki_bound(values: Floats) -> float:
    """Two deviations above the mean; from a table of Poisson limits where it is at most 20."""
    mean = float(values.mean())
    if mean <= 20:
        return CROW_GARDNER[int(mean)]
    return mean + 2 * float(values.std(ddof=1)) if len(values) > 1 else np.nan


def rki(series: Series, points: Sequence[int], setting: Recent) -> Outcome:
    """The Robert Koch Institute's rule on one series."""
    at = np.asarray(points)
    expected, upper = np.full(len(at), np.nan), np.full(len(at), np.nan)
    reason = np.zeros(len(at), dtype=np.int64)
    for i, point in enumerate(at):
        values = past(series.counts, int(point), series.freq, setting)
        if isinstance(values, Reason):
            reason[i] = values
            continue
        expected[i], upper[i] = values.mean(), rki_bound(values)
    y = series.counts[at]
    return verdicts(y, expected, upper, y > upper, reason)


def bayes(series: Series, points: Sequence[int], setting: Recent) -> Outcome:
    """The Bayes rule on one series: a quantile of what a Poisson with an unknown mean brings.

    With Jeffreys' prior and n counts of sum s the next count is negative binomial with size
    s + 1/2 and probability n / (n + 1).
    """
    at = np.asarray(points)
    size, number = np.full(len(at), np.nan), np.ones(len(at))
    reason = np.zeros(len(at), dtype=np.int64)
    for i, point in enumerate(at):
        values = past(series.counts, int(point), series.freq, setting)
        if isinstance(values, Reason):
            reason[i] = values
            continue
        size[i], number[i] = values.sum() + 0.5, len(values)
    mean = size / number
    upper = negbin_quantile(1 - setting.alpha, mean, size)
    y = series.counts[at]
    return verdicts(y, mean, upper, y > upper, reason)


def cdc(series: Series, points: Sequence[int], setting: Cdc) -> Outcome:
    """The CDC rule on one series: sums of four weeks against those of earlier years.

    Expected and bound are sums of four points, and so is the count that is held against them.
    """
    at = np.asarray(points)
    sums = np.full(len(series.counts), np.nan)
    sums[3:] = np.convolve(series.counts, np.ones(4), "valid") if len(sums) > 3 else np.nan
    shifts = np.array(
        [
            series.freq * year - 4 * block
            for year in range(1, setting.b + 1)
            for block in range(-setting.m, setting.m + 1)
        ]
    )
    wanted = at[:, np.newaxis] - shifts
    short = (wanted < 3).any(axis=1)
    blocks = sums[np.maximum(wanted, 0)]
    n = len(shifts)
    mean = blocks.mean(axis=1)
    sd = blocks.std(axis=1, ddof=1) if n > 1 else np.full(len(at), np.nan)
    z = float(special.ndtri(1 - setting.alpha / 2))
    upper = mean + z * sd * np.sqrt(1 + 1 / n)
    reason = np.where(short, Reason.SHORT_PAST, Reason.NONE)
    return verdicts(sums[at], mean, upper, sums[at] > upper, reason)
