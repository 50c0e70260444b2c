"""Read delimited text (CSV, TSV) row by row, each row with its place, reporting faults.

The delimiter and the charset are found from the content. A quote that is never closed costs its
own row only. Never raises.

Source: RFC 4180, and what spreadsheets write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 50
"""A quoted cell that runs over more lines than this has lost its closing quote."""
MOST_CHARACTERS = 100_000
"""A longer row is no row of a table that people keep."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: `row` as a spreadsheet counts (the heading is row 1), and its line."""

    row: int
    line: int

    def __str__(self) -> str:
        return f"row {self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by heading, outer blanks removed; `extra` are cells beyond the headings."""

    place: Place
    cells: Mapping[str, str] = field(hash=False)
    extra: tuple[str, ...] = ()
    missing: int = 0  # headings for which the row has no cell


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of form: no_heading, heading_twice, quote_unclosed, row_too_long, charset."""

    code: str
    place: Place
    found: str = ""


def read(data: bytes) -> Iterator[Row | Problem]:
    """Yield the rows of a table whose first line that is not empty holds the headings."""
    text, certain = _decode(data)
    if not certain:
        yield Problem("charset", Place(1, 1))
    headings: list[str] | None = None
    for place, cells in _rows(text):
        if isinstance(cells, Problem):
            yield cells
        elif headings is None:
            headings = cells
            twice = [name for name, count in Counter(headings).items() if name and count > 1]
            if twice:
                yield Problem("heading_twice", place, ", ".join(twice))
        elif any(cells):
            yield _row(place, headings, cells)
    if headings is None:
        yield Problem("no_heading", Place(1, 1))


def headings(data: bytes) -> tuple[str, ...]:
    """The headings of a table, for deciding what it is; never raises."""
    text, _ = _decode(data)
    return next((tuple(cells) for _, cells in _rows(text) if isinstance(cells, list)), ())


def _row(place: Place, headings: list[str], cells: list[str]) -> Row:
    named: dict[str, str] = {}
    for name, cell in zip(headings, cells, strict=False):
        if name and not named.get(name):
            named[name] = cell
    return Row(
        place,
        named,
        tuple(cell for cell in cells[len(headings) :] if cell),
        max(0, len(headings) - len(cells)),
    )


def _rows(text: str) -> Iterator[tuple[Place, list[str] | Problem]]:
    """Number and split the rows, joining the lines of a quoted cell that holds line breaks."""
    lines = re.split(r"\r\n|\r|\n", text.replace("\x00", ""))
    delimiter = ""
    index = row = 0
    while index < len(lines):
        row += 1
        place = Place(row, index + 1)
        if len(lines[index]) > MOST_CHARACTERS:
            yield place, Problem("row_too_long", place, lines[index][:80])
            index += 1
            continue
        if not lines[index].strip():
            index += 1
            continue
        delimiter = delimiter or _delimiter(lines[index])
        taken, cells = _take(lines, index, delimiter)
        index += taken
        if cells is None:
            yield place, Problem("quote_unclosed", place, lines[index - 1][:80])
        else:
            yield place, cells


def _take(lines: list[str], start: int, delimiter: str) -> tuple[int, list[str] | None]:
    """Split one row; returns how many lines it took, and None when its quotes never close."""
    for count in range(1, min(MOST_LINES, len(lines) - start) + 1):
        cells = _split("\n".join(lines[start : start + count]), delimiter)
        if cells is not None:
            return count, cells
    return 1, None


def _split(text: str, delimiter: str) -> list[str] | None:
    """Split at delimiters outside quotes; None when a quote is still open at the end.

    A quote opens only at the start of a cell; anywhere else it is a plain character.
    """
    if '"' not in text:
        return [cell.strip() for cell in text.split(delimiter)]
    cells: list[str] = []
    position = 0
    while True:
        match = _QUOTED.match(text, position)
        if match is None:
            end = text.find(delimiter, position)
            cells.append(text[position : end if end >= 0 else len(text)].strip())
        else:
            close = match.end()
            if close == len(text) and not match.group("closed"):
                return None
            end = text.find(delimiter, close)
            tail = text[close : end if end >= 0 else len(text)]
            cells.append((match.group("cell").replace('""', '"') + tail).strip())
        if end < 0:
            return cells
        position = end + 1


_QUOTED = re.compile(r'[ ]*"(?P<cell>(?:[^"]|"")*)(?P<closed>"?)')


def _delimiter(heading: str) -> str:
    return max(DELIMITERS, key=heading.count)


def _decode(data: bytes) -> tuple[str, bool]:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig"), True
    except UnicodeDecodeError:
        return data.decode("utf-16" if wide else "cp1252", "replace"), False
