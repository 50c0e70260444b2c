"""What goes into a method and what comes out: plain arrays and nothing else."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
Days = NDArray[np.datetime64]

# The three answers of `Outcome.alarm`. No result is neither an alarm nor silence.
ALARM, SILENT, NO_RESULT = 1, 0, -1


class Reason(IntEnum):
    """Why a point has no bound, or no result at all."""

    NONE = 0
    # There is no bound by design, and the point is silent: fewer cases than `limit54` asks for.
    FEW_CASES = 1
    # The point itself was not reported, or its post was closed.
    NOT_REPORTED = 2
    # The past does not reach back as far as the method looks.
    SHORT_PAST = 3
    # Nothing in the past that the method looks at was reported.
    EMPTY_PAST = 4
    # More parameters than reported values: no dispersion can be estimated.
    NO_FREEDOM = 5
    # The model's fit did not converge.
    NOT_CONVERGED = 6
    # Population or exposure is missing, zero or negative where it is needed.
    NO_POPULATION = 7
    # The numbers ran out of range: the bound is not a finite number.
    NOT_FINITE = 8
    # More periods than points in a year, or the past holds but one of them.
    PERIODS_TOO_MANY = 9
    # The method has no parameter of that name, or not with that value.
    BAD_PARAMETER = 10
    # There is no method of that name.
    NO_METHOD = 11
    # The series is not in the file, or the points lie outside it.
    NO_SERIES = 12
    # The dates do not hold the day that the method looks for in an earlier year.
    NO_REFERENCE_DAY = 13
    # The method itself broke off.
    FAILED = 14
    # The method knows weeks alone.
    NOT_WEEKLY = 15


def as_counts(values: ArrayLike, dimensions: int) -> Floats:
    """Counts as numbers, NaN for None. Raises ValueError for what is no count, or another shape."""
    counts = np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    if counts.ndim != dimensions:
        raise ValueError(f"counts have {counts.ndim} dimensions, not {dimensions}")
    if (counts < 0).any() or np.isinf(counts).any():
        raise ValueError("a count is below zero or infinite")
    return counts


@dataclass(frozen=True)
class Series:
    """One series of counts. Raises ValueError for a count below zero or infinite.

    `counts` has shape (n_time,), NaN where nothing was reported; `population` the same shape;
    `dates` are days at equal steps or months; `freq` is the number of points in a year.
    `state` is 1 in the points known to belong to an outbreak.
    """

    counts: Floats
    freq: int = 52
    dates: Days | None = None
    population: Floats | None = None
    state: Floats | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", as_counts(self.counts, 1))

    def panel(self) -> "Panel":
        """The panel that holds this series alone."""
        population = None if self.population is None else self.population[np.newaxis, :]
        return Panel(self.counts[np.newaxis, :], self.freq, self.dates, population)


@dataclass(frozen=True)
class Panel:
    """Series that share one calendar: `counts` and `population` have shape (n_series, n_time).

    Raises ValueError for a count below zero or infinite.
    """

    counts: Floats
    freq: int = 52
    dates: Days | None = None
    population: Floats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", as_counts(self.counts, 2))


@dataclass(frozen=True)
class Outcome:
    """What a method says of each evaluated point; all arrays have the shape (n_points,).

    `expected` and `upper` are counts (or a statistic, where the method says so), NaN where there
    is none; `alarm` is ALARM, SILENT or NO_RESULT; `reason` holds codes of `Reason`.
    """

    expected: Floats
    upper: Floats
    alarm: Flags
    reason: Flags


@dataclass(frozen=True)
class Expectation:
    """What Farrington Flexible expects; all arrays have the shape (n_series, n_points).

    `mean` is the expected count, `phi` the variance over the mean (at least 1), `se` the standard
    error of log(mean), `upper` the bound, `p_value` the chance of at least the observed count
    under a negative binomial (Poisson where phi is 1) with that mean and phi, `score` the
    exceedance: above 1 is over the bound. `trend` is 1 where a trend was kept. Where `reason`
    tells of no result all numbers are NaN and `alarm` is NO_RESULT.
    """

    mean: Floats
    phi: Floats
    se: Floats
    upper: Floats
    p_value: Floats
    score: Floats
    trend: Flags
    alarm: Flags
    reason: Flags


def verdicts(
    counts: Floats,
    expected: Floats,
    upper: Floats,
    loud: NDArray[np.bool_],
    reason: NDArray[np.int_],
) -> Outcome:
    """The outcome of counts held against bounds, with a reason wherever there is none.

    `reason` tells what is known already; a count that was not reported and a bound that is no
    finite number are found here.
    """
    why = np.asarray(reason, dtype=np.int8).copy()
    why[(why == Reason.NONE) & np.isnan(counts)] = Reason.NOT_REPORTED
    why[(why == Reason.NONE) & ~np.isfinite(upper)] = Reason.NOT_FINITE
    known = why == Reason.NONE
    alarm = np.where(known, np.where(loud, ALARM, SILENT), NO_RESULT).astype(np.int8)
    return Outcome(np.where(known, expected, np.nan), np.where(known, upper, np.nan), alarm, why)
