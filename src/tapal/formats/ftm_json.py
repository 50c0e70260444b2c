"""FollowTheMoney entities as JSON lines (OpenSanctions' `entities.ftm.json`), as plain JSON.

Each line is `{"id", "schema", "properties": {name: [values]}, "datasets"}`. Persons, bodies and
craft become entries; passports and identifications go to their holders, sanctions to the entries
they are about. Other links (addresses, families, ownership) carry nothing to screen by.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tapal.core.text import Text
from tapal.formats.listing import (
    DOCUMENTS,
    SCHEMAS,
    Fault,
    Item,
    ListingRow,
    double_id,
    partial_date,
    schema_of,
)

MAX_LINE = 4_000_000
"""Bytes of one entity; the longest in the public data are below a tenth of this."""
MAX_VALUES = 500
"""Values read of one property."""

_NUMBERS = (
    "passportNumber",
    "idNumber",
    "imoNumber",
    "mmsi",
    "callSign",
    "registrationNumber",
    "taxNumber",
    "leiCode",
    "serialNumber",
)
_COUNTRIES = ("nationality", "citizenship", "flag", "jurisdiction")

BESIDE = frozenset([
    "Address", "Analyzable", "Article", "Assessment", "Associate", "Audio", "BankAccount", "Call",
    "CallForTenders", "Contract", "ContractAward", "Control", "CourtCase", "CourtCaseParty",
    "CryptoWallet", "Debt", "Directorship", "Document", "Documentation", "EconomicActivity", "Email",
    "Employment", "Event", "Family", "Folder", "HyperText", "Image", "Interest", "Interval", "License",
    "Membership", "Mention", "Message", "Note", "Occupancy", "Ownership", "Package", "Page", "Pages",
    "Payment", "PlainText", "Position", "Post", "Project", "ProjectParticipant", "RealEstate",
    "Representation", "Risk", "Security", "Similar", "Succession", "Table", "TaxRoll", "Territory",
    "Trip", "UnknownLink", "UserAccount", "Value", "Video", "Workbook"
])  # fmt: skip
"""FollowTheMoney's schemas of what stands beside entries and carries nothing to screen by."""

Properties = dict[str, tuple[str, ...]]


@dataclass(slots=True)
class _Gathered:
    """Entries in the order of the file, and what other lines add to them."""

    rows: dict[str, ListingRow] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    orphans: dict[str, ListingRow] = field(default_factory=dict)
    sanctions: dict[str, list[Properties]] = field(default_factory=dict)


def read(lines: Iterable[bytes | str]) -> Iterator[Item]:
    """Read entities; faults come as their lines are met, entries when all lines are read."""
    gathered = _Gathered()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _line(line, f"line {number}", gathered)
    for entity_id, row in gathered.rows.items():
        yield _completed(row, entity_id, gathered)
    for row in gathered.orphans.values():
        yield row


def _line(line: bytes | str, place: str, gathered: _Gathered) -> Iterator[Fault]:
    if len(line) > MAX_LINE:
        yield _fault(place, "Baris terlalu panjang.", "The line is too long.", line)
        return
    try:
        # Any: this is JSON from outside; every part is looked at before it is used.
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        yield _fault(place, "Baris ini bukan JSON.", "This line is not JSON.", line)
        return
    if not isinstance(found, dict) or not isinstance(found.get("properties"), dict):
        yield _fault(place, "Baris ini bukan entitas.", "This line is not an entity.", line)
        return
    entity_id, schema = found.get("id"), found.get("schema")
    if not isinstance(entity_id, str) or not entity_id or not isinstance(schema, str):
        yield _fault(place, "id atau schema tidak ada.", "The id or schema is missing.", line)
        return
    properties, known = _properties(found["properties"]), schema_of(schema)
    if known in DOCUMENTS:
        yield from _document(entity_id, known, properties, place, gathered)
    elif schema == "Sanction":
        yield from _sanction(properties, place, gathered)
    elif known is not None:
        row = _row(entity_id, known, properties, place)
        datasets = found.get("datasets")
        if isinstance(datasets, list) and datasets and isinstance(datasets[0], str):
            row = replace(row, list_code=datasets[0])
        yield from _entry(row, properties, gathered)
    elif schema not in BESIDE:
        yield _unknown(place, schema)


def _unknown(place: str, schema: str) -> Fault:
    return Fault(
        f"{place}, schema",
        Text("Skema “{s}” tidak dikenal; baris ini tidak dibaca.",
             "Schema “{s}” is not known; this line was not read.").fill(s=schema[:60]),
        Text("Tulis salah satu: {n}.", "Write one of: {n}.").fill(n=", ".join(SCHEMAS)),
        schema[:200],
    )  # fmt: skip


def _sanction(properties: Properties, place: str, gathered: _Gathered) -> Iterator[Fault]:
    for name in ("startDate", "endDate"):
        yield from _unread_dates(properties, name, place)
    for entity in properties.get("entity", ()):
        gathered.sanctions.setdefault(entity, []).append(properties)


