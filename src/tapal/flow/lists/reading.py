"""The bytes of lists as entries of each list, whatever format brought them."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, cast

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.screening.doubts import of_listing
from tapal.flow.storable import storable, storable_json
from tapal.formats import ftm_json, listing_csv, listing_ofac, listing_un
from tapal.formats.listing import MAX_ID, Fault, ListingRow, double_id, kept_id, long_id, unpack
from tapal.formats.utf16 import as_utf8
from tapal.store.models import Listing, Roll

Shape = Literal["csv", "ftm", "un", "ofac"]
SHAPES: tuple[Shape, ...] = ("csv", "ftm", "un", "ofac")
_WAYS = {"in": "entry", "out": "exit", "both": "both", "": ""}
_SAID_WAYS = {"entry": Text("saat masuk", "entry"), "exit": Text("saat keluar", "exit")}
# What makes an entry: a difference in any of these is a change.
COLUMNS = (
    "schema", "data", "number", "direction", "authority", "legal_basis", "reason",
    "valid_from", "valid_until",
)  # fmt: skip


@dataclass(slots=True)
class Read:
    """What files held: entries by list, and what could not be read."""

    shape: Shape
    rows: dict[str, dict[str, ListingRow]] = field(default_factory=lambda: defaultdict(dict))
    """Entries of each list by the id under which they are kept."""
    faults: list[Fault] = field(default_factory=list)


def read(files: Sequence[bytes], roll: str | None = None, shape: Shape | None = None) -> Read:
    """Read files as one import; `roll` is the list of rows that name none.

    Raises Rejected for files that do not belong together, or without a single entry.
    """
    known = dict(Roll.objects.values_list("code", "direction"))
    if roll and roll not in known:
        raise Rejected(*_no_list(roll, known), place="list")
    form = shape or shape_of(files[0])
    if len(files) > 1 and form != "ofac":
        raise Rejected(
            Text("Hanya daftar OFAC yang terdiri atas beberapa berkas.",
                 "Only OFAC's list comes in several files."),
            Text("Impor berkasnya satu per satu.", "Import the files one by one."),
        )  # fmt: skip
    found = Read(form)
    for item in _items(files, form):
        if isinstance(item, Fault):
            found.faults.append(item)
            continue
        code = roll if roll and item.list_code not in known else item.list_code
        if code not in known:
            reason, mend = _no_list(code, known)
            found.faults.append(Fault(item.place, reason, mend, item.entity_id))
        else:
            found.faults += of_listing(item)
            _put(found, found.rows[code], item, known[code])
    if not found.rows:
        first = next((f for f in found.faults if not f.taken), None)
        raise Rejected(
            first.reason if first else Text("Tidak ada satu entri pun yang terbaca.",
                                            "Not a single entry could be read."),
            first.mend if first else Text("Periksa berkasnya.", "Check the file."),
            place=first.place if first else "",
        )  # fmt: skip
    return found


def _put(found: Read, rows: dict[str, ListingRow], row: ListingRow, way: str) -> None:
    """Put an entry among those of its list; of two with one id the last stands, and it is told.

    `way` is the list's own direction: where it has one, that is the law's, and no row widens it.
    """
    if way != "both" and _WAYS[row.direction] not in ("", way):
        found.faults.append(_other_way(row, way))
        row = replace(row, direction="")
    start, end = _first_day(row.valid_from), _last_day(row.valid_until)
    if start and end and end < start:
        found.faults.append(_never(row))
    key = storable(kept_id(row.entity_id))
    if len(row.entity_id) > MAX_ID:
        found.faults.append(long_id(row))
    if key in rows:
        found.faults.append(double_id(rows[key], row))
    rows[key] = row


def shape_of(data: bytes) -> Shape:
    """The format of a list by its content; CSV with a header where it is none of the others."""
    try:
        head = unpack(data[:65536] if data[:2] != b"\x1f\x8b" else data)[:4096]
    except ValueError:
        return "csv"
    head = (as_utf8(head) or head).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head[:1] in (b"{", b"["):
        return "ftm"
    if head[:1] == b"<":
        return "un"
    return "ofac" if listing_ofac.part_of(data) else "csv"


def _items(files: Sequence[bytes], shape: Shape) -> Iterable[ListingRow | Fault]:
    if shape == "ftm":
        try:
            plain = unpack(files[0])
            return ftm_json.read((as_utf8(plain) or plain).splitlines())
        except ValueError:
            return listing_csv.read(files[0])  # it says that the packing is broken
    if shape == "un":
        return listing_un.read(files[0])
    if shape == "ofac":
        return listing_ofac.read(files)
    return listing_csv.read(files[0])


def _other_way(row: ListingRow, way: str) -> Fault:
    holds = _SAID_WAYS[way]
    return Fault(
        f"{row.place}, direction",
        Text("“{d}” bukan arah daftar ini: entri berlaku {w}.",
             "“{d}” is not this list's direction: the entry holds at {w}.").fill(
                 d=row.direction, w=holds),
        Text("Kosongkan arahnya, atau pindahkan ke daftar yang sesuai.",
             "Leave the direction empty, or put the entry on the list that it belongs to."),
        row.direction,
        taken=True,
    )  # fmt: skip


def _never(row: ListingRow) -> Fault:
    return Fault(
        f"{row.place}, valid_until",
        Text("Masa berlaku berakhir sebelum mulai: entri ini tidak pernah berlaku.",
             "Its days end before they begin: this entry never holds."),
        Text("Perbaiki kedua tanggalnya.", "Mend the two dates."),
        f"{row.valid_from} - {row.valid_until}",
        taken=True,
    )  # fmt: skip


def _no_list(code: str | None, known: Iterable[str]) -> tuple[Text, Text]:
    """What is wrong with a list's code, and the mend."""
    if not code:
        reason = Text("Baris ini tidak menyebut daftarnya.", "This row names no list.")
    else:
        reason = Text("Daftar “{c}” tidak dikenal.", "List “{c}” is not known.").fill(c=code[:60])
    mend = Text("Sebutkan salah satu: {n}.", "Name one of: {n}.").fill(n=", ".join(sorted(known)))
    return reason, mend


