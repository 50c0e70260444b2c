"""How many of the cases of the last weeks have been reported so far, from earlier reporting.

The reporting triangle holds, for each week of onset, how many of its cases were reported 0, 1, 2 ...
weeks later. The probability that a case is reported by delay d, given that it is by d+1, is a ratio
of sums over the weeks that have reached d+1 (reverse-time hazards). An expectation times that share
is what should have been reported by now: the alarm compares like with like and invents no cases.
Sources: Lawless 1994, Can J Stat 22:15; Brookmeyer & Damiano 1989, Stat Med 8:23.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Half a case in each cell: a delay that was never seen is rare, not impossible.
PSEUDO = 0.5


@dataclass(frozen=True, slots=True)
class Delay:
    """The share of a week's cases reported within 0, 1, 2 ... weeks, and how many cases it rests on."""

    share: Floats
    cases: float


def triangle(
    onset: NDArray[np.int64], reported: NDArray[np.int64], weeks: int, longest: int
) -> Floats:
    """Count cases by week of onset and delay, NaN where that delay has not come yet.

    `onset` and `reported` are week numbers, one each a case; longer delays count as `longest`.
    """
    table = np.zeros((weeks, longest + 1))
    delay = np.clip(reported - onset, 0, longest)
    inside = (onset >= 0) & (onset < weeks)
    np.add.at(table, (onset[inside], delay[inside]), 1.0)
    later = np.arange(weeks)[:, None] + np.arange(longest + 1)[None, :] >= weeks
    return np.where(later, np.nan, table)


def reported_share(table: Floats, *, past: int = 26) -> Delay:
    """The share reported by each delay, learned from the last `past` weeks of the triangle."""
    recent = table[-(past + table.shape[1]) :]
    longest = recent.shape[1] - 1
    share = np.ones(longest + 1)
    for d in range(longest - 1, -1, -1):
        full = recent[np.isfinite(recent[:, d + 1])]
        by_now, by_next = full[:, : d + 1].sum(), full[:, : d + 2].sum()
        share[d] = share[d + 1] * (by_now + PSEUDO) / (by_next + PSEUDO)
    return Delay(share, float(np.nansum(recent)))


def share_now(delay: Delay, weeks: int, now: int | None = None) -> Floats:
    """For each week up to `now` (default the last), the share of its cases reported by then."""
    now = weeks - 1 if now is None else now
    age = np.clip(now - np.arange(weeks), 0, delay.share.size - 1)
    return delay.share[age]


def nowcast(reported: Floats, share: Floats) -> tuple[Floats, Floats]:
    """The cases that each week will hold when all is reported, and their standard errors.

    Reported cases over their share; the error is that of the negative binomial number still to come.
    """
    total = (reported + PSEUDO) / share - PSEUDO
    total = np.where(share >= 1.0, reported, total)
    return total, np.sqrt(np.maximum(total, 0.0) * (1.0 - share) / share)
