"""Read delimited text (CSV, TSV) row by row, each row with its place, reporting faults.

The delimiter, the charset and the row of headings are found from the content. A quote that is
never closed costs its own row only. Never raises.

Source: RFC 4180, and what spreadsheets write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tapal.formats.utf16 import as_utf8

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 50
"""A quoted cell that runs over more lines than this has lost its closing quote."""
MOST_CHARACTERS = 100_000
"""A longer row is no row of a table that people keep."""
MOST_TITLES = 20
"""Rows above the headings that are looked through: a report's title, its day, its post."""
IsHeading = Callable[[Sequence[str]], bool]
"""Tells whether cells are the headings that a reader looks for."""


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
    """A fault of form: no_heading, no_rows, heading_twice, quote_unclosed, row_too_long, charset.

    `title` is none: it is a row above the headings.
    """

    code: str
    place: Place
    found: str = ""


def read(data: bytes, is_heading: IsHeading | None = None) -> Iterator[Row | Problem]:
    """Yield the rows of a table below its headings: the first row that `is_heading`, else the first.

    The headings repeated further down, as pages and joined files bring them, are no rows.
    """
    text, certain = _decode(data)
    if not certain:
        yield Problem("charset", Place(1, 1))
    table = _Table(text)
    start, headings = table.find(is_heading)
    last = Place(1, 1)
    empty = True
    for place, cells in table.rows():
        if headings is None or place.row < start:
            yield cells if isinstance(cells, Problem) else Problem("title", place, _told(cells))
        elif isinstance(cells, Problem):
            empty = False
            yield cells
        elif place.row == start:
            last = place
            twice = [name for name, count in Counter(headings).items() if name and count > 1]
            if twice:
                yield Problem("heading_twice", place, ", ".join(twice))
        elif any(cells) and cells != headings:
            empty = False
            yield _row(place, headings, cells)
    if headings is None and not table.broken:
        yield Problem("no_heading", Place(1, 1))
    if headings is not None and empty:
        yield Problem("no_rows", last, _told(headings))


def headings(data: bytes, is_heading: IsHeading | None = None) -> tuple[str, ...]:
    """The headings of a table, for deciding what it is; never raises."""
    text, _ = _decode(data)
    return tuple(_Table(text).find(is_heading)[1] or ())


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is written: its characters, what parts its cells, and where its headings stand."""

    charset: str
    delimiter: str
    titles: tuple[str, ...]
    row: int


def manner(data: bytes, is_heading: IsHeading | None = None) -> Manner:
    """How a table is written, for showing it to a person; never raises."""
    text, certain = _decode(data)
    table = _Table(text)
    row, found = table.find(is_heading)
    if as_utf8(data) is not None:
        charset = "UTF-16"
    elif certain:
        charset = "UTF-8 (BOM)" if data.startswith(b"\xef\xbb\xbf") else "UTF-8"
    else:
        charset = "Windows-1252"
    return Manner(charset, table.delimiter, tuple(found or ()), row)


def _told(cells: Sequence[str]) -> str:
    return " ".join(filter(None, cells))[:80]


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


class _Table:
    """The lines of a table with the delimiter that its headings show."""

    def __init__(self, text: str) -> None:
        lines = re.split(r"\r\n|\r|\n", text.replace("\x00", ""))
        said = _SEPARATOR_SAID.fullmatch(lines[0])
        self._first = 1 if said else 0  # a spreadsheet does not show that line
        self._lines = lines
        self._delimiter = said[1] if said else ""
        self.broken = False  # a row was told to be

    @property
    def delimiter(self) -> str:
        """What parts the cells, as far as that is settled."""
        return self._delimiter

    def find(self, is_heading: IsHeading | None) -> tuple[int, list[str] | None]:
        """The row of the headings and its cells; settles the delimiter. None for an empty table."""
        said = self._delimiter
        for delimiter in [said] if said else DELIMITERS if is_heading else ():
            self._delimiter = delimiter
            for place, cells in islice(self.rows(), MOST_TITLES):
                if is_heading and isinstance(cells, list) and is_heading(cells):
                    return place.row, cells
        self._delimiter = said
        first = next((each for each in self.rows() if isinstance(each[1], list)), None)
        return (first[0].row, list(first[1])) if first and isinstance(first[1], list) else (0, None)

    def rows(self) -> Iterator[tuple[Place, list[str] | Problem]]:
        """Number and split the rows, joining the lines of a quoted cell that holds line breaks."""
        lines, index, row = self._lines, self._first, 0
        while index < len(lines):
            row += 1
            place = Place(row, index + 1)
            if len(lines[index]) > MOST_CHARACTERS:
                self.broken = True
                yield place, Problem("row_too_long", place, lines[index][:80])
                index += 1
                continue
            if not lines[index].strip():
                index += 1
                continue
            self._delimiter = self._delimiter or _delimiter(lines[index])
            taken, cells = _take(lines, index, self._delimiter)
            index += taken
            if cells is None:
                self.broken = True
                yield place, Problem("quote_unclosed", place, lines[index - 1][:80])
            else:
                yield place, cells


_SEPARATOR_SAID = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)


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
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(DELIMITERS, key=bare.count)


def _decode(data: bytes) -> tuple[str, bool]:
    wide = as_utf8(data)
    if wide is not None:
        return wide.decode("utf-8"), True
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False
