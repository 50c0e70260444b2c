"""The pooled verdict of one week: one ranked list over all series, with a known share of falses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, norm, poisson

from tapal.engines.signals.compiled import LOOPS
from tapal.engines.signals.fdr import adjusted, adjusted_any_dependence
from tapal.engines.signals.pool_baseline import BaselineSettings, Expectation, expect
from tapal.engines.signals.pool_evidence import EvidenceSettings, evidence, widen
from tapal.engines.signals.pool_groups import (
    Touch,
    Unit,
    UnitVerdicts,
    judge_units,
    ratio,
    regions,
    units,
)
from tapal.engines.signals.pool_pvalue import p_values
from tapal.engines.signals.pool_spread import settle_seen

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# Above this mean the normal stands for the count distribution, whose tails are slow to sum.
LARGE = 1e7


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched: counts (series, weeks), NaN where a week is missing; names by series.

    `exposure` is what the counts are held against, zero or NaN while a post was closed. `minutes`
    is the travel time between `places`, in their order; without it every place stands alone.
    """

    names: tuple[str, ...]
    counts: Floats
    exposure: Floats | None = None
    place: tuple[str, ...] = ()
    stream: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    minutes: Floats | None = None

    def only(self, series: Indices) -> Watch:
        """Some of the series, by index, without the travel times."""
        held = series.tolist()
        return Watch(
            tuple(self.names[one] for one in held),
            self.counts[series],
            None if self.exposure is None else self.exposure[series],
        )


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How a list is made. `level` is the share of false alarms that it may hold on average.

    `within` is the longest travel time inside a region, in minutes; `errors` how many standard
    errors high the dispersion is taken; `upper` the one-sided chance above a week's bound.

    `any_dependence` is for units that share what they count (Benjamini-Yekutieli): a shorter list.
    """

    level: float = 0.1
    within: float = 240.0
    errors: float = 1.0
    upper: float = 0.01
    draws: int = 300
    seed: int = 1
    any_dependence: bool = False
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    evidence: EvidenceSettings = field(default_factory=lambda: EvidenceSettings(promptness=0.4))
    touch: Touch = field(default_factory=Touch)


@dataclass(frozen=True, slots=True)
class Member:
    """One series of an alarm: this window's counts and expectations, oldest first.

    `share` is the probability that the outbreak touches it; `upper` the bound of the last week.
    """

    series: int
    share: float
    p: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    upper: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """One line of the list. `q` is the smallest level at which it would still be on it.

    `began` counts weeks back from the week judged; `streams` are the shares of the evidence;
    `unit` are all series that were judged together, touched or not.
    """

    rank: int
    week: int
    p: float
    q: float
    ratio: float
    began: int
    members: tuple[Member, ...]
    places: tuple[str, ...]
    streams: tuple[tuple[str, float], ...]
    unit: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The list of one week. `silent_for` counts series of which nothing can be said that week."""

    week: int
    alarms: tuple[Alarm, ...]
    units: int
    series: int
    silent_for: int
    p: Floats

    @property
    def false_alarms(self) -> float:
        """How many of the alarms are false on average, at most."""
        return max((alarm.q for alarm in self.alarms), default=0.0) * len(self.alarms)


def upper_bounds(mean: Floats, dispersion: Floats, chance: float) -> Floats:
    """The count that chance passes with probability `chance` at most, for each mean."""
    out = np.asarray(mean + norm.isf(chance) * np.sqrt(dispersion * mean))
    small = mean < LARGE
    plain = small & (dispersion <= 1.000001)
    wide = small & ~plain
    out[plain] = poisson.isf(chance, mean[plain])
    out[wide] = nbinom.isf(chance, mean[wide] / (dispersion[wide] - 1.0), 1.0 / dispersion[wide])
    return out


@dataclass(frozen=True, slots=True)
class Judged:
    """Expectations and evidence of all series for several weeks; arrays are (series, weeks, …)."""

    weeks: Indices
    expectation: Expectation
    dispersion: Floats
    on: Floats
    odds: Floats


def prepare(watch: Watch, weeks: Indices, settings: PoolSettings) -> Judged:
    """Foretell each of `weeks` from what was known before it, and weigh what came."""
    LOOPS.prepare()
    found = expect(watch.counts, exposure=watch.exposure, times=weeks, settings=settings.baseline)
    spread = settle_seen(watch.counts, found, weeks, settings.baseline.ahead)
    wide = widen(found.mean, found.variance, spread.cautious(settings.errors))
    weighed = evidence(found.observed, found.mean, wide, settings.evidence)
    odds = np.where(found.known, weighed.odds, 0.0)
    return Judged(weeks, found, wide, weighed.on, odds)


