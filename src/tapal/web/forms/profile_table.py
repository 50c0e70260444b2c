"""A profile's decision table in plain forms: its columns, and its rows some at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from tapal.core.errors import Rejected
from tapal.core.profiles import (
    MAX_COLUMNS,
    MAX_ROWS,
    OPERATORS,
    Column,
    Field,
    Operand,
    Operator,
    Row,
    Sort,
    Table,
    Verdict,
    operand_of,
    shown,
)
from tapal.core.text import Text

# Rows on one page, and empty ones below the last: a page stays small however long the table is.
PAGE, SPARE = 20, 3
SPARE_COLUMNS = 3
SORTS: Mapping[Sort, Text] = {
    Sort.CODE: Text("kode", "code"),
    Sort.TEXT: Text("teks", "text"),
    Sort.NUMBER: Text("bilangan", "number"),
    Sort.DAY: Text("tanggal", "date"),
}


@dataclass(slots=True)
class Cell:
    """One cell as typed, with what is wrong about it."""

    name: str
    text: str
    column: ColumnShown
    error: Text | None = None


@dataclass(slots=True)
class Line:
    """One row of the page. `number` counts from 1, 0 for a row that is not there yet."""

    key: str
    number: int
    verdict: str
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column's words; `choices` names the list of its codes, where there is one."""

    column: Column
    field: Field
    choices: str

    @property
    def operator(self) -> Operator:
        return self.column.operator

    @property
    def hint(self) -> Text:
        """What may be typed there."""
        if self.operator in (Operator.PRESENT, Operator.ABSENT):
            return Text("ya, atau kosong", "ya, or empty")
        if self.operator is Operator.BETWEEN:
            return Text("dua nilai: 5..10", "two values: 5..10")
        if self.operator in (Operator.ANY_OF, Operator.NONE_OF):
            sep = ";" if self.field.sort is Sort.NUMBER else ","
            return Text(f"beberapa dengan “{sep}”", f"several with “{sep}”")
        return Text("satu nilai", "one value")


def shown_columns(table: Table, fields: Mapping[str, Field]) -> list[ColumnShown]:
    """The columns of a table whose fields are still there."""
    return [
        ColumnShown(c, fields[c.field], f"codes-{n}" if fields[c.field].codes else "")
        for n, c in enumerate(table.columns)
    ]


def column_choices(
    chosen: Sequence[Column], fields: Mapping[str, Field]
) -> list[dict[str, object]]:
    """The pickers of the columns: those there are, and some empty ones."""
    wanted: list[Column | None] = [*chosen]
    wanted += [None] * min(SPARE_COLUMNS, MAX_COLUMNS - len(chosen))
    return [
        {
            "n": n,
            "field": column.field if column else "",
            "operator": str(column.operator) if column else "",
            "sort": fields[column.field].sort if column and column.field in fields else None,
        }
        for n, column in enumerate(wanted)
    ]


def read_columns(posted: QueryDict) -> tuple[Column, ...]:
    """The columns that were picked; one without a field is none. Raises Rejected for an unknown question."""
    found = []
    for n in range(MAX_COLUMNS):
        name, asked = posted.get(f"field.{n}", ""), posted.get(f"operator.{n}", "")
        if not name:
            continue
        try:
            found.append(Column(name, Operator(asked)))
        except ValueError:
            raise Rejected(
                Text("Kolom {n} belum memilih pertanyaan.", "Column {n} has no question.").fill(
                    n=n + 1
                ),
                Text("Pilih apa yang ditanyakan.", "Choose what is asked."),
                place="columns",
            ) from None
    return tuple(found)


def recolumned(table: Table, columns: tuple[Column, ...]) -> Table:
    """The table with other columns: cells stay with the column that asks the same as before."""
    places = [table.columns.index(c) if c in table.columns else None for c in columns]
    rows = tuple(
        replace(row, cells=tuple(None if at is None else row.cells[at] for at in places))
        for row in table.rows
    )
    return Table(columns, rows)


def lines_of(table: Table, columns: Sequence[ColumnShown], start: int) -> list[Line]:
    """The rows of a page as they are stored, with empty ones after the last."""
    found = [
        _line(str(n), n + 1, str(row.verdict), columns, _texts(row, columns))
        for n, row in enumerate(table.rows[start : start + PAGE], start)
    ]
    if start + PAGE >= len(table.rows):
        spare = min(SPARE, MAX_ROWS - len(table.rows))
        found += [_line(f"new{n}", 0, "look", columns, [""] * len(columns)) for n in range(spare)]
    return found


def _texts(row: Row, columns: Sequence[ColumnShown]) -> list[str]:
    return [shown(c.field, c.operator, cell) for c, cell in zip(columns, row.cells, strict=True)]


def _line(
    key: str, number: int, verdict: str, columns: Sequence[ColumnShown], texts: Sequence[str]
) -> Line:
    cells = [
        Cell(f"c.{key}.{n}", t, c) for n, (c, t) in enumerate(zip(columns, texts, strict=True))
    ]
    return Line(key, number, verdict, cells)


def read_lines(
    posted: QueryDict, table: Table, columns: Sequence[ColumnShown], start: int
) -> tuple[Table | None, list[Line]]:
    """The table with the page's rows as typed, None where a cell cannot be read; and what was typed.

    A row moves to the number that is typed for it, and goes where its box is ticked.
    """
    lines = lines_of(table, columns, start)
    rows: list[tuple[float, Row]] = [
        (float(n), row) for n, row in enumerate(table.rows, 1) if not start < n <= start + PAGE
    ]
    wrong = False
    for at, line in enumerate(lines, start + 1):
        line.verdict = posted.get(f"v.{line.key}", line.verdict)
        operands = [_cell(cell, posted) for cell in line.cells]
        wrong |= any(cell.error for cell in line.cells)
        empty = all(operand is None for operand in operands)
        if posted.get(f"d.{line.key}") or (empty and not line.number):
            continue
        verdict = next((v for v in Verdict if v == line.verdict), Verdict.LOOK)
        rows.append(
            (_position(posted.get(f"m.{line.key}", ""), line, at), Row(tuple(operands), verdict))
        )
    if wrong:
        return None, lines
    rows.sort(key=lambda each: each[0])
    return Table(table.columns, tuple(row for _, row in rows)), lines


def _position(typed: str, line: Line, at: int) -> float:
    """Where a row stands: at its place, or just before (moving up) or after the row of that number."""
    if typed.isascii() and typed.isdigit() and len(typed) <= 4 and int(typed) != line.number:
        wanted = int(typed)
        return wanted - 0.5 if not line.number or wanted < line.number else wanted + 0.5
    return float(line.number or MAX_ROWS + at)


def _cell(cell: Cell, posted: QueryDict) -> Operand | None:
    cell.text = posted.get(cell.name, cell.text)
    try:
        return operand_of(cell.column.field, cell.column.operator, cell.text)
    except Rejected as wrong:
        cell.error = Text(
            f"{wrong.reason.id} {wrong.mend.id}", f"{wrong.reason.en} {wrong.mend.en}"
        )
        return None


def questions() -> list[tuple[Sort, Text, tuple[Operator, ...]]]:
    """What may be asked, by the sort of field."""
    return [(sort, label, OPERATORS[sort]) for sort, label in SORTS.items()]
