"""The effect of the weekday on a daily series: markets, ferries and offices have their days.

    f[d] = (o[d] + k g[d]) / (e[d] + k),   g[d] = sum of all o[d] / sum of all e[d]

*o* is what a series counted on that weekday, *e* what it would have if all weekdays were alike: its
mean count for each reported day, times the exposure where there is one. *g* is the same ratio of all
series together; with *k* cases of it a series of few cases follows the others. A count above 97.5 %
of the series' days is cut to that, so that one outbreak makes no weekday. The factors become
part of the exposure and average one over the week.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_files import Counts

Floats = NDArray[np.float64]

DAYS = 7
DAILY = 300.0
"""Points a year from which a calendar is daily."""
PRIOR = 30.0
"""Cases of the common effect that a series' own is drawn towards."""
PAST = 52 * DAYS
"""Days that the effect is learned from, at most."""
FEWEST = 4 * DAYS
"""Days below which no effect is taken."""
CAP = 0.975
"""Share of the days whose greatest count is as much as any day counts."""


def weekdays(first: str, points: int) -> NDArray[np.int64]:
    """The weekday of each point of a daily calendar, Monday 0."""
    return (date.fromisoformat(first).weekday() + np.arange(points)) % DAYS


def factors(counts: Floats, exposure: Floats | None, days: NDArray[np.int64], until: int) -> Floats:
    """The factor of each series and weekday, from the points before `until`: (series, 7)."""
    since = max(0, until - PAST)
    if until - since < FEWEST:
        return np.ones((counts.shape[0], DAYS))
    past = counts[:, since:until]
    base = np.ones_like(past) if exposure is None else exposure[:, since:until]
    known = np.isfinite(past) & np.isfinite(base) & (base > 0)
    seen = np.where(known, past, 0.0)
    cap = np.quantile(seen, CAP, axis=1, keepdims=True)
    cut = np.where(known, np.minimum(seen, np.maximum(cap, 1.0)), 0.0)
    base = np.where(known, base, 0.0)
    rate = cut.sum(axis=1, keepdims=True) / np.maximum(base.sum(axis=1, keepdims=True), 1e-12)
    of_day = days[since:until, None] == np.arange(DAYS)[None, :]
    came, due = cut @ of_day, (rate * base) @ of_day
    common = (came.sum(axis=0) + PRIOR) / (due.sum(axis=0) + PRIOR)
    found = (came + PRIOR * common) / (due + PRIOR)
    return np.asarray(found / found.mean(axis=1, keepdims=True))


def with_daily_effect(counts: Counts, until: int) -> Counts:
    """The same with the effect learned before `until` in its exposure; other than daily as it is."""
    if counts.period < DAILY or "-" not in counts.labels[0]:
        return counts
    watch = counts.watch
    days = weekdays(counts.labels[0], len(counts.labels))
    base = np.ones_like(watch.counts) if watch.exposure is None else watch.exposure
    effect = factors(watch.counts, watch.exposure, days, until)[:, days]
    return replace(counts, watch=replace(watch, exposure=base * effect))
