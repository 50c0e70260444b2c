"""Fixed weekly thresholds of the national early-warning system (SKDR), by condition.

Where the threshold is one, a single case is an alert.
"""

from __future__ import annotations

import math
from datetime import date

from tapal.core.legal import LegalBook
from tapal.core.text import Text
from tapal.engines.signals.rule_layer import (
    NO_VALUE,
    NOT_REPORTED,
    Ruling,
    cited,
    unknown,
    value_of,
)

TOPIC = "skdr.threshold"

REACHED = Text(
    "{count} kasus dalam sepekan, ambang {limit}. {cited}.",
    "{count} cases in a week, the threshold is {limit}. {cited}.",
)
BELOW = Text(
    "{count} kasus dalam sepekan, di bawah ambang {limit}. {cited}.",
    "{count} cases in a week, below the threshold of {limit}. {cited}.",
)


def weekly_threshold(count: float, condition: str, week: date, values: LegalBook) -> Ruling:
    """A reporting unit's count of a condition reaches the threshold in force that week.

    NaN is a week without report: it cannot be judged, and is no zero.
    """
    limit, rows = value_of(values, TOPIC, week, condition=condition)
    if math.isnan(count):
        return unknown(TOPIC, NOT_REPORTED, rows)
    if limit is None:
        return unknown(TOPIC, NO_VALUE, rows)
    alarm = count >= limit
    said = cited(rows)
    sentence = REACHED if alarm else BELOW
    text = Text(
        sentence.id.format(count=f"{count:g}", limit=f"{limit:g}", cited=said.id),
        sentence.en.format(count=f"{count:g}", limit=f"{limit:g}", cited=said.en),
    )
    return Ruling(TOPIC, alarm, text, rows)
