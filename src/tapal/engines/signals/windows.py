"""Which points of the past stand for today: the same season of earlier years, in levels.

Source: Noufaily et al. 2013 (levels of the season); Farrington et al. 1996 (the windows alone).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.series import Days, Floats, Reason

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Baseline:
    """The rows of one point's past: zero-based `rows`, ascending, their `level` and `time`.

    `level` counts from 0; today's is `levels - 1`. `time` is in steps of the calendar, 0 today.
    """

    rows: Indices
    level: Indices
    time: Floats
    levels: int


@dataclass(frozen=True)
class Reach:
    """How the past is cut: in years, half windows, levels of the season, newest points left out."""

    years: int
    half: int
    levels: int
    left_out: int
    # Time counts the calendar's points, so that months are equally long; else its days.
    equal_steps: bool = False


class NoBaseline(Exception):
    """There is no past of that shape; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def nearest_weekday(day: date, weekday: int) -> date:
    """The day nearest to `day` that falls on `weekday` (Monday is 0)."""
    ahead = (weekday - day.weekday()) % 7
    return day + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def reference_points(point: int, years: int, freq: int, dates: Days | None) -> list[int]:
    """The zero-based points a year, two years, ... before `point`, the nearest first.

    With dates these are the same calendar days, for weekly data moved to the same weekday.
    Raises NoBaseline where the calendar does not hold one of them.
    """
    if dates is None:
        found = [point - i * freq for i in range(1, years + 1)]
        if found and found[-1] < 0:
            raise NoBaseline(Reason.SHORT_PAST)
        return found
    today: date = dates[point].astype("datetime64[D]").item()
    weekly = step_days(dates) == 7
    found = []
    for i in range(1, years + 1):
        day = years_before(today, i)
        if weekly:
            day = nearest_weekday(day, today.weekday())
        at = int(np.searchsorted(dates, np.datetime64(day)))
        if np.datetime64(day) < dates[0]:
            raise NoBaseline(Reason.SHORT_PAST)
        if at == len(dates) or dates[at] != np.datetime64(day):
            raise NoBaseline(Reason.NO_REFERENCE_DAY)
        found.append(at)
    return found


def step_days(dates: Days) -> int:
    """The calendar's unit of time: the days between its first two points."""
    if len(dates) < 2:
        raise NoBaseline(Reason.SHORT_PAST)
    return int((dates[1] - dates[0]).astype("timedelta64[D]").astype(np.int64))


def paint_gap(level: Indices, start: int, length: int, blocks: int) -> None:
    """Share `length` points from `start` on among levels 0..blocks-1, the first ones get more.

    A block without points takes the two points at whose border it lies, and where windows overlap it
    reaches back into them, as R's a:(a-1) does.
    """
    share, rest = divmod(length, blocks)
    for block in range(blocks):
        size = share + (block < rest)
        end = start + size - 1
        level[max(min(start, end), 0) : max(start, end) + 1] = block
        start += size


def season_levels(point: int, references: list[int], reach: Reach, n_time: int) -> Indices:
    """The level of each point of the calendar, -1 outside the past that is looked at."""
    level = np.full(n_time, -1, dtype=np.int64)
    today = reach.levels - 1
    # Where fewer newest points are left out than a half window holds, the rest are of this season.
    level[max(point - reach.half, 0) : point] = today
    later = point
    for reference in references:
        # One point before the series begins is passed over in silence, as in R.
        if reference - reach.half < -1:
            raise NoBaseline(Reason.SHORT_PAST)
        level[max(reference - reach.half, 0) : reference + reach.half + 1] = today
        gap = later - reference - 2 * reach.half - 1
        if today:
            paint_gap(level, reference + reach.half + 1, gap, today)
        later = reference
    level[max(point - reach.left_out, 0) :] = -1
    return level


def season(point: int, reach: Reach, freq: int, dates: Days | None, n_time: int) -> Baseline:
    """The past of `point` in levels of the season. Raises NoBaseline."""
    if reach.levels > freq:
        raise NoBaseline(Reason.PERIODS_TOO_MANY)
    references = reference_points(point, reach.years, freq, dates)
    level = season_levels(point, references, reach, n_time)
    rows = np.flatnonzero(level >= 0)
    if not len(rows):
        raise NoBaseline(Reason.EMPTY_PAST)
    if reach.levels > 1 and (level[rows] == level[rows[0]]).all():
        raise NoBaseline(Reason.PERIODS_TOO_MANY)
    time = steps(rows, point, None if reach.equal_steps else dates)
    return Baseline(rows, level[rows], time, reach.levels)


def steps(rows: Indices, point: int, dates: Days | None) -> Floats:
    """How far each row lies from `point`, in steps of the calendar (negative: before)."""
    if dates is None:
        return (rows - point).astype(np.float64)
    days = (dates[rows] - dates[point]).astype("timedelta64[D]").astype(np.float64)
    return np.asarray(days / step_days(dates))
