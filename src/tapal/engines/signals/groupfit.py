"""A quasi-Poisson fit of levels and one slope, and what it foretells of a point, in machine code.

`groupsteps` makes the fit. Hat values, dispersion and covariance use the weights of the last step's
previous mean, as R's `glm` does. `levelfit` is the numpy twin of both; the numbers are the same to 1e-12.
"""

import math

import numpy as np

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.groupsteps import (
    EMPTY,
    ETA,
    FITTED,
    FLOORED,
    FREEDOM,
    HEIGHT,
    LEAST_MEAN,
    LOG_Y,
    MEAN,
    MIDDLE,
    NO_FREEDOM,
    NOT_CONVERGED,
    NOT_FINITE,
    OFFSET,
    PHI,
    REFERENCE,
    SE,
    SLOPE,
    TIME,
    TOTAL,
    TREND,
    WEIGHT,
    Levels,
    Y,
    converge,
)
from tapal.engines.signals.series import Flags, Floats


@compiled
def dispersion(data: Floats, work: Floats, weight: Floats, freedom: int) -> float:
    """Weighted squared working residuals by degree of freedom; NaN without freedom."""
    if freedom <= 0:
        return math.nan
    total = 0.0
    for i in range(data.shape[1]):
        r = (data[Y, i] - work[MEAN, i]) / work[MEAN, i]
        total += weight[i] * r * r
    return total / freedom


@compiled
def anscombe(y: float, mean: float, rest: float) -> float:
    """The Anscombe residual over the root of what the dispersion leaves it; NaN for 0 over 0."""
    s = 1.5 * (math.pow(y, 2.0 / 3.0) * math.pow(mean, -1.0 / 6.0) - math.sqrt(mean))
    if rest > 0.0:
        return s / math.sqrt(rest)
    if s == 0.0:
        return math.nan
    return math.inf if s > 0.0 else -math.inf


@compiled
def down_weigh(
    data: Floats,
    level: Levels,
    omega: Floats,
    work: Floats,
    sums: Floats,
    spread: float,
    phi: float,
    threshold: float,
) -> bool:
    """Put into `omega` less weight where a past count stands out; False where that has no value.

    Standardised Anscombe residuals s above the threshold get weight s**-2, the rest 1; then all
    are scaled so that they sum to n.
    """
    n = data.shape[1]
    whole = 0.0
    for i in range(n):
        g = level[i]
        hat = 1.0 / sums[TOTAL, g]
        if spread > 0.0:
            hat += (data[TIME, i] - sums[MIDDLE, g]) ** 2 / spread
        hat *= work[WEIGHT, i]
        rest = phi * (1.0 - hat) if hat < 1.0 - 10.0 * LEAST_MEAN else 0.0
        s = anscombe(data[Y, i], work[MEAN, i], rest)
        if math.isnan(s):
            return False
        omega[i] = 1.0 / (s * s) if s > threshold else 1.0
        whole += omega[i]
    gamma = n / whole
    for i in range(n):
        omega[i] *= gamma
    return math.isfinite(gamma)


@compiled
def parameters(sums: Floats, sloped: bool) -> int:
    """How many parameters are known: a level for each that has weight, and the slope."""
    used = 1 if sloped else 0
    for g in range(sums.shape[1]):
        if sums[TOTAL, g] > 0.0:
            used += 1
    return used


@compiled
def foretell(
    sums: Floats, slope: float, spread: float, scale: float, raw: float, way: int, out: Floats
) -> int:
    """Predict time 0 in the last level, without offset; a spread of 0 is no slope."""
    g = sums.shape[1] - 1
    if not sums[TOTAL, g] > 0.0:
        return EMPTY
    variance = 1.0 / sums[TOTAL, g]
    out[ETA] = sums[HEIGHT, g]
    out[TREND] = math.nan
    if spread > 0.0:
        variance += sums[MIDDLE, g] ** 2 / spread
        out[ETA] -= slope * sums[MIDDLE, g]
        out[TREND] = slope / math.sqrt(scale / spread) if scale > 0.0 else math.nan
    out[SE] = math.sqrt((max(scale, 1.0) if way == FLOORED else scale) * variance)
    out[PHI] = max(raw, 1.0)
    out[SLOPE] = slope
    if not (math.isfinite(out[ETA]) and math.isfinite(out[SE]) and math.isfinite(raw)):
        return NOT_FINITE
    return FITTED


