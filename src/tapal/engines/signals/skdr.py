"""Fixed weekly thresholds by condition: SKDR's for diseases, plant quarantine's for regulated pests.

SKDR is the national early-warning system. Where the threshold is one, a single case is an alert.
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

SKDR, QUARANTINE = "skdr.threshold", "quarantine.threshold"
COUNTED = {
    SKDR: Text("kasus", "cases"),
    QUARANTINE: Text("temuan", "interceptions"),
}
"""What the thresholds of each topic count."""

REACHED = Text(
    "{count} {what} dalam sepekan, ambang {limit}. {cited}.",
    "{count} {what} in a week, the threshold is {limit}. {cited}.",
)
BELOW = Text(
    "{count} {what} dalam sepekan, di bawah ambang {limit}. {cited}.",
    "{count} {what} in a week, below the threshold of {limit}. {cited}.",
)


def topic_of(condition: str, week: date, values: LegalBook) -> str:
    """The topic that has a threshold for a condition; SKDR's where none has."""
    return next((t for t in COUNTED if values.rows(t, week, condition=condition)), SKDR)


def weekly_threshold(count: float, condition: str, week: date, values: LegalBook) -> Ruling:
    """A reporting unit's count of a condition reaches the threshold in force that week.

    NaN is a week without report: it cannot be judged, and is no zero.
    """
    topic = topic_of(condition, week, values)
    limit, rows = value_of(values, topic, week, condition=condition)
    if math.isnan(count):
        return unknown(topic, NOT_REPORTED, rows)
    if limit is None:
        return unknown(topic, NO_VALUE, rows)
    alarm = count >= limit
    said, what = cited(rows), COUNTED[topic]
    sentence = REACHED if alarm else BELOW
    shown = {"count": f"{count:g}", "limit": f"{limit:g}"}
    text = Text(
        sentence.id.format(what=what.id, cited=said.id, **shown),
        sentence.en.format(what=what.en, cited=said.en, **shown),
    )
    return Ruling(topic, alarm, text, rows, limit)
