"""A quasi-Poisson fit of levels and one slope, in closed form at each step, in machine code.

log(mu_i) = offset_i + a[level_i] + slope * time_i. Since the design is one level for each row and
one common slope, weighted least squares, hat values and the variance of a prediction need only
sums by level. Steps, start and stop are those of R's `glm`, whose numbers are the yardstick:
start at y + 0.1, stop when the deviance moves by less than 1e-8 of itself, 25 steps at most;
hat values, dispersion and covariance use the weights of the last step's previous mean.

`levelfit` is its numpy twin; both give the same numbers to 1e-12.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.series import Flags, Floats

STEPS = 25
TOLERANCE = 1e-8
# R's log link keeps means above the machine's precision.
LEAST_MEAN = float(np.finfo(np.float64).eps)
LOG_LEAST = math.log(LEAST_MEAN)
# A slope is known where times differ within a level by more than rounding.
LEAST_SPREAD = 1e-20

# Whose dispersion the slope's test and the prediction's error take: the reference's (new weights in
# place of the working weights), the textbook's, or the textbook's with at least 1 for the prediction.
REFERENCE, TEXTBOOK, FLOORED = 0, 1, 2

# Answers of a fit, as `Reason` numbers them (numba takes plain numbers only).
FITTED, EMPTY, NO_FREEDOM, NOT_CONVERGED, NOT_FINITE = 0, 4, 5, 6, 8

# The columns of a fit's result: log mean, its standard error, dispersion (at least 1), the
# slope's t value (NaN without slope; once the slope is judged, 1 or NaN), slope, degrees of freedom.
ETA, SE, PHI, TREND, SLOPE, FREEDOM = 0, 1, 2, 3, 4, 5
COLUMNS = 6


@compiled
def converge(
    y: Floats,
    log_y: Floats,
    time: Floats,
    level: NDArray[np.int64],
    offset: Floats,
    omega: Floats,
    sloped: bool,
    work: Floats,
    sums: Floats,
) -> tuple[bool, float, float]:
    """Iterate weighted least squares; returns (converged, slope, spread of the times).

    `work` (4, n) receives eta, mu, the last step's weights and its working response; `sums`
    (3, levels) the sum of weights, mean time and mean response of each level.
    """
    eta, mu, weight, z = work[0], work[1], work[2], work[3]
    total, middle, height = sums[0], sums[1], sums[2]
    n = y.size
    old = 0.0
    for i in range(n):
        mu[i] = y[i] + 0.1
        eta[i] = math.log(mu[i])
        old += 2.0 * omega[i] * (y[i] * (log_y[i] - eta[i]) - (y[i] - mu[i]))
    slope = 0.0
    spread = 0.0
    for _ in range(STEPS):
        total[:] = 0.0
        middle[:] = 0.0
        height[:] = 0.0
        for i in range(n):
            g = level[i]
            w = omega[i] * mu[i]
            weight[i] = w
            z[i] = eta[i] - offset[i] + (y[i] - mu[i]) / mu[i]
            total[g] += w
            middle[g] += w * time[i]
            height[g] += w * z[i]
        for g in range(total.size):
            if total[g] > 0.0:
                middle[g] /= total[g]
                height[g] /= total[g]
        if sloped:
            spread = 0.0
            cross = 0.0
            for i in range(n):
                d = time[i] - middle[level[i]]
                spread += weight[i] * d * d
                cross += weight[i] * d * (z[i] - height[level[i]])
            if spread <= LEAST_SPREAD * total.sum():
                return False, 0.0, 0.0
            slope = cross / spread
        dev = 0.0
        for i in range(n):
            g = level[i]
            e = height[g] + slope * (time[i] - middle[g]) + offset[i]
            m = math.exp(e)
            eta[i] = e
            if m < LEAST_MEAN:
                m = LEAST_MEAN
                e = LOG_LEAST
            mu[i] = m
            dev += 2.0 * omega[i] * (y[i] * (log_y[i] - e) - (y[i] - m))
        if not math.isfinite(dev):
            return False, slope, spread
        if abs(dev - old) / (abs(dev) + 0.1) < TOLERANCE:
            return True, slope, spread
        old = dev
    return False, slope, spread


@compiled
def dispersion(y: Floats, mu: Floats, weight: Floats, freedom: int) -> float:
    """Weighted squared working residuals by degree of freedom; NaN without freedom."""
    if freedom <= 0:
        return math.nan
    total = 0.0
    for i in range(y.size):
        r = (y[i] - mu[i]) / mu[i]
        total += weight[i] * r * r
    return total / freedom


@compiled
def down_weigh(
    y: Floats,
    time: Floats,
    level: NDArray[np.int64],
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
    mu, weight = work[1], work[2]
    total, middle = sums[0], sums[1]
    n = y.size
    whole = 0.0
    for i in range(n):
        g = level[i]
        hat = 1.0 / total[g]
        if spread > 0.0:
            hat += (time[i] - middle[g]) ** 2 / spread
        hat *= weight[i]
        rest = phi * (1.0 - hat) if hat < 1.0 - 10.0 * LEAST_MEAN else 0.0
        s = 1.5 * (y[i] ** (2.0 / 3.0) * mu[i] ** (-1.0 / 6.0) - math.sqrt(mu[i]))
        if rest > 0.0:
            s /= math.sqrt(rest)
        elif s != 0.0:
            s = math.inf if s > 0.0 else -math.inf
        else:
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
        if sums[0, g] > 0.0:
            used += 1
    return used


@compiled
def predict(
    y: Floats,
    log_y: Floats,
    time: Floats,
    level: NDArray[np.int64],
    offset: Floats,
    now: Floats,
    sloped: bool,
    reweight: bool,
    threshold: float,
    way: int,
    work: Floats,
    sums: Floats,
    omega: Floats,
    out: Floats,
) -> int:
    """Fit, weigh down, fit again and predict `now` (its offset) at time 0 in the last level.

    Fills `out` (see the columns) and returns the answer's code.
    """
    n = y.size
    omega[:] = 1.0
    fitted, slope, spread = converge(y, log_y, time, level, offset, omega, sloped, work, sums)
    if not fitted and sloped:
        sloped = False
        fitted, slope, spread = converge(y, log_y, time, level, offset, omega, False, work, sums)
    if not fitted:
        return NOT_CONVERGED
    freedom = n - parameters(sums, sloped)
    if freedom <= 0:
        return NO_FREEDOM
    raw = dispersion(y, work[1], work[2], freedom)
    scale = raw
    if reweight:
        if not down_weigh(y, time, level, omega, work, sums, spread, max(raw, 1.0), threshold):
            return NOT_FINITE
        fitted, slope, spread = converge(y, log_y, time, level, offset, omega, sloped, work, sums)
        live = 0
        for i in range(n):
            if omega[i] > 0.0:
                live += 1
        freedom = live - parameters(sums, sloped)
        if freedom <= 0:
            return NO_FREEDOM
        raw = dispersion(y, work[1], work[2], freedom)
        scale = dispersion(y, work[1], omega, freedom) if way == REFERENCE else raw
    g = sums.shape[1] - 1
    if not sums[0, g] > 0.0:
        return EMPTY
    variance = 1.0 / sums[0, g]
    out[ETA] = sums[2, g] + now[0]
    out[TREND] = math.nan
    if sloped:
        variance += sums[1, g] ** 2 / spread
        out[ETA] -= slope * sums[1, g]
        out[TREND] = slope / math.sqrt(scale / spread) if scale > 0.0 else math.nan
    out[SE] = math.sqrt((max(scale, 1.0) if way == FLOORED else scale) * variance)
    out[PHI] = max(raw, 1.0)
    out[SLOPE] = slope
    out[FREEDOM] = freedom
    if not (math.isfinite(out[ETA]) and math.isfinite(out[SE]) and math.isfinite(raw)):
        return NOT_FINITE
    return FITTED


@compiled
def predict_all(
    counts: Floats,
    rows: NDArray[np.int64],
    time: Floats,
    level: NDArray[np.int64],
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
    n_rows = rows.size
    work = np.empty((4, n_rows))
    sums = np.empty((3, levels))
    omega = np.empty(n_rows)
    y = np.empty(n_rows)
    log_y = np.empty(n_rows)
    x = np.empty(n_rows)
    g = np.empty(n_rows, np.int64)
    o = np.empty(n_rows)
    for s in range(counts.shape[0]):
        n = 0
        most = 0.0
        for i in range(n_rows):
            value = counts[s, rows[i]]
            if math.isnan(value):
                continue
            y[n] = value
            log_y[n] = math.log(value) if value > 0.0 else 0.0
            x[n] = time[i]
            g[n] = level[i]
            o[n] = offsets[s, i]
            most = max(most, value)
            n += 1
        out[s, :] = math.nan
        if n == 0:
            codes[s] = EMPTY
            continue
        now = offsets[s, n_rows:]
        for slope in (sloped, False):
            codes[s] = predict(
                y[:n],
                log_y[:n],
                x[:n],
                g[:n],
                o[:n],
                now,
                slope,
                reweight,
                threshold,
                way,
                work[:, :n],
                sums,
                omega[:n],
                out[s],
            )
            if codes[s] != FITTED:
                out[s, :] = math.nan
                break
            known = abs(out[s, TREND]) > critical[int(out[s, FREEDOM])]
            if slope and known and math.exp(out[s, ETA]) <= most:
                out[s, TREND] = 1.0
                break
            out[s, TREND] = math.nan
            if not slope:
                break
