"""One person from flat, typed fields: the shape of a table's row, of JSON and of the counter's form.

Codes may be written as code or as word, in either language.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from tapal.core.reading import Draft, ReadContext, Rejection
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.formats import mrz
from tapal.formats.table_dates import Order, serial_time
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.cells import LABELS, Cells, coded
from tapal.kinds.crossing.codes import plain
from tapal.kinds.crossing.model import (
    Area,
    Capture,
    Companion,
    Crossing,
    Guardian,
    Journey,
    Person,
    Stay,
    TravelDocument,
    Vehicle,
)
from tapal.kinds.crossing.reading import (
    Moment,
    Notes,
    clean,
    no_name,
    post_of,
    tell_unknown_zone,
    when,
    zone_name,
)
from tapal.kinds.crossing.zone import Scanned, from_zone, merge_zone

FIELDS = (
    "direction post time zone mode role name primary_identifier secondary_identifier sex birth_date"
    " birth_place nationality document_class document_code document_number issuing_state issued"
    " expires residence destination purpose extensions permitted_days permitted_until stay_basis"
    " guardian guardian_document guardian_relation evidence companions plate vehicle_state"
    " vehicle_type carrier voyage remarks mrz capture"
)
NAMES = frozenset(FIELDS.split())

# Two nationalities in one cell. No name of a State has such a mark, but "Korea, Republic of" a comma.
_STATES_BETWEEN = re.compile(r"\s*[;/|]\s*")


_NO_STATE = frozenset({"wna", "asing", "orang asing", "foreigner", "foreign"})
_NATIONALITY = Text("Kewarganegaraan", "Nationality")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
"""A long number as a spreadsheet shows it: its last digits are lost."""


# Any: JSON values.
def draft_of(
    values: Mapping[str, Any],
    context: ReadContext,
    *,
    place: str,
    capture: Capture,
    raw: str,
    orders: Mapping[str, Order] | None = None,
) -> Draft | Rejection:
    """Make a record of flat fields, or say why there can be none."""
    cells = Cells(values, orders=orders or {})
    person, document = _person(cells), _document(cells)
    scanned = _scanned(cells, context)
    if scanned is not None:
        person, document = merge_zone(scanned, person, document, cells.notes)
    if not person.primary_identifier:
        return no_name(place, raw)
    post = _post(cells, context)
    at = _time(cells, post.zone if post else "")
    body = _body(
        cells,
        capture=capture,
        person=person,
        document=document,
        mrz=scanned.zone if scanned else None,
        local_time=at.local if at else None,
        zone=at.zone if at else None,
    )
    if at is not None and at.at is None:
        tell_unknown_zone(cells.notes, at.local)
    return Draft(
        place,
        body,
        at.at if at else None,
        cells.text("time") or "",
        post.id if post else None,
        tuple(cells.notes.findings),
    )


# Any: JSON values.
def said_by(values: Mapping[str, Any]) -> Hashable:
    """What the known fields say: of two rows that say the same one may be a copy."""
    return tuple(sorted((name, str(value)) for name, value in values.items() if name in NAMES))


# Any: the parts that were read before, by their fields' names.
def _body(cells: Cells, **parts: Any) -> Crossing:
    """The whole body: what was read before, and every other cell."""
    return Crossing(
        **parts,
        direction=cells.code("direction"),
        role=cells.code("role") or "traveller",
        mode=cells.code("mode"),
        residence=_area(cells, "residence"),
        destination=_area(cells, "destination"),
        purpose=_purpose(cells),
        extensions=cells.number("extensions"),
        stay=_stay(cells),
        guardian=_guardian(cells),
        companions=_companions(cells),
        vehicle=_vehicle(cells),
        journey=_journey(cells),
        remarks=cells.text("remarks"),
        extra=_extra(cells.values),
        # Last: every cell has noted what it could not read.
        unread=cells.notes.unread,
    )


def _scanned(cells: Cells, context: ReadContext) -> Scanned | None:
    given = cells.values.get("mrz")
    text = "\n".join(given) if isinstance(given, list) else str(given or "")
    document = mrz.read_one(text) if text.strip() else None
    if text.strip() and document is None:
        cells.notes.cannot_read("mrz", text, Text("Zona baca mesin", "Machine readable zone"))
    return from_zone(document, context.received_at.date(), cells.notes) if document else None


def _person(cells: Cells) -> Person:
    primary, secondary = cells.text("primary_identifier"), cells.text("secondary_identifier")
    if not primary and (whole := cells.text("name")):
        # Which part is the family name cannot be told from a name in one piece.
        primary, _, rest = whole.partition(",")
        secondary = secondary or rest.strip() or None
    given = _STATES_BETWEEN.split(cells.text("nationality") or "")
    if plain(given[0]) in _NO_STATE:
        cells.notes.cannot_read("person.nationality", given.pop(0), _NATIONALITY)
    states = list(dict.fromkeys(codes.state_code(each) for each in given if each))
    return Person(
        primary_identifier=primary,
        secondary_identifier=secondary,
        sex=cells.code("sex"),
        birth_date=cells.date("birth_date"),
        birth_place=cells.text("birth_place"),
        nationality=states[0] if states else None,
        other_nationalities=states[1:],
    )


def _document(cells: Cells) -> TravelDocument | None:
    number = cells.text("document_number")
    if number and _ROUNDED.fullmatch(number):
        cells.notes.cannot_read("document.number", number, Text("Nomor dokumen", "Document number"))
        number = None
    document = TravelDocument(
        document_class=cells.code("document_class"),
        document_code=cells.text("document_code"),
        number=number,
        issuing_state=cells.state("issuing_state"),
        issued=cells.date("issued"),
        expires=cells.date("expires"),
    )
    return document if document.model_dump(exclude_none=True) else None


def _post(cells: Cells, context: ReadContext) -> Place | None:
    given = cells.text("post")
    if not given:
        return context.post
    found = post_of(given, context)
    if found is None:
        cells.notes.cannot_read("post", given, LABELS["post"])
        return context.post
    return found


def _time(cells: Cells, post_zone: str) -> Moment | None:
    given = cells.text("time")
    if not given:
        return None
    written = zone_name(cells.text("zone") or "")
    text, _, last = given.rpartition(" ")
    if text and zone_name(last) and last.isalpha():
        given, written = text, zone_name(last)
    try:
        return when(given, written, post_zone, cells.notes, cells.order("time"))
    except ValueError:
        serial = serial_time(given)
        if serial is None:
            cells.notes.cannot_read("local_time", given, LABELS["time"])
            return None
        cells.tell_serial("time", given)
        return when(serial.isoformat(" "), written, post_zone, cells.notes)


def _area(cells: Cells, name: str) -> Area | None:
    given = cells.text(name)
    if not given:
        return None
    found = codes.areas_named(given)
    return Area(area=found[0].id if len(found) == 1 else None, text=given)


def _purpose(cells: Cells) -> str | None:
    given = cells.text("purpose")
    return (coded("purpose", given) or given) if given else None


def _stay(cells: Cells) -> Stay | None:
    stay = Stay(
        basis=cells.code("stay_basis"),
        permitted_days=cells.number("permitted_days"),
        permitted_until=cells.date("permitted_until"),
    )
    return stay if stay.model_dump(exclude_none=True) else None


def _guardian(cells: Cells) -> Guardian | None:
    guardian = Guardian(
        name=cells.text("guardian"),
        document_number=cells.text("guardian_document"),
        relation=cells.text("guardian_relation"),
        evidence=[coded("evidence", each) or each for each in cells.many("evidence")],
    )
    return guardian if guardian.model_dump(exclude_none=True, exclude_defaults=True) else None


def _companions(cells: Cells) -> list[Companion]:
    value = cells.values.get("companions")
    rows = value if isinstance(value, list) else []
    return [_companion(row, cells.notes) for row in rows if isinstance(row, Mapping)]


def _companion(row: Mapping[str, Any], notes: Notes) -> Companion:
    cells = Cells(row, notes)
    person = _person(cells)
    return Companion(
        primary_identifier=person.primary_identifier,
        secondary_identifier=person.secondary_identifier,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        document_number=cells.text("document_number"),
        issuing_state=cells.state("issuing_state") or person.nationality,
        relation=cells.text("relation"),
        evidence=[coded("evidence", each) or each for each in cells.many("evidence")],
    )


def _vehicle(cells: Cells) -> Vehicle | None:
    vehicle = Vehicle(
        plate=cells.text("plate"),
        state=cells.state("vehicle_state"),
        type=cells.text("vehicle_type"),
    )
    return vehicle if vehicle.model_dump(exclude_none=True) else None


def _journey(cells: Cells) -> Journey | None:
    carrier, number = cells.text("carrier"), cells.text("voyage")
    return Journey(carrier=carrier, number=number) if carrier or number else None


def _extra(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        clean(name): clean(str(value))
        for name, value in values.items()
        if name not in NAMES and value is not None and clean(str(value))
    }
