"""How much the last weeks speak for an outbreak that is on now: a likelihood ratio over windows.

An outbreak that began 0 to 4 weeks ago, of unknown size and of one of three courses, is held
against none. Evidence is kept apart by whether it is still on: one that has ended raises no alarm.
The odds give what began this week its full weight and what began earlier a part of it
(`promptness`), so that alarms come early.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_weigh import Model, weigh_all

Floats = NDArray[np.float64]

# Share of an outbreak's cases by week since its start. A burst: half at once, nearly all in two
# weeks (what log-normal delays with spread 0.5 give). A steady source over four weeks. One that grows.
COURSES = np.array(
    [
        [0.5, 0.42, 0.08, 0.0, 0.0],
        [0.25, 0.25, 0.25, 0.25, 0.0],
        [0.1, 0.2, 0.3, 0.4, 0.0],
    ]
)


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The outbreaks looked for: courses with their shares, sizes in standard deviations of a week.

    Cases of the `sizes` are Poisson, which tells most; those of the `large` are as dispersed as the
    others, so that evidence goes on growing with a count that no size foresaw.
    """

    courses: Floats = field(default_factory=lambda: COURSES)
    shares: Floats = field(default_factory=lambda: np.array([0.7, 0.15, 0.15]))
    sizes: Floats = field(default_factory=lambda: np.array([1.5, 2.5, 4.0, 6.5, 10.0]))
    large: Floats = field(default_factory=lambda: np.array([10.0, 30.0]))
    promptness: float = 0.1
    hazard: float = 0.03

    def model(self) -> Model:
        """As the compiled code takes it."""
        blend = np.array([self.promptness, self.hazard, float(self.large.size)])
        sizes = np.concatenate([self.sizes, self.large])
        return self.courses, left(self.courses), self.shares, sizes, blend


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence by week of start, (…, window), and the odds; 1 means that the weeks say nothing."""

    on: Floats
    over: Floats
    odds: Floats


def left(courses: Floats) -> Floats:
    """Share of the cases that come in a week or later."""
    return np.minimum(np.cumsum(courses[:, ::-1], axis=1)[:, ::-1], 1.0)


def widen(mean: Floats, variance: Floats, dispersion: Floats) -> Floats:
    """The dispersion that covers what is not known of this week's mean as well."""
    return dispersion + variance[..., -1] * mean[..., -1]


def evidence(
    observed: Floats, mean: Floats, dispersion: Floats, settings: EvidenceSettings | None = None
) -> Evidence:
    """Weigh windows (…, weeks), oldest first, against their means; NaN weeks are passed over."""
    settings = settings or EvidenceSettings()
    weeks = observed.shape[-1]
    flat = np.ascontiguousarray(observed.reshape(-1, weeks))
    on, over, odds = np.zeros_like(flat), np.zeros_like(flat), np.zeros(flat.shape[0])
    means = np.ascontiguousarray(mean.reshape(-1, weeks))
    weigh_all(
        flat, means, np.ravel(dispersion).astype(np.float64), settings.model(), on, over, odds
    )
    shape = observed.shape
    return Evidence(on.reshape(shape), over.reshape(shape), odds.reshape(shape[:-1]))
