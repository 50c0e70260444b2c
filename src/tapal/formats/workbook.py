"""Read the first filled sheet of an XLSX workbook row by row, each cell as the text it shows.

A zip bomb, a sheet without end and a workbook that is none are refused before they cost memory.
Days are told by ISO 8601 whichever of the two calendars the workbook counts in. Never raises.

Source: ECMA-376 part 1 (SpreadsheetML), 18.17.4 (dates).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from tapal.formats.delimited import MOST_CHARACTERS, MOST_TITLES, IsHeading, Place, Problem, Row

MAGIC: Final = b"PK\x03\x04"
MOST_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of all parts together: half a million rows of a dozen columns."""
MOST_SHARED: Final = 64 * 1024 * 1024
"""Bytes of the table of texts, which is held in memory."""
MOST_PARTS: Final = 2_000
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 500
MOST_SHEETS: Final = 60
MOST_MERGED: Final = 20_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
Grid = dict[tuple[int, int], tuple[int, int]]


def looks_like(data: bytes) -> bool:
    """True for the bytes of a zip file, as every XLSX is."""
    return data[:4] == MAGIC


def read(data: bytes, is_heading: IsHeading | None = None) -> Iterator[Row | Problem]:
    """Yield the rows below the headings: the first row that `is_heading`, else the first filled one."""
    try:
        yield from _read(data, is_heading)
    except _Refused as no:
        yield Problem(no.code, Place(1, 1), no.found)
    except Exception as error:  # openpyxl raises whatever a broken part leads it to
        yield Problem("workbook_broken", Place(1, 1), f"{type(error).__name__}: {error}"[:120])


def headings(data: bytes, is_heading: IsHeading | None = None) -> tuple[str, tuple[str, ...], int]:
    """The sheet's name, its headings and their row; empty where there are none. Never raises."""
    try:
        with _Book(data) as book:
            found = book.find(is_heading)
            return found or (book.names[0] if book.names else "", (), 0)
    except Exception:  # as above
        return "", (), 0


class _Refused(Exception):
    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code)
        self.code, self.found = code, found


class _Book:
    """A workbook that passed the limits, opened twice where it holds formulas."""

    def __init__(self, data: bytes) -> None:
        from openpyxl.utils.datetime import MAC_EPOCH

        self._data = data
        self._zip = _checked(data)
        self._shown = _open(data, shown=True)
        self._written: Any = None
        self.names = [s.title for s in self._shown.worksheets[:MOST_SHEETS]]
        self.old_mac = self._shown.epoch == MAC_EPOCH

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._shown, self._written):
            if each is not None:
                each.close()

    def find(self, is_heading: IsHeading | None) -> tuple[str, tuple[str, ...], int] | None:
        """The first sheet that has headings."""
        first = None
        for name in self.names:
            for row, cells in islice(self.rows(name, plain=True), MOST_TITLES):
                said = tuple(cells)
                if is_heading is None or is_heading(said):
                    return name, said, row
                first = first or (name, said, row)
        return None if is_heading else first

    def rows(self, name: str, *, plain: bool = False) -> Iterator[tuple[int, list[str]]]:
        """The filled rows of a sheet by their number. `plain` leaves merged cells and formulas be."""
        sheet = self._shown[name]
        part = "" if plain else sheet._worksheet_path
        merged = {} if plain else _merged(self._zip, part)
        written = None
        if not plain and _holds(self._zip, part, _FORMULA):
            self._written = self._written or _open(self._data, shown=False)
            written = self._written[name].iter_rows()
        kept: dict[tuple[int, int], str] = {}
        sources = set(merged.values())
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if number > MOST_ROWS:
                raise _Refused("too_many_rows", str(MOST_ROWS))
            told = [_text(cell) for cell in cells[:MOST_COLUMNS]]
            for column, formula in enumerate(next(written, ()) if written else ()):
                if formula.data_type == "f" and column < len(told) and not told[column]:
                    told[column] = NO_RESULT
            if merged:
                _fill(told, number, merged, kept, sources)
            if any(told):
                while told and not told[-1]:
                    told.pop()
                yield number, told


NO_RESULT: Final = "#FORMULA!"
"""Stands where a formula was saved without its result."""


