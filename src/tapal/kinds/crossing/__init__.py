"""People at the border: one person's entry or exit (M1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tapal.core.kind import PLACE, Kind, Period, Signal
from tapal.core.marking import Sensitivity
from tapal.core.reading import Format
from tapal.core.redaction import value_at
from tapal.core.text import Text
from tapal.kinds.crossing import mrz_list, paxlst, persons_csv, persons_json
from tapal.kinds.crossing.acts import ACTIONS
from tapal.kinds.crossing.cusres import CUSRES
from tapal.kinds.crossing.entities import entities, full_name
from tapal.kinds.crossing.form import FORMS
from tapal.kinds.crossing.keys import KEY_TYPES, keys
from tapal.kinds.crossing.mapped import MAPPED
from tapal.kinds.crossing.model import Crossing
from tapal.kinds.crossing.reading_words import READING_LABELS
from tapal.kinds.crossing.refusal import SHEETS
from tapal.kinds.crossing.rules import RULES

FORMATS: Final = (
    Format(
        "paxlst",
        Text("Daftar penumpang dan awak (PAXLST)", "Passenger and crew list (PAXLST)"),
        paxlst.sniff,
        paxlst.read,
        suffixes=(".paxlst", ".edi", ".txt"),
        reply=CUSRES,
    ),
    Format(
        "mrz",
        Text("Zona baca mesin (MRZ)", "Machine readable zones (MRZ)"),
        mrz_list.sniff,
        mrz_list.read,
        mrz_list.write,
        (".mrz", ".txt"),
    ),
    Format(
        "crossing_csv",
        Text("Tabel perlintasan orang (CSV)", "Table of crossings (CSV)"),
        persons_csv.sniff,
        persons_csv.read,
        persons_csv.write,
        (".csv", ".tsv"),
    ),
    Format(
        "crossing_json",
        Text("Perlintasan orang (JSON)", "Crossings (JSON)"),
        persons_json.sniff,
        persons_json.read,
        persons_json.write,
        (".json", ".jsonl"),
    ),
)


# Any: a body is JSON.
def title(body: Mapping[str, Any]) -> str:
    """The name, or what is left of it; then the document."""
    name = full_name(body.get("person") or {})
    state = value_at(body, "person.nationality") or value_at(body, "document.issuing_state")
    number = value_at(body, "document.number")
    return " · ".join(str(part) for part in (name, state, number) if part)


def sensitivity(body: Mapping[str, Any]) -> Sensitivity:
    """A person's movement is restricted, whoever it is: a higher level would mark him out."""
    return Sensitivity.RESTRICTED


def direction(body: Mapping[str, Any]) -> str:
    """Which way the person goes, for lists that hold one way only."""
    way = body.get("direction")
    return way if way in ("entry", "exit") else ""


CROSSING: Final = Kind(
    name="crossing",
    label=Text("Perlintasan orang", "Crossing"),
    plural=Text("Perlintasan orang", "Crossings"),
    mission="M1",
    icon="arrows-exchange",
    owner_role="immigration",
    model=Crossing,
    formats=FORMATS,
    key_types=KEY_TYPES,
    keys=keys,
    entities=entities,
    title=title,
    summary=(
        "person.primary_identifier",
        "person.secondary_identifier",
        "person.nationality",
        "person.birth_date",
        "person.sex",
        "document.document_class",
        "document.number",
        "document.issuing_state",
        "document.expires",
        "direction",
        "mode",
        "local_time",
        "zone",
        "purpose",
        "residence.text",
        "destination.text",
        "journey.number",
        "vehicle.plate",
        "decision.outcome",
    ),
    sensitivity=sensitivity,
    direction=direction,
    samples=Path(__file__).parent / "samples",
    rules=RULES,
    reading_labels=READING_LABELS,
    actions=ACTIONS,
    forms=FORMS,
    mapped=MAPPED,
    sheets=SHEETS,
    # What a carrier only announced is no crossing.
    signals=(
        Signal(
            "entries",
            Text("Orang masuk", "Entries"),
            {"direction": "entry"},
            by=(PLACE, "person.nationality"),
            period=Period.DAY,
            family="traffic",
            unless={"capture": "carrier_list"},
        ),
        Signal(
            "exits",
            Text("Orang keluar", "Exits"),
            {"direction": "exit"},
            by=(PLACE, "person.nationality"),
            period=Period.DAY,
            family="traffic",
            unless={"capture": "carrier_list"},
        ),
        Signal(
            "crossings",
            Text("Perlintasan", "Crossings"),
            {},
            unless={"capture": "carrier_list"},
        ),
        Signal(
            "border_pass_crossings",
            Text("Perlintasan dengan pas lintas batas", "Crossings on border passes"),
            {"document.document_class": "border_pass"},
            denominator="crossings",
            unless={"capture": "carrier_list"},
        ),
    ),
    lake=(
        "direction",
        "mode",
        "role",
        "capture",
        "purpose",
        "person.sex",
        "person.nationality",
        "person.residence_state",
        "document.document_class",
        "document.issuing_state",
        "residence.area",
        "destination.area",
        "extensions",
        "stay.basis",
        "stay.permitted_days",
        "journey.carrier",
        "journey.number",
        "journey.departure_port",
        "journey.arrival_port",
    ),
)
