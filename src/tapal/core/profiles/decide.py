"""A table made ready to decide: each column answers with the rows that fit, as the bits of a number.

A record costs one look-up a column, however many rows there are; the lowest bit left over is the
first row that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tapal.core.marking import Sensitivity
from tapal.core.profiles.fields import Case, Reader, Span, Value, reader_of, span
from tapal.core.profiles.table import (
    COUNTING,
    Column,
    Field,
    Operand,
    Operator,
    Row,
    Sort,
    Table,
)

# Of each column, by what the record says and its day.
ANSWERS_KEPT = 4096

Test = Callable[[tuple[Value, ...], date], bool]
Answer = Callable[[tuple[Value, ...], date], int]


@dataclass(frozen=True, slots=True)
class Ready:
    """A table that decides. `fields` are those it asks of; `ceiling` the level up to which it knows."""

    table: Table
    fields: Mapping[str, Field]
    ceiling: Sensitivity
    _columns: tuple[tuple[Reader, Answer], ...]

    def decide(self, case: Case) -> int | None:
        """The number of the first row that fits, None where none does."""
        left, day = (1 << len(self.table.rows)) - 1, case.day
        for read, answer in self._columns:
            left &= answer(read(case, self.ceiling), day)
            if not left:
                return None
        return (left & -left).bit_length() - 1 if left else None

    def explain(self, case: Case) -> tuple[Explained, ...]:
        """Each row from the top with every cell: what it asks, what is there, whether it fits."""
        hit = self.decide(case)
        return tuple(
            Explained(number, row, self.cells(case, number), number == hit)
            for number, row in enumerate(self.table.rows)
        )

    def cells(self, case: Case, number: int) -> tuple[ExplainedCell, ...]:
        """The conditions of one row, each with what is there."""
        asked = [
            (self.fields[column.field], column.operator, operand)
            for column, operand in zip(
                self.table.columns, self.table.rows[number].cells, strict=True
            )
            if operand is not None
        ]
        held = [reader_of(field)(case, self.ceiling) for field, _, _ in asked]
        return tuple(
            ExplainedCell(*ask, there, test_of(*ask)(there, case.day))
            for ask, there in zip(asked, held, strict=True)
        )


@dataclass(frozen=True, slots=True)
class ExplainedCell:
    """One condition with the values that were held against it."""

    field: Field
    operator: Operator
    operand: Operand
    values: tuple[Value, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """One row with its conditions; `decides` is true of the first that fits."""

    number: int
    row: Row
    cells: tuple[ExplainedCell, ...]
    decides: bool

    @property
    def fits(self) -> bool:
        return all(cell.fits for cell in self.cells)


def make_ready(table: Table, fields: Mapping[str, Field]) -> Ready:
    """Make a checked table ready. Raises KeyError for a field that there is not."""
    used = {c.field: fields[c.field] for c in table.columns}
    ceiling = max((f.sensitivity for f in used.values()), default=Sensitivity.RESTRICTED)
    columns = tuple(
        (reader_of(used[c.field]), _answer(c, used[c.field], [r.cells[n] for r in table.rows]))
        for n, c in enumerate(table.columns)
    )
    return Ready(table, used, max(ceiling, Sensitivity.RESTRICTED), columns)


def _answer(column: Column, field: Field, cells: Sequence[Operand | None]) -> Answer:
    """Which rows a column's values fit; a row that does not ask fits whatever they are."""
    free = sum(1 << n for n, cell in enumerate(cells) if cell is None)
    asked: dict[Operand, int] = {}
    for n, cell in enumerate(cells):
        if cell is not None:
            asked[cell] = asked.get(cell, 0) | 1 << n
    if column.operator is Operator.ANY_OF and field.sort is not Sort.DAY:
        return _any_of(field, free, asked)
    tests = tuple((test_of(field, column.operator, cell), bits) for cell, bits in asked.items())

    def answer(values: tuple[Value, ...], day: date) -> int:
        fits = free
        for test, bits in tests:
            if test(values, day):
                fits |= bits
        return fits

    # Hours, days and counts come back again and again; a text would only fill the memory.
    return answer if field.sort is Sort.TEXT else lru_cache(maxsize=ANSWERS_KEPT)(answer)


