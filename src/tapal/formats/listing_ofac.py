"""OFAC's list of specially designated nationals as CSV: SDN.CSV, with ALT.CSV and ADD.CSV beside it.

The files have no header; `-0-` is nothing. SDN has 12 cells a row (number, name, type, program,
title, call sign, vessel type, tonnage, gross tonnage, flag, owner, remarks), ALT 5 (number, number
of the alias, sort, name, remarks), ADD 6 (number, number of the address, street, city, country,
remarks). Birth dates, documents and countries stand in the remarks, parted by semicolons.
Source: OFAC, "Specification for the SDN data files".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tapal.core.text import Text
from tapal.formats.listing import Fault, Item, ListingRow, double_id, unpack

Part = Literal["sdn", "alt", "add"]
CELLS: dict[int, Part] = {12: "sdn", 5: "alt", 6: "add"}
NOTHING = "-0-"
END_OF_FILE = "\x1a"
MAX_SPAN = 12
AUTHORITY = "OFAC (US Treasury)"

_SCHEMAS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_SURE_ALIASES = frozenset({"aka", "fka", "nka"})
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_BORN = re.compile(r"^(?:alt\. )?DOB (?:circa )?(.+)$")
_DAY = re.compile(r"^(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})$")
_PAPER = re.compile(
    r"^(?:alt\. )?(?:Passport|[A-Z][A-Za-z.,' ]* (?:No\.|Number|IMO)|MMSI)"
    r" ([A-Z0-9][A-Z0-9./ -]*?)(?: \(([^()]+)\))?(?: \(.*\)| (?:expires|issued) .*)?$"
)
_COUNTRY = re.compile(r"^(?:alt\. )?(?:nationality|citizen) (.+)$")
_ALIAS = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.) '([^']+)'")
_SEXES = {"Gender Male": "male", "Gender Female": "female"}


@dataclass(slots=True)
class _Gathered:
    rows: dict[str, ListingRow] = field(default_factory=dict)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    weak: dict[str, list[str]] = field(default_factory=dict)
    countries: dict[str, list[str]] = field(default_factory=dict)


def part_of(data: bytes) -> Part | None:
    """Which of the files this is, by the cells of its first row; None for something else."""
    try:
        head = unpack(data[:200_000])[:100_000]
    except ValueError:
        return None
    for cells in _rows(head, 1):
        found = CELLS.get(len(cells[1]))
        return found if found and cells[1][0].isdigit() else None
    return None


def read(files: Sequence[bytes]) -> Iterator[Item]:
    """Read the files together, in any order; a bad row is a fault that names its file and line."""
    gathered = _Gathered()
    for data in files:
        part = part_of(data)
        if part is None:
            yield _fault(
                "file", "Bukan berkas SDN, ALT atau ADD.", "This is no SDN, ALT or ADD file."
            )
            continue
        for place, cells in _rows(unpack(data)):
            yield from _row(part, f"{part.upper()} {place}", cells, gathered)
    for row in gathered.rows.values():
        yield _completed(row, gathered)


def _rows(data: bytes, most: int | None = None) -> Iterator[tuple[str, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    while most is None or most > 0:
        try:
            cells = [cell.strip() for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error:
            yield f"line {rows.line_num}", []
            continue
        if not cells or cells == [END_OF_FILE] or cells == [""]:
            continue
        most = most - 1 if most is not None else None
        yield f"line {rows.line_num}", ["" if cell == NOTHING else cell for cell in cells]


def _row(part: Part, place: str, cells: list[str], gathered: _Gathered) -> Iterator[Fault]:
    if CELLS.get(len(cells)) != part or not cells[0].isdigit():
        yield _fault(place, "Jumlah sel baris ini tidak sesuai; baris tidak dibaca.",
                     "The row has another number of cells; it was not read.", ",".join(cells))  # fmt: skip
        return
    number = cells[0]
    if part == "alt":
        held = gathered.aliases if cells[2] in _SURE_ALIASES else gathered.weak
        if cells[3]:
            held.setdefault(number, []).append(_turned(cells[3]))
    elif part == "add":
        if cells[4]:
            gathered.countries.setdefault(number, []).append(cells[4])
    elif not cells[1]:
        yield _fault(place, "Namanya kosong.", "The name is empty.", ",".join(cells))
    else:
        entry = _entry(cells, place)
        if (before := gathered.rows.get(number)) is not None:
            yield double_id(before, entry)
        gathered.rows[number] = entry
        for written, read_as in _births(cells[11]):
            if not read_as:
                wrong = _fault(f"{place}, DOB", f"“{written[:60]}” tidak terbaca.",
                               f"“{written[:60]}” cannot be read.", written)  # fmt: skip
                yield replace(wrong, taken=True)


def _turned(name: str, person: bool = False) -> str:
    """A person's name with its family name last."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if person and comma else name


