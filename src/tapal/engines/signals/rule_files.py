"""The fixed rules over count series: each series' last period, its condition naming what is counted.

Weekly thresholds are for weekly counts; the criteria of an outbreak (KLB) are for diseases, those of
months and years for monthly counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tapal.core.legal import LegalBook
from tapal.engines.signals import klb
from tapal.engines.signals.pool_files import Counts
from tapal.engines.signals.rule_layer import NOT_WEEKLY, Ruling, book, unknown
from tapal.engines.signals.skdr import QUARANTINE, topic_of, weekly_threshold

WEEKS = (52.0, 53.0)
"""Points a year of a weekly calendar."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's answer for one series, the `at`-th of its file."""

    series: str
    ruling: Ruling
    at: int = 0

    def cells(self) -> dict[str, str]:
        """The row of a CSV: alarm is true, false, or empty where it cannot be judged."""
        alarm = "" if self.ruling.alarm is None else str(self.ruling.alarm).lower()
        return {
            "series": self.series,
            "rule": self.ruling.rule,
            "alarm": alarm,
            "id": self.ruling.text.id,
            "en": self.ruling.text.en,
        }

    def json(self) -> dict[str, Any]:  # Any: JSON
        """The answer as an object, with the rows that it rests on and how sure they are."""
        return {
            "series": self.series,
            "rule": self.ruling.rule,
            "alarm": self.ruling.alarm,
            "text": self.ruling.text.json(),
            "rows": [
                {"id": row.id, "citation": row.citation, "confidence": row.confidence}
                for row in self.ruling.rows
            ],
        }


def week_of(label: str) -> date:
    """The day of a point: its date, the first of its month; today where points are only numbered."""
    for text in (label, f"{label}-01"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return date.today()


def book_of(values: Path) -> LegalBook:
    """The rules' values of a district's own CSV."""
    return book(values.read_text(encoding="utf-8-sig").splitlines(True))


def judge_file(counts: Counts, law: LegalBook | None = None) -> list[Judged]:
    """Every rule that count series alone can answer, for the last period of each.

    The condition is the column of that name, else the stream, else the series' name. Without `law`
    the values that ship hold.
    """
    watch = counts.watch
    named = replace(counts, condition=counts.condition or watch.stream or watch.names)
    return judge_conditions(named, law or book(), len(counts.labels) - 1)


def judge_conditions(
    counts: Counts, law: LegalBook, point: int, *, visits: bool = True
) -> list[Judged]:
    """The same for one point, of the series that have a condition.

    `visits` says that the denominators are what came at all, so that shares of it can be compared.
    """
    found = []
    for at, condition in enumerate(counts.condition):
        if condition:
            answers = _rulings(counts, at, law, point, visits)
            found += [Judged(counts.watch.names[at], one, at) for one in answers]
    return found


def _rulings(counts: Counts, at: int, law: LegalBook, point: int, visits: bool) -> list[Ruling]:
    condition = counts.condition[at]
    past = counts.watch.counts[at, : point + 1].tolist()
    day = week_of(counts.labels[point])
    weekly = WEEKS[0] <= counts.period <= WEEKS[1]
    topic = topic_of(condition, day, law)
    found = [
        weekly_threshold(past[-1], condition, day, law) if weekly else unknown(topic, NOT_WEEKLY)
    ]
    if topic == QUARANTINE:
        return found
    found += [
        klb.new_disease(past, day, law, max(1, round(counts.period))),
        klb.rising_periods(past, day, law),
        klb.period_ratio(past, day, law),
    ]
    if counts.period == MONTHS:
        found += _of_months(past, day, law)
    exposure = counts.watch.exposure
    if visits and exposure is not None and len(past) > 1 and np.unique(exposure[at]).size > 1:
        under = exposure[at, point], exposure[at, point - 1]
        found.append(klb.proportion_ratio((past[-1], past[-2]), under, day, law))
    return found


def _of_months(past: list[float], day: date, law: LegalBook) -> list[Ruling]:
    """This month against last year's; in December the year against the one before."""
    before = past[: len(past) - day.month]
    found = [klb.month_year_ratio(past[-1], before[-MONTHS:], day, law)]
    if day.month == MONTHS:
        found.append(klb.year_ratio(past[-MONTHS:], before[-MONTHS:], day, law))
    return found
