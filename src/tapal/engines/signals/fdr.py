"""From p-values to a list that holds a known share of false alarms.

Sources: Benjamini & Hochberg 1995, JRSS B 57:289 (independent or positively dependent tests);
Benjamini & Yekutieli 2001, Ann Stat 29:1165 (any dependence); Storey 2002, JRSS B 64:479 (share of
true nulls); Genovese, Roeder & Wasserman 2006, Biometrika 93:509 (weights); Wang & Ramdas 2022,
JRSS B 84:822 (e-values, any dependence).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def adjusted(p: Floats, *, tests: int | None = None) -> Floats:
    """Benjamini-Hochberg q-values: the smallest level at which each would still be listed.

    `tests` is the number of tests made when only the smallest p-values are given.
    """
    if p.size == 0:
        return np.zeros(0)
    order = np.argsort(p, kind="stable")
    raw = p[order] * (tests or p.size) / np.arange(1, p.size + 1)
    q = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    out = np.empty_like(q)
    out[order] = q
    return out


def adjusted_any_dependence(p: Floats, *, tests: int | None = None) -> Floats:
    """Benjamini-Yekutieli q-values: those above times the harmonic sum of the number of tests."""
    count = tests or p.size
    harmonic = float((1.0 / np.arange(1, count + 1)).sum())
    return np.minimum(adjusted(p, tests=tests) * harmonic, 1.0)


def null_share(p: Floats, cut: float = 0.5) -> float:
    """Storey's upward-biased estimate of the share of tests in which nothing is going on."""
    if p.size == 0:
        return 1.0
    return float(min(1.0, (1 + (p > cut).sum()) / (p.size * (1 - cut))))


def adjusted_weighted(p: Floats, weights: Floats) -> Floats:
    """Weighted q-values: p over its weight, the weights brought to a mean of 1.

    A weight must not look at its own series' p-value.
    """
    total = weights.sum()
    if total <= 0:
        return np.ones_like(p)
    scaled = weights * (weights.size / total)
    return adjusted(np.minimum(np.divide(p, scaled, out=np.ones_like(p), where=scaled > 0), 1.0))


def adjusted_evidence(e: Floats) -> Floats:
    """q-values of e-values (likelihood ratios with mean 1 under no outbreak), any dependence."""
    return adjusted(np.minimum(1.0 / np.maximum(e, 1e-300), 1.0))


def listed(q: Floats, level: float) -> NDArray[np.int64]:
    """The tests that a list at this false-discovery level holds, smallest q first."""
    order = np.argsort(q, kind="stable")
    return order[q[order] <= level]
