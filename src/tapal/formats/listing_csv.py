"""Lists of persons, firms and ships as CSV, one row an entry.

Columns by name, in any order and letter case: `id`, `name` (or a document number) are needed;
`schema, aliases, dob, nationality, doc_number, doc_country, gender` describe the entry;
`list, direction, authority, number, legal_basis, valid_from, valid_until, reason` its listing.
Several values in one cell are parted by `|` or `;`. Comma, semicolon or tab part the cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tapal.core.text import Text
from tapal.formats.listing import (
    UTF_16,
    Fault,
    Item,
    ListingRow,
    partial_date,
    schema_of,
    text_line,
    unknown_schema,
    unpack,
)

__all__ = ["Fault", "Item", "ListingRow", "partial_date", "read", "read_text", "unpack"]

MAX_CELL = 20_000
"""Characters of one cell; a longer one comes from a quotation mark that was never closed."""
MAX_LINES_A_ROW = 20

_COLUMNS: dict[str, str] = {
    "entity_id": "id",
    "nama": "name",
    "alias": "aliases",
    "birth_date": "dob",
    "birthdate": "dob",
    "tanggal_lahir": "dob",
    "country": "nationality",
    "kewarganegaraan": "nationality",
    "document": "doc_number",
    "passport_number": "doc_number",
    "nomor_paspor": "doc_number",
    "sex": "gender",
    "jenis_kelamin": "gender",
    "list_code": "list",
    "daftar": "list",
    "arah": "direction",
    "instansi": "authority",
    "nomor": "number",
    "dasar_hukum": "legal_basis",
    "berlaku_dari": "valid_from",
    "berlaku_sampai": "valid_until",
    "alasan": "reason",
}
_DIRECTIONS: dict[str, str] = {
    "": "",
    **dict.fromkeys(("in", "entry", "masuk", "tangkal"), "in"),
    **dict.fromkeys(("out", "exit", "keluar", "cegah"), "out"),
    **dict.fromkeys(("both", "in/out", "keduanya", "masuk/keluar"), "both"),
}
_SEVERAL = re.compile(r"[|;]")

_ONE_LINE = frozenset({"list", "id", "schema", "name", "dob", "doc_number", "number", "direction"})

_NOT_READ = Text("Baris ini tidak dibaca.", "This row was not read.")


def _text(data: bytes) -> str:
    if data[:2] in UTF_16:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Line by line, so that one letter of an office program's code page spoils no other script.
        lines = (text_line(line)[0] for line in data.splitlines(keepends=True))
        return "".join(lines).removeprefix("\ufeff")


def read(data: bytes) -> Iterator[Item]:
    """Read a list; bad rows come out as faults that name their line, nothing is raised."""
    try:
        text = _text(unpack(data))
    except ValueError:
        yield Fault(
            "file",
            Text("Berkas terkompresi rusak atau terlalu besar.", "The file is packed and broken."),
            Text("Kirim ulang berkasnya.", "Send the file again."),
        )
        return
    yield from read_text(io.StringIO(text, newline=""))


def read_text(lines: Iterable[str]) -> Iterator[Item]:
    """Read a list from lines of text."""
    source = iter(lines)
    header = next(source, "")
    parted = max(",;\t", key=header.count)
    columns = [_column(c) for c in next(csv.reader([header], delimiter=parted), [])]
    if "id" not in columns or not {"name", "doc_number"} & set(columns):
        yield Fault(
            "line 1",
            Text("Judul kolom id dan name tidak ada.", "The columns id and name are missing."),
            Text("Tulis nama kolom di baris pertama.", "Name the columns in the first line."),
            header[:200],
        )
        return
    rows = csv.reader(source, delimiter=parted)
    while True:
        start = rows.line_num + 2
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(start, rows.line_num + 1, str(error))
            continue
        if cells and any(c.strip() for c in cells):
            yield from _row(columns, cells, start, rows.line_num + 1)


def _column(name: str) -> str:
    plain = name.strip().strip("\ufeff").lower().replace(" ", "_")
    return _COLUMNS.get(plain, plain)


def _broken(start: int, end: int, raw: str) -> Fault:
    return Fault(
        f"line {start}" if end <= start else f"lines {start}-{end}",
        Text(
            "Tanda kutip tidak ditutup atau sel terlalu panjang; baris-baris ini tidak dibaca.",
            "A quotation mark is not closed or a cell is too long; these lines were not read.",
        ),
        Text("Tutup tanda kutipnya.", "Close the quotation mark."),
        raw[:200],
    )


def _row(columns: list[str], cells: list[str], start: int, end: int) -> Iterator[Item]:
    place = f"line {start}"
    # A quotation mark left open swallows the rows that follow, to the next mark or to the end.
    broken = {column for column, cell in zip(columns, cells, strict=False) if "\n" in cell.strip()}
    swallowed = broken and (len(cells) < len(columns) or broken & _ONE_LINE)
    if swallowed or end - start > MAX_LINES_A_ROW or any(len(c) > MAX_CELL for c in cells):
        yield _broken(start, end, cells[0])
        return
    raw = ",".join(cells)[:200]
    if len(cells) > len(columns) and any(c.strip() for c in cells[len(columns) :]):
        yield Fault(
            place,
            Text(
                f"Baris berisi {len(cells)} sel, judulnya {len(columns)}. {_NOT_READ.id}",
                f"The row has {len(cells)} cells, the header {len(columns)}. {_NOT_READ.en}",
            ),
            Text(
                "Beri tanda kutip pada sel yang berisi pemisah.",
                "Put cells that hold the separator in quotation marks.",
            ),
            raw,
        )
        return
    values = {c: v.strip() for c, v in zip(columns, cells, strict=False)}
    yield from _entry(values, place, raw)


def _entry(values: dict[str, str], place: str, raw: str) -> Iterator[Item]:
    for column, words in _NEEDED:
        if not any(values.get(c) for c in column.split("/")):
            yield Fault(
                f"{place}, {column}",
                Text(f"{words.id} kosong. {_NOT_READ.id}", f"{words.en} is empty. {_NOT_READ.en}"),
                Text("Isi lalu kirim ulang.", "Fill it in and send again."),
                raw,
            )
            return
    direction = _DIRECTIONS.get(values.get("direction", "").lower())
    if direction is None:
        yield _unread(place, "direction", values["direction"], "in, out, both")
        return
    valid: dict[str, str | None] = {}
    for column in ("valid_from", "valid_until"):
        written = values.get(column, "")
        valid[column] = partial_date(written)
        if written and valid[column] is None:
            yield _unread(place, column, written, "2026-07-04")
            return
    row = _listing(values, place)
    if schema_of(values.get("schema", "")) is None:
        yield unknown_schema(place, values["schema"])
    born = [(d, partial_date(d)) for d in _several(values.get("dob", ""))]
    for written, read_as in born:
        if read_as is None:
            yield replace(_unread(place, "dob", written, "1980-07-04"), taken=True)
    yield replace(
        row,
        direction=direction,
        birth_dates=tuple(d for _, d in born if d is not None),
        valid_from=valid["valid_from"],
        valid_until=valid["valid_until"],
    )


_NEEDED = (
    ("id", Text("Nomor pengenal", "The id")),
    ("name/doc_number", Text("Nama", "The name")),
)


def _unread(place: str, column: str, written: str, example: str) -> Fault:
    return Fault(
        f"{place}, {column}",
        Text(f"“{written[:60]}” tidak terbaca.", f"“{written[:60]}” cannot be read."),
        Text(f"Tulis seperti {example}.", f"Write it like {example}."),
        written[:200],
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for part in _SEVERAL.split(cell) if (v := part.strip())))


def _listing(values: dict[str, str], place: str) -> ListingRow:
    issuer = values.get("doc_country") or None
    name = values.get("name", "")
    return ListingRow(
        entity_id=values["id"],
        schema=schema_of(values.get("schema", "")) or "Person",
        names=(name,) if name else (),
        aliases=_several(values.get("aliases", "")),
        nationalities=_several(values.get("nationality", "")),
        documents=tuple((n, issuer) for n in _several(values.get("doc_number", ""))),
        gender=values.get("gender") or None,
        list_code=values.get("list", ""),
        authority=values.get("authority", ""),
        number=values.get("number", ""),
        legal_basis=values.get("legal_basis", ""),
        reason=values.get("reason", ""),
        place=place,
    )
