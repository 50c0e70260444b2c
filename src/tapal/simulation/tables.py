"""Crossings as the posts export them: tables, gate tables, scanned zones, border-pass forms.

Each writer returns the file's bytes and, for each crossing, where it stands in the file. Faults:
`no_name` leaves the name out, `bad_date` writes a day that does not exist, `check_digit` changes a
digit of the birth date in the zone, `cut_line` loses the end of the zone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from tapal.formats.mrz_writer import Values, compose
from tapal.simulation.stations import posts
from tapal.simulation.trips import Crossing

Written = tuple[bytes, list[str]]

# The headings under which the officers' table brings each field.
HEADINGS = {
    "direction": "arah",
    "post": "pos",
    "time": "waktu",
    "zone": "zona",
    "primary_identifier": "nama keluarga",
    "secondary_identifier": "nama depan",
    "sex": "jenis kelamin",
    "birth_date": "tanggal lahir",
    "nationality": "kewarganegaraan",
    "document_class": "jenis dokumen",
    "document_number": "nomor dokumen",
    "issuing_state": "negara penerbit",
    "expires": "berlaku sampai",
    "purpose": "keperluan",
    "stay_basis": "dasar izin tinggal",
    "mode": "moda",
    "plate": "nomor polisi",
    "guardian": "wali",
    "guardian_document": "dokumen wali",
    "evidence": "bukti wali",
}
GATE_HEADINGS = {
    "direction": "arah",
    "post": "pos",
    "time": "waktu",
    "zone": "zona",
    "mode": "moda",
    "plate": "nomor polisi",
    "purpose": "keperluan",
    "stay_basis": "dasar izin tinggal",
    "guardian": "wali",
    "guardian_document": "dokumen wali",
    "evidence": "bukti wali",
    "mrz": "zona baca mesin",
}
_DIRECTIONS = {"entry": "masuk", "exit": "keluar"}
_CLASSES = {"passport": "paspor", "border_pass": "pas lintas batas"}
_STAYS = {
    "TLS": "visa_free",
    "MYS": "visa_free",
    "SGP": "visa_free",
    "PHL": "visa_free",
    "PNG": "visit_visa",
}


def flat(crossing: Crossing) -> dict[str, Any]:
    """The crossing in the flat fields of the kind, its codes as codes and its time with an offset."""
    person, document = crossing.person, crossing.person.document
    fields: dict[str, Any] = {
        "direction": crossing.direction,
        "post": crossing.post,
        "time": crossing.at.isoformat(timespec="seconds"),
        "mode": crossing.mode,
        "primary_identifier": "" if crossing.fault == "no_name" else person.name.primary,
        "secondary_identifier": "" if crossing.fault == "no_name" else person.name.secondary,
        "sex": person.sex,
        "birth_date": "1987-02-31" if crossing.fault == "bad_date" else str(person.birth_date),
        "nationality": person.nationality,
        "document_class": document.document_class,
        "document_number": document.number,
        "issuing_state": document.state,
        "issued": document.issued.isoformat(),
        "expires": document.expires.isoformat(),
        "residence": person.area,
        "destination": crossing.destination,
        "purpose": crossing.purpose,
        "extensions": crossing.extensions or "",
        "stay_basis": _stay(crossing),
        "guardian": crossing.guardian.name.full if crossing.guardian else "",
        "guardian_document": crossing.guardian.document.number if crossing.guardian else "",
        "evidence": list(crossing.evidence),
        "plate": crossing.plate,
    }
    return {name: value for name, value in fields.items() if value}


def _stay(crossing: Crossing) -> str:
    document, nationality = crossing.person.document, crossing.person.nationality
    foreign = crossing.direction == "entry" and document.document_class == "passport"
    return _STAYS.get(nationality, "") if foreign else ""


def write_table(crossings: Sequence[Crossing]) -> Written:
    """The officers' table as a spreadsheet writes it here: semicolons, day first, Indonesian."""
    return _table(crossings, HEADINGS, ";")


def write_gate_table(crossings: Sequence[Crossing]) -> Written:
    """What a gate with a document reader exports: its own times, and the zone as scanned."""
    return _table(crossings, GATE_HEADINGS, ",")


def _table(crossings: Sequence[Crossing], headings: dict[str, str], delimiter: str) -> Written:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings.values())
    for crossing in crossings:
        cells = _spoken(crossing)
        if "mrz" in headings:
            cells["mrz"] = zone(crossing)
        writer.writerow(cells.get(name, "") for name in headings)
    return text.getvalue().encode(), [f"row {row}" for row, _ in enumerate(crossings, 2)]


def _spoken(crossing: Crossing) -> dict[str, str]:
    """The flat fields in the words and dates of a table."""
    cells = {k: "; ".join(v) if isinstance(v, list) else str(v) for k, v in flat(crossing).items()}
    cells["direction"] = _DIRECTIONS[crossing.direction]
    cells["document_class"] = _CLASSES[crossing.person.document.document_class]
    cells["time"] = crossing.at.strftime("%d-%m-%Y %H:%M:%S")
    cells["zone"] = posts()[crossing.post]["tz_label"]
    for name in ("birth_date", "expires"):
        year, month, day = cells[name].split("-")
        cells[name] = f"{day}-{month}-{year}"
    return cells


def write_forms(crossings: Sequence[Crossing]) -> Written:
    """The border-pass forms of a counter as JSON."""
    text = json.dumps([flat(each) for each in crossings], ensure_ascii=False, indent=1)
    return text.encode(), [f"item {number}" for number, _ in enumerate(crossings, 1)]


def write_zones(crossings: Sequence[Crossing]) -> Written:
    """A handheld reader's memory: machine readable zones, one under the other."""
    text = "\n".join(zone(each) for each in crossings) + "\n"
    places, documents, line = [], 0, 1
    for crossing in crossings:
        cut = crossing.fault == "cut_line"
        documents += not cut
        places.append(f"line {line}" if cut else f"MRZ {documents}")
        line += 1 if cut else 2
    return text.encode(), places


def zone(crossing: Crossing) -> str:
    """The passport's zone (TD3) as two lines, spoilt where the crossing has a fault."""
    person, document = crossing.person, crossing.person.document
    lines = compose(
        Values(
            layout="TD3",
            document_code="P",
            issuing_state=document.state,
            document_number=document.number,
            nationality=person.nationality,
            birth=person.birth_date.strftime("%y%m%d"),
            sex=person.sex,
            expiry=document.expires.strftime("%y%m%d"),
            primary_identifier=person.name.primary,
            secondary_identifier=person.name.secondary,
        )
    )
    if crossing.fault == "check_digit":
        # The last digit of the birth date stands at column 19 of the second line, here index 18.
        first, second = lines.split("\n")
        other = "1" if second[18] != "1" else "2"
        return f"{first}\n{second[:18]}{other}{second[19:]}"
    if crossing.fault == "cut_line":
        return lines[:20]
    return lines
