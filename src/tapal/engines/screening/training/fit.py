"""Fit one weight to each level of each feature: a logistic regression whose weights keep order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tapal.engines.screening.features import FEATURES, LEVELS
from tapal.engines.screening.weights import KNOTS

Matrix = NDArray[np.float32]
Vector = NDArray[np.float64]

FREE = frozenset({"father", "initials"})
"""Features whose levels are in no order of strength."""
NEUTRAL = {"father": "0", "initials": "0", "numbers": "same", "swapped": "0", "edge": "0", "pairs": "1",
           "conflicts": "0", "ours": "0", "theirs": "0", "soft": "0", "worst": "1.00"}  # fmt: skip
"""The level that weighs nothing; `unknown` for the others."""
RIDGE = 2.0
"""Strength of the pull to zero: a level seen twice is not believed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Weighed pairs of query and listing of one family."""

    gain: Vector
    levels: NDArray[np.int8]
    same: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Column:
    feature: str
    level: int
    free: bool


def _columns() -> list[_Column]:
    out = [_Column("gain", k, False) for k in range(len(KNOTS) - 1)]
    for feature in FEATURES:
        levels = LEVELS[feature]
        neutral = levels.index(NEUTRAL.get(feature, "unknown"))
        out += [_Column(feature, k, feature in FREE) for k in range(len(levels)) if k != neutral]
    return out


def _design(rows: Rows) -> Matrix:
    """A column for each step between neighbouring levels, so that order is a sign."""
    knots = np.array(KNOTS)
    out = []
    for column in _columns():
        if column.feature == "gain":
            k = column.level
            out.append(((rows.gain - knots[k]) / (knots[k + 1] - knots[k])).clip(0, 1))
            continue
        levels = LEVELS[column.feature]
        neutral = levels.index(NEUTRAL.get(column.feature, "unknown"))
        seen = rows.levels[:, FEATURES.index(column.feature)]
        if column.free:
            out.append((seen == column.level).astype(float))
        elif column.level > neutral:
            out.append((seen >= column.level).astype(float))
        else:
            out.append(-(seen <= column.level).astype(float))
    return np.array(out, np.float32).T


def fit(rows: Rows) -> tuple[float, dict[tuple[str, str], float]]:
    """The base and the weight of each (feature, level) that best tell same from other."""
    x, y = _design(rows), rows.same.astype(np.float64)
    columns = _columns()

    def loss(w: Vector) -> tuple[float, Vector]:
        z = x @ w[1:].astype(np.float32) + w[0]
        p = 1 / (1 + np.exp(-np.clip(z, -40, 40)))
        value = np.logaddexp(0, -np.where(y > 0, z, -z)).sum() + RIDGE / 2 * (w[1:] ** 2).sum()
        slope = x.T @ (p - y).astype(np.float32) + RIDGE * w[1:]
        return float(value), np.concatenate(([float((p - y).sum())], slope)).astype(np.float64)

    bounds = [(None, None)] + [(None, None) if c.free else (0.0, None) for c in columns]
    start = np.zeros(len(columns) + 1)
    found = minimize(
        loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400}
    )
    return float(found.x[0]), _summed(columns, found.x[1:])


def _summed(columns: list[_Column], steps: Vector) -> dict[tuple[str, str], float]:
    """Steps between levels added up to weights of levels."""
    out: dict[tuple[str, str], float] = {}
    height = 0.0
    for column, step in zip(columns, steps, strict=True):
        if column.feature == "gain":
            height += float(step)
            out["gain", f"{KNOTS[column.level + 1]:g}"] = height
    for feature in FEATURES:
        levels = LEVELS[feature]
        neutral = levels.index(NEUTRAL.get(feature, "unknown"))
        step_of = {
            c.level: float(s) for c, s in zip(columns, steps, strict=True) if c.feature == feature
        }
        up = down = 0.0
        for k in range(neutral + 1, len(levels)):
            up = step_of[k] if feature in FREE else up + step_of[k]
            out[feature, levels[k]] = up
        for k in range(neutral - 1, -1, -1):
            down = step_of[k] if feature in FREE else down - step_of[k]
            out[feature, levels[k]] = down
    return out
