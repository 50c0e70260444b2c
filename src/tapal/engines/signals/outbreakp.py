"""OutbreakP: has the level only risen, or did it stay?

The likelihood of the best rising curve through all counts so far over that of the best constant.
No baseline is needed: the method is made for the onset of a season.
Source: Frisén, Andersson and Schiöler 2009, Statistics in Medicine 28:2640.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from tapal.engines.signals.series import (
    ALARM,
    NO_RESULT,
    SILENT,
    Flags,
    Floats,
    Outcome,
    Reason,
    Series,
)


@dataclass(frozen=True)
class OutbreakP:
    """Alarm where the ratio is above `k`.

    `ret` 'value' gives the ratio itself as the bound (inf beyond all numbers), 'cases' the least
    count that raises the alarm, looked for up to `max_cases`. `compat` 'surveillance' multiplies
    the ratio point by point as the reference does, which runs out of range in long series of
    large counts; the textbook's sums logarithms.
    """

    k: float = 100.0
    ret: Literal["value", "cases"] = "value"
    max_cases: int = 100_000
    compat: Literal["surveillance", "textbook"] = "surveillance"


class Rising:
    """The best rising curve through the counts so far: blocks of equal level."""

    def __init__(self) -> None:
        self.means: list[float] = []
        self.sizes: list[int] = []

    def add(self, count: float) -> None:
        """Take one more count, and pool blocks until they rise again."""
        self.means.append(count)
        self.sizes.append(1)
        while len(self.means) > 1 and self.means[-2] >= self.means[-1]:
            mean, size = self.means.pop(), self.sizes.pop()
            whole = self.sizes[-1] + size
            self.means[-1] = (self.means[-1] * self.sizes[-1] + mean * size) / whole
            self.sizes[-1] = whole

    def copy(self) -> "Rising":
        """The same curve, to try a count on."""
        other = Rising()
        other.means, other.sizes = self.means.copy(), self.sizes.copy()
        return other


def ratio(rising: Rising, counts: Floats, textbook: bool) -> float:
    """Likelihood of the rising curve over that of the constant."""
    constant = counts.mean()
    means = np.array(rising.means)
    if textbook:
        sums = means * rising.sizes
        logs = special.xlogy(sums, means).sum() - special.xlogy(counts.sum(), constant)
        with np.errstate(over="ignore"):
            return float(np.exp(logs))
    level = np.repeat(means, rising.sizes)
    with np.errstate(all="ignore"):
        return float(np.cumprod((level / constant) ** counts)[-1])


def states(counts: Floats) -> Iterator[tuple[Rising, Floats]]:
    """The curve before each point, and the reported counts before it."""
    rising = Rising()
    known: list[float] = []
    for count in counts:
        yield rising, np.array(known)
        if not np.isnan(count):
            rising.add(float(count))
            known.append(float(count))


def least_count(rising: Rising, before: Floats, setting: OutbreakP) -> float:
    """The least count of the next point that raises the alarm, NaN beyond `max_cases`."""

    def loud(count: int) -> bool:
        tried = rising.copy()
        tried.add(float(count))
        value = ratio(tried, np.append(before, float(count)), setting.compat == "textbook")
        return value > setting.k

    low, high = -1, 0
    while not loud(high):
        if high >= setting.max_cases:
            return np.nan
        low, high = high, min(max(2 * high, 1), setting.max_cases)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if loud(middle) else (middle, high)
    # Where no count at all is an alarm already, the reference names no bound.
    return np.nan if high == 0 and setting.compat == "surveillance" else float(high)


def outbreakp(series: Series, points: Sequence[int], setting: OutbreakP) -> Outcome:
    """OutbreakP on one series, from its first point on."""
    at = {int(point): i for i, point in enumerate(points)}
    upper = np.full(len(at), np.nan)
    alarm: Flags = np.full(len(at), NO_RESULT, dtype=np.int8)
    reason: Flags = np.full(len(at), Reason.NOT_REPORTED, dtype=np.int8)
    for point, (rising, before) in enumerate(states(series.counts[: max(at) + 1])):
        count = series.counts[point]
        if point not in at or np.isnan(count):
            continue
        now = rising.copy()
        now.add(float(count))
        value = ratio(now, np.append(before, count), setting.compat == "textbook")
        i = at[point]
        bound = value if setting.ret == "value" else least_count(rising, before, setting)
        reason[i] = Reason.NOT_FINITE if np.isnan(bound) else Reason.NONE
        upper[i] = bound
        if not np.isnan(value):
            alarm[i] = ALARM if value > setting.k else SILENT
    return Outcome(np.full(len(at), np.nan), upper, alarm, reason)
