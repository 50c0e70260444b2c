"""How far the scores are probabilities, and whether more agreement ever weighs less.

On practice queries of a seed that nothing was fitted on. The plot is docs/screens/screening-calibration.svg.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp
from pathlib import Path

import numpy as np

from bench.screening import interval
from tapal.engines.screening import weights as w
from tapal.engines.screening.features import FEATURES, LEVELS, Model
from tapal.engines.screening.training.__main__ import answers
from tapal.engines.screening.training.fit import FREE
from tapal.engines.screening.training.sets import practice

SEED, LISTINGS, QUERIES = 20271124, 15_000, 4_000
PLOT = Path(__file__).resolve().parent.parent / "docs" / "screens" / "screening-calibration.svg"
BINS = 10
Bin = tuple[float, int, int]
"""Mean score, how many, how many of them were the one."""


def scored(model: Model) -> list[tuple[float, bool]]:
    """Each candidate's score, and whether it is the person asked about."""
    out = []
    for answer in answers(model, *practice(SEED, LISTINGS, QUERIES)):
        for found, same in zip(answer.found, answer.same, strict=True):
            out.append((1 / (1 + exp(-max(-50.0, min(50.0, found.total)))), same))
    return out


def bins(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    edges = np.minimum(np.array([p * BINS for p, _ in pairs]).astype(int), BINS - 1)
    found = []
    for n in range(BINS):
        held = [pair for pair, edge in zip(pairs, edges, strict=True) if edge == n]
        if held:
            mean = sum(p for p, _ in held) / len(held)
            found.append((mean, len(held), sum(same for _, same in held)))
    return found


def disorder(model: Model) -> list[str]:
    """Every level that speaks more for the same person and weighs less than the one before."""
    wrong = []
    for n, family in enumerate(w.FAMILIES):
        curve = model.gain[n]
        wrong += [f"{family} gain" for a, b in pairwise(curve) if b < a - 1e-4]
        for k, feature in enumerate(FEATURES):
            held = model.weight[n, k, : len(LEVELS[feature])]
            # `not_asked` is moved by hand: who is asked for by name alone has namesakes.
            steps = [
                x for x, name in zip(held, LEVELS[feature], strict=True) if name != "not_asked"
            ]
            if feature not in FREE:
                wrong += [f"{family} {feature}" for a, b in pairwise(steps)
                          if b < a - 1e-4]  # fmt: skip
    return wrong


def plot(found: Sequence[Bin]) -> str:
    """The bins against the diagonal, with the interval of each."""

    def at(x: float, y: float) -> tuple[float, float]:
        return 40 + 320 * x, 360 - 320 * y

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" font-family="sans-serif" '
        'font-size="12"><rect width="400" height="400" fill="white"/>',
        '<path d="M40 40V360H360" fill="none" stroke="#333"/>',
        '<path d="M40 360L360 40" stroke="#999" stroke-dasharray="4"/>',
        '<text x="200" y="392" text-anchor="middle">score</text>',
        '<text x="14" y="200" text-anchor="middle" transform="rotate(-90 14 200)">'
        "share that was the one</text>",
    ]
    for mean, count, right in found:
        low, high = interval(right, count)
        (x, y), (_, top), (_, foot) = at(mean, right / count), at(mean, high), at(mean, low)
        parts.append(
            f'<path d="M{x:.0f} {top:.0f}V{foot:.0f}" stroke="#06c"/>'
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#06c"/>'
        )
    return "\n".join([*parts, "</svg>\n"])


def calibration() -> str:
    """The part of the page; writes the plot."""
    model = w.shipped()
    found = bins(scored(model))
    PLOT.write_text(plot(found))
    wrong = disorder(model)
    rows = [f"| {mean:.3f} | {count:,} | {right / count:.3f} |" for mean, count, right in found]
    total = sum(count for _, count, _ in found)
    off = sum(abs(mean - right / count) * count for mean, count, right in found) / total
    order = (
        "holds for every feature" if not wrong else f"is broken: {', '.join(sorted(set(wrong)))}"
    )
    return "\n".join([
        "![Score against the share that was the one](screens/screening-calibration.svg)", "",
        "| mean score | candidates | share that was the one |", "|---|---|---|", *rows, "",
        f"Expected calibration error {off:.3f}, on candidates of {QUERIES:,} practice queries of a seed "
        f"that nothing was fitted on. Monotonicity (more agreement never weighs less) {order}.", "",
    ])  # fmt: skip


if __name__ == "__main__":
    print(calibration())
