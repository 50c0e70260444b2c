"""Small cells kept back, so that a figure never tells of one person.

A count above nothing and below the smallest that may be told is not told. Since totals are known
from other questions, what is kept back in a column must together be no less than that smallest:
else the next smallest count goes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tapal.flow.figures.question import Disclosure

NEVER = 1 << 62
"""The smallest count where no rule row says one: nothing is told."""


# Any: a row's values as Python has them.
def keep_back(
    rows: Sequence[dict[str, Any]], disclosure: Disclosure, smallest: int
) -> tuple[list[dict[str, Any]], int]:
    """The rows with None for what is kept back, and how many cells that are."""
    kept = [dict(row) for row in rows]
    hidden = 0
    for cell, beside in disclosure.cells.items():
        for index in small([row[cell] or 0 for row in rows], smallest):
            hidden += 1
            for name in (cell, *beside):
                kept[index][name] = None
    return kept, hidden


def small(counts: Sequence[int], smallest: int) -> list[int]:
    """The places of the counts that may not be told."""
    told = sorted((count, index) for index, count in enumerate(counts) if count)
    small = [each for each in told if each[0] < smallest]
    rest = told[len(small) :]
    while small and rest and sum(count for count, _ in small) < smallest:
        small.append(rest.pop(0))
    return [index for _, index in small]
