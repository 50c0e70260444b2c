"""Plain rules beside the statistics: a dated value with its citation, a count, and a sentence.

A rule answers yes, no, or that it cannot be judged and why; it never stays silent for want of data.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from tapal import data
from tapal.core.legal import CONFIDENCE_LABELS, Confidence, LegalBook, LegalRow
from tapal.core.text import Text

FILE = "signal_rows.csv"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says of one count: `alarm` is None where it cannot be judged.

    `limit` is the least count of this period that raises the alarm, where the rule has one.
    """

    rule: str
    alarm: bool | None
    text: Text
    rows: tuple[LegalRow, ...] = ()
    limit: float | None = None


def row_of(values: Mapping[str, str]) -> LegalRow:
    """A row of the reference file. Raises ValueError for a confidence that is none."""
    if values["confidence"] not in CONFIDENCE_LABELS:
        raise ValueError(f"{values['id']}: {values['confidence']} is no confidence")
    return LegalRow(
        id=values["id"],
        topic=values["topic"],
        value=json.loads(values["value"]),
        unit=values["unit"],
        citation=values["citation"],
        confidence=cast(Confidence, values["confidence"]),
        selector=json.loads(values["selector"]),
        valid_from=date.fromisoformat(values["valid_from"]) if values["valid_from"] else None,
        valid_to=date.fromisoformat(values["valid_to"]) if values["valid_to"] else None,
        source=values["source"],
        note=values["note"],
    )


def book(lines: Iterable[str] | None = None) -> LegalBook:
    """The rules' values: those that ship, or those of a district's own CSV with the same columns."""
    rows = data.table(FILE) if lines is None else list(csv.DictReader(lines))
    return LegalBook(row_of(row) for row in rows)


def cited(rows: tuple[LegalRow, ...]) -> Text:
    """Where a value is written and how far it was verified, at the end of a sentence."""
    said = [(row.citation, CONFIDENCE_LABELS[row.confidence]) for row in rows]
    return Text(
        "; ".join(f"{citation} ({label.id})" for citation, label in said),
        "; ".join(f"{citation} ({label.en})" for citation, label in said),
    )


def value_of(
    values: LegalBook, topic: str, on: date, **selector: str
) -> tuple[float | None, tuple[LegalRow, ...]]:
    """The value in force on a day and its rows; None where there is none, or sources disagree."""
    settled = values.settle(topic, on, **selector)
    if settled.disputed or len(settled.values) != 1 or settled.values[0] is None:
        return None, settled.rows
    return float(settled.values[0]), settled.rows


def unknown(rule: str, why: Text, rows: tuple[LegalRow, ...] = ()) -> Ruling:
    """A rule that cannot be judged, with the reason in both languages."""
    return Ruling(
        rule,
        None,
        Text(f"Tidak dapat dinilai: {why.id}.", f"Cannot be judged: {why.en}."),
        rows,
    )


NO_VALUE = Text(
    "ambang tidak diketahui atau sumbernya berbeda", "its threshold is not known or is disputed"
)
NOT_WEEKLY = Text("ambangnya untuk hitungan sepekan", "its threshold is for counts of a week")
NOT_REPORTED = Text("laporan belum ada", "there is no report")
