"""The fixed rules over a file of counts: each series' last week, its `stream` naming the condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tapal.core.legal import LegalBook
from tapal.engines.signals import klb
from tapal.engines.signals.pool_files import Counts
from tapal.engines.signals.rule_layer import Ruling, book
from tapal.engines.signals.skdr import weekly_threshold


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's answer for one series."""

    series: str
    ruling: Ruling

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
    """Every rule that a count series alone can answer, for the last week of each series.

    Without `law` the values that ship hold.
    """
    law = law or book()
    day = week_of(counts.labels[-1])
    found = []
    for i, name in enumerate(counts.watch.names):
        past = counts.watch.counts[i].tolist()
        condition = counts.watch.stream[i] if counts.watch.stream else name
        found += [Judged(name, ruling) for ruling in _rulings(past, condition, day, law, counts)]
    return found


def _rulings(
    past: list[float], condition: str, day: date, law: LegalBook, counts: Counts
) -> list[Ruling]:
    return [
        weekly_threshold(past[-1], condition, day, law),
        klb.new_disease(past, day, law, max(1, round(counts.period))),
        klb.rising_periods(past, day, law),
        klb.period_ratio(past, day, law),
    ]