def _read(data: bytes, is_heading: IsHeading | None) -> Iterator[Row | Problem]:
    with _Book(data) as book:
        found = book.find(is_heading)
        if found is None:
            yield Problem("no_heading", Place(1, 1))
            return
        name, titles, start = found
        if len([n for n in book.names if n != name]) > 0:
            yield Problem("other_sheets", Place(start, start), name)
        if book.old_mac:
            yield Problem("calendar_1904", Place(start, start))
        twice = [each for each, count in Counter(titles).items() if each and count > 1]
        if twice:
            yield Problem("heading_twice", Place(start, start), ", ".join(twice))
        empty = True
        for number, cells in book.rows(name):
            place = Place(number, number)
            if number < start:
                yield Problem("title", place, " ".join(filter(None, cells))[:80])
            elif number > start and tuple(cells) != titles:
                empty = False
                if sum(map(len, cells)) > MOST_CHARACTERS:
                    yield Problem("row_too_long", place, " ".join(cells)[:80])
                else:
                    yield _row(place, titles, cells)
        if empty:
            yield Problem("no_rows", Place(start, start), " ".join(titles)[:80])


def _row(place: Place, titles: Sequence[str], cells: Sequence[str]) -> Row:
    named: dict[str, str] = {}
    for title, cell in zip(titles, cells, strict=False):
        if title and not named.get(title):
            named[title] = cell
    extra = tuple(cell for cell in cells[len(titles) :] if cell)
    return Row(place, named, extra)


def _checked(data: bytes) -> zipfile.ZipFile:
    """The archive, when its parts are few and small enough to be unpacked. Raises _Refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _Refused("workbook_broken", str(error)[:120]) from None
    parts = archive.infolist()
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise _Refused("no_workbook")
    unpacked = sum(part.file_size for part in parts)
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or shared > MOST_SHARED:
        raise _Refused("workbook_too_large", f"{unpacked // 1_000_000} MB")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise _Refused("workbook_macros")
    return archive


def _open(data: bytes, *, shown: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out (charts, checks) is not read
        import openpyxl  # 12 MB with what it loads: only who reads a workbook pays them

        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=shown, keep_links=False
        )
    for sheet in book.worksheets:
        # What a sheet says of its own size is often wrong, and may be made up.
        sheet.reset_dimensions()
    return book


def _text(cell: Any) -> str:
    """What a cell shows, without outer blanks; a number that is whole without its point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        clock = any(c in (cell.number_format or "").lower() for c in "hs")
        midnight = value.time() == time() and not clock
        return value.date().isoformat() if midnight else _seconds(value).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    return str(value).replace("_x000D_", "").strip()


def _seconds(value: datetime) -> datetime:
    """A day number's fraction is seldom a whole second: half a second is rounded."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part in pieces that overlap, so that no short pattern is cut in two."""
    tail = b""
    with archive.open(part.lstrip("/")) as file:
        while piece := file.read(_CHUNK):
            yield tail + piece
            tail = piece[-80:]


def _holds(archive: zipfile.ZipFile, part: str, pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(piece) for piece in _chunks(archive, part))


def _merged(archive: zipfile.ZipFile, part: str) -> Grid:
    """For each covered cell of a merged range the cell whose value it shows."""
    from openpyxl.utils.cell import range_boundaries

    covered: Grid = {}
    found = (m[1].decode() for piece in _chunks(archive, part) for m in _MERGE.finditer(piece))
    for reference in islice(found, MOST_MERGED):
        left, top, right, bottom = range_boundaries(reference)
        if (right - left + 1) * (bottom - top + 1) + len(covered) > MOST_MERGED * 10:
            break
        for row in range(top, bottom + 1):
            for column in range(left, min(right, MOST_COLUMNS) + 1):
                if (row, column) != (top, left):
                    covered[(row, column)] = (top, left)
    return covered


def _fill(
    told: list[str],
    row: int,
    merged: Grid,
    kept: dict[tuple[int, int], str],
    sources: set[tuple[int, int]],
) -> None:
    """Give the cells under a range that runs down the value of its first; to the side they stay empty."""
    for column, text in enumerate(told, 1):
        if (row, column) in sources:
            kept[(row, column)] = text
        source = merged.get((row, column))
        if source and source[1] == column and not text:
            told[column - 1] = kept.get(source, "")
