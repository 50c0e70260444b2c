"""What a setting would have done: false alarms, detections, delay and workload, week by week.

On history with known outbreaks the truth is theirs. On history without, outbreaks are planted into
a copy of it: what the setting finds there is its detection, what it lists in the history as it is
bounds its false alarms from above, since some of those may be real.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool import PoolSettings, Verdict, Watch, part, prepare, verdict
from tapal.engines.signals.pool_files import Counts
from tapal.engines.signals.weekday import with_daily_effect

Floats = NDArray[np.float64]

PLANTED, SIZE, SEED = 20, 5.0, 1
"""Outbreaks planted where nobody says how many, their size in standard deviations, the draw."""


@dataclass(frozen=True, slots=True)
class Outbreak:
    """One outbreak: the series that it may show in, and its first and last point, both included."""

    series: frozenset[int]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Plant:
    """So many outbreaks of a size in standard deviations of their week, drawn by a seed."""

    many: int = PLANTED
    size: float = SIZE
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a backtest. Shares are of 1; NaN where nothing was there to be counted.

    `alarms` lines a week; `false_alarms` those of them that name no known outbreak, false at most;
    `false_share` the mean false-discovery proportion of the weekly lists and
    `false_error` its standard error; `found` the share of outbreaks on some list while they were on,
    `delay` the mean points from their start to that list; `unjudged` the share of series and weeks
    of which nothing could be said.
    """

    weeks: int
    series: int
    alarms: float
    false_alarms: float
    false_share: float
    false_error: float
    outbreaks: int
    found: float
    delay: float
    unjudged: float


def run_weeks(
    watch: Watch,
    weeks: NDArray[np.int64],
    settings: PoolSettings,
    tell: Callable[[int], None] | None = None,
) -> list[Verdict]:
    """The list of each week, as it would have been made then."""
    judged = prepare(watch, weeks, settings)
    parted = part(watch, settings)
    lists = []
    for index in range(weeks.size):
        lists.append(verdict(watch, judged, index, parted, settings))
        if tell is not None:
            tell(index + 1)
    return lists


def outbreaks_of(state: Floats) -> list[Outbreak]:
    """The outbreaks that a state tells of: each run of ones in a series."""
    found = []
    for series in range(state.shape[0]):
        on = np.concatenate([[0], (state[series] == 1.0).astype(int), [0]])
        starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1) - 1
        found += [
            Outbreak(frozenset((series,)), int(start), int(end))
            for start, end in zip(starts, ends, strict=True)
        ]
    return found


def report(
    lists: list[Verdict],
    outbreaks: Sequence[Outbreak],
    series: int,
    *,
    truth: bool = True,
    besides: Sequence[Outbreak] = (),
) -> Report:
    """Hold the lists against outbreaks; unless those are all, no false share can be told.

    To be found an outbreak must begin within the weeks of the lists. Those `besides` are not sought,
    and an alarm that names one is not false.
    """
    named = {one.week: [{m.series for m in a.members} for a in one.alarms] for one in lists}
    all_of_them, wrong = [*outbreaks, *besides], {}
    for week, alarms in named.items():
        on = frozenset().union(*(o.series for o in all_of_them if o.first <= week <= o.last))
        wrong[week] = sum(on.isdisjoint(alarm) for alarm in alarms)
    shares = [wrong[week] / max(len(alarms), 1) for week, alarms in named.items()]
    delays = []
    happened = [one for one in outbreaks if min(named) <= one.first <= max(named)]
    for one in happened:
        hit = [
            week
            for week in range(one.first, one.last + 1)
            if any(not one.series.isdisjoint(alarm) for alarm in named.get(week, ()))
        ]
        if hit:
            delays.append(hit[0] - one.first)
    series_weeks = sum(one.series for one in lists)
    error = float(np.std(shares) / np.sqrt(len(shares)))
    return Report(
        weeks=len(lists),
        series=series,
        alarms=float(np.mean([len(alarms) for alarms in named.values()])),
        false_alarms=float(np.mean(list(wrong.values()))),
        false_share=float(np.mean(shares)) if truth else float("nan"),
        false_error=error if truth else float("nan"),
        outbreaks=len(happened),
        found=len(delays) / len(happened) if happened else float("nan"),
        delay=float(np.mean(delays)) if delays else float("nan"),
        unjudged=sum(one.silent_for for one in lists) / max(series_weeks, 1),
    )


def trial(
    counts: Counts,
    settings: PoolSettings,
    weeks: int,
    plant: Plant,
    known: Sequence[Outbreak] | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> dict[str, Report]:
    """Make the lists of the last weeks and count: on `history` as it is, and with outbreaks `planted`.

    The outbreaks `known` are taken to be all that there were; where nobody named them (None), the
    history tells its workload, and each of its alarms may be false.
    """
    last = counts.watch.counts.shape[1]
    asked = np.arange(max(0, last - weeks), last)
    counts = with_daily_effect(counts, int(asked[0]))
    number = len(counts.watch.names)
    lists = run_weeks(counts.watch, asked, settings, tell)
    found = {"history": report(lists, known or (), number, truth=known is not None)}
    if plant.many:
        watch, there = planted(counts.watch, asked, settings, plant)
        lists = run_weeks(watch, asked, settings, lambda done: tell(asked.size + done))
        found["planted"] = report(lists, there, number, truth=False, besides=known or ())
    return found


def planted(
    watch: Watch,
    weeks: NDArray[np.int64],
    settings: PoolSettings,
    plant: Plant,
) -> tuple[Watch, list[Outbreak]]:
    """The watch with outbreaks planted into the weeks, and which those are.

    Each has Poisson(`size` standard deviations of its week) cases, half of them in the first week,
    the others with log-normal delays. Weeks without report get no case.
    """
    rng = np.random.default_rng(plant.seed)
    judged = prepare(watch, weeks, settings)
    counts = watch.counts.copy()
    there = []
    able = np.argwhere(judged.expectation.known)
    for series, index in able[rng.permutation(len(able))[: plant.many]]:
        mean = judged.expectation.mean[series, index, -1]
        spread = float(np.sqrt(judged.expectation.dispersion[series, index] * mean))
        cases = max(1, int(rng.poisson(plant.size * spread)))
        at = int(weeks[index]) + np.floor(rng.lognormal(0.0, 0.5, cases)).astype(int)
        at = at[at < counts.shape[1]]
        at = at[np.isfinite(counts[series, at])]
        if at.size:
            np.add.at(counts[series], at, 1.0)
            there.append(Outbreak(frozenset((int(series),)), int(at.min()), int(at.max())))
    return replace(watch, counts=counts), there
