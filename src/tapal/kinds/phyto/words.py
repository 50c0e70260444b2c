"""The trade's codes with their words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tapal.core.text import Text

STATEMENTS: Final[Mapping[str, Text]] = {
    "certificate": Text("sertifikat", "certificate"),
    "inspection": Text("hasil pemeriksaan", "inspection result"),
}
SOURCES: Final[Mapping[str, Text]] = {
    "ephyto": Text("ePhyto", "ePhyto"),
    "paper": Text("sertifikat kertas", "paper certificate"),
    "inspection": Text("catatan pemeriksaan", "inspection record"),
}
DIRECTIONS: Final[Mapping[str, Text]] = {
    "import": Text("pemasukan", "import"),
    "export": Text("pengeluaran", "export"),
    "transit": Text("transit", "transit"),
}
RESULTS: Final[Mapping[str, Text]] = {
    "free": Text("bebas OPTK", "free of regulated pests"),
    "pest_found": Text("ditemukan OPT", "pest found"),
    "documents_only": Text("pemeriksaan dokumen saja", "documents only"),
    "laboratory": Text("menunggu laboratorium", "awaiting laboratory"),
}
STATES: Final[Mapping[str, Text]] = {
    "open": Text("dalam tindakan karantina", "under quarantine"),
    "held": Text("ditahan", "held"),
    "refused": Text("ditolak", "refused"),
    "released": Text("dibebaskan", "released"),
    "destroyed": Text("dimusnahkan", "destroyed"),
    "left": Text("telah dikeluarkan", "gone out again"),
}
# The eight acts ("8P") of UU 21/2019; their order is the legal row quarantine.treatment_order.
ACTS: Final[Mapping[str, Text]] = {
    "pemeriksaan": Text("Pemeriksaan", "Inspection"),
    "pengasingan": Text("Pengasingan", "Isolation"),
    "pengamatan": Text("Pengamatan", "Observation"),
    "perlakuan": Text("Perlakuan", "Treatment"),
    "penahanan": Text("Penahanan", "Detention"),
    "penolakan": Text("Penolakan", "Refusal"),
    "pemusnahan": Text("Pemusnahan", "Destruction"),
    "pembebasan": Text("Pembebasan", "Release"),
}
CATEGORIES: Final[Mapping[str, Text]] = {
    "A1": Text("kategori A1", "category A1"),
    "A2": Text("kategori A2", "category A2"),
}
GROUPS: Final[Mapping[str, Text]] = {
    "I": Text("golongan I", "group I"),
    "II": Text("golongan II", "group II"),
}
# Grounds as the trade names them; which article each stands in was not read.
HOLD_GROUNDS: Final[Mapping[str, Text]] = {
    "documents_missing": Text("dokumen belum lengkap", "documents are incomplete"),
    "laboratory": Text("menunggu hasil laboratorium", "laboratory result awaited"),
}
REFUSAL_GROUNDS: Final[Mapping[str, Text]] = {
    "documents_not_completed": Text(
        "dokumen tidak dilengkapi dalam batas waktu", "documents not completed in time"
    ),
    "pest_not_treatable": Text(
        "OPTK tidak dapat dibebaskan dengan perlakuan", "the pest cannot be removed by treatment"
    ),
    "prohibited": Text("jenis atau asal dilarang", "kind or origin is prohibited"),
    "rotten": Text("busuk atau rusak", "rotten or damaged"),
}
DESTRUCTION_GROUNDS: Final[Mapping[str, Text]] = {
    "not_taken_out": Text(
        "tidak dikeluarkan dalam batas waktu setelah penolakan",
        "not taken out in time after refusal",
    ),
    "pest_not_treatable": REFUSAL_GROUNDS["pest_not_treatable"],
    "rotten": REFUSAL_GROUNDS["rotten"],
}
GROUNDS: Final[Mapping[str, Text]] = {**HOLD_GROUNDS, **REFUSAL_GROUNDS, **DESTRUCTION_GROUNDS}
"""The ground of any act."""
MODES: Final[Mapping[str, Text]] = {
    "0": Text("tidak disebut", "not specified"),
    "1": Text("laut", "sea"),
    "2": Text("kereta api", "rail"),
    "3": Text("jalan", "road"),
    "4": Text("udara", "air"),
    "5": Text("pos", "mail"),
    "6": Text("multimoda", "multimodal"),
    "8": Text("perairan darat", "inland water"),
}
# Those of UNECE Recommendation 20 that certificates use.
UNITS: Final[Mapping[str, Text]] = {
    "KGM": Text("kilogram", "kilograms"),
    "GRM": Text("gram", "grams"),
    "TNE": Text("ton", "tonnes"),
    "LTR": Text("liter", "litres"),
    "MTQ": Text("meter kubik", "cubic metres"),
    "C62": Text("buah", "units"),
    "H87": Text("potong", "pieces"),
    "CEL": Text("derajat Celsius", "degrees Celsius"),
    "FAH": Text("derajat Fahrenheit", "degrees Fahrenheit"),
    "DAY": Text("hari", "days"),
    "HUR": Text("jam", "hours"),
    "MIN": Text("menit", "minutes"),
    "P1": Text("persen", "per cent"),
    "GL": Text("gram per liter", "grams per litre"),
    "A93": Text("gram per meter kubik", "grams per cubic metre"),
}
# Those of UNECE Recommendation 21 that are common.
PACKAGES: Final[Mapping[str, Text]] = {
    "BE": Text("ikat", "bundle"),
    "BG": Text("kantong", "bag"),
    "BK": Text("keranjang", "basket"),
    "BX": Text("kotak", "box"),
    "CR": Text("peti", "crate"),
    "CT": Text("karton", "carton"),
    "NE": Text("tidak dikemas", "unpacked"),
    "PK": Text("kemasan", "package"),
    "PX": Text("palet", "pallet"),
    "SA": Text("karung", "sack"),
}
