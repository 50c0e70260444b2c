"""What a dry run counts: hits by row, month, nationality and sex, and what people found of the alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from tapal.core.entity import Entity
from tapal.core.text import Text
from tapal.flow.alert import Outcome

# What an alert was found to be, so far as it tells whether the record deserved a look.
RIGHT, WRONG, OPEN, NONE = "right", "wrong", "open", "none"
NEWEST = 100
UNKNOWN = "-"
_TRAITS = {"nationality": "nationality", "sex": "gender"}
TRAIT_LABELS: Mapping[str, Text] = {
    "nationality": Text("Kewarganegaraan", "Nationality"),
    "sex": Text("Jenis kelamin", "Sex"),
}
_Z = 1.96


def outcome_of(alerts: Iterable[tuple[str, str]]) -> str:
    """What people found of a record, from the (state, outcome) of its alerts."""
    found = NONE
    for state, outcome in alerts:
        if outcome in (Outcome.TRUE, Outcome.REFERRED):
            return RIGHT
        if state == "open":
            found = OPEN
        elif outcome and found != OPEN:
            found = WRONG
    return found


def traits_of(entities: Sequence[Entity]) -> dict[str, str]:
    """The nationality and sex of the first that is named, by which fairness is counted."""
    for entity in entities:
        found = {t: entity.properties[p][0] for t, p in _TRAITS.items() if entity.properties.get(p)}
        if found:
            return {trait: found.get(trait, UNKNOWN) for trait in _TRAITS}
    return {}


# Any: JSON, here and below.
def add(
    tally: dict[str, Any],
    *,
    record: str,
    at: str,
    place: str,
    outcome: str,
    traits: Mapping[str, str],
    row: int | None,
) -> None:
    """Count one record; `row` is the row that marked it, None where the profile would say nothing."""
    hit = int(row is not None)
    tally["seen"] = tally.get("seen", 0) + 1
    tally["hits"] = tally.get("hits", 0) + hit
    _count(tally, "base", outcome)
    _pair(tally, "months", at[:7], hit, outcome)
    for trait, value in traits.items():
        _pair(tally, trait, value, hit, outcome)
    if row is None:
        return
    _count(tally, "outcomes", outcome)
    _count(tally, "rows", str(row))
    _count(tally, f"rows_{outcome}", str(row))
    newest = tally.setdefault("newest", [])
    if len(newest) < NEWEST:
        newest.append([record, at, place, row, outcome])


def _count(tally: dict[str, Any], part: str, name: str) -> None:
    counts = tally.setdefault(part, {})
    counts[name] = counts.get(name, 0) + 1


def _pair(tally: dict[str, Any], part: str, name: str, hit: int, outcome: str) -> None:
    """Seen, hits, and of the hits those found right and wrong."""
    counts = tally.setdefault(part, {}).setdefault(name, [0, 0, 0, 0])
    counts[0] += 1
    counts[1] += hit
    counts[2] += hit and outcome == RIGHT
    counts[3] += hit and outcome == WRONG


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with the interval in which it lies, 19 times of 20 (Wilson)."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Source: Wilson 1927, for a binomial proportion."""
        if not self.whole:
            return None
        n, p, z = self.whole, self.part / self.whole, _Z
        middle, width = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)


def precision(counts: Mapping[str, int]) -> Share:
    """Of those that people have decided, how many were right."""
    right, wrong = counts.get(RIGHT, 0), counts.get(WRONG, 0)
    return Share(right, right + wrong)
