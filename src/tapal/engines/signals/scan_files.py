"""The space-time scan over a file of counts: series are summed by place, expectations are the engine's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tapal.core.text import Text
from tapal.engines.signals.explain import number
from tapal.engines.signals.pool import PoolSettings, prepare
from tapal.engines.signals.pool_files import Counts
from tapal.engines.signals.scan import Cluster, Model, Scan, membership, scan, zones_by_travel

Floats = NDArray[np.float64]

# The permutation scan needs no expectation but a past to deal the cases out over.
PERMUTED = 26


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster with its places and the point since which it counts."""

    cluster: Cluster
    places: tuple[str, ...]
    since: str

    def text(self) -> Text:
        """The sentence of a cluster."""
        one = self.cluster
        where = ", ".join(self.places)
        return Text(
            f"{where}: {number(one.observed, 'id')} sejak {self.since}, diharapkan "
            f"{number(one.expected, 'id')}; p {f'{one.p:.3g}'.replace('.', ',')}.",
            f"{where}: {number(one.observed, 'en')} since {self.since}, "
            f"{number(one.expected, 'en')} expected; p {one.p:.3g}.",
        )


def by_place(values: Floats, place: NDArray[np.int64], places: int) -> Floats:
    """Sum (series, points) into (points, places); NaN where no series of the place was reported."""
    total = np.zeros((places, values.shape[1]))
    seen = np.zeros_like(total)
    np.add.at(total, place, np.nan_to_num(values, nan=0.0))
    np.add.at(seen, place, np.isfinite(values).astype(float))
    return np.where(seen > 0, total, np.nan).T


def scan_counts(
    counts: Counts,
    settings: PoolSettings,
    *,
    model: Model = "poisson",
    periods: int = 4,
    replicates: int = 999,
    tell: Callable[[int], None] | None = None,
) -> list[Found]:
    """Clusters over the last `periods` points, the highest score first.

    Dispersions of a place are those of its series, weighted by what is expected of each.
    """
    watch = counts.watch
    names = watch.place or watch.names
    places = watch.places or tuple(dict.fromkeys(names))
    place = np.array([places.index(name) for name in names], dtype=np.int64)
    minutes = watch.minutes
    if minutes is None:
        minutes = np.where(np.eye(len(places)) > 0, 0.0, np.inf)
    member = membership(zones_by_travel(minutes, within=settings.within), len(places))
    if model == "permutation":
        table = by_place(watch.counts[:, -PERMUTED:], place, len(places))
        task = Scan(table, table, member, model, None, periods)
    else:
        task = _against_expectation(counts, settings, model, periods, (place, len(places)), member)
    found = scan(task, replicates=replicates, seed=settings.seed, tell=tell)
    last = len(counts.labels)
    return [
        Found(
            one,
            tuple(places[i] for i in member[one.zone].indices),
            counts.labels[last - one.duration],
        )
        for one in found
    ]


def _against_expectation(
    counts: Counts,
    settings: PoolSettings,
    model: Model,
    periods: int,
    placed: tuple[NDArray[np.int64], int],
    member: csr_matrix,
) -> Scan:
    place, many = placed
    baseline = replace(settings.baseline, ahead=periods)
    last = np.array([len(counts.labels) - 1], dtype=np.int64)
    # A series that did not report last week still has an expectation for the weeks before.
    filled = counts.watch.counts.copy()
    filled[np.isnan(filled[:, -1]), -1] = 0.0
    watch = replace(counts.watch, counts=filled)
    evidence = replace(settings.evidence, courses=settings.evidence.courses[:, : max(periods, 1)])
    judged = prepare(watch, last, replace(settings, baseline=baseline, evidence=evidence))
    found = judged.expectation
    known = np.isfinite(counts.watch.counts[:, -periods:]) & found.known[:, :1]
    seen = np.where(known, counts.watch.counts[:, -periods:], np.nan)
    due = np.where(known, found.mean[:, 0], np.nan)
    mean = found.mean[:, 0].mean(axis=1)
    weight, spread = np.zeros(many), np.zeros(many)
    np.add.at(weight, place, mean)
    np.add.at(spread, place, mean * judged.dispersion[:, 0])
    return Scan(
        by_place(seen, place, many),
        np.nan_to_num(by_place(due, place, many), nan=0.0),
        member,
        model,
        spread / np.maximum(weight, 1e-12),
        periods,
    )