def _any_of(field: Field, free: int, asked: Mapping[Operand, int]) -> Answer:
    by_value: dict[Value, int] = {}
    for operand, bits in asked.items():
        for value in _typed(field, operand):
            by_value[value] = by_value.get(value, 0) | bits

    def answer(values: tuple[Value, ...], day: date) -> int:
        fits = free
        for value in values:
            fits |= by_value.get(value, 0)
        return fits

    return answer


def _typed(field: Field, operand: Operand) -> tuple[str | float, ...]:
    if field.sort is Sort.NUMBER:
        return tuple(map(float, operand))
    return tuple(v.casefold() for v in operand) if field.sort is Sort.TEXT else operand


def test_of(field: Field, operator: Operator, operand: Operand) -> Test:
    """What a cell asks. Of several values one is enough, for `none_of` none may be among them."""
    if operator is Operator.PRESENT:
        return lambda values, day: bool(values)
    if operator is Operator.ABSENT:
        return lambda values, day: not values
    if operator is Operator.NONE_OF:
        shut = frozenset(_typed(field, operand))
        return lambda values, day: bool(values) and shut.isdisjoint(values)
    one = (
        _day_test(operator, operand) if field.sort is Sort.DAY else _test(field, operator, operand)
    )
    return lambda values, day: any(one(value, day) for value in values)


One = Callable[[Value, date], bool]


def _test(field: Field, operator: Operator, operand: Operand) -> One:
    if operator is Operator.ANY_OF:
        wanted = frozenset(_typed(field, operand))
        return lambda value, day: value in wanted
    if field.sort is Sort.TEXT:
        texts = tuple(v.casefold() for v in operand)
        if operator is Operator.STARTS_WITH:
            return lambda value, day: str(value).startswith(texts)
        return lambda value, day: any(t in str(value) for t in texts)
    low, high = float(operand[0]), float(operand[-1])
    if operator is Operator.AT_LEAST:
        return lambda value, day: isinstance(value, float) and value >= low
    if operator is Operator.AT_MOST:
        return lambda value, day: isinstance(value, float) and value <= high
    if low > high:  # over midnight
        return lambda value, day: isinstance(value, float) and (value >= low or value <= high)
    return lambda value, day: isinstance(value, float) and low <= value <= high


def _day_test(operator: Operator, operand: Operand) -> One:
    """A partial date fits only where every day that it may mean does."""
    holds = (
        _counted(operator, int(operand[0])) if operator in COUNTING else _dated(operator, operand)
    )

    def test(value: Value, day: date) -> bool:
        return isinstance(value, tuple) and all(holds(each, day) for each in value)

    return test


def _dated(operator: Operator, operand: Operand) -> Callable[[date, date], bool]:
    first, last = _whole(operand[0]), _whole(operand[-1])
    if operator is Operator.BEFORE:
        return lambda value, day: value < first[0]
    if operator is Operator.AFTER:
        return lambda value, day: value > first[1]
    return lambda value, day: first[0] <= value <= last[1]


def _whole(text: str) -> Span:
    found = span(text)
    if found is None:
        raise ValueError(text)
    return found


def _counted(operator: Operator, number: int) -> Callable[[date, date], bool]:
    if operator is Operator.YEARS_AT_LEAST:
        return lambda value, day: _years(value, day) >= number
    if operator is Operator.YEARS_UNDER:
        return lambda value, day: 0 <= _years(value, day) < number
    if operator is Operator.DAYS_AHEAD:
        return lambda value, day: timedelta() <= value - day <= timedelta(days=number)
    return lambda value, day: timedelta() <= day - value <= timedelta(days=number)


def _years(since: date, day: date) -> int:
    """Full years from one day to another; below zero for a day to come."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