def part(watch: Watch, settings: PoolSettings) -> list[Unit]:
    """The units of a watch: regions by travel time, families of streams."""
    count = len(watch.names)
    names = watch.place or watch.names
    places = watch.places or tuple(dict.fromkeys(names))
    number = {place: i for i, place in enumerate(places)}
    post = np.array([number[place] for place in names], dtype=np.int64)
    region = np.arange(len(places))
    if watch.minutes is not None:
        region = regions(watch.minutes, settings.within)
    stream = _codes(watch.stream, count)
    family = _codes(watch.family or watch.stream, count)
    return units(region[post], post, stream, family)


def _codes(words: tuple[str, ...], count: int) -> Indices:
    if not words:
        return np.zeros(count, dtype=np.int64)
    return np.unique(np.array(words), return_inverse=True)[1].astype(np.int64)


def judge(watch: Watch, week: int | None = None, settings: PoolSettings | None = None) -> Verdict:
    """The ranked list of one week (default: the last)."""
    settings = settings or PoolSettings()
    at = watch.counts.shape[1] - 1 if week is None else week
    judged = prepare(watch, np.array([at], dtype=np.int64), settings)
    return verdict(watch, judged, 0, part(watch, settings), settings)


def verdict(
    watch: Watch, judged: Judged, index: int, parted: list[Unit], settings: PoolSettings
) -> Verdict:
    """The list of one of the weeks that were prepared."""
    found = judged.expectation
    p = p_values(
        found.observed[:, index],
        found.mean[:, index],
        judged.dispersion[:, index],
        judged.odds[:, index],
        settings=settings.evidence,
        floor=1.2,
        draws=settings.draws,
        seed=settings.seed,
    )
    pooled = judge_units(p, parted, touch=settings.touch, seed=settings.seed)
    q = (adjusted_any_dependence if settings.any_dependence else adjusted)(pooled.p)
    order = [i for i in np.lexsort((-pooled.ratio, pooled.p)) if q[i] <= settings.level]
    alarms = tuple(
        _alarm(
            watch, judged, index, parted[unit], pooled, p, settings, (rank, unit, float(q[unit]))
        )
        for rank, unit in enumerate(order, 1)
    )
    known = found.known[:, index]
    return Verdict(
        int(judged.weeks[index]), alarms, len(parted), known.size, int((~known).sum()), p
    )


def named(pooled: UnitVerdicts, unit: Unit) -> Indices:
    """The series that an alarm names: those rather touched than not, and the likeliest always."""
    share = pooled.share[unit.members]
    picked = (share > 0.5) | (share >= share.max())
    inside = unit.members[picked]
    return np.asarray(inside[np.argsort(-share[picked], kind="stable")])


def _alarm(
    watch: Watch,
    judged: Judged,
    index: int,
    unit: Unit,
    pooled: UnitVerdicts,
    p: Floats,
    settings: PoolSettings,
    standing: tuple[int, int, float],
) -> Alarm:
    rank, number, q = standing
    series = named(pooled, unit)
    members = tuple(_member(judged, index, int(one), pooled, p, settings) for one in series)
    starts = judged.on[series, index].sum(axis=0)
    places = tuple(dict.fromkeys((watch.place or watch.names)[one] for one in series))
    return Alarm(
        rank,
        int(judged.weeks[index]),
        float(pooled.p[number]),
        q,
        float(pooled.ratio[number]),
        int(starts.argmax()),
        members,
        places,
        _streams(watch, unit, p),
        tuple(unit.members.tolist()),
    )


def _member(
    judged: Judged, index: int, series: int, pooled: UnitVerdicts, p: Floats, settings: PoolSettings
) -> Member:
    found = judged.expectation
    mean = found.mean[series, index]
    bound = upper_bounds(mean[-1:], judged.dispersion[series, index : index + 1], settings.upper)
    return Member(
        series,
        float(pooled.share[series]),
        float(p[series]),
        tuple(found.observed[series, index].tolist()),
        tuple(mean.tolist()),
        float(bound[0]),
    )


def _streams(watch: Watch, unit: Unit, p: Floats) -> tuple[tuple[str, float], ...]:
    """How much of the evidence each stream brings: its part of the log ratios above 1, largest first."""
    gain = np.maximum(np.log(ratio(p[unit.members])), 0.0)
    total = gain.sum()
    held: dict[str, float] = {}
    for series, one in zip(unit.members, gain, strict=True):
        name = watch.stream[series] if watch.stream else ""
        held[name] = held.get(name, 0.0) + float(one / total if total > 0 else 0.0)
    return tuple(sorted(held.items(), key=lambda item: -item[1]))
