"""Tables of `tapal screen`, from and to CSV: rows by column, what is wrong with them, an output put in place whole."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol, TextIO, cast

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.formats.listing import UTF_16, Fault, text_line

CLOSE = Text("Tutup tanda kutipnya.", "Close the quotation mark.")
_UTF8 = Text("Simpan berkasnya sebagai UTF-8.", "Save the file as UTF-8.")
_NO_CSV = Text(
    "Baris ini tidak terbaca sebagai CSV, atau satu selnya terlalu panjang.",
    "This line cannot be read as CSV, or a cell is too long.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells as written, and those that have a column by the column's plain name."""

    place: str
    cells: list[str]
    values: dict[str, str]

    def get(self, column: str) -> str:
        """What stands under a column, empty where there is none."""
        return self.values.get(column, "")

    def spilt(self, columns: Sequence[str]) -> bool:
        """Cells stand beyond the last column: something parted one that should be whole."""
        return any(cell.strip() for cell in self.cells[len(columns) :])

    def faults(self, place: str, columns: Sequence[str]) -> Iterator[Fault]:
        """What makes the row doubtful: unread letters, several lines in a cell, cells without a column."""
        if any("\ufffd" in cell for cell in self.cells):
            said = Text("Ada huruf yang tidak terbaca.", "Some letters could not be read.")
            yield Fault(place, said, _UTF8, taken=True)
        if any("\n" in cell for cell in self.cells):
            yield Fault(
                place,
                Text("Satu sel berisi beberapa baris: baris lain mungkin tertelan.",
                     "A cell holds several lines: it may have swallowed other rows."),
                CLOSE,
            )  # fmt: skip
        if self.spilt(columns):
            yield Fault(
                place,
                Text(f"Baris berisi {len(self.cells)} sel, judulnya {len(columns)}.",
                     f"The row has {len(self.cells)} cells, the header {len(columns)}."),
                Text("Beri tanda kutip pada sel yang berisi pemisah.",
                     "Put cells that hold the separator in quotation marks."),
            )  # fmt: skip


@dataclass(slots=True)
class Table:
    """A table being read; `columns` as its first line writes them, in rows by `plain` name."""

    columns: list[str]
    _reader: Iterator[list[str]]
    _line: list[int]
    _odd: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row | Fault]:
        """The rows, and a fault for what is none: those after it are still read."""
        names = [plain(c) for c in self.columns]
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield Fault(f"line {self._line[0]}", _NO_CSV, CLOSE)
                continue
            yield from (_windows(number) for number in self._odd)
            self._odd.clear()
            if cells:
                values = {**dict.fromkeys(names, ""), **dict(zip(names, cells, strict=False))}
                yield Row(f"line {self._line[0]}", cells, values)


def plain(column: str) -> str:
    """A column's name without blanks around it and in small letters."""
    return column.strip().lower()


def _windows(number: int) -> Fault:
    said = Text("Baris ini bukan UTF-8: dibaca menurut Windows-1252.",
                "This line is not UTF-8: it was read as Windows-1252.")  # fmt: skip
    return Fault(f"line {number}", said, _UTF8, taken=True)


@contextmanager
def reading(path: Path | str, needed: Sequence[str]) -> Iterator[Table]:
    """A table in UTF-8, UTF-16 or the Windows code page, plain or gzip, parted by comma, semicolon or tab.

    Raises Rejected where a needed column is missing or the packing is broken, OSError where the
    file cannot be opened.
    """
    with open(path, "rb") as raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        yield _table(cast(_Bytes, gzip.GzipFile(fileobj=raw) if packed else raw), needed)


class _Bytes(Protocol):
    def peek(self, size: int, /) -> bytes: ...

    def read(self) -> bytes: ...

    def __iter__(self) -> Iterator[bytes]: ...


def _table(source: _Bytes, needed: Sequence[str]) -> Table:
    line, odd = [0], list[int]()
    lines = _lines(source, line, odd)
    head = next(lines, "")
    # The line numbers are counted where lines are read: a cell may hold several.
    rows = csv.reader(chain((head,), lines), delimiter=max(",;\t", key=head.count))
    try:
        columns = next(rows, [])
    except csv.Error as error:
        raise Rejected(_NO_CSV, CLOSE, place="line 1") from error
    _need([plain(c) for c in columns], needed)
    return Table(columns, rows, line, odd)


def _need(columns: Sequence[str], needed: Sequence[str]) -> None:
    missing = [c for c in needed if c not in columns]
    if missing:
        names = ", ".join(missing)
        raise Rejected(
            Text(f"Kolom tidak ada: {names}.", f"Columns are missing: {names}."),
            Text("Tulis nama kolom di baris pertama.", "Name the columns in the first line."),
            place="line 1",
        )


def _lines(source: _Bytes, number: list[int], odd: list[int]) -> Iterator[str]:
    """The lines of a file; one that is packed and broken says where. Raises Rejected."""
    try:
        if source.peek(2)[:2] in UTF_16:
            whole = source.read().decode("utf-16", errors="replace")
            for text in io.StringIO(whole, newline=""):
                number[0] += 1
                yield text
            return
        for data in source:
            number[0] += 1
            line, as_utf8 = text_line(data)
            if not as_utf8:
                odd.append(number[0])
            yield line.removeprefix("\ufeff") if number[0] == 1 else line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Rejected(
            Text("Berkas gzip ini terpotong atau rusak.", "This gzip file is cut short or broken."),
            Text("Buat atau kirim berkasnya lagi.", "Make or send the file again."),
            place=f"line {number[0] + 1}",
        ) from error


@contextmanager
def writing(path: Path | str, *inputs: Path | str) -> Iterator[TextIO]:
    """A file that stands in its place once it is whole; what was there before stays until then.

    Raises Rejected where it is one of the inputs, OSError where it cannot be written.
    """
    target = Path(path)
    if target.exists() and any(target.samefile(each) for each in inputs):
        raise Rejected(
            Text("Berkas hasil sama dengan berkas masukan.", "The output is one of the inputs."),
            Text("Pilih nama lain untuk hasilnya.", "Choose another name for the output."),
            place="out",
        )
    packed = target.suffix == ".gz"
    if target.exists() and not target.is_file():
        with _opened(target, target, packed=packed) as text:
            yield text
        return
    whole = target.resolve()
    part = whole.with_name(f".{whole.name[:200]}.{os.getpid()}.part")
    try:
        with _opened(part, target, packed=packed) as text:
            yield text
        os.replace(part, whole)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _opened(path: Path, told: Path, *, packed: bool) -> TextIO:
    try:
        if packed:
            return cast(TextIO, gzip.open(path, "wt", encoding="utf-8", newline=""))
        return open(path, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(told)) from error
