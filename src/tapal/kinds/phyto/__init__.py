"""Plants and plant products at the border: certificate, inspection, quarantine acts (M5)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tapal.core.kind import ANY_VALUE, PLACE, Kind, Signal
from tapal.core.reading import Format
from tapal.core.text import Text
from tapal.kinds.phyto import (
    codes,
    conformance,
    ephyto,
    ephyto_write,
    forms,
    inspection_csv,
    json_bodies,
    naming,
)
from tapal.kinds.phyto.acts import ACTIONS
from tapal.kinds.phyto.mapped import MAPPED
from tapal.kinds.phyto.quarantine import PhytoBody
from tapal.kinds.phyto.rules import RULES
from tapal.kinds.phyto.sheets import SHEETS

FORMATS: Final = (
    Format(
        "ephyto",
        Text("ePhyto IPPC (XML)", "IPPC ePhyto (XML)"),
        ephyto.sniff,
        ephyto.read,
        ephyto_write.write,
        (".xml",),
        # The hub's header is the hub's; what quarantine did is no part of a certificate.
        omits=(
            "envelope",
            "inspection",
            "pests",
            "acts",
            "documents_completed_at",
            "goods_out_at",
            "state",
        ),
    ),
    Format(
        "phyto_json",
        Text("Catatan karantina tumbuhan (JSON)", "Plant quarantine records (JSON)"),
        json_bodies.sniffer(b'"statement"', b'"certificate"'),
        json_bodies.read_body,
        json_bodies.write_bodies,
        (".json",),
    ),
    Format(
        "phyto_paper",
        Text("Sertifikat kertas yang diketik", "Typed paper certificate"),
        json_bodies.sniffer(b'"certificate_number"', b'"items"'),
        json_bodies.read_paper,
    ),
    Format(
        "phyto_inspection",
        Text("Hasil pemeriksaan yang diketik", "Typed inspection result"),
        json_bodies.sniffer(b'"certificate_number"', b'"inspected_at"'),
        json_bodies.read_inspection,
    ),
    Format(
        "phyto_inspection_csv",
        Text("Daftar hasil pemeriksaan (CSV)", "List of inspection results (CSV)"),
        inspection_csv.sniff,
        inspection_csv.read,
        suffixes=(".csv",),
    ),
)

PLANTS: Final = Text("tumbuhan", "plants")

PHYTO: Final = Kind(
    name="phyto",
    label=Text("Sertifikat fitosanitari", "Phytosanitary certificate"),
    plural=Text("Karantina tumbuhan", "Plant quarantine"),
    mission="M5",
    icon="plant-2",
    owner_role="quarantine plant",
    model=PhytoBody,
    formats=FORMATS,
    key_types=naming.KEY_TYPES,
    keys=naming.keys,
    entities=naming.entities,
    title=naming.title,
    summary=(
        "certificate.number",
        "certificate.issuing_country",
        "certificate.type_code",
        "certificate.status_code",
        "certificate.issued",
        "items.scientific_names",
        "items.net_weight.value",
        "consignment.import_country",
        "consignee.name",
        "inspection.result",
        "state",
    ),
    sensitivity=naming.sensitivity,
    samples=Path(__file__).parent / "samples",
    legal=Path(__file__).parent / "codes" / "legal_rows.csv",
    procedures=Path(__file__).parent / "procedures",
    rules=RULES,
    reading_labels=conformance.READING_LABELS,
    actions=ACTIONS,
    forms=forms.FORMS,
    mapped=MAPPED,
    sheets=SHEETS,
    signals=(
        Signal(
            "phyto_consignments",
            Text("Media pembawa yang dilaporkan", "Consignments reported"),
            {},
            by=(PLACE, "consignment.export_country"),
            stream=PLANTS,
        ),
        Signal(
            "phyto_refused",
            Text("Media pembawa ditolak", "Consignments refused"),
            {"state": "refused"},
            by=(PLACE, "consignment.export_country"),
            denominator="phyto_consignments",
            stream=PLANTS,
            family="plant_pests",
        ),
        Signal(
            "phyto_inspections",
            Text("Pemeriksaan media pembawa", "Inspections of consignments"),
            {"inspection.result": ANY_VALUE},
            stream=PLANTS,
        ),
        Signal(
            "phyto_pest_found",
            Text("Pemeriksaan yang menemukan OPT", "Inspections that found a pest"),
            {"inspection.result": "pest_found"},
            denominator="phyto_inspections",
            stream=PLANTS,
            family="plant_pests",
        ),
        Signal(
            "phyto_pests",
            Text("Temuan OPT menurut jenis", "Pests found, by species"),
            {"inspection.result": "pest_found"},
            by=(PLACE, "pests.eppo_code"),
            stream=PLANTS,
            family="plant_pest_species",
            condition=codes.pest_condition,
        ),
    ),
    lake=(
        "statement",
        "source",
        "direction",
        "certificate.type_code",
        "certificate.status_code",
        "consignment.export_country",
        "consignment.import_country",
        "items.commodity",
        "items.hs_code",
        "items.net_weight.value",
        "items.net_weight.unit",
        "inspection.result",
        "pests.eppo_code",
        "state",
    ),
)
