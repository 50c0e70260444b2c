"""Farrington Flexible: what the same season of earlier years lets one expect.

Source: Noufaily et al. 2013, Statistics in Medicine 32:1206; Farrington et al. 1996, JRSS A 159:547.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tapal.engines.signals.series import Expectation, Panel


@dataclass(frozen=True)
class Flexible:
    """The settings, named as in R's `surveillance`.

    `b` years back, `w` points each side of the reference point, `noPeriods` levels of the season,
    `pastWeeksNotIncluded` newest points left out (default `w`), `alpha` the one-sided chance of a
    false alarm, `limit54` (cases, points) below which there is no alarm.
    `dispersion`: 'surveillance' agrees with R; 'textbook' uses the working weights throughout.
    """

    b: int = 5
    w: int = 3
    no_periods: int = 1
    past_not_included: int | None = None
    reweight: bool = True
    weights_threshold: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    p_threshold_trend: float = 0.05
    limit54: tuple[int, int] = (5, 4)
    powertrans: Literal["2/3", "1/2", "none"] = "2/3"
    threshold: Literal["delta", "nbPlugin", "muan"] = "delta"
    population_offset: bool = False
    dispersion: Literal["surveillance", "textbook"] = "surveillance"


def expect(
    panel: Panel, points: Sequence[int], setting: Flexible | None = None, *, compiled: bool = True
) -> Expectation:
    """What each series of the panel lets one expect at each of the zero-based points."""
    raise NotImplementedError
