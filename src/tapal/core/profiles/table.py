"""A decision table as data: columns that ask of a field, rows that answer. Nothing in it is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.text import Text

# What one table may hold: more than this nobody reads at one sitting.
MAX_COLUMNS, MAX_ROWS, MAX_VALUES, MAX_LENGTH = 10, 200, 60, 80


class Sort(StrEnum):
    """What a field's values are, and so what may be asked of it."""

    CODE = "code"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


class Operator(StrEnum):
    """What a column asks. Of a value that nobody told, all but `absent` do not hold."""

    ANY_OF = "any_of"
    NONE_OF = "none_of"
    STARTS_WITH = "starts_with"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"
    YEARS_AT_LEAST = "years_at_least"
    YEARS_UNDER = "years_under"
    DAYS_AHEAD = "days_ahead"
    DAYS_AGO = "days_ago"
    PRESENT = "present"
    ABSENT = "absent"

    @property
    def label(self) -> Text:
        return _OPERATORS[self]


_OPERATORS = {
    Operator.ANY_OF: Text("salah satu dari", "any of"),
    Operator.NONE_OF: Text("bukan salah satu dari", "none of"),
    Operator.STARTS_WITH: Text("berawalan", "starts with"),
    Operator.CONTAINS: Text("memuat", "contains"),
    Operator.AT_LEAST: Text("sekurangnya", "at least"),
    Operator.AT_MOST: Text("sebanyaknya", "at most"),
    Operator.BETWEEN: Text("di antara (termasuk)", "between (inclusive)"),
    Operator.BEFORE: Text("sebelum", "before"),
    Operator.AFTER: Text("sesudah", "after"),
    Operator.YEARS_AT_LEAST: Text("sudah genap (tahun)", "full years at least"),
    Operator.YEARS_UNDER: Text("belum genap (tahun)", "full years fewer than"),
    Operator.DAYS_AHEAD: Text("dalam (hari) ke depan", "within (days) ahead"),
    Operator.DAYS_AGO: Text("dalam (hari) ke belakang", "within (days) before"),
    Operator.PRESENT: Text("ada isinya", "is told"),
    Operator.ABSENT: Text("tidak ada isinya", "is not told"),
}

_TOLD = (Operator.PRESENT, Operator.ABSENT)
OPERATORS: Mapping[Sort, tuple[Operator, ...]] = {
    Sort.CODE: (Operator.ANY_OF, Operator.NONE_OF, *_TOLD),
    Sort.TEXT: (
        Operator.ANY_OF, Operator.NONE_OF, Operator.STARTS_WITH, Operator.CONTAINS, *_TOLD,
    ),
    Sort.NUMBER: (
        Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN, Operator.ANY_OF, *_TOLD,
    ),
    Sort.DAY: (
        Operator.BEFORE, Operator.AFTER, Operator.BETWEEN, Operator.YEARS_AT_LEAST,
        Operator.YEARS_UNDER, Operator.DAYS_AHEAD, Operator.DAYS_AGO, *_TOLD,
    ),
}  # fmt: skip
"""The operators that a sort of field admits; there are no others."""

# What a cell of these holds is one whole number, whatever the field's own sort.
COUNTING = frozenset(
    {Operator.YEARS_AT_LEAST, Operator.YEARS_UNDER, Operator.DAYS_AHEAD, Operator.DAYS_AGO}
)


class Verdict(StrEnum):
    """What a row says of a record that fits it. `pass` lets it go, whatever the rows below say."""

    PASS = "pass"
    NOTE = "note"
    LOOK = "look"
    ALERT = "alert"

    @property
    def weight(self) -> Weight | None:
        """The weight of the finding that it makes, None for no finding."""
        return None if self is Verdict.PASS else Weight[self.name]

    @property
    def label(self) -> Text:
        weight = self.weight
        return Text("lewat, tidak ditandai", "pass, not marked") if weight is None else weight.label


# The operand of a cell in canonical text; None where a row does not ask what its column asks.
Operand = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a table may ask of: a body path, or `context.…` for what is known besides.

    `cycle` is the size of a number that begins again, as hours do: 22 to 5 then is the night.
    `most` is the largest number that can be counted; 0 says that there is none.
    """

    name: str
    label: Text
    sort: Sort
    sensitivity: Sensitivity
    personal: bool = False
    codes: Mapping[str, Text] | None = field(default=None, hash=False, compare=False)
    cycle: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """What is asked of one field."""

    field: str
    operator: Operator


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, read from left to right: where every cell fits, the verdict holds."""

    cells: tuple[Operand | None, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are read from the top; the first that fits decides, and no row below it is asked."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()

    # Any: JSON, here and below.
    def json(self) -> dict[str, Any]:
        """The shape in which a table is stored."""
        return {
            "columns": [[c.field, str(c.operator)] for c in self.columns],
            "rows": [
                [[None if c is None else list(c) for c in r.cells], str(r.verdict)]
                for r in self.rows
            ],
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Table:
        """Read what `json` wrote. Raises ValueError for an operator or verdict that is none."""
        return cls(
            tuple(Column(str(name), Operator(op)) for name, op in stored["columns"]),
            tuple(
                Row(tuple(None if c is None else tuple(map(str, c)) for c in cells), Verdict(says))
                for cells, says in stored["rows"]
            ),
        )