def _entry(cells: list[str], place: str) -> ListingRow:
    schema = _SCHEMAS.get(cells[2], "Organization")
    person, remarks = schema == "Person", cells[11]
    parts = _parts(remarks)
    countries = [m[1] for part in parts if (m := _COUNTRY.match(part))]
    papers = [(m[1].strip(), m[2]) for part in parts if (m := _PAPER.match(part))]
    signs = [(cells[5], None)] if cells[5] and schema in ("Vessel", "Airplane") else []
    return ListingRow(
        entity_id=cells[0],
        schema=schema,
        names=(_turned(cells[1], person),),
        weak_aliases=tuple(_turned(each, person) for each in _ALIAS.findall(remarks)),
        birth_dates=tuple(dict.fromkeys(d for _, days in _births(remarks) for d in days)),
        nationalities=tuple(dict.fromkeys([*countries, *([cells[9]] if cells[9] else [])])),
        documents=tuple(dict.fromkeys([*papers, *signs])),
        gender=next((_SEXES[part] for part in parts if part in _SEXES), None),
        authority=AUTHORITY,
        number=cells[0],
        legal_basis=cells[3],
        reason="; ".join(filter(None, (cells[4], remarks))),
        place=place,
    )


def _parts(remarks: str) -> list[str]:
    return [part.strip() for part in remarks.rstrip(".").split(";") if part.strip()]


def _births(remarks: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each birth date as written, with the partial dates that it names."""
    for part in _parts(remarks):
        if (born := _BORN.match(part)) is None:
            continue
        first, to, last = born[1].partition(" to ")
        days = _day(first)
        if to:
            end = _day(last)
            years = range(int(days[:4]), int(end[:4]) + 1) if days and end else range(0)
            yield born[1], tuple(map(str, years)) if len(years) <= MAX_SPAN else (first[-4:],)
        else:
            yield born[1], (days,) if days else ()


def _day(text: str) -> str:
    found = _DAY.match(text.strip().removeprefix("circa "))
    if found is None or (found[2] and found[2].lower() not in _MONTHS):
        return ""
    month = f"-{_MONTHS[found[2].lower()]:02}" if found[2] else ""
    return f"{found[3]}{month}" + (f"-{int(found[1]):02}" if found[1] and month else "")


def _completed(row: ListingRow, gathered: _Gathered) -> ListingRow:
    person = row.schema == "Person"
    aliases = [_turned(a, person) for a in gathered.aliases.get(row.entity_id, ())]
    weak = [_turned(a, person) for a in gathered.weak.get(row.entity_id, ())]
    # Where somebody lives is not his nationality; where a firm sits is where it belongs.
    seats = () if person or row.nationalities else gathered.countries.get(row.entity_id, ())
    return replace(
        row,
        aliases=tuple(dict.fromkeys(aliases)),
        weak_aliases=tuple(dict.fromkeys((*row.weak_aliases, *weak))),
        nationalities=tuple(dict.fromkeys((*row.nationalities, *seats))),
    )


def _fault(place: str, said_id: str, said_en: str, raw: str = "") -> Fault:
    mend = Text("Unduh ulang berkasnya dari OFAC.", "Download the file from OFAC again.")
    return Fault(place, Text(said_id, said_en), mend, raw[:200])
