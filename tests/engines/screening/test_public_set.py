"""The public screening set: the bars of the engine, and what must not be among its rules."""

import csv
import gzip
from pathlib import Path

import pytest

from tapal.engines.screening import Band
from tapal.engines.screening.files import run_pairs, run_screen


@pytest.fixture(scope="module")
def sets(shared: Path) -> Path:
    folder = shared / "data/screening"
    if not folder.is_dir():
        pytest.skip("no screening set in the shared reference data")
    return folder


def test_recall_and_hard_negatives(sets: Path, tmp_path: Path) -> None:
    out = tmp_path / "hits.csv"
    run_screen(sets / "entities.csv.gz", sets / "queries.csv.gz", out)
    alerted: dict[str, list[str]] = {}
    for row in csv.DictReader(out.read_text().splitlines()):
        if row["band"] == Band.ALERT and int(row["rank"]) <= 5:
            alerted.setdefault(row["query_id"], []).append(row["entity_id"])
    with gzip.open(sets / "queries.csv.gz", "rt", encoding="utf-8") as f:
        queries = list(csv.DictReader(f))
    positive = [q for q in queries if q["expected_id"]]
    negative = [q for q in queries if not q["expected_id"]]
    found = sum(q["expected_id"] in alerted.get(q["query_id"], ()) for q in positive)
    false = sum(q["query_id"] in alerted for q in negative)
    assert found / len(positive) >= 0.90
    assert false / len(negative) <= 0.05


def test_name_pairs(sets: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    run_pairs(sets / "name_pairs_dev.csv", out)
    rows = list(csv.DictReader(out.read_text().splitlines()))
    both = sum(r["match"] == r["is_match"] == "true" for r in rows)
    one = sum("true" in (r["match"], r["is_match"]) for r in rows)
    assert 2 * both / (both + one) >= 0.80
