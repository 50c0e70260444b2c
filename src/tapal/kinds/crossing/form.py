"""The counter's forms: what a scanner reads with what stands beside it, and what no machine reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from tapal.core.kind import Form
from tapal.core.text import Text
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.marks import movement, person

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
State = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,3}$")]
Mode = Literal[
    "foot", "bicycle", "motorcycle", "car", "bus", "truck", "boat", "ferry", "ship", "aircraft"
]
Evidence = Literal["birth_certificate", "family_card", "consent_letter", "court_order"]
Way = Literal["entry", "exit"]
Stay = Literal["visa_free", "visa_on_arrival", "visit_visa", "transit", "crew", "residence_permit"]
PassPurpose = Literal[
    "family_visit", "traditional", "customary", "custom_ceremony", "social", "cultural", "sport",
    "market", "micro_trade", "worship", "medical", "other",
]  # fmt: skip
Purpose = Literal[
    "family_visit", "work", "trade", "study", "medical", "tourism", "worship", "sport", "other"
]


# Offered while typing; anything else may be typed too.
NEIGHBOURS: dict[str, JsonValue] = {
    "suggest": [
        [code, said.id, said.en]
        for code in ("IDN", "TLS", "MYS", "PNG", "PHL")
        for said in [codes.state_said(code)]
    ]
}
SUB_DISTRICTS: dict[str, JsonValue] = {
    "suggest": [
        [area.name, codes.AREAS[area.id].id, codes.AREAS[area.id].en]
        for area in codes.areas().values()
    ]
}


class Answers(BaseModel):
    """What an officer fills in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Lane(Answers):
    """What stays from traveller to traveller."""

    direction: Annotated[Way, movement("Arah", "Direction", codes.DIRECTIONS)]
    mode: Annotated[Mode, movement("Moda", "Mode", codes.MODES)] = "foot"


class _Beside(Answers):
    """What no document says of a crossing."""

    plate: Annotated[str | None, person("Nomor polisi", "Registration")] = None
    guardian: Annotated[str | None, person("Nama wali (untuk anak)", "Guardian (for a minor)")] = (
        None
    )
    evidence: Annotated[
        list[Evidence], person("Bukti wali yang ditunjukkan", "Evidence shown", codes.EVIDENCE)
    ] = []
    time: Annotated[datetime | None, movement("Waktu lintas", "Time of crossing")] = None


class Scan(_Beside, _Lane):
    """A machine readable zone with what stands beside it."""

    mrz: Annotated[
        str,
        StringConstraints(min_length=1, max_length=300),
        person("Zona baca mesin", "Machine readable zone"),
    ]
    purpose: Annotated[Purpose | None, movement("Keperluan", "Purpose", codes.PURPOSES)] = None
    stay_basis: Annotated[
        Stay | None, movement("Dasar tinggal", "Basis of stay", codes.STAY_BASES)
    ] = None


class WithPerson(Answers):
    """One who crosses together with the person, on the same form."""

    primary_identifier: Annotated[Name, person("Nama utama", "Primary identifier")]
    secondary_identifier: Annotated[str | None, person("Nama lain", "Secondary identifier")] = None
    sex: Annotated[Literal["M", "F", "X"] | None, movement("Jenis kelamin", "Sex", codes.SEXES)] = (
        None
    )
    birth_date: Annotated[date | None, person("Tanggal lahir", "Date of birth")] = None
    nationality: Annotated[State | None, movement("Kewarganegaraan", "Nationality")] = None
    document_number: Annotated[str | None, person("Nomor dokumen", "Document number")] = None
    relation: Annotated[str | None, person("Hubungan", "Relation")] = None
    evidence: Annotated[
        list[Evidence], person("Bukti wali yang ditunjukkan", "Evidence shown", codes.EVIDENCE)
    ] = []


