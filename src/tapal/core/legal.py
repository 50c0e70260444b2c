"""Legal values as dated rows with a citation and a confidence; no such value is a constant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tapal.core.text import Text

Confidence = Literal["checked", "unchecked", "disputed"]

CONFIDENCE_LABELS: Mapping[str, Text] = {
    "checked": Text("terverifikasi", "checked"),
    "unchecked": Text("belum diverifikasi", "unchecked"),
    "disputed": Text("sumber berbeda", "disputed"),
}


@dataclass(frozen=True, slots=True)
class LegalRow:
    """One value of one topic, valid between two days (both included), with where it is written.

    `selector` narrows the topic ({"neighbour": "TLS"}); a row without a selector is general.
    """

    id: str
    topic: str
    value: Any = field(hash=False)  # Any: JSON; the topic's documentation names its shape and unit
    unit: str
    citation: str
    confidence: Confidence
    selector: Mapping[str, str] = field(default_factory=dict, hash=False)
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    note: str = ""

    def valid_on(self, day: date) -> bool:
        """True on the days of validity; an open end is open."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def said(self) -> str:
        """The citation with its confidence where that is not 'checked'."""
        return (
            self.citation
            if self.confidence == "checked"
            else f"{self.citation} ({self.confidence})"
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What the law says on a day: no row, one value, or several values that dispute each other."""

    rows: tuple[LegalRow, ...]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def values(self) -> tuple[Any, ...]:
        """The distinct values, in the order of the rows."""
        seen: list[Any] = []
        for row in self.rows:
            if row.value not in seen:
                seen.append(row.value)
        return tuple(seen)

    @property
    def disputed(self) -> bool:
        return len(self.values) > 1 or any(row.confidence == "disputed" for row in self.rows)

    @property
    def certain(self) -> bool:
        """True when there is one value and it was read in its source."""
        return (
            not self.disputed
            and bool(self.rows)
            and all(r.confidence == "checked" for r in self.rows)
        )


# Answers that a book remembers before it begins anew.
ANSWERS_KEPT = 10_000


class LegalBook:
    """The legal rows that a rule may ask for, by topic and day."""

    def __init__(self, rows: Iterable[LegalRow]) -> None:
        self._by_topic: dict[str, list[LegalRow]] = defaultdict(list)
        # A batch asks the same question for each of its records.
        self._settled: dict[object, Settled] = {}
        for row in rows:
            self._by_topic[row.topic].append(row)

    def rows(self, topic: str, on: date, **selector: str) -> tuple[LegalRow, ...]:
        """All rows of a topic valid on a day whose selector agrees with what is asked.

        A row that selects on something not asked for is left out; rows with the longest
        selector win over more general ones.
        """
        fits = [
            row
            for row in self._by_topic.get(topic, ())
            if row.valid_on(on) and all(selector.get(k) == v for k, v in row.selector.items())
        ]
        closest = max((len(row.selector) for row in fits), default=0)
        return tuple(row for row in fits if len(row.selector) == closest)

    def settle(self, topic: str, on: date, **selector: str) -> Settled:
        """What the law says: see `rows` for how rows are chosen."""
        asked = (topic, on, *sorted(selector.items()))
        found = self._settled.get(asked)
        if found is None:
            if len(self._settled) >= ANSWERS_KEPT:
                self._settled.clear()
            found = self._settled[asked] = Settled(self.rows(topic, on, **selector))
        return found

    def row(self, row_id: str) -> LegalRow | None:
        """A row by its id, whatever its dates."""
        return next((r for rows in self._by_topic.values() for r in rows if r.id == row_id), None)

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._by_topic)
