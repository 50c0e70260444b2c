"""Early warning: is this count more than the past lets one expect?

The door is small: a `Series` (or a `Panel` of series on one calendar) goes in, an `Outcome` comes
out for each evaluated point. Positions are zero-based; the past of a point is what comes before it.
An outcome never shows a missing value as an alarm or as silence: it carries a `Reason` instead.
"""

from tapal.engines.signals.flexible import Flexible, expect
from tapal.engines.signals.series import (
    ALARM,
    NO_RESULT,
    SILENT,
    Expectation,
    Outcome,
    Panel,
    Reason,
    Series,
)

__all__ = [
    "ALARM",
    "NO_RESULT",
    "SILENT",
    "Expectation",
    "Flexible",
    "Outcome",
    "Panel",
    "Reason",
    "Series",
    "expect",
]
