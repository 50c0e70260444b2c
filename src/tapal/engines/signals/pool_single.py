"""The pooled evidence of one series' weeks with a fixed threshold, for use without a list.

Only the dispersion of a series that has few cases looks at the others of the run (`pool_spread`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_baseline import BaselineSettings, Expectation, expect
from tapal.engines.signals.pool_evidence import EvidenceSettings, evidence, widen
from tapal.engines.signals.pool_spread import settle_seen
from tapal.engines.signals.series import ALARM, NO_RESULT, SILENT

Floats = NDArray[np.float64]

# Odds above this alarm. Found on simulated series of other seeds than any that is reported
# (`bench.signals --tune`), for 0.88 % of weeks without outbreak; see docs/signals.md.
THRESHOLD = 8.0


@dataclass(frozen=True, slots=True)
class SingleSettings:
    """The threshold of the odds, and how expectation and evidence are made."""

    threshold: float = THRESHOLD
    errors: float = 1.0
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    evidence: EvidenceSettings = field(
        default_factory=lambda: EvidenceSettings(promptness=0.18, hazard=0.09)
    )


@dataclass(frozen=True, slots=True)
class SingleVerdict:
    """For each series and time: odds (0 where nothing can be said), and ALARM, SILENT or NO_RESULT."""

    expectation: Expectation
    odds: Floats
    alarm: NDArray[np.int8]


def watch_series(
    counts: Floats,
    *,
    exposure: Floats | None = None,
    times: NDArray[np.int64] | None = None,
    settings: SingleSettings | None = None,
) -> SingleVerdict:
    """Judge each series (series, weeks) at `times`, each by what was known before it."""
    settings = settings or SingleSettings()
    found = expect(counts, exposure=exposure, times=times, settings=settings.baseline)
    at = np.array([counts.shape[1] - 1]) if times is None else times
    spread = settle_seen(counts, found, at, settings.baseline.ahead)
    wide = widen(found.mean, found.variance, spread.cautious(settings.errors))
    odds = evidence(found.observed, found.mean, wide, settings.evidence).odds
    odds = np.where(found.known, odds, 0.0)
    alarm = np.where(odds > settings.threshold, ALARM, SILENT)
    return SingleVerdict(found, odds, np.where(found.known, alarm, NO_RESULT).astype(np.int8))
