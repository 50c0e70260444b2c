"""The scan agrees with the reference and finds what was planted."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tapal.engines.signals.scan import (
    Model,
    Scan,
    membership,
    poisson_score,
    scan,
    shuffled,
    windows,
    zones_by_travel,
)

# Cases a person-year that the reference took as the baseline: what its relative risks come to.
NM_RATE = 4.58636474152673e-05


def rows(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt") as lines:
        return list(csv.reader(lines))


def new_mexico(shared: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], list[list[int]]]:
    folder = shared / "data" / "signals" / "reference"
    counts, population, zones = (
        rows(folder / f"scan_NM_{name}.csv.gz") for name in ("counts", "population", "zones")
    )
    names = counts[0][1:]
    held = [[names.index(place) for place in row[1].split("|")] for row in zones[1:]]
    tables = [
        np.array([row[1:] for row in table[1:]], dtype=float) for table in (counts, population)
    ]
    return tables[0], NM_RATE * tables[1], held


def test_new_mexico_scores_agree_with_the_reference(shared: Path) -> None:
    counts, expected, zones = new_mexico(shared)
    member = membership(zones, counts.shape[1])
    scores = Scan(counts, expected, member).scores(counts)
    risk = windows(counts, member) / windows(expected, member)
    reference = rows(shared / "data" / "signals" / "reference" / "scan_NM_eb_poisson.csv.gz")[1:]
    assert len(reference) == scores.size
    for zone, duration, score, relative in reference:
        at = int(zone) - 1, int(duration) - 1
        assert scores[at] == pytest.approx(float(score), rel=1e-9, abs=1e-12)
        assert max(risk[at], 1.0) == pytest.approx(float(relative), rel=1e-12)


def test_new_mexico_best_cluster_is_the_reference_s(shared: Path) -> None:
    counts, expected, zones = new_mexico(shared)
    best = scan(Scan(counts, expected, membership(zones, counts.shape[1])), replicates=99)[0]
    assert (best.zone + 1, best.duration) == (317, 6)
    assert best.score == pytest.approx(7.1242361001393988, rel=1e-9)
    assert best.p < 0.25


def line(places: int) -> NDArray[np.float64]:
    """Places along a road, half an hour apart."""
    where = np.arange(places) * 30.0
    return np.abs(where[:, None] - where[None, :])


def test_zones_are_the_nearest_places_within_reach_each_once() -> None:
    zones = zones_by_travel(line(4), within=30.0)
    assert sorted(zones) == [[0], [0, 1], [0, 1, 2], [1], [1, 2], [1, 2, 3], [2], [2, 3], [3]]


@pytest.mark.parametrize(
    ("model", "excess"), [("poisson", 5.0), ("negbin", 8.0), ("permutation", 9.0)]
)
def test_planted_clusters_are_found_at_eighty_percent_and_chance_at_five(
    model: Model, excess: float
) -> None:
    """Three places of twenty for two weeks, `excess` cases a place and week over a mean of 5."""
    member = membership(zones_by_travel(line(20), within=120.0, most=6), 20)
    dispersion = np.full(20, 1.5 if model == "negbin" else 1.0)
    hits = falses = 0
    for seed in range(24):
        rng = np.random.default_rng(seed)
        rate = np.full((8, 20), 5.0)
        if model == "negbin":
            rate = rng.gamma(rate / 0.5, 0.5)
        counts = rng.poisson(rate).astype(float)
        calm = scan(
            Scan(counts, np.full((8, 20), 5.0), member, model, dispersion, 4), replicates=59
        )
        falses += bool(calm) and calm[0].p <= 0.05
        counts[-2:, 7:10] += rng.poisson(excess, (2, 3))
        found = scan(
            Scan(counts, np.full((8, 20), 5.0), member, model, dispersion, 4), replicates=59
        )
        inside = set(member[found[0].zone].indices.tolist())
        hits += found[0].p <= 0.05 and bool(inside & {7, 8, 9})
    assert hits >= 0.8 * 24
    assert falses <= 4


def test_a_permutation_keeps_the_margins() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(2.0, (6, 5)).astype(float)
    dealt = shuffled(counts, rng)
    assert (dealt.sum(axis=0) == counts.sum(axis=0)).all()
    assert (dealt.sum(axis=1) == counts.sum(axis=1)).all()


def test_a_place_that_did_not_report_neither_alarms_nor_hides() -> None:
    counts = np.full((3, 2), 4.0)
    counts[-1, 0] = np.nan
    task = Scan(counts, np.full((3, 2), 4.0), membership([[0], [1], [0, 1]], 2))
    assert task.scores(counts).max() == 0.0
    counts[-1, 1] = 20.0
    assert task.scores(counts)[1, 0] == task.scores(counts)[2, 0] > 0.0


def test_zero_expected_gives_no_score() -> None:
    assert poisson_score(np.array([3.0]), np.array([0.0]))[0] == 0.0
