"""The body of a crossing: one person's entry or exit as one agency states it.

Words are those of ICAO Doc 9303 (primary and secondary identifier, issuing State) and of the
passenger list guidelines. Dates are ISO 8601, partial where only a part is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from tapal.core.text import Text
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.marks import decision, movement, person, withheld


def _in_calendar(value: str) -> str:
    """The date, if the calendar has it. Raises ValueError."""
    date.fromisoformat(f"{value}-01-01"[:10])
    return value


PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    AfterValidator(_in_calendar),
]
"""YYYY, YYYY-MM or YYYY-MM-DD."""

Direction = Literal["entry", "exit", "transit"]
Sex = Literal["M", "F", "X"]
Citizenship = Literal["citizen", "foreigner"]
SecondDesk = Literal["open", "no_objection", "grounds_found", "handed_on"]
Capture = Literal["carrier_list", "document_scan", "table", "form"]


class Part(BaseModel):
    """A part of the body; an unknown field is an error of the program that writes it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, given: object) -> object:
        """Nothing was said: no text, no list, no part."""
        if not isinstance(given, Mapping):
            return given
        # All fields at once: asked field by field it is a tenth of reading a table.
        return {
            name: None if not value and value in ("", [], {}) else value
            for name, value in given.items()
        }


class Person(Part):
    """The holder. One who has a single name bears it as primary identifier."""

    primary_identifier: Annotated[str | None, person("Nama utama", "Primary identifier")] = None
    secondary_identifier: Annotated[str | None, person("Nama lain", "Secondary identifier")] = None
    sex: Annotated[Sex | None, movement("Jenis kelamin", "Sex", codes.SEXES)] = None
    birth_date: Annotated[PartialDate | None, person("Tanggal lahir", "Date of birth")] = None
    birth_place: Annotated[str | None, person("Tempat lahir", "Place of birth")] = None
    nationality: Annotated[str | None, movement("Kewarganegaraan", "Nationality", codes.STATES)] = (
        None
    )
    # A second passport or a list may state another: children may hold two (UU 12/2006).
    other_nationalities: Annotated[
        list[str] | None, movement("Kewarganegaraan lain", "Other nationalities", codes.STATES)
    ] = None
    residence_state: Annotated[
        str | None, movement("Negara domisili", "Country of residence", codes.STATES)
    ] = None


class TravelDocument(Part):
    """A travel document, `document_code` as printed (P, V, ID), states as in ICAO 9303."""

    document_class: Annotated[
        str | None, movement("Jenis dokumen", "Document", codes.DOCUMENT_CLASSES)
    ] = None
    document_code: Annotated[str | None, movement("Kode dokumen", "Document code")] = None
    number: Annotated[str | None, person("Nomor dokumen", "Document number")] = None
    issuing_state: Annotated[
        str | None, movement("Negara penerbit", "Issuing State", codes.STATES)
    ] = None
    issued: Annotated[PartialDate | None, person("Tanggal terbit", "Date of issue")] = None
    expires: Annotated[PartialDate | None, person("Berlaku sampai", "Date of expiry")] = None
    optional: Annotated[str | None, person("Data tambahan", "Optional data")] = None


class Zone(Part):
    """The machine readable zone as read, with the fields whose check digit is wrong."""

    layout: Annotated[str, movement("Bentuk zona", "Layout")]
    lines: Annotated[list[str], person("Zona baca mesin", "Machine readable zone")]
    wrong: Annotated[
        list[str] | None, person("Angka periksa salah", "Wrong check digits", codes.ZONE_FIELDS)
    ] = None
    suggestions: Annotated[
        dict[str, str] | None, person("Dugaan salah baca", "Perhaps misread", codes.ZONE_FIELDS)
    ] = None


class Area(Part):
    """A place near the line: `area` is a border area's id where it is known, `text` as it came."""

    area: Annotated[str | None, movement("Kecamatan", "Sub-district", codes.AREAS)] = None
    text: Annotated[str | None, person("Sebagaimana ditulis", "As written")] = None


class Leg(Part):
    """One leg of a journey; times are the ports' local times, their zone unknown."""

    number: Annotated[str | None, movement("Nomor", "Number")] = None
    departure_port: Annotated[str | None, movement("Dari", "From", codes.PORTS)] = None
    departs: Annotated[str | None, movement("Berangkat", "Departs")] = None
    arrival_port: Annotated[str | None, movement("Ke", "To", codes.PORTS)] = None
    arrives: Annotated[str | None, movement("Tiba", "Arrives")] = None


