"""An entry of a list of persons, firms and ships, whatever format brought it; its dates and packing."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass, replace
from datetime import date

from tapal.core.text import Text

MAX_BYTES = 1 << 30
"""Bytes of a list after unpacking; what is longer is reported, not read."""


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

DOCUMENTS = ("Passport", "Identification")
"""FollowTheMoney schemas of lists of documents, lost ones for example."""
SCHEMAS = ("Person", "Organization", "Company", "PublicBody", "LegalEntity", "Asset", "Vessel",
           "Vehicle", "Airplane", *DOCUMENTS, "Car", "Train", "Thing")  # fmt: skip
"""FollowTheMoney schemas of what lists hold."""
_SCHEMAS = {"": "Person", **{name.lower(): name for name in SCHEMAS}}

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Marks at the beginning of a file that is no UTF-8: what office programs call Unicode text."""


def schema_of(written: str) -> str | None:
    """A schema as FollowTheMoney spells it, a person where none is named; None where it is not known."""
    return _SCHEMAS.get(written.strip().lower())


def unknown_schema(place: str, written: str) -> Fault:
    """Told of a row whose schema is not known: it stands as a person's."""
    return Fault(
        f"{place}, schema",
        Text("Skema “{s}” tidak dikenal: dibaca sebagai orang.",
             "Schema “{s}” is not known: it is read as a person.").fill(s=written.strip()[:60]),
        Text("Tulis salah satu: {n}.", "Write one of: {n}.").fill(n=", ".join(SCHEMAS)),
        written[:200],
        taken=True,
    )  # fmt: skip


MAX_ID = 120
"""Characters of an id that are kept as they are."""
_HASHED = 24


def kept_id(written: str) -> str:
    """An id as it is kept: of a longer one its beginning and its hash, so that no two become one."""
    if len(written) <= MAX_ID:
        return written
    digest = hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:_HASHED]
    return f"{written[: MAX_ID - _HASHED - 1]}~{digest}"


def long_id(row: ListingRow) -> Fault:
    """Told of a row whose id is longer than what is kept: it stands under a shorter one."""
    return Fault(
        f"{row.place}, id"[:80],
        Text("Nomor pengenal ini lebih dari {n} huruf: disimpan sebagai “{k}”.",
             "This id is longer than {n} characters: it is kept as “{k}”.").fill(
                 n=MAX_ID, k=kept_id(row.entity_id)),
        Text("Pendekkan bila daftar lain menyebutnya.", "Shorten it where others refer to it."),
        row.entity_id[:200],
        taken=True,
    )  # fmt: skip


def double_id(first: ListingRow, last: ListingRow) -> Fault:
    """Told of the first of two rows with one id: the last counts, and the first does not stand."""
    alike = replace(first, place="") == replace(last, place="")
    said = Text("Nomor pengenal “{i}” ada lagi di {p}; ", "The id “{i}” stands again at {p}; ").fill(
        i=last.entity_id[:60], p=last.place)  # fmt: skip
    if alike:
        end = Text("isinya sama, satu yang dipakai.", "both are alike and one is used.")
    else:
        end = Text("yang itu dipakai, baris ini tidak.", "that one is used, this one is not.")
    return Fault(
        f"{first.place}, id",
        Text(said.id + end.id, said.en + end.en),
        Text("Satukan kedua baris, atau beri masing-masing nomor sendiri.",
             "Join the two rows, or give each an id of its own."),
        first.entity_id[:200],
        taken=alike,
    )  # fmt: skip


def text_line(line: bytes) -> tuple[str, bool]:
    """A line as UTF-8, or else in the Windows code page of older office programs; whether it is UTF-8."""
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), False


_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")


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
