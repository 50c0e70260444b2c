"""From a machine readable zone to a person and a document, and how it agrees with typed fields.

Source: ICAO Doc 9303.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tapal.core.finding import Compared, Weight
from tapal.core.text import Text, same
from tapal.formats import mrz
from tapal.formats.mrz_dates import birth_date, expiry_date
from tapal.kinds.crossing.codes import plain, state_code
from tapal.kinds.crossing.model import Person, TravelDocument, Zone
from tapal.kinds.crossing.reading import Notes

T = TypeVar("T", Person, TravelDocument)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a zone says."""

    person: Person
    document: TravelDocument
    zone: Zone
    notes: Notes


_SAID = {
    "padded": Text(
        "Tanda isi di ujung baris zona baca mesin kurang atau berlebih; panjangnya disesuaikan.",
        "A line of the machine readable zone had too few or too many fillers at its end; it was fitted.",
    ),
    "lower_case": Text(
        "Zona baca mesin dikirim dengan huruf kecil.",
        "The machine readable zone was sent in lower case.",
    ),
    "line_breaks_missing": Text(
        "Zona baca mesin dikirim tanpa ganti baris.",
        "The machine readable zone was sent without line breaks.",
    ),
    "blanks_removed": Text(
        "Spasi di dalam zona baca mesin dihapus.",
        "Blanks inside the machine readable zone were removed.",
    ),
    "blanks_as_fillers": Text(
        "Spasi di zona baca mesin dibaca sebagai tanda isi “<”.",
        "Blanks in the machine readable zone were read as fillers “<”.",
    ),
    "fillers_shifted": Text(
        "Jumlah tanda isi di dalam zona baca mesin tidak tepat; disesuaikan sampai semua angka periksa cocok.",
        "The zone had too few or too many fillers inside; they were fitted until every check digit held.",
    ),
    "filler_replaced": Text(
        "Tanda isi asing di zona baca mesin dibaca sebagai “<”.",
        "Foreign fillers in the machine readable zone were read as “<”.",
    ),
    "name_may_be_truncated": Text(
        "Nama memenuhi seluruh kolomnya: mungkin terpotong. Cocokkan dengan halaman data.",
        "The name fills its whole field: it may be truncated. Compare with the data page.",
    ),
    "name_starts_with_filler": Text(
        "Nama di zona baca mesin diawali tanda isi.",
        "The name in the machine readable zone begins with a filler.",
    ),
    "name_extra_separator": Text(
        "Nama di zona baca mesin berpisah ganda lebih dari sekali.",
        "The name in the machine readable zone has more than one double filler.",
    ),
    "not_alphabetic": Text(
        "Angka berdiri di kolom huruf zona baca mesin: {value}.",
        "Digits stand in a field of letters: {value}.",
    ),
    "sex_code": Text("Kode jenis kelamin tidak dikenal: {value}.", "Unknown sex code: {value}."),
}
_PERHAPS = Text(" Mungkin yang tercetak {s}.", " Perhaps {s} is printed.")


def from_zone(document: mrz.Document, today: date, notes: Notes) -> Scanned:
    """Read a person and a document from a zone; what is doubtful is noted, nothing corrected."""
    sex = document.sex if document.sex in ("M", "F") else ("X" if not document.sex else None)
    if sex is None:
        notes.unread["person.sex"] = document.sex
    person = Person(
        primary_identifier=document.primary_identifier or None,
        secondary_identifier=document.secondary_identifier or None,
        sex=sex,
        birth_date=_birth(document.birth, today, notes),
        nationality=state_code(document.nationality) or None,
    )
    optional = " ".join(part for part in (document.optional, document.optional_2) if part)
    travel = TravelDocument(
        document_class=document_class(document.document_code, document.layout),
        document_code=document.document_code or None,
        number=document.document_number or None,
        issuing_state=state_code(document.issuing_state) or None,
        expires=_expiry(document.expiry, today, notes),
        optional=optional or None,
    )
    zone = Zone(
        layout=document.layout,
        lines=list(document.lines),
        wrong=[check.field for check in document.checks if not check.ok],
        suggestions={p.field: p.suggestion for p in document.problems if p.suggestion},
    )
    _tell(document, notes)
    return Scanned(person, travel, zone, notes)


def document_class(code: str, layout: str) -> str:
    """What sort of document a code stands for (9303-4 to -7: P, V, A, C, I; AC is for crew)."""
    if layout.startswith("MRV") or code.startswith("V"):
        return "visa"
    if code.startswith("P"):
        return "passport"
    return "identity_card" if code[:1] in ("A", "C", "I") else "other"


def _birth(text: str, today: date, notes: Notes) -> str | None:
    """The date of birth; an unknown month or day is "<<" by the standard, "00" as many issuers print."""
    parts = text[:2], text[2:4].replace("00", "<<"), text[4:].replace("00", "<<")
    try:
        return birth_date("".join(parts), today) or None
    except ValueError:
        notes.cannot_read("person.birth_date", text, Text("Tanggal lahir", "Date of birth"))
        return None


def _expiry(text: str, today: date, notes: Notes) -> str | None:
    try:
        return expiry_date(text, today) or None
    except ValueError:
        notes.cannot_read("document.expires", text, Text("Masa berlaku", "Date of expiry"))
        return None


def _tell(document: mrz.Document, notes: Notes) -> None:
    for problem in document.problems:
        said = _SAID.get(problem.code)
        if said is None:
            continue  # wrong check digits are a rule's, unreadable dates are told already
        text = said.fill(value=problem.value.rstrip("<"))
        if problem.suggestion:
            more = _PERHAPS.fill(s=problem.suggestion.rstrip("<"))
            text = Text(text.id + more.id, text.en + more.en)
        notes.note(f"mrz_{problem.code}", text, "mrz.lines", about=problem.field)


def merge_zone(
    scanned: Scanned, person: Person, document: TravelDocument | None, notes: Notes
) -> tuple[Person, TravelDocument]:
    """Put typed fields over a scanned zone: the zone wins, a difference is told."""
    typed = document or TravelDocument()
    merged_person = _over(scanned.person, person, "person", notes)
    merged = _over(scanned.document, typed, "document", notes)
    # A zone cannot tell a border pass from a card: what the officer says stands.
    if typed.document_class:
        merged = merged.model_copy(update={"document_class": typed.document_class})
    return merged_person, merged


def _over(zone: T, typed: T, path: str, notes: Notes) -> T:
    changes = {}
    for name, value in typed.model_dump(exclude_none=True).items():
        read = getattr(zone, name)
        if read is None:
            changes[name] = value
        elif name != "document_class" and plain(str(read)) != plain(str(value)):
            notes.note(
                "zone_differs",
                Text(
                    "Yang diketik berbeda dari zona baca mesin; yang dipakai zona baca mesin.",
                    "What was typed differs from the machine readable zone; the zone is used.",
                ),
                f"{path}.{name}",
                weight=Weight.LOOK,
                compared=(Compared(same(name), str(read), str(value), False),),
                about=f"{path}.{name}",
            )
    return zone.model_copy(update=changes)