class Journey(Part):
    """A voyage as the carrier states it; `number` as sent, with or without leading zeros."""

    list_type: Annotated[str | None, movement("Jenis daftar", "List type", codes.LIST_TYPES)] = None
    status: Annotated[str | None, movement("Status", "Status")] = None
    carrier: Annotated[str | None, movement("Pengangkut", "Carrier")] = None
    number: Annotated[str | None, movement("Nomor perjalanan", "Voyage number")] = None
    vessel: Annotated[str | None, movement("Alat angkut", "Means of transport")] = None
    vessel_number: Annotated[
        str | None, movement("Nomor alat angkut", "Means of transport, number")
    ] = None
    departure_port: Annotated[
        str | None, movement("Pelabuhan berangkat", "Departure port", codes.PORTS)
    ] = None
    departs: Annotated[str | None, movement("Berangkat", "Departs")] = None
    arrival_port: Annotated[str | None, movement("Pelabuhan tiba", "Arrival port", codes.PORTS)] = (
        None
    )
    arrives: Annotated[str | None, movement("Tiba", "Arrives")] = None
    legs: Annotated[list[Leg] | None, Text("Ruas", "Leg")] = None
    embarkation: Annotated[str | None, movement("Naik di", "Embarkation", codes.PORTS)] = None
    disembarkation: Annotated[str | None, movement("Turun di", "Disembarkation", codes.PORTS)] = (
        None
    )
    clearance_port: Annotated[
        str | None, movement("Pemeriksaan di", "Port of clearance", codes.PORTS)
    ] = None
    booking: Annotated[str | None, person("Kode pemesanan", "Booking")] = None
    passenger_reference: Annotated[str | None, person("Acuan penumpang", "Passenger reference")] = (
        None
    )
    seat: Annotated[str | None, person("Kursi", "Seat")] = None
    references: Annotated[dict[str, str] | None, person("Acuan lain", "Other references")] = None
    verified: Annotated[bool | None, movement("Diperiksa pengangkut", "Verified by carrier")] = None


class Baggage(Part):
    """Checked bags."""

    pieces: Annotated[int | None, movement("Jumlah bagasi", "Pieces")] = None
    weight: Annotated[str | None, movement("Berat bagasi", "Weight")] = None
    tags: Annotated[list[str] | None, person("Label bagasi", "Bag tags")] = None


class Stay(Part):
    """How long the person may stay, given at entry."""

    basis: Annotated[str | None, movement("Dasar tinggal", "Basis of stay", codes.STAY_BASES)] = (
        None
    )
    permitted_days: Annotated[int | None, movement("Lama tinggal (hari)", "Permitted days")] = None
    permitted_until: Annotated[PartialDate | None, person("Tinggal sampai", "Permitted until")] = (
        None
    )


class Guardian(Part):
    """Who answers for a minor, and what was shown for it. The family name proves nothing."""

    name: Annotated[str | None, person("Nama wali", "Guardian")] = None
    document_number: Annotated[str | None, person("Dokumen wali", "Guardian's document")] = None
    relation: Annotated[str | None, person("Hubungan", "Relation")] = None
    evidence: Annotated[list[str] | None, person("Bukti wali", "Evidence", codes.EVIDENCE)] = None


class Companion(Part):
    """Somebody entered together with the person, on the same form."""

    primary_identifier: Annotated[str | None, person("Nama utama", "Primary identifier")] = None
    secondary_identifier: Annotated[str | None, person("Nama lain", "Secondary identifier")] = None
    sex: Annotated[Sex | None, movement("Jenis kelamin", "Sex", codes.SEXES)] = None
    birth_date: Annotated[PartialDate | None, person("Tanggal lahir", "Date of birth")] = None
    nationality: Annotated[str | None, movement("Kewarganegaraan", "Nationality", codes.STATES)] = (
        None
    )
    document_number: Annotated[str | None, person("Nomor dokumen", "Document number")] = None
    issuing_state: Annotated[
        str | None, movement("Negara penerbit", "Issuing State", codes.STATES)
    ] = None
    relation: Annotated[str | None, person("Hubungan", "Relation")] = None
    evidence: Annotated[list[str] | None, person("Bukti wali", "Evidence", codes.EVIDENCE)] = None


class Vehicle(Part):
    """The vehicle or small boat that the person drives or rides in."""

    plate: Annotated[str | None, person("Nomor polisi", "Registration")] = None
    state: Annotated[
        str | None, movement("Negara kendaraan", "State of registration", codes.STATES)
    ] = None
    type: Annotated[str | None, movement("Jenis kendaraan", "Type")] = None


class Paper(Part):
    """A numbered paper that was issued."""

    form: Annotated[str, decision("Formulir", "Form")]
    number: Annotated[str, decision("Nomor", "Number")]
    issued_at: Annotated[str, decision("Diterbitkan", "Issued")]
    issued_by: Annotated[str, decision("Oleh", "By")]


