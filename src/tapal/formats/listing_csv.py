"""Lists of persons, firms and ships as CSV, one row an entry.

Columns by name, in any order and letter case: `id`, `name` (or a document number) are needed;
`schema, aliases, dob, nationality, doc_number, doc_country, gender` describe the entry;
`list, direction, authority, number, legal_basis, valid_from, valid_until, reason` its listing.
Several values in one cell are parted by `|` or `;`. Comma, semicolon or tab part the cells.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tapal.core.text import Text

MAX_BYTES = 1 << 30
"""Bytes of a list after unpacking; what is longer is reported, not read."""
MAX_CELL = 20_000
"""Characters of one cell; a longer one comes from a quotation mark that was never closed."""
MAX_LINES_A_ROW = 20


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One entry of a list, as written; dates are partial ISO dates."""

    entity_id: str
    schema: str = "Person"
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    documents: tuple[tuple[str, str | None], ...] = ()
    gender: str | None = None
    list_code: str = ""
    direction: str = ""
    """`in`, `out`, `both`, or empty where the list does not say."""
    authority: str = ""
    number: str = ""
    legal_basis: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    reason: str = ""
    topics: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a list and how to mend it; `taken` tells if the row stands."""

    place: str
    reason: Text
    mend: Text
    raw: str = ""
    taken: bool = False


Item = ListingRow | Fault

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
_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_SEVERAL = re.compile(r"[|;]")

_NOT_READ = Text("Baris ini tidak dibaca.", "This row was not read.")


def partial_date(text: str) -> str | None:
    """A partial ISO date from `1980`, `1980-07`, `1980-7-4`, `19800704` or `4/7/1980`, else None.

    Day before month, as written in Indonesia. Unknown parts (`00`) are left off.
    """
    text = text.strip().split("T")[0]
    iso = _ISO.match(text) or _COMPACT.match(text)
    if iso is not None:
        year, month, day = int(iso[1]), int(iso[2] or 0), int(iso[3] or 0)
    elif found := _DAY_FIRST.match(text):
        year, month, day = int(found[3]), int(found[2]), int(found[1])
    else:
        return None
    if not 1800 <= year <= 2200 or month > 12 or (day and not month):
        return None
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def unpack(data: bytes) -> bytes:
    """The bytes of a list, unpacked where they are gzip.

    Raises ValueError where the packing is broken or the content is longer than `MAX_BYTES`.
    """
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            found = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("broken gzip") from error
    if len(found) > MAX_BYTES:
        raise ValueError("too long")
    return found


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Office programs still export in the Windows code page.
        return data.decode("cp1252", errors="replace")


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
    if end - start > MAX_LINES_A_ROW or any(len(c) > MAX_CELL for c in cells):
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
        schema=values.get("schema") or "Person",
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
