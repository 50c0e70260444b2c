"""The body of a plant consignment's certificate and of what quarantine did with it.

Countries are ISO 3166 alpha-3 where known, else as sent; quantities carry UNECE Rec 20 units and
packages Rec 21 codes; times are ISO 8601 as sent. Lists that are empty are absent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from tapal.core.text import Text
from tapal.data.states import state_words
from tapal.kinds.phyto import words
from tapal.kinds.phyto.codes import CERTIFICATE_STATUS, CERTIFICATE_TYPES
from tapal.kinds.phyto.marks import goods, paper, party


class Part(BaseModel):
    """A part of the body: nothing unknown may slip in unmarked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Note(Part):
    """A subject code of the sender's system with its text."""

    subject: Annotated[str, paper("Kode catatan", "Note subject")]
    text: Annotated[str, paper("Catatan", "Note")]
    language: Annotated[str | None, paper("Bahasa", "Language")] = None


class Declaration(Part):
    """An additional declaration, of the whole consignment or of one item."""

    text: Annotated[str, paper("Keterangan tambahan", "Additional declaration")]
    language: Annotated[str | None, paper("Bahasa", "Language")] = None


class Quantity(Part):
    """An amount with its UNECE Recommendation 20 unit (KGM, MTQ, CEL, HUR)."""

    value: Annotated[Decimal, goods("Jumlah", "Amount")]
    unit: Annotated[str | None, goods("Satuan", "Unit", words.UNITS)] = None


class Package(Part):
    """Packages of one level, by UNECE Recommendation 21 code."""

    level: Annotated[str | None, goods("Tingkat kemasan", "Packing level")] = None
    type_code: Annotated[str | None, goods("Jenis kemasan", "Package type", words.PACKAGES)] = None
    count: Annotated[str, goods("Jumlah kemasan", "Number of packages")]


class Classification(Part):
    """A class of another system than HS and EPPO."""

    system: Annotated[str | None, goods("Sistem klasifikasi", "Classification system")] = None
    code: Annotated[str | None, goods("Kode", "Code")] = None
    name: Annotated[str | None, goods("Nama kelas", "Class name")] = None


class Origin(Part):
    """Where an item grew."""

    country: Annotated[str | None, goods("Negara asal", "Country of origin", state_words())] = None
    country_name: Annotated[str | None, goods("Nama negara asal", "Country of origin, name")] = None
    area: Annotated[str | None, goods("Daerah asal", "Area of origin")] = None
    area_level: Annotated[str | None, goods("Tingkat daerah", "Level of area")] = None


class Treatment(Part):
    """A treatment before export, as certified (TTL1 type, TTL2 detail, TTCH chemical)."""

    process: Annotated[str | None, goods("Kode proses", "Process code")] = None
    type_code: Annotated[str | None, goods("Jenis perlakuan", "Treatment type")] = None
    detail_code: Annotated[str | None, goods("Rincian perlakuan", "Treatment detail")] = None
    chemicals: Annotated[list[str] | None, goods("Bahan aktif", "Chemicals")] = None
    concentration: Annotated[Quantity | None, Text("Konsentrasi", "Concentration")] = None
    temperature: Annotated[Quantity | None, Text("Suhu", "Temperature")] = None
    started: Annotated[str | None, goods("Mulai", "Started")] = None
    ended: Annotated[str | None, goods("Selesai", "Ended")] = None
    duration: Annotated[Quantity | None, Text("Lama", "Duration")] = None
    notes: Annotated[list[Note] | None, Text("Catatan", "Notes")] = None


class Item(Part):
    """One trade line: what the plant or plant product is, how much, from where, how treated."""

    sequence: Annotated[str | None, goods("Nomor urut", "Sequence")] = None
    scientific_names: Annotated[list[str] | None, goods("Nama ilmiah", "Botanical name")] = None
    eppo_code: Annotated[str | None, goods("Kode EPPO", "EPPO code")] = None
    common_names: Annotated[list[str] | None, goods("Nama umum", "Common name")] = None
    descriptions: Annotated[list[str] | None, goods("Uraian barang", "Description")] = None
    intended_uses: Annotated[list[str] | None, goods("Tujuan penggunaan", "Intended use")] = None
    hs_code: Annotated[str | None, goods("Kode HS", "HS code")] = None
    commodity: Annotated[str | None, goods("Komoditas", "Commodity")] = None
    net_weight: Annotated[Quantity | None, Text("Berat bersih", "Net weight")] = None
    gross_weight: Annotated[Quantity | None, Text("Berat kotor", "Gross weight")] = None
    net_volume: Annotated[Quantity | None, Text("Volume bersih", "Net volume")] = None
    gross_volume: Annotated[Quantity | None, Text("Volume kotor", "Gross volume")] = None
    packages: Annotated[list[Package] | None, Text("Kemasan", "Packages")] = None
    classifications: Annotated[
        list[Classification] | None, Text("Klasifikasi", "Classifications")
    ] = None
    origins: Annotated[list[Origin] | None, Text("Asal", "Origins")] = None
    marks: Annotated[list[str] | None, goods("Tanda pengenal", "Distinguishing marks")] = None
    original_certificate: Annotated[
        str | None, paper("Nomor sertifikat asal", "Original certificate")
    ] = None
    original_country: Annotated[
        str | None, paper("Negara sertifikat asal", "Original certificate's country", state_words())
    ] = None
    cargo_type: Annotated[str | None, goods("Jenis muatan", "Cargo type")] = None
    declarations: Annotated[
        list[Declaration] | None, Text("Keterangan tambahan", "Additional declarations")
    ] = None
    treatments: Annotated[list[Treatment] | None, Text("Perlakuan", "Treatments")] = None
    notes: Annotated[list[Note] | None, Text("Catatan", "Notes")] = None


