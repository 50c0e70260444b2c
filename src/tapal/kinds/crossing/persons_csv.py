"""Read and write crossings as a table: one person a row, headings in Indonesian or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tapal.core.finding import Finding, Weight
from tapal.core.reading import Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import delimited
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.flat import COLUMNS, flat
from tapal.kinds.crossing.typed import NAMES, draft_of

_NAMED = {"name", "primary_identifier", "mrz"}
_KNOWN_BY = {"document_number", "birth_date", "nationality", "mrz"}
_MOVED = {"direction", "time", "post"}


def sniff(head: bytes) -> int:
    """Sure when the headings name a person, something to know him by, and a movement."""
    names = set(map(field_name, delimited.headings(head)))
    if not names & _NAMED or not names & _KNOWN_BY or "schema" in names:
        return 0
    if "mrz" in names:
        return 80
    return 80 if names & _MOVED else 35


def field_name(heading: str) -> str:
    """The field that a heading means, or the heading itself in its plain form."""
    plain = codes.plain(heading)
    name = plain.replace(" ", "_")
    return name if name in NAMES else codes.headings().get(plain, name)


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield a record for each row, rejects by row number, and what is wrong with the whole table."""
    items = list(delimited.read(data))
    whole = [i for i in items if isinstance(i, delimited.Problem) and i.code in _TABLE]
    if whole:
        yield Header(findings=tuple(map(_finding, whole)))
    for item in items:
        if isinstance(item, delimited.Row):
            values = {field_name(name): cell for name, cell in item.cells.items() if cell}
            if item.extra:
                values["beyond the headings"] = "; ".join(item.extra)
            if not values.get("document_class") and _names_passport(item.cells):
                values["document_class"] = "passport"
            raw = "; ".join(cell for cell in item.cells.values() if cell)
            yield draft_of(values, context, place=str(item.place), capture="table", raw=raw)
        elif item.code not in _TABLE:
            yield _rejection(item)


def _names_passport(cells: Mapping[str, str]) -> bool:
    """True when a number stands under a heading that says it is a passport's."""
    heads = {codes.plain(heading) for heading, cell in cells.items() if cell}
    return not heads.isdisjoint(codes.passport_headings())


_TABLE = {
    "charset": Text(
        "Tabel tidak tertulis dalam UTF-8; dibaca sebagai Windows-1252.",
        "The table is not in UTF-8; it was read as Windows-1252.",
    ),
    "heading_twice": Text(
        "Judul kolom berulang: {found}; kolom pertama yang terisi dipakai.",
        "A heading stands twice: {found}; the first filled column is used.",
    ),
}
_ROW = {
    "no_heading": (
        Text("Tabel kosong.", "The table is empty."),
        Text("Kirim tabel dengan baris judul.", "Send a table with a heading row."),
    ),
    "quote_unclosed": (
        Text("Tanda kutip di baris ini tidak ditutup.", "A quote in this row is never closed."),
        Text("Tutup atau hapus tanda kutipnya.", "Close the quote or take it out."),
    ),
    "row_too_long": (
        Text("Baris ini terlalu panjang.", "This row is too long."),
        Text("Periksa ganti baris dalam berkas.", "Check the line breaks of the file."),
    ),
}


def _finding(problem: delimited.Problem) -> Finding:
    text = _TABLE[problem.code].fill(found=problem.found)
    place = str(problem.place)
    return Finding(f"table_{problem.code}", Weight.NOTE, text, about=place, data={"place": place})


def _rejection(problem: delimited.Problem) -> Rejection:
    reason, mend = _ROW[problem.code]
    return Rejection(str(problem.place), reason, mend, problem.found)


# Any: bodies are JSON.
def write(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """A table of bodies in UTF-8 with English headings; lists are joined by semicolons."""
    text = io.StringIO()
    rows = [flat(body) for body in bodies]
    others = sorted({name for row in rows for name in row} - set(COLUMNS))
    writer = csv.DictWriter(text, [*COLUMNS, *others], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