@compiled
def predict(
    data: Floats,
    level: Levels,
    sloped: bool,
    reweight: bool,
    threshold: float,
    way: int,
    work: Floats,
    sums: Floats,
    omega: Floats,
    out: Floats,
) -> int:
    """Fit, weigh down, fit again and predict into `out`; returns the answer's code."""
    omega[:] = 1.0
    fitted, slope, spread = converge(data, level, omega, sloped, work, sums)
    if not fitted and sloped:
        sloped = False
        fitted, slope, spread = converge(data, level, omega, False, work, sums)
    if not fitted:
        return NOT_CONVERGED
    freedom = data.shape[1] - parameters(sums, sloped)
    if freedom <= 0:
        return NO_FREEDOM
    raw = dispersion(data, work, work[WEIGHT], freedom)
    scale = raw
    if reweight:
        phi = max(raw, 1.0)
        if not down_weigh(data, level, omega, work, sums, spread, phi, threshold):
            return NOT_FINITE
        _, slope, spread = converge(data, level, omega, sloped, work, sums)
        freedom = (omega > 0.0).sum() - parameters(sums, sloped)
        if freedom <= 0:
            return NO_FREEDOM
        raw = dispersion(data, work, work[WEIGHT], freedom)
        scale = dispersion(data, work, omega, freedom) if way == REFERENCE else raw
    out[FREEDOM] = freedom
    return foretell(sums, slope, spread if sloped else 0.0, scale, raw, way, out)


@compiled
def gather(
    counts: Floats,
    offsets: Floats,
    rows: Levels,
    time: Floats,
    level: Levels,
    data: Floats,
    levels: Levels,
) -> tuple[int, float]:
    """Put what was reported of one series into `data` and `levels`; returns (number, greatest)."""
    n = 0
    most = 0.0
    for i in range(rows.size):
        value = counts[rows[i]]
        if not math.isnan(value):
            data[Y, n] = value
            data[LOG_Y, n] = math.log(value) if value > 0.0 else 0.0
            data[TIME, n] = time[i]
            data[OFFSET, n] = offsets[i]
            levels[n] = level[i]
            most = max(most, value)
            n += 1
    return n, most


@compiled
def predict_all(
    counts: Floats,
    rows: Levels,
    time: Floats,
    level: Levels,
    levels: int,
    offsets: Floats,
    sloped: bool,
    reweight: bool,
    threshold: float,
    way: int,
    critical: Floats,
    out: Floats,
    codes: Flags,
) -> None:
    """Predict one point of many series; `out` is (n_series, COLUMNS), `codes` (n_series,).

    `offsets` is (n_series, n_rows + 1), the point's own last; `critical[d]` is the t value above
    which a slope with d degrees of freedom is kept. A slope is dropped, and all done again, too
    where it would predict more than was ever counted in this past.
    """
    data = np.empty((4, rows.size))
    work = np.empty((4, rows.size))
    sums = np.empty((3, levels))
    omega = np.empty(rows.size)
    own = np.empty(rows.size, np.int64)
    for s in range(counts.shape[0]):
        out[s, :] = math.nan
        codes[s] = EMPTY
        n, most = gather(counts[s], offsets[s], rows, time, level, data, own)
        for slope in (sloped, False):
            if n == 0:
                break
            codes[s] = predict(
                *(data[:, :n], own[:n], slope, reweight, threshold, way),
                *(work[:, :n], sums, omega[:n], out[s]),
            )
            if codes[s] != FITTED:
                out[s, :] = math.nan
                break
            out[s, ETA] += offsets[s, rows.size]
            known = abs(out[s, TREND]) > critical[int(out[s, FREEDOM])]
            kept = slope and known and math.exp(out[s, ETA]) <= most
            out[s, TREND] = 1.0 if kept else math.nan
            if kept or not slope:
                break
