"""What a named question is: its sentence, what it counts, which fields it uses, what it may tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tapal.core.text import Text

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table


class Rows(StrEnum):
    """What a question's expression is given, already cut to what its reader may count.

    RECORDS are records as they stand, each once, by the day on which they occurred; ARRIVALS the
    same as they came, whatever was mended since; ALERTS and TASKS are all events of those that were
    opened in the window.
    """

    RECORDS = "records"
    ARRIVALS = "arrivals"
    ALERTS = "alerts"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Window:
    """The days asked about, both included, by the posts' own calendars; `as_of` ends what is known."""

    since: date
    until: date
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer. `type` says how its values read: text, place, agency, kind, day, hour,
    number, minutes, percent or moment; of a code, `path` is the field with its words."""

    name: str
    label: Text
    type: str = "number"
    path: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How small numbers are kept back.

    `cells` are the columns of counts, with those that are told only beside a count that is told:
    {"false": ("false_rate",)}. Without cells nothing here counts people; `why` then says so.
    """

    cells: dict[str, tuple[str, ...]]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A named question. `fields` are the body paths that it uses: only rows of which the reader may
    see all of them are counted. `chart` is bar, line or nothing; it shows the `shown` columns."""

    name: str
    label: Text
    sentence: Text
    rows: Rows
    ask: Callable[[Table, Window], Table]
    columns: tuple[Column, ...]
    disclosure: Disclosure
    fields: tuple[str, ...] = ()
    chart: str = ""
    shown: tuple[str, ...] = ()


# Any: a row's values as Python has them; None for a number that is kept back.
@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gave. `hidden` is how many cells are kept back, `smallest` the least count
    that is told; `agencies` are those whose rows could be counted."""

    question: Question
    rows: Sequence[dict[str, Any]]
    window: Window
    place: str | None
    agencies: tuple[str, ...]
    smallest: int | None
    hidden: int