class Certificate(Part):
    """The certificate as a document."""

    number: Annotated[str, paper("Nomor sertifikat", "Certificate number")]
    issuing_country: Annotated[
        str | None, paper("Negara penerbit", "Issuing country", state_words())
    ] = None
    type_code: Annotated[
        str | None, goods("Jenis sertifikat", "Certificate type", CERTIFICATE_TYPES)
    ] = None
    status_code: Annotated[str | None, paper("Status", "Status", CERTIFICATE_STATUS)] = None
    name: Annotated[str | None, paper("Nama dokumen", "Document name")] = None
    issued: Annotated[str | None, paper("Tanggal terbit", "Issued")] = None
    valid_until: Annotated[str | None, paper("Berlaku sampai", "Valid until")] = None
    issuer: Annotated[str | None, paper("Instansi penerbit", "Issuing organisation")] = None
    place: Annotated[str | None, paper("Tempat terbit", "Place of issue")] = None
    signed: Annotated[str | None, paper("Tanggal tanda tangan", "Signed")] = None
    provider: Annotated[str | None, paper("Instansi penanda tangan", "Signing body")] = None
    signatory: Annotated[str | None, party("Petugas penanda tangan", "Authorised officer")] = None
    clauses: Annotated[list[str] | None, paper("Pernyataan", "Certifying clauses")] = None
    import_permit: Annotated[str | None, paper("Nomor izin impor", "Import permit")] = None
    replaces: Annotated[str | None, paper("Menggantikan nomor", "Replaces number")] = None
    replaces_reason: Annotated[str | None, paper("Alasan penggantian", "Reason of replacement")] = (
        None
    )
    replaces_date: Annotated[
        str | None, paper("Tanggal yang digantikan", "Date of the replaced one")
    ] = None


class Identifier(Part):
    """A registration number with the list it stands in."""

    number: Annotated[str, party("Nomor identitas", "Registration number")]
    scheme: Annotated[str | None, party("Daftar", "Register")] = None


class Trader(Part):
    """Exporter or consignee."""

    name: Annotated[str | None, party("Nama", "Name")] = None
    country: Annotated[str | None, goods("Negara", "Country", state_words())] = None
    ids: Annotated[list[Identifier] | None, Text("Nomor identitas", "Registration numbers")] = None
    address: Annotated[list[str] | None, party("Alamat", "Address")] = None


class Transport(Part):
    """One stage of the carriage; modes by UNECE Recommendation 19."""

    mode: Annotated[str | None, goods("Moda", "Mode", words.MODES)] = None
    number: Annotated[str | None, goods("Nomor perjalanan", "Voyage or plate")] = None
    means: Annotated[str | None, goods("Nama sarana angkut", "Means of transport")] = None


class Container(Part):
    """A container and its seal."""

    number: Annotated[str | None, goods("Nomor kontainer", "Container number")] = None
    seal: Annotated[str | None, goods("Nomor segel", "Seal number")] = None


class Consignment(Part):
    """The journey of the goods."""

    export_country: Annotated[
        str | None, goods("Negara pengirim", "Exporting country", state_words())
    ] = None
    export_country_name: Annotated[
        str | None, goods("Nama negara pengirim", "Exporting country, name")
    ] = None
    import_country: Annotated[
        str | None, goods("Negara tujuan", "Importing country", state_words())
    ] = None
    import_country_name: Annotated[
        str | None, goods("Nama negara tujuan", "Importing country, name")
    ] = None
    transit_countries: Annotated[
        list[str] | None, goods("Negara transit", "Transit countries", state_words())
    ] = None
    point_of_entry: Annotated[str | None, goods("Tempat pemasukan", "Point of entry")] = None
    point_of_entry_name: Annotated[
        str | None, goods("Nama tempat pemasukan", "Point of entry, name")
    ] = None
    examined_at: Annotated[str | None, goods("Tempat diperiksa", "Place of examination")] = None
    marks: Annotated[list[str] | None, goods("Tanda pengenal", "Distinguishing marks")] = None
    transport: Annotated[list[Transport] | None, Text("Pengangkutan", "Transport")] = None
    containers: Annotated[list[Container] | None, Text("Kontainer", "Containers")] = None


class Reference(Part):
    """A document referred to; of an attached file its name, size and SHA-256 only."""

    number: Annotated[str | None, paper("Nomor dokumen", "Document number")] = None
    scheme: Annotated[str | None, paper("Daftar nomor", "Number scheme")] = None
    type_code: Annotated[str | None, paper("Jenis dokumen", "Document type")] = None
    type_list: Annotated[str | None, paper("Daftar jenis", "Type list")] = None
    relationship: Annotated[str | None, paper("Hubungan", "Relationship")] = None
    issued: Annotated[str | None, paper("Tanggal", "Date")] = None
    information: Annotated[str | None, paper("Keterangan", "Information")] = None
    language: Annotated[str | None, paper("Bahasa", "Language")] = None
    filename: Annotated[str | None, paper("Nama berkas", "File name")] = None
    size: Annotated[int | None, paper("Ukuran (bita)", "Size (bytes)")] = None
    sha256: Annotated[str | None, paper("SHA-256", "SHA-256")] = None
    whole: Annotated[bool | None, paper("Berkas terbaca", "File readable")] = None


class Envelope(Part):
    """The hub's header."""

    sender: Annotated[str | None, paper("Pengirim", "Sender")] = None
    receiver: Annotated[str | None, paper("Penerima", "Receiver")] = None
    delivery_number: Annotated[str | None, paper("Nomor kiriman", "Delivery number")] = None
    tracking: Annotated[str | None, paper("Pelacakan", "Tracking")] = None
