"""Prospective space-time scan: which places together count more than they should, and since when.

Every zone (a set of places) is looked at over the last 1, 2, ... periods; the highest score is held
against the highest scores of counts made by chance alone.
Sources: Neill 2005, PhD thesis (expectation-based Poisson); Tango, Takahashi & Kohriyama 2011,
Biometrics 67:106 (negative binomial score); Kulldorff et al. 2005, PLoS Med 2:e59 (permutation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Model = Literal["poisson", "negbin", "permutation"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone and how many last periods it reaches back; counts over that window, p by simulation."""

    zone: int
    duration: int
    score: float
    observed: float
    expected: float
    p: float


def membership(zones: list[list[int]], places: int) -> csr_matrix:
    """Zones as rows of ones and zeros over the places: (zones, places)."""
    rows = np.repeat(np.arange(len(zones)), [len(zone) for zone in zones])
    columns = np.concatenate([np.array(zone, dtype=np.int64) for zone in zones])
    return csr_matrix((np.ones(rows.size), (rows, columns)), shape=(len(zones), places))


def zones_by_travel(minutes: Floats, *, within: float, most: int = 15) -> list[list[int]]:
    """Each place with its nearest ones, one by one, up to `most` and no further than `within`.

    `minutes` is (places, places). A set of places that arises twice is one zone.
    """
    found: dict[tuple[int, ...], None] = {}
    for place in range(minutes.shape[0]):
        near = np.argsort(minutes[place], kind="stable")
        near = near[near != place][: most - 1]
        held = [place]
        found.setdefault((place,))
        for other in near:
            if not minutes[place, other] <= within:
                break
            held.append(int(other))
            found.setdefault(tuple(sorted(held)))
    return [list(zone) for zone in found]


def windows(table: Floats, member: csr_matrix) -> Floats:
    """Sums over each zone and the last 1, 2, ... periods; table is (periods, places), oldest first.

    NaN (not reported) counts as nothing; its expectation must be left out, too. (zones, periods)
    """
    back = np.cumsum(np.nan_to_num(table, nan=0.0)[::-1], axis=0)
    return np.asarray(member @ back.T)


def poisson_score(observed: Floats, expected: Floats) -> Floats:
    """c log(c / b) + b - c where more came than was expected, else 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score = observed * np.log(observed / expected) + expected - observed
    return np.asarray(np.where((observed > expected) & (expected > 0), score, 0.0))


def permutation_score(observed: Floats, expected: Floats, total: float) -> Floats:
    """Kulldorff's likelihood ratio, the counts outside being bound to the rest of the total."""
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = np.where(
            total > observed,
            (total - observed) * np.log((total - observed) / (total - expected)),
            0.0,
        )
        score = observed * np.log(observed / expected) + outside
    return np.asarray(
        np.where((observed > expected) & (expected > 0) & (expected < total), score, 0.0)
    )


def margins(counts: Floats) -> Floats:
    """What each place and period would hold were place and time independent."""
    filled = np.nan_to_num(counts, nan=0.0)
    total = filled.sum()
    return np.asarray(np.outer(filled.sum(axis=1), filled.sum(axis=0)) / max(total, 1.0))


def shuffled(counts: Floats, rng: np.random.Generator) -> Floats:
    """The same cases at their places with their periods dealt out anew."""
    period, place = np.nonzero(np.nan_to_num(counts, nan=0.0))
    times = counts[period, place].astype(np.int64)
    periods = rng.permutation(np.repeat(period, times))
    dealt = np.zeros(counts.shape)
    np.add.at(dealt, (periods, np.repeat(place, times)), 1.0)
    return dealt


@dataclass(frozen=True, slots=True)
class Scan:
    """Counts and expectations (periods, places), oldest first, and the zones looked at.

    `dispersion` is one per place, for the negative binomial; `durations` the longest window.
    """

    counts: Floats
    expected: Floats
    member: csr_matrix
    model: Model = "poisson"
    dispersion: Floats | None = None
    durations: int | None = None

    def scores(self, counts: Floats) -> Floats:
        """The score of each zone and duration, (zones, durations)."""
        reach = self.durations or counts.shape[0]
        if self.model == "permutation":
            due = windows(margins(counts), self.member)
            score = permutation_score(windows(counts, self.member), due, float(np.nansum(counts)))
        elif self.model == "negbin":
            spread = np.ones(counts.shape[1]) if self.dispersion is None else self.dispersion
            above = windows((counts - self.expected) / spread, self.member)
            scale = windows(np.where(np.isnan(counts), np.nan, self.expected) / spread, self.member)
            score = np.maximum(above, 0.0) / np.sqrt(np.maximum(scale, 1e-12))
        else:
            due = windows(np.where(np.isnan(counts), np.nan, self.expected), self.member)
            score = poisson_score(windows(counts, self.member), due)
        return score[:, :reach]

    def chance(self, rng: np.random.Generator) -> Floats:
        """Counts as chance alone makes them; what was not reported stays so."""
        if self.model == "permutation":
            return shuffled(self.counts, rng)
        rate = self.expected
        if self.model == "negbin" and self.dispersion is not None:
            excess = np.maximum(self.dispersion - 1.0, 1e-9)[None, :]
            wide = rng.gamma(np.maximum(rate, 1e-12) / excess, excess)
            rate = np.where(self.dispersion[None, :] > 1.0, wide, rate)
        return np.where(np.isnan(self.counts), np.nan, rng.poisson(rate).astype(np.float64))


def scan(
    task: Scan, *, replicates: int = 999, seed: int = 1, tell: Callable[[int], None] | None = None
) -> list[Cluster]:
    """Clusters that share no place, best first, each held against the best of every replicate.

    p is (1 + replicates that reach the score) / (1 + replicates): exact for the first cluster,
    cautious for the others. `tell` is called with the number of replicates done.
    """
    rng = np.random.default_rng(seed)
    own = task.scores(task.counts)
    best = np.zeros(replicates)
    for i in range(replicates):
        best[i] = task.scores(task.chance(rng)).max()
        if tell is not None:
            tell(i + 1)
    came = windows(task.counts, task.member)
    known = np.where(np.isnan(task.counts), np.nan, task.expected)
    due = windows(margins(task.counts) if task.model == "permutation" else known, task.member)
    found: list[Cluster] = []
    taken = np.zeros(task.member.shape[1], dtype=bool)
    for flat in np.argsort(own, axis=None)[::-1]:
        zone, back = np.unravel_index(flat, own.shape)
        score = float(own[zone, back])
        if score <= 0.0:
            break
        inside = task.member[int(zone)].indices
        if taken[inside].any():
            continue
        taken[inside] = True
        p = (1.0 + float((best >= score).sum())) / (1.0 + replicates)
        found.append(
            Cluster(
                int(zone), int(back) + 1, score, float(came[zone, back]), float(due[zone, back]), p
            )
        )
        if taken.all():
            break
    return found
