"""Typed forms: a paper certificate, and an inspection by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from tapal.core.country import HOME
from tapal.core.kind import Form
from tapal.core.text import Text
from tapal.kinds.phyto import codes, words
from tapal.kinds.phyto.act_forms import Answers, Result
from tapal.kinds.phyto.marks import goods, paper, party
from tapal.kinds.phyto.quarantine import Pest


class PaperItem(Answers):
    """One line of goods as a paper certificate describes it."""

    scientific_name: Annotated[str | None, goods("Nama ilmiah", "Botanical name")] = None
    common_name: Annotated[str | None, goods("Nama umum", "Common name")] = None
    description: Annotated[str | None, goods("Uraian", "Description")] = None
    hs_code: Annotated[str | None, goods("Kode HS", "HS code")] = None
    origin_country: Annotated[str | None, goods("Negara asal", "Country of origin")] = None
    net_weight_kg: Annotated[
        Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,3})?$")] | None,
        goods("Berat bersih (kg)", "Net weight (kg)"),
    ] = None
    packages: Annotated[str | None, goods("Jumlah kemasan", "Number of packages")] = None
    package_type: Annotated[str | None, goods("Jenis kemasan", "Package type")] = None
    treatment: Annotated[str | None, goods("Perlakuan", "Treatment")] = None
    declaration: Annotated[str | None, paper("Keterangan tambahan", "Additional declaration")] = (
        None
    )


class NamesCertificate(Answers):
    """The two things by which a certificate is known."""

    certificate_number: Annotated[
        Annotated[str, Field(min_length=1, max_length=70)],
        paper("Nomor sertifikat", "Certificate number"),
    ]
    issuing_country: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$")],
        paper("Negara penerbit", "Issuing country"),
    ]


class PaperCertificate(NamesCertificate):
    """A certificate on paper, typed by the officer who holds it."""

    certificate_type: Annotated[
        Literal["851", "657"], paper("Jenis", "Type", codes.CERTIFICATE_TYPES)
    ] = "851"
    issued: Annotated[date | None, paper("Tanggal terbit", "Issued")] = None
    valid_until: Annotated[date | None, paper("Berlaku sampai", "Valid until")] = None
    issuer: Annotated[str | None, paper("Instansi penerbit", "Issuing organisation")] = None
    place: Annotated[str | None, paper("Tempat terbit", "Place of issue")] = None
    signatory: Annotated[str | None, party("Penanda tangan", "Authorised officer")] = None
    exporter_name: Annotated[str | None, party("Eksportir", "Exporter")] = None
    exporter_address: Annotated[str | None, party("Alamat eksportir", "Exporter's address")] = None
    consignee_name: Annotated[str | None, party("Penerima", "Consignee")] = None
    consignee_address: Annotated[str | None, party("Alamat penerima", "Consignee's address")] = None
    consignee_number: Annotated[str | None, party("NPWP atau NIB penerima", "Tax number")] = None
    import_country: Annotated[str, goods("Negara tujuan", "Importing country")] = HOME
    import_permit: Annotated[str | None, paper("Nomor izin impor", "Import permit")] = None
    transport_mode: Annotated[
        Literal["1", "2", "3", "4", "5", "8"] | None, goods("Moda", "Mode", words.MODES)
    ] = None
    transport_number: Annotated[
        str | None, goods("Nomor kendaraan atau perjalanan", "Plate or voyage")
    ] = None
    container: Annotated[str | None, goods("Nomor kontainer", "Container number")] = None
    seal: Annotated[str | None, goods("Nomor segel", "Seal number")] = None
    declaration: Annotated[str | None, paper("Keterangan tambahan", "Additional declaration")] = (
        None
    )
    items: Annotated[list[PaperItem] | None, Text("Barang", "Goods")] = None


class InspectionRecord(NamesCertificate):
    """An inspection told by itself, tied to a certificate by its number."""

    inspected_at: Annotated[datetime, goods("Waktu pemeriksaan", "Inspected at")]
    result: Annotated[Result, goods("Hasil", "Result", words.RESULTS)]
    method: Annotated[str | None, goods("Cara pemeriksaan", "Method")] = None
    sampled: Annotated[str | None, goods("Jumlah contoh", "Sample")] = None
    laboratory: Annotated[str | None, goods("Laboratorium", "Laboratory")] = None
    remarks: Annotated[str | None, paper("Catatan", "Remarks")] = None
    officer: Annotated[str | None, party("Petugas", "Officer")] = None
    pests: Annotated[list[Pest] | None, Text("OPT yang ditemukan", "Pests found")] = None


FORMS: Final = (
    Form(
        "paper_certificate",
        Text("Sertifikat kertas", "Paper certificate"),
        PaperCertificate,
        "phyto_paper",
        "s",
    ),
    Form(
        "inspection",
        Text("Hasil pemeriksaan", "Inspection result"),
        InspectionRecord,
        "phyto_inspection",
        "p",
        time="inspected_at",
    ),
)
