"""Plant consignments from tables of other systems: one certificate, or one of its goods, a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tapal.core.mapped import Mapped
from tapal.data.states import state_meant

_COUNTRIES: Final = ("country", "countries")


def _code(path: str, word: str) -> str | None:
    """A country by its code or its name; other codes have words of their own."""
    return state_meant(word) if path.endswith(_COUNTRIES) else None


# Any: a body is JSON.
def _keep(body: dict[str, Any], aside: Mapping[str, str]) -> None:
    """Cells without a field are notes under their headings."""
    notes = body.setdefault("notes", [])
    notes += [{"subject": heading, "text": text} for heading, text in aside.items()]


MAPPED: Final = Mapped(
    format="phyto_json",
    needed=("certificate.number",),
    keep=_keep,
    constants={"statement": "certificate", "source": "paper"},
    # What only quarantine here does, and what comes with a message of the hub.
    closed=("acts", "state", "documents_completed_at", "goods_out_at", "envelope", "unplaced"),
    headings={
        "certificate.number": (
            "nomor sertifikat", "no sertifikat", "nomor kt", "no kt", "certificate no",
            "nomor phytosanitary certificate", "nomor pc",
        ),
        "certificate.issuing_country": ("negara penerbit", "negara asal sertifikat", "issuing country"),
        "certificate.issued": ("tanggal terbit", "tgl terbit", "tanggal sertifikat", "date of issue"),
        "certificate.import_permit": ("nomor izin impor", "no sip", "import permit"),
        "exporter.name": ("eksportir", "pengirim", "nama pengirim", "exporter", "shipper"),
        "exporter.country": ("negara pengirim", "negara eksportir"),
        "consignee.name": ("importir", "penerima", "nama penerima", "consignee", "importer"),
        "consignee.address": ("alamat penerima", "alamat importir"),
        "consignment.export_country": ("negara asal", "negara pengekspor", "origin country"),
        "consignment.import_country": ("negara tujuan", "destination country"),
        "consignment.point_of_entry_name": ("tempat pemasukan", "pelabuhan masuk", "point of entry"),
        "items.scientific_names": ("nama ilmiah", "nama latin", "botanical name", "scientific name"),
        "items.common_names": ("nama umum", "nama komoditas", "komoditas", "media pembawa", "commodity"),
        "items.descriptions": ("uraian barang", "deskripsi", "description"),
        "items.hs_code": ("kode hs", "hs code", "pos tarif", "hs"),
        "items.net_weight.value": ("berat bersih", "netto", "volume netto", "net weight", "jumlah"),
        "items.net_weight.unit": ("satuan", "unit", "satuan berat"),
        "consignment.transport.number": ("nomor kendaraan", "no polisi", "nomor voyage"),
        "consignment.containers.number": ("nomor kontainer", "nomor peti kemas", "container no"),
    },
    code=_code,
    times=("inspection.inspected_at",),
    days=("certificate.issued", "certificate.valid_until", "certificate.signed", "pests.found"),
)  # fmt: skip
