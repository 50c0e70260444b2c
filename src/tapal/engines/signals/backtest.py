"""What a setting would have done: false alarms, detections, delay and workload, week by week.

On history with known outbreaks the truth is theirs. On history without, outbreaks are planted into
a copy of it: what the setting finds there is its detection, what it lists in the history as it is
bounds its false alarms from above, since some of those may be real.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool import PoolSettings, Verdict, Watch, part, prepare, verdict

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a backtest. Shares are of 1; NaN where nothing was there to be counted.

    `alarms` lines a week; `false_share` the mean false-discovery proportion of the weekly lists and
    `false_error` its standard error; `found` the share of outbreaks on some list while they were on,
    `delay` the mean points from their start to that list; `unjudged` the share of series and weeks
    of which nothing could be said.
    """

    weeks: int
    series: int
    alarms: float
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


def episodes(state: Floats, weeks: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Outbreaks as (series, first week, last week): runs of ones that begin within `weeks`."""
    found = []
    first, last = int(weeks.min()), int(weeks.max())
    for series in range(state.shape[0]):
        on = np.concatenate([[0], (state[series] == 1.0).astype(int), [0]])
        for start, end in zip(
            np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1) - 1, strict=True
        ):
            if first <= start <= last:
                found.append((series, int(start), min(int(end), last)))
    return found


def report(
    lists: list[Verdict], state: Floats, weeks: NDArray[np.int64], *, truth: bool = True
) -> Report:
    """Hold the lists against the truth; without it the false share cannot be told."""
    named = {one.week: [[m.series for m in a.members] for a in one.alarms] for one in lists}
    shares = []
    for week, alarms in named.items():
        wrong = sum(not any(state[series, week] == 1.0 for series in alarm) for alarm in alarms)
        shares.append(wrong / max(len(alarms), 1))
    on_list = {week: {s for alarm in alarms for s in alarm} for week, alarms in named.items()}
    happened = episodes(state, weeks)
    delays = []
    for series, start, end in happened:
        hit = [w for w in range(start, end + 1) if series in on_list.get(w, ())]
        if hit:
            delays.append(hit[0] - start)
    series_weeks = sum(one.series for one in lists)
    error = float(np.std(shares) / np.sqrt(len(shares))) if shares else float("nan")
    return Report(
        weeks=len(lists),
        series=state.shape[0],
        alarms=float(np.mean([len(one.alarms) for one in lists])),
        false_share=float(np.mean(shares)) if truth else float("nan"),
        false_error=error if truth else float("nan"),
        outbreaks=len(happened),
        found=len(delays) / len(happened) if happened else float("nan"),
        delay=float(np.mean(delays)) if delays else float("nan"),
        unjudged=sum(one.silent_for for one in lists) / max(series_weeks, 1),
    )


def planted(
    watch: Watch,
    weeks: NDArray[np.int64],
    settings: PoolSettings,
    many: int,
    size: float,
    seed: int,
) -> tuple[Watch, Floats]:
    """The watch with `many` outbreaks planted into the weeks, and the state that tells of them.

    Each has Poisson(`size` standard deviations of its week) cases, half of them in the first week,
    the others with log-normal delays. Weeks without report get no case.
    """
    rng = np.random.default_rng(seed)
    judged = prepare(watch, weeks, settings)
    counts = watch.counts.copy()
    state = np.zeros_like(counts)
    able = np.argwhere(judged.expectation.known)
    for series, index in able[rng.permutation(len(able))[:many]]:
        mean = judged.expectation.mean[series, index, -1]
        spread = float(np.sqrt(judged.expectation.dispersion[series, index] * mean))
        cases = max(1, int(rng.poisson(size * spread)))
        at = int(weeks[index]) + np.floor(rng.lognormal(0.0, 0.5, cases)).astype(int)
        at = at[at < counts.shape[1]]
        at = at[np.isfinite(counts[series, at])]
        if at.size:
            np.add.at(counts[series], at, 1.0)
            state[series, at.min() : at.max() + 1] = 1.0
    return replace(watch, counts=counts), state