class _Document(Answers):
    """The person and the document, in the order in which a document says it."""

    primary_identifier: Annotated[
        Name,
        person("Nama utama (satu nama: di sini)", "Primary identifier (a single name: here)"),
    ]
    secondary_identifier: Annotated[str | None, person("Nama lain", "Secondary identifier")] = None
    sex: Annotated[Literal["M", "F", "X"] | None, movement("Jenis kelamin", "Sex", codes.SEXES)] = (
        None
    )
    birth_date: Annotated[date | None, person("Tanggal lahir", "Date of birth")] = None
    nationality: Annotated[
        State,
        movement("Kewarganegaraan (3 huruf)", "Nationality (3 letters)"),
        Field(json_schema_extra=NEIGHBOURS),
    ]
    document_number: Annotated[Name, person("Nomor dokumen", "Document number")]
    issuing_state: Annotated[
        State,
        movement("Negara penerbit (3 huruf)", "Issuing State (3 letters)"),
        Field(json_schema_extra=NEIGHBOURS),
    ]
    issued: Annotated[date | None, person("Tanggal terbit", "Date of issue")] = None
    expires: Annotated[date | None, person("Berlaku sampai", "Valid until")] = None


class _Last(_Beside):
    """What few travellers need, after all the rest."""

    companions: Annotated[list[WithPerson] | None, Text("Yang ikut serta", "Companions")] = None
    remarks: Annotated[
        Annotated[str, StringConstraints(max_length=500)] | None, person("Catatan", "Remarks")
    ] = None


class _Pass(Answers):
    document_class: Annotated[
        Literal["border_pass"], movement("Jenis dokumen", "Document", codes.DOCUMENT_CLASSES)
    ] = "border_pass"
    residence: Annotated[
        Name, person("Kecamatan asal", "Home sub-district"), Field(json_schema_extra=SUB_DISTRICTS)
    ]
    destination: Annotated[
        Name,
        person("Kecamatan tujuan", "Destination sub-district"),
        Field(json_schema_extra=SUB_DISTRICTS),
    ]
    purpose: Annotated[PassPurpose, movement("Keperluan", "Purpose", codes.PURPOSES)]
    permitted_days: Annotated[
        Annotated[int, Field(ge=0, le=9999)] | None,
        movement("Lama tinggal yang diberikan (hari)", "Days given for the stay"),
    ] = None
    extensions: Annotated[
        Annotated[int, Field(ge=0, le=20)] | None,
        movement("Kali perpanjangan tinggal", "Extensions of the stay"),
    ] = None


class _Class(Answers):
    document_class: Annotated[
        Literal["passport", "identity_card", "seaman_book", "laissez_passer", "other"],
        movement("Jenis dokumen", "Document", codes.DOCUMENT_CLASSES),
    ] = "passport"


class _Visit(Answers):
    destination: Annotated[str | None, person("Tujuan", "Destination")] = None
    purpose: Annotated[Purpose | None, movement("Keperluan", "Purpose", codes.PURPOSES)] = None
    stay_basis: Annotated[
        Stay | None, movement("Dasar tinggal", "Basis of stay", codes.STAY_BASES)
    ] = None
    permitted_days: Annotated[
        Annotated[int, Field(ge=0, le=9999)] | None,
        movement("Lama tinggal (hari)", "Permitted days"),
    ] = None


# The fields of the last base stand first on the screen.
class BorderPass(_Last, _Pass, _Document, _Lane):
    """A border pass, which has no machine readable zone."""


class TypedDocument(_Last, _Visit, _Document, _Class, _Lane):
    """Another document whose zone cannot be read."""


FORMS = (
    Form("scan", Text("Pindai dokumen", "Scan a document"), Scan, "crossing_json", "F2",
         scan="mrz", time="time"),
    Form("border_pass", Text("Pas lintas batas", "Border pass"), BorderPass, "crossing_json", "F3",
         time="time"),
    Form("document", Text("Ketik dokumen", "Type a document"), TypedDocument, "crossing_json", "F4",
         time="time"),
)  # fmt: skip
