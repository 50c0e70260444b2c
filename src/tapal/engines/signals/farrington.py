"""Farrington 1996: windows of earlier years, a trend, a bound on the scale of the power 2/3.

Source: Farrington, Andrews, Beale and Catchpole 1996, JRSS A 159:547.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tapal.engines.signals.flexible import Flexible, expect
from tapal.engines.signals.series import Outcome, Reason, Series
from tapal.engines.signals.thresholds import Power


@dataclass(frozen=True)
class Farrington:
    """The settings: `b` years, `w` points each side, two-sided `alpha`, `limit54` as in Flexible."""

    b: int = 5
    w: int = 3
    reweight: bool = True
    alpha: float = 0.05
    trend: bool = True
    limit54: tuple[int, int] = (5, 4)
    powertrans: Power = "2/3"
    population_offset: bool = False

    @property
    def flexible(self) -> Flexible:
        """The same in the words of Farrington Flexible."""
        return Flexible(
            b=self.b,
            w=self.w,
            reweight=self.reweight,
            weights_threshold=1.0,
            alpha=self.alpha / 2,
            trend=self.trend,
            limit54=self.limit54,
            powertrans=self.powertrans,
            population_offset=self.population_offset,
            dispersion="floored",
            equal_steps=True,
        )


def farrington(series: Series, points: Sequence[int], setting: Farrington) -> Outcome:
    """Farrington 1996 on one series; the bound is 0 where there are too few cases."""
    found = expect(series.panel(), points, setting.flexible)
    reason = found.reason[0]
    upper = np.where(reason == Reason.FEW_CASES, 0.0, found.upper[0])
    return Outcome(found.mean[0], upper, found.alarm[0], reason)
