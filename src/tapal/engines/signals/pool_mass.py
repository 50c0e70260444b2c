"""The counts' distribution, as the compiled loops of the pooling engine take it.

Counts are negative binomial with variance = dispersion x mean. With one dispersion such counts add
up: a sum of weeks is again of this family, with the means added.
Source: Noufaily et al. 2013, Stat Med 32:1206 (the quasi-Poisson model and its negative binomial).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import borrowed, summing

Floats = NDArray[np.float64]

# Below this excess over 1 the dispersion counts as Poisson: the two agree to 1e-6.
POISSON = 1.000001
# So many cases are multiplied out; with more, two gamma functions are quicker. The means stand
# between LITTLE and MUCH, so that no product vanishes or overflows.
FEW, LITTLE, MUCH = 64.0, 1e-4, 1e4

# 1 / log 2, and log 2 in two parts, so that a whole multiple of it is taken off without rounding.
PER_OCTAVE = 1.0 / math.log(2.0)
OCTAVE, OCTAVE_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Adding and taking it off rounds a number below 2**51 to a whole one.
ROUNDER = 1.5 * 2.0**52
# Powers of two from 2**-OCTAVES to 2**OCTAVES, and the reciprocals of the factorials from 0 on.
OCTAVES = 40
POWERS = np.exp2(np.arange(-OCTAVES, OCTAVES + 1.0))
SERIES = tuple(1.0 / math.factorial(k) for k in range(14))


@borrowed
def multiply_exp(factors: Floats, logs: Floats) -> None:
    """Set `logs` to the factors times exp of them; each at most log(2) OCTAVES, else nonsense.

    Written out, not math.exp, so that the compiler takes several at a time: twice as fast.
    """
    for i in range(logs.size):
        octaves = (logs[i] * PER_OCTAVE + ROUNDER) - ROUNDER
        x = (logs[i] - octaves * OCTAVE) - octaves * OCTAVE_REST
        power = SERIES[13] * x + SERIES[12]
        power = power * x + SERIES[11]
        power = power * x + SERIES[10]
        power = power * x + SERIES[9]
        power = power * x + SERIES[8]
        power = power * x + SERIES[7]
        power = power * x + SERIES[6]
        power = power * x + SERIES[5]
        power = power * x + SERIES[4]
        power = power * x + SERIES[3]
        power = (power * x + SERIES[2]) * x + 1.0
        power = power * x + 1.0
        logs[i] = factors[i] * power * POWERS[np.int32(octaves) + np.int32(OCTAVES)]


@borrowed
def curve(mean: float, dispersion: float) -> tuple[float, float, float]:
    """(step, grow, level): the log mass of c is level plus the sum of log(step + j grow) over j < c."""
    if dispersion <= POISSON:
        return mean, 0.0, -mean
    excess, part = dispersion - 1.0, 1.0 / dispersion
    return mean * part, excess * part, -mean / excess * math.log(dispersion)


@summing
def product(count: int, step: float, grow: float) -> float:
    """The product of step + j grow over j < count."""
    total = 1.0
    for j in range(count):
        total *= step + j * grow
    return total


@borrowed
def is_few(count: float, mean: float) -> bool:
    """Whether the mass of a count may be multiplied out."""
    return count <= FEW and LITTLE < mean < MUCH and count == math.floor(count)


@borrowed
def log_mass(count: float, mean: float, dispersion: float) -> float:
    """Log probability of `count`, without the term that depends on the count alone (log count!)."""
    if mean <= 0.0:
        return 0.0 if count == 0.0 else -1e30
    if dispersion <= POISSON:
        return count * math.log(mean) - mean
    if is_few(count, mean):
        step, grow, level = curve(mean, dispersion)
        return math.log(product(int(count), step, grow)) + level
    size = mean / (dispersion - 1.0)
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - size * math.log(dispersion)
        + count * math.log1p(-1.0 / dispersion)
    )