class Decision(Part):
    """What was decided, by whom, under which power. Numbers are the officers' own."""

    outcome: Annotated[str | None, decision("Keputusan", "Decision", codes.OUTCOMES)] = None
    at: Annotated[str | None, decision("Diputuskan", "Decided")] = None
    by: Annotated[str | None, decision("Petugas", "Officer")] = None
    reason: Annotated[str | None, decision("Alasan", "Reason")] = None
    ground: Annotated[str | None, decision("Dasar hukum", "Legal ground")] = None
    facts: Annotated[str | None, decision("Uraian fakta", "Facts")] = None
    citizenship: Annotated[
        Citizenship | None, decision("Hasil klarifikasi", "Clarified as", codes.CITIZENSHIPS)
    ] = None
    evidence: Annotated[str | None, decision("Bukti klarifikasi", "Evidence of it")] = None
    proposed_by: Annotated[str | None, decision("Diusulkan oleh", "Proposed by")] = None
    proposed_at: Annotated[str | None, decision("Diusulkan", "Proposed")] = None
    papers: Annotated[list[Paper] | None, Text("Surat", "Paper")] = None
    second_desk: Annotated[
        SecondDesk | None, decision("Meja kedua", "Second desk", codes.SECOND_DESKS)
    ] = None
    second_desk_note: Annotated[
        str | None, decision("Hasil meja kedua", "What the second desk found")
    ] = None


class Protection(Part):
    """Fear of return, withheld from everyone but the owner's protection officers."""

    fear_of_return: Annotated[bool | None, withheld("Takut kembali", "Fear of return")] = None
    heard_at: Annotated[str | None, withheld("Disampaikan", "Expressed")] = None
    heard_by: Annotated[str | None, withheld("Didengar oleh", "Heard by")] = None
    received_at: Annotated[str | None, withheld("Diterima", "Received")] = None
    received_by: Annotated[str | None, withheld("Diterima oleh", "Received by")] = None
    ended_at: Annotated[str | None, withheld("Prosedur selesai", "Procedure ended")] = None
    ended_by: Annotated[str | None, withheld("Diakhiri oleh", "Ended by")] = None
    result: Annotated[
        Literal["withdrawn", "decided"] | None,
        withheld("Hasil prosedur", "Result", codes.PROTECTION_RESULTS),
    ] = None
    note: Annotated[str | None, withheld("Bagaimana dipastikan", "How established")] = None


class Crossing(Part):
    """One person's entry or exit."""

    direction: Annotated[Direction | None, movement("Arah", "Direction", codes.DIRECTIONS)] = None
    local_time: Annotated[str | None, movement("Waktu setempat", "Local time")] = None
    zone: Annotated[str | None, movement("Zona waktu", "Time zone", codes.ZONES)] = None
    role: Annotated[str | None, movement("Peran", "Role", codes.ROLES)] = None
    mode: Annotated[str | None, movement("Moda", "Mode", codes.MODES)] = None
    capture: Annotated[Capture, movement("Cara perekaman", "Capture", codes.CAPTURES)]
    person: Annotated[Person, Text("Orang", "Person")]
    document: Annotated[TravelDocument | None, Text("Dokumen perjalanan", "Travel document")] = None
    further_documents: Annotated[
        list[TravelDocument] | None, Text("Dokumen lain", "Further document")
    ] = None
    mrz: Annotated[Zone | None, Text("Zona baca mesin", "Machine readable zone")] = None
    residence: Annotated[Area | None, Text("Tempat tinggal", "Residence")] = None
    destination: Annotated[Area | None, Text("Tujuan", "Destination")] = None
    purpose: Annotated[str | None, movement("Keperluan", "Purpose", codes.PURPOSES)] = None
    extensions: Annotated[int | None, movement("Kali perpanjangan", "Extensions")] = None
    stay: Annotated[Stay | None, Text("Masa tinggal", "Stay")] = None
    guardian: Annotated[Guardian | None, Text("Wali", "Guardian")] = None
    companions: Annotated[list[Companion] | None, Text("Yang ikut serta", "Companion")] = None
    vehicle: Annotated[Vehicle | None, Text("Kendaraan", "Vehicle")] = None
    journey: Annotated[Journey | None, Text("Perjalanan", "Journey")] = None
    baggage: Annotated[Baggage | None, Text("Bagasi", "Baggage")] = None
    remarks: Annotated[str | None, person("Catatan", "Remarks")] = None
    # What the sender wrote where it could not be read, by the path at which it belongs.
    unread: Annotated[dict[str, str] | None, person("Tidak terbaca", "Not readable")] = None
    # Columns and segments that have no field here, as they came.
    extra: Annotated[dict[str, str] | None, person("Data lain", "Other data")] = None
    decision: Annotated[Decision | None, Text("Keputusan", "Decision")] = None
    protection: Annotated[Protection | None, Text("Pelindungan", "Protection")] = None


__all__ = [
    "Area",
    "Baggage",
    "Capture",
    "Companion",
    "Crossing",
    "Decision",
    "Direction",
    "Guardian",
    "Journey",
    "Leg",
    "Part",
    "PartialDate",
    "Person",
    "Stay",
    "TravelDocument",
    "Vehicle",
    "Zone",
]
