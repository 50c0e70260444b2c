"""The quarantine side of the body, and the body itself."""

from __future__ import annotations

from typing import Annotated, Literal

from tapal.core.text import Text
from tapal.kinds.phyto import words
from tapal.kinds.phyto.marks import goods, paper, party
from tapal.kinds.phyto.model import (
    Certificate,
    Consignment,
    Declaration,
    Envelope,
    Item,
    Note,
    Part,
    Reference,
    Trader,
)

State = Literal["open", "held", "refused", "released", "destroyed", "left"]


class Unplaced(Part):
    """A text of the sender's that stands where the schema has no place for it."""

    place: Annotated[str, paper("Tempat dalam XML", "Place in the XML")]
    text: Annotated[str, party("Teks", "Text")]


class Inspection(Part):
    """What an inspection found."""

    inspected_at: Annotated[str | None, goods("Waktu pemeriksaan", "Inspected")] = None
    result: Annotated[str | None, goods("Hasil", "Result", words.RESULTS)] = None
    method: Annotated[str | None, goods("Cara pemeriksaan", "Method")] = None
    sampled: Annotated[str | None, goods("Jumlah contoh", "Sample")] = None
    laboratory: Annotated[str | None, goods("Laboratorium", "Laboratory")] = None
    remarks: Annotated[str | None, paper("Catatan pemeriksaan", "Remarks")] = None
    officer: Annotated[str | None, party("Petugas pemeriksa", "Inspecting officer")] = None


class Pest(Part):
    """A pest or disease found; category and group are the officer's or the laboratory's."""

    scientific_name: Annotated[str | None, goods("Nama ilmiah OPT", "Pest")] = None
    eppo_code: Annotated[str | None, goods("Kode EPPO OPT", "Pest EPPO code")] = None
    stage: Annotated[str | None, goods("Stadium", "Stage")] = None
    alive: Annotated[bool | None, goods("Hidup", "Alive")] = None
    item: Annotated[str | None, goods("Nomor urut barang", "Item")] = None
    found: Annotated[str | None, goods("Tanggal ditemukan", "Found on")] = None
    category: Annotated[str | None, goods("Kategori OPTK", "Category", words.CATEGORIES)] = None
    group: Annotated[str | None, goods("Golongan OPTK", "Group", words.GROUPS)] = None


class Act(Part):
    """One of the 8P with its numbered document to the owner (UU 21/2019 art. 70)."""

    act: Annotated[str, goods("Tindakan", "Act", words.ACTS)]
    number: Annotated[str | None, paper("Nomor dokumen", "Document number")] = None
    form: Annotated[str | None, paper("Formulir", "Form")] = None
    issued_at: Annotated[str | None, goods("Waktu terbit", "Issued")] = None
    ground: Annotated[str | None, paper("Dasar", "Ground", words.GROUNDS)] = None
    details: Annotated[str | None, paper("Uraian", "Details")] = None
    due_at: Annotated[str | None, paper("Batas waktu", "Due")] = None
    issued_by: Annotated[str | None, party("Petugas", "Officer")] = None


class PhytoBody(Part):
    """A certificate as received, or an inspection by itself, with the acts that followed."""

    statement: Annotated[str, goods("Pernyataan", "Statement", words.STATEMENTS)]
    source: Annotated[str, goods("Sumber", "Source", words.SOURCES)]
    direction: Annotated[str | None, goods("Arah", "Direction", words.DIRECTIONS)] = None
    certificate: Annotated[Certificate, Text("Sertifikat", "Certificate")]
    exporter: Annotated[Trader | None, Text("Eksportir", "Exporter")] = None
    consignee: Annotated[Trader | None, Text("Penerima", "Consignee")] = None
    consignment: Annotated[Consignment | None, Text("Pengiriman", "Consignment")] = None
    items: Annotated[list[Item] | None, Text("Barang", "Goods")] = None
    declarations: Annotated[
        list[Declaration] | None, Text("Keterangan tambahan", "Additional declarations")
    ] = None
    notes: Annotated[list[Note] | None, Text("Catatan", "Notes")] = None
    unplaced: Annotated[
        list[Unplaced] | None, Text("Isi di luar skema", "Content outside the schema")
    ] = None
    references: Annotated[
        list[Reference] | None, Text("Dokumen acuan", "Documents referred to")
    ] = None
    envelope: Annotated[Envelope | None, Text("Amplop hub", "Hub envelope")] = None
    inspection: Annotated[Inspection | None, Text("Pemeriksaan", "Inspection")] = None
    pests: Annotated[list[Pest] | None, Text("OPT yang ditemukan", "Pests found")] = None
    acts: Annotated[list[Act] | None, Text("Tindakan karantina", "Quarantine acts")] = None
    documents_completed_at: Annotated[
        str | None, paper("Dokumen dilengkapi", "Documents completed")
    ] = None
    goods_out_at: Annotated[str | None, paper("Barang dikeluarkan", "Goods gone out")] = None
    state: Annotated[State, goods("Status tindakan", "State", words.STATES)] = "open"
