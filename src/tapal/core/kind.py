"""The contract that a kind fills. Everything after intake reads this, and never a kind's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tapal.core.actions import Action, Sheet
from tapal.core.entity import Entity
from tapal.core.mapped import Mapped
from tapal.core.marking import Mark, Sensitivity, marked_fields
from tapal.core.reading import Format
from tapal.core.record import Key, KeyType
from tapal.core.rules import Rule
from tapal.core.text import Text

# Any: a body is JSON shaped by the kind's model.
Body = Mapping[str, Any]
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

PLACE = "place"
"""In a signal's `by`: the post, which is no path of the body."""
PEOPLE = Text("orang", "people")
"""In whom a signal shows where the kind names no other stream."""
ANY_VALUE = "*"
"""In a signal's `where`: the field is there, whatever it says."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the counter. The desk sends it as JSON through the named format.

    `scan` names the field that takes what a scanner read; the form's other fields then stand beside
    the scanner's and keep their values from traveller to traveller. `time` names the field that is
    given the present moment, so that the same document tomorrow is another record.
    """

    name: str
    label: Text
    model: type[BaseModel]
    format: str
    key: str = ""
    scan: str = ""
    time: str = ""


class Period(StrEnum):
    """Over what a signal is counted: a day, or a week from Sunday to Saturday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Signal:
    """A count that is watched: of which records, by what place, period, denominator and stream.

    `where` are body values that a record must have (`ANY_VALUE`: any at all), `unless` such as it
    must not have; `by` are the paths that split the series, the post's `place` first. All paths are
    columns of the lake; those of `where` and `unless` have one value a record, a record with several
    values in `by` counts once in the series of each. `denominator` names a signal of the same kind whose
    count, split alike, is what this one is held against: where that is zero the post was closed.
    `stream` says in whom or what it shows, `family` which streams watch one hazard; each signal is a
    family of its own where none is named. `condition` names what the fixed rules know it by, or
    names it from the values that split the series after the post; a series without is held against
    no fixed rule.
    """

    name: str
    label: Text
    where: Mapping[str, str] = field(hash=False)
    by: tuple[str, ...] = ("place",)
    period: Period = Period.WEEK
    denominator: str | None = None
    stream: Text = PEOPLE
    family: str = ""
    unless: Mapping[str, str] = field(default_factory=dict, hash=False)
    condition: str | Callable[[Sequence[str]], str] = field(default="", hash=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """The body paths that the count rests on: who may not see one of them is told none."""
        paths = (*self.where, *self.unless, *self.by)
        return tuple(dict.fromkeys(path for path in paths if path != PLACE))

    def condition_of(self, split: Sequence[str]) -> str:
        """The condition by which the fixed rules know a series, nothing where they know none."""
        return self.condition if isinstance(self.condition, str) else self.condition(split)


@dataclass(frozen=True, slots=True)
class Kind:
    """One domain's part of the house: one folder, one line in the table.

    `owner_role` is the role of the agency that owns records whose sender is not known;
    `keys` and `entities` read a body; `title` says in a few words what a (redacted) body is about;
    `summary` are the paths shown first, in order; `sensitivity` is the level of a whole record.
    `direction` says which way a movement goes (`entry`, `exit`, or nothing): lists may hold for one
    way only. `reading_labels` are words for the findings that its readers make, by their name or by
    a word with which it begins, before a low line. `legal` is a CSV of legal rows that no other
    kind asks for, with the columns of the shared ones; like those it is a seed. `procedures` is a
    folder of BPMN diagrams, each of which names the alert reasons that start it; seeds as well. `mapped`
    lets tables of other systems in through saved mappings. `upgrades[n]` turns a body of version n
    into one of version n + 1.
    """

    name: str
    label: Text
    plural: Text
    mission: str
    icon: str
    owner_role: str
    model: type[BaseModel]
    formats: tuple[Format, ...]
    key_types: tuple[KeyType, ...]
    keys: Callable[[Body], Iterable[Key]]
    entities: Callable[[Body], Iterable[Entity]]
    title: Callable[[Body], str]
    summary: tuple[str, ...]
    sensitivity: Callable[[Body], Sensitivity]
    samples: Path
    rules: tuple[Rule, ...] = ()
    reading_labels: Mapping[str, Text] = field(default_factory=dict, hash=False)
    actions: tuple[Action, ...] = ()
    forms: tuple[Form, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    procedures: Path | None = None
    signals: tuple[Signal, ...] = ()
    lake: tuple[str, ...] = ()
    direction: Callable[[Body], str] = lambda body: ""
    legal: Path | None = None
    mapped: Mapped | None = None
    version: int = 1
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict, hash=False)

    def signal(self, name: str) -> Signal | None:
        """A declared signal by its name."""
        return next((s for s in self.signals if s.name == name), None)

    @property
    def fields(self) -> Mapping[str, Mark]:
        """Every leaf of the body with its mark, by dotted path."""
        return marked_fields(self.model)

    def format(self, name: str) -> Format | None:
        """A format by its name."""
        return next((f for f in self.formats if f.name == name), None)

    def action(self, name: str) -> Action | None:
        """An action by its name."""
        return next((a for a in self.actions if a.name == name), None)

    def upgrade(self, body: dict[str, Any], version: int) -> dict[str, Any]:
        """Bring a stored body of an older version to the present one."""
        for step in range(version, self.version):
            body = self.upgrades[step](body)
        return body
