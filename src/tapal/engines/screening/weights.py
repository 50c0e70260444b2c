"""The weights by which a listing is judged, as `codes/weights.csv` lists them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from tapal.engines.screening.features import FEATURES, LEVELS, MOST_LEVELS, Model

FAMILIES = ("person", "body", "craft")
KNOTS = (0.0, 2.0, 3.5, 5.0, 6.5, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0)
"""Weights of shared words, in nats, between which the gain's curve is straight."""
COLUMNS = ("family", "feature", "level", "weight")

Row = Mapping[str, str]


def read(rows: Iterable[Row]) -> Model:
    """The model of these rows; a level without a row weighs nothing."""
    base = np.zeros(len(FAMILIES), np.float32)
    gain = np.zeros((len(FAMILIES), len(KNOTS)), np.float32)
    weight = np.zeros((len(FAMILIES), len(FEATURES), MOST_LEVELS), np.float32)
    for row in rows:
        family, value = FAMILIES.index(row["family"]), float(row["weight"])
        if row["feature"] == "base":
            base[family] = value
        elif row["feature"] == "gain":
            gain[family, KNOTS.index(float(row["level"]))] = value
        else:
            level = LEVELS[row["feature"]].index(row["level"])
            weight[family, FEATURES.index(row["feature"]), level] = value
    best = np.array([len(LEVELS[f]) - 1 for f in FEATURES], np.int8)
    best[FEATURES.index("initials")] = best[FEATURES.index("document")] = 0
    best[FEATURES.index("document")] = LEVELS["document"].index("unknown")
    return Model(base, np.array(KNOTS, np.float32), gain, weight, best)


@lru_cache(maxsize=1)
def shipped() -> Model:
    """The model that this version of the project judges by."""
    with files(__package__).joinpath("codes/weights.csv").open(encoding="utf-8") as f:
        return read(csv.DictReader(f))


def load(path: Path) -> Model:
    """A model that `tapal.engines.screening.train` wrote elsewhere."""
    with path.open(encoding="utf-8") as f:
        return read(csv.DictReader(f))