def _unread_dates(properties: Properties, name: str, place: str) -> Iterator[Fault]:
    for written in properties.get(name, ()):
        if partial_date(written) is None:
            said = f"“{written[:60]}” tidak terbaca.", f"“{written[:60]}” cannot be read."
            yield _fault(f"{place}, {name}", *said, written, taken=True)


def _entry(row: ListingRow, properties: Properties, gathered: _Gathered) -> Iterator[Fault]:
    if not row.names and not row.aliases and not row.documents:
        yield _fault(
            row.place, "Entitas ini tanpa nama.", "This entity has no name.", row.entity_id
        )
        return
    yield from _unread_dates(properties, "birthDate", row.place)
    if (before := gathered.rows.get(row.entity_id)) is not None:
        yield double_id(before, row)
    gathered.rows[row.entity_id] = row


def _fault(place: str, id_: str, en: str, raw: bytes | str, *, taken: bool = False) -> Fault:
    shown = raw[:200].decode("utf-8", "replace") if isinstance(raw, bytes) else raw[:200]
    mend = Text("Periksa baris itu di sumbernya.", "Look at this line at its source.")
    return Fault(place, Text(id_, en), mend, shown, taken)


def _properties(found: dict[str, Any]) -> Properties:
    out: Properties = {}
    for name, values in found.items():
        listed = values if isinstance(values, list) else [values]
        texts = (str(v).strip() for v in listed[:MAX_VALUES] if isinstance(v, str | int))
        out[name] = tuple(dict.fromkeys(t for t in texts if t))
    return out


def _row(entity_id: str, schema: str, properties: Properties, place: str) -> ListingRow:
    get = properties.get
    born = (partial_date(d) for d in get("birthDate", ()))
    return ListingRow(
        entity_id=entity_id,
        schema=schema,
        names=get("name", ()) or _from_parts(properties),
        aliases=(*get("alias", ()), *get("previousName", ())),
        weak_aliases=get("weakAlias", ()),
        birth_dates=tuple(dict.fromkeys(d for d in born if d)),
        nationalities=_first(properties, _COUNTRIES) or get("country", ()),
        documents=tuple((n, None) for kind in _NUMBERS for n in get(kind, ())),
        gender=next(iter(get("gender", ())), None),
        topics=get("topics", ()),
        place=place,
    )


def _first(properties: Properties, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for n in names for v in properties.get(n, ())))


def _from_parts(properties: Properties) -> tuple[str, ...]:
    parts = ("firstName", "secondName", "middleName", "fatherName", "lastName")
    whole = " ".join(properties[p][0] for p in parts if properties.get(p))
    return (whole,) if whole else ()


def _document(
    entity_id: str, schema: str, properties: Properties, place: str, gathered: _Gathered
) -> Iterator[Fault]:
    numbers = _first(properties, ("number", "passportNumber"))
    if not numbers:
        yield _fault(place, "Dokumen tanpa nomor.", "The document has no number.", entity_id)
        return
    issuer = next(iter(properties.get("country", ())), None)
    found = [(n, issuer) for n in numbers]
    for holder in properties.get("holder", ()):
        gathered.documents.setdefault(holder, []).extend(found)
    if not properties.get("holder"):
        # A document listed by itself: lost, stolen or revoked.
        row = ListingRow(entity_id=entity_id, schema=schema, documents=tuple(found), place=place)
        if (before := gathered.orphans.get(entity_id)) is not None:
            yield double_id(before, row)
        gathered.orphans[entity_id] = row


def _completed(row: ListingRow, entity_id: str, gathered: _Gathered) -> ListingRow:
    extra = gathered.documents.get(entity_id, ())
    numbers = {n for n, _ in extra}
    documents = (*extra, *(d for d in row.documents if d[0] not in numbers))
    sanctions = gathered.sanctions.get(entity_id, ())
    if not sanctions:
        return replace(row, documents=tuple(dict.fromkeys(documents)))
    starts = [d for s in sanctions for w in s.get("startDate", ()) if (d := partial_date(w))]
    ends = [[partial_date(w) for w in s.get("endDate", ())] for s in sanctions]
    # It ends when the last sanction does; one without an end date has not ended.
    dates = [d for end in ends for d in end if d]
    return replace(
        row,
        documents=tuple(dict.fromkeys(documents)),
        authority=_joined(sanctions, "authority"),
        number=_joined(sanctions, "authorityId"),
        legal_basis=_joined(sanctions, "program"),
        reason=_joined(sanctions, "reason"),
        valid_from=min(starts, default=None),
        valid_until=max(dates) if dates and all(ends) else None,
    )


def _joined(sanctions: Iterable[Properties], name: str) -> str:
    return "; ".join(dict.fromkeys(v for s in sanctions for v in s.get(name, ())))[:2000]
