"""The steps of a quasi-Poisson fit of levels and one slope, in closed form, in machine code.

log(mu_i) = offset_i + a[level_i] + slope * time_i. Since the design is one level for each row and
one common slope, weighted least squares, hat values and the variance of a prediction need only
sums by level. Steps, start and stop are those of R's `glm`, whose numbers are the yardstick:
start at y + 0.1, stop when the deviance moves by less than 1e-8 of itself, 25 steps at most.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import compiled
from tapal.engines.signals.series import Floats

STEPS = 25
TOLERANCE = 1e-8
# R's log link keeps means above the machine's precision.
LEAST_MEAN = float(np.finfo(np.float64).eps)
LOG_LEAST = math.log(LEAST_MEAN)
Levels = NDArray[np.int64]

# A slope is known where times differ within a level by more than rounding.
LEAST_SPREAD = 1e-20

# Whose dispersion the slope's test and the prediction's error take: the reference's (new weights in
# place of the working weights), the textbook's, or the textbook's with at least 1 for the prediction.
REFERENCE, TEXTBOOK, FLOORED = 0, 1, 2

# Answers of a fit, as `Reason` numbers them (numba takes plain numbers only).
FITTED, EMPTY, NO_FREEDOM, NOT_CONVERGED, NOT_FINITE = 0, 4, 5, 6, 8

# The rows of a past's data: counts, their logarithms (0 for none), times, log populations.
Y, LOG_Y, TIME, OFFSET = 0, 1, 2, 3

# The rows of a fit's work: log means, means, the last step's weights, its working response.
LOG_MEAN, MEAN, WEIGHT, RESPONSE = 0, 1, 2, 3

# The rows of its sums by level: weight, mean time, mean response.
TOTAL, MIDDLE, HEIGHT = 0, 1, 2

# The columns of a fit's result: log mean, its standard error, dispersion (at least 1), the
# slope's t value (NaN without slope; once the slope is judged, 1 or NaN), slope, degrees of freedom.
ETA, SE, PHI, TREND, SLOPE, FREEDOM = 0, 1, 2, 3, 4, 5
COLUMNS = 6


@compiled
def begin(data: Floats, omega: Floats, work: Floats) -> float:
    """Set the means to y + 0.1; returns the deviance."""
    dev = 0.0
    for i in range(data.shape[1]):
        y = data[Y, i]
        m = y + 0.1
        e = math.log(m)
        work[MEAN, i] = m
        work[LOG_MEAN, i] = e
        dev += 2.0 * omega[i] * (y * (data[LOG_Y, i] - e) - (y - m))
    return dev


@compiled
def weigh(data: Floats, level: Levels, omega: Floats, work: Floats, sums: Floats) -> None:
    """Fill the working weights and responses, and their sums by level."""
    sums[:, :] = 0.0
    for i in range(data.shape[1]):
        g = level[i]
        m = work[MEAN, i]
        w = omega[i] * m
        z = work[LOG_MEAN, i] - data[OFFSET, i] + (data[Y, i] - m) / m
        work[WEIGHT, i] = w
        work[RESPONSE, i] = z
        sums[TOTAL, g] += w
        sums[MIDDLE, g] += w * data[TIME, i]
        sums[HEIGHT, g] += w * z
    for g in range(sums.shape[1]):
        if sums[TOTAL, g] > 0.0:
            sums[MIDDLE, g] /= sums[TOTAL, g]
            sums[HEIGHT, g] /= sums[TOTAL, g]


@compiled
def common_slope(data: Floats, level: Levels, work: Floats, sums: Floats) -> tuple[float, float]:
    """The slope within levels and the spread of the times; (0, 0) where times do not differ."""
    spread = 0.0
    cross = 0.0
    for i in range(data.shape[1]):
        g = level[i]
        d = data[TIME, i] - sums[MIDDLE, g]
        spread += work[WEIGHT, i] * d * d
        cross += work[WEIGHT, i] * d * (work[RESPONSE, i] - sums[HEIGHT, g])
    if spread <= LEAST_SPREAD * sums[TOTAL].sum():
        return 0.0, 0.0
    return cross / spread, spread


@compiled
def advance(
    data: Floats, level: Levels, omega: Floats, work: Floats, sums: Floats, slope: float
) -> float:
    """Set the means to those of the step's levels and slope; returns the deviance."""
    dev = 0.0
    for i in range(data.shape[1]):
        g = level[i]
        y = data[Y, i]
        e = sums[HEIGHT, g] + slope * (data[TIME, i] - sums[MIDDLE, g]) + data[OFFSET, i]
        m = math.exp(e)
        work[LOG_MEAN, i] = e
        if m < LEAST_MEAN:
            m = LEAST_MEAN
            e = LOG_LEAST
        work[MEAN, i] = m
        dev += 2.0 * omega[i] * (y * (data[LOG_Y, i] - e) - (y - m))
    return dev


@compiled
def converge(
    data: Floats, level: Levels, omega: Floats, sloped: bool, work: Floats, sums: Floats
) -> tuple[bool, float, float]:
    """Iterate weighted least squares; returns (converged, slope, spread of the times)."""
    old = begin(data, omega, work)
    slope = 0.0
    spread = 0.0
    for _ in range(STEPS):
        weigh(data, level, omega, work, sums)
        if sloped:
            slope, spread = common_slope(data, level, work, sums)
            if spread == 0.0:
                return False, 0.0, 0.0
        dev = advance(data, level, omega, work, sums, slope)
        if not math.isfinite(dev):
            return False, slope, spread
        if abs(dev - old) / (abs(dev) + 0.1) < TOLERANCE:
            return True, slope, spread
        old = dev
    return False, slope, spread
