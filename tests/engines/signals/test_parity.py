"""The numbers of R's `surveillance` 1.26.0, case by case, through the public door."""

import math
from collections import defaultdict
from pathlib import Path

import pytest

from tests.engines.signals.answers import Row, answered, rows

# Largest relative difference of a bound.
BARS = {
    "farringtonFlexible": 1e-9,
    "farrington": 1e-9,
    "cusum": 1e-9,
    "earsC": 1e-12,
    "rki": 1e-12,
    "cdc": 1e-12,
    "bayes": 1e-12,
    "glrnb": 1e-6,
    "outbreakP": 1e-6,
}
# Below this a bound is rounding: sums of logarithms that cancel.
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def ours(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Row]:
    """What this engine says, by case and point."""
    data = shared / "data" / "signals"
    if not (data / "reference" / "INDEX.csv.gz").is_file():
        pytest.skip("no reference outputs beside the series")
    out = tmp_path_factory.mktemp("parity") / "out.csv"
    return answered(data / "series.csv.gz", data / "reference" / "INDEX.csv.gz", out)


def apart(one: str, other: str) -> float:
    """The relative difference of two numbers, infinite where one is NA alone."""
    if "NA" in (one, other):
        return 0.0 if one == other else math.inf
    a, b = float(one), float(other)
    return 0.0 if a == b or abs(a - b) <= ROUNDING else abs(a - b) / abs(b)


@pytest.mark.parametrize("method", list(BARS))
def test_agrees_with_the_reference(
    method: str, shared: Path, ours: dict[tuple[str, str], Row]
) -> None:
    theirs = rows(shared / "data" / "signals" / "reference" / f"{method}.csv.gz")
    worst: dict[str, float] = defaultdict(float)
    alarms, unreasoned = [], []
    for row in theirs:
        mine = ours[f"{method}__{row['case']}", row["t"]]
        worst[row["case"]] = max(worst[row["case"]], apart(mine["upper"], row["upper"]))
        if row["expected"] != "NA":
            worst[row["case"]] = max(worst[row["case"]], apart(mine["expected"], row["expected"]))
        if mine["alarm"] != row["alarm"]:
            alarms.append((row["case"], row["t"]))
        if mine["upper"] == "NA" and not mine["reason"]:
            unreasoned.append((row["case"], row["t"]))
    assert worst and not alarms and not unreasoned
    far = {case: value for case, value in worst.items() if value > BARS[method]}
    assert not far