# Any: JSON.
def columns_of(row: ListingRow) -> dict[str, Any]:
    """An entry as JSON, column by column, as every database takes it."""
    start, end = _first_day(row.valid_from), _last_day(row.valid_until)
    told = {
        "schema": row.schema[:40],
        "data": {
            "names": list(row.names),
            "aliases": [*row.aliases, *row.weak_aliases],
            "birth_dates": list(row.birth_dates),
            "nationalities": list(row.nationalities),
            "documents": [list(each) for each in row.documents],
            "gender": row.gender,
        },
        "number": row.number[:80],
        "direction": _WAYS[row.direction],
        "authority": row.authority[:120],
        "legal_basis": row.legal_basis,
        "reason": row.reason,
        "valid_from": start.isoformat() if start else None,
        "valid_until": end.isoformat() if end else None,
    }
    return cast(dict[str, Any], storable_json(told))


def held_columns(row: Listing) -> dict[str, Any]:
    """A stored entry as JSON, column by column."""
    told: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    for name in ("valid_from", "valid_until"):
        told[name] = told[name].isoformat() if told[name] else None
    return told


def listing(roll: str, entity_id: str, columns: dict[str, Any]) -> Listing:
    """An entry as a row of the store, not saved."""
    days = {
        name: date.fromisoformat(columns[name]) if columns[name] else None
        for name in ("valid_from", "valid_until")
    }
    return Listing(roll_id=roll, entity_id=entity_id, **{**columns, **days})


def _first_day(text: str | None) -> date | None:
    """The first day of a date that may name only a month or a year."""
    return date.fromisoformat((text + "-01-01")[:10]) if text else None


def _last_day(text: str | None) -> date | None:
    """The last day of a date that may name only a month or a year."""
    if not text:
        return None
    year, month = int(text[:4]), int(text[5:7] or 12)
    return date(year, month, int(text[8:10] or calendar.monthrange(year, month)[1]))
