"""One person from flat, typed fields: the shape of a table's row, of JSON and of the counter's form.

Codes may be written as code or as word, in either language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from tapal.core.reading import Draft, ReadContext, Rejection
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.formats import mrz
from tapal.kinds.crossing import codes
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
    moment,
    no_name,
    post_of,
    table_date,
    tell_unknown_zone,
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

_SYNONYMS = {
    "direction": {"in": "entry", "out": "exit", "arrival": "entry", "departure": "exit", "m": "entry",
                  "k": "exit", "kedatangan": "entry", "keberangkatan": "exit"},
    "sex": {"l": "M", "p": "F", "pria": "M", "wanita": "F", "x": "X"},
    "document_class": {"plb": "border_pass", "p": "passport", "tbc card": "border_pass",
                       "border crossing card": "border_pass", "ktp": "identity_card"},
}  # fmt: skip

LABELS = {
    "direction": Text("Arah", "Direction"),
    "sex": Text("Jenis kelamin", "Sex"),
    "birth_date": Text("Tanggal lahir", "Date of birth"),
    "issued": Text("Tanggal terbit", "Date of issue"),
    "expires": Text("Masa berlaku", "Date of expiry"),
    "permitted_until": Text("Batas tinggal", "Permitted until"),
    "extensions": Text("Jumlah perpanjangan", "Number of extensions"),
    "permitted_days": Text("Lama tinggal", "Permitted days"),
    "time": Text("Waktu lintas", "Time of crossing"),
    "post": Text("Pos", "Post"),
    "mode": Text("Moda", "Mode"),
    "role": Text("Peran", "Role"),
    "document_class": Text("Jenis dokumen", "Document"),
    "stay_basis": Text("Dasar tinggal", "Basis of stay"),
}

# Where a field's value stands in the body, for what could not be read.
_PATHS = {
    "sex": "person.sex",
    "birth_date": "person.birth_date",
    "issued": "document.issued",
    "expires": "document.expires",
    "document_class": "document.document_class",
    "permitted_days": "stay.permitted_days",
    "permitted_until": "stay.permitted_until",
    "stay_basis": "stay.basis",
    "time": "local_time",
}
# Two nationalities in one cell. No name of a State has such a mark, but "Korea, Republic of" a comma.
_STATES_BETWEEN = re.compile(r"\s*[;/|]\s*")
_LISTS: Mapping[str, Mapping[str, Text]] = {
    "direction": codes.DIRECTIONS,
    "sex": codes.SEXES,
    "mode": codes.MODES,
    "role": codes.ROLES,
    "document_class": codes.DOCUMENT_CLASSES,
    "stay_basis": codes.STAY_BASES,
    "purpose": codes.PURPOSES,
    "evidence": codes.EVIDENCE,
}


@dataclass(slots=True)
class _Cells:
    """Flat values with what was noted while they were used."""

    # Any: JSON values; a table's are text.
    values: Mapping[str, Any]
    notes: Notes = field(default_factory=Notes)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, (list, dict)):
            return None
        return clean(str(value)) or None

    def code(self, name: str) -> str | None:
        given = self.text(name)
        if given is None:
            return None
        found = coded(name, given)
        if found is None:
            self._unread(name, given)
        return found

    def date(self, name: str) -> str | None:
        given = self.text(name)
        try:
            return table_date(given) if given else None
        except ValueError:
            self._unread(name, given or "")
            return None

    def number(self, name: str) -> int | None:
        given = self.text(name)
        if given is None:
            return None
        if given.isascii() and given.isdigit() and len(given) < 6:
            return int(given)
        self._unread(name, given)
        return None

    def state(self, name: str) -> str | None:
        given = self.text(name)
        return codes.state_code(given) if given else None

    def many(self, name: str) -> list[str]:
        """A list, or a text with semicolons."""
        value = self.values.get(name)
        parts = value if isinstance(value, list) else str(value or "").replace(",", ";").split(";")
        return [clean(str(part)) for part in parts if clean(str(part))]

    def _unread(self, name: str, given: str) -> None:
        self.notes.cannot_read(_PATHS.get(name, name), given, LABELS[name])


@lru_cache(maxsize=4096)
def coded(name: str, given: str) -> str | None:
    """The code that a text means in a list: the code itself, its word, or a usual synonym."""
    words = _LISTS[name]
    key = plain(given)
    for code, label in words.items():
        if key in (plain(code), plain(label.id), plain(label.en)):
            return code
    return _SYNONYMS.get(name, {}).get(key)


# Any: JSON values.
def draft_of(
    values: Mapping[str, Any], context: ReadContext, *, place: str, capture: Capture, raw: str
) -> Draft | Rejection:
    """Make a record of flat fields, or say why there can be none."""
    cells = _Cells(values)
    person, document = _person(cells), _document(cells)
    scanned = _scanned(cells, context)
    if scanned is not None:
        person, document = merge_zone(scanned, person, document, cells.notes)
    if not person.primary_identifier:
        return no_name(place, raw)
    post = _post(cells, context)
    at = _time(cells, post.zone if post else "")
    body = Crossing(
        direction=cells.code("direction"),
        local_time=at.local if at else None,
        zone=at.zone if at else None,
        role=cells.code("role") or "traveller",
        mode=cells.code("mode"),
        capture=capture,
        person=person,
        document=document,
        mrz=scanned.zone if scanned else None,
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
        extra=_extra(values),
        unread=cells.notes.unread,
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


def _scanned(cells: _Cells, context: ReadContext) -> Scanned | None:
    given = cells.values.get("mrz")
    text = "\n".join(given) if isinstance(given, list) else str(given or "")
    document = mrz.read_one(text) if text.strip() else None
    if text.strip() and document is None:
        cells.notes.cannot_read("mrz", text, Text("Zona baca mesin", "Machine readable zone"))
    return from_zone(document, context.received_at.date(), cells.notes) if document else None


def _person(cells: _Cells) -> Person:
    primary, secondary = cells.text("primary_identifier"), cells.text("secondary_identifier")
    if not primary and (whole := cells.text("name")):
        # Which part is the family name cannot be told from a name in one piece.
        primary, _, rest = whole.partition(",")
        secondary = secondary or rest.strip() or None
    given = _STATES_BETWEEN.split(cells.text("nationality") or "")
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


def _document(cells: _Cells) -> TravelDocument | None:
    document = TravelDocument(
        document_class=cells.code("document_class"),
        document_code=cells.text("document_code"),
        number=cells.text("document_number"),
        issuing_state=cells.state("issuing_state"),
        issued=cells.date("issued"),
        expires=cells.date("expires"),
    )
    return document if document.model_dump(exclude_none=True) else None


def _post(cells: _Cells, context: ReadContext) -> Place | None:
    given = cells.text("post")
    if not given:
        return context.post
    found = post_of(given, context)
    if found is None:
        cells.notes.cannot_read("post", given, LABELS["post"])
        return context.post
    return found


def _time(cells: _Cells, post_zone: str) -> Moment | None:
    given = cells.text("time")
    if not given:
        return None
    written = zone_name(cells.text("zone") or "")
    text, _, last = given.rpartition(" ")
    if text and zone_name(last) and last.isalpha():
        given, written = text, zone_name(last)
    try:
        return when(given, written, post_zone, cells.notes)
    except ValueError:
        cells.notes.cannot_read("local_time", given, LABELS["time"])
        return None


_CLOCK = re.compile(r"\d[T ]\d|:")
_DAY_ALONE = Text(
    "Hanya tanggal lintas yang disebut; jamnya tidak diketahui.",
    "Only the day of the crossing is given; its hour is not known.",
)


def when(given: str, written_zone: str, post_zone: str, notes: Notes) -> Moment:
    """When a crossing was, at the written zone, else the post's.

    A day without an hour stays a day in the body; its instant is the day's beginning, for order
    only. Raises ValueError for what is no time.
    """
    local = table_time(given)
    found = moment(local, written_zone or ("" if local.tzinfo else post_zone))
    if _CLOCK.search(given):
        return found
    notes.note("time_is_a_day", _DAY_ALONE, "local_time")
    return replace(found, local=local.date().isoformat())


def table_time(text: str) -> datetime:
    """A time as tables write it: ISO 8601, or a date with the day first and a clock time.

    Raises ValueError.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day, _, clock = text.strip().partition(" ")
        whole = table_date(day)
        if len(whole) < 10:
            raise
        return datetime.fromisoformat(f"{whole}T{clock.strip().replace('.', ':') or '00:00'}")


def _area(cells: _Cells, name: str) -> Area | None:
    given = cells.text(name)
    if not given:
        return None
    found = codes.areas_named(given)
    return Area(area=found[0].id if len(found) == 1 else None, text=given)


def _purpose(cells: _Cells) -> str | None:
    given = cells.text("purpose")
    return (coded("purpose", given) or given) if given else None


def _stay(cells: _Cells) -> Stay | None:
    stay = Stay(
        basis=cells.code("stay_basis"),
        permitted_days=cells.number("permitted_days"),
        permitted_until=cells.date("permitted_until"),
    )
    return stay if stay.model_dump(exclude_none=True) else None


def _guardian(cells: _Cells) -> Guardian | None:
    guardian = Guardian(
        name=cells.text("guardian"),
        document_number=cells.text("guardian_document"),
        relation=cells.text("guardian_relation"),
        evidence=[coded("evidence", each) or each for each in cells.many("evidence")],
    )
    return guardian if guardian.model_dump(exclude_none=True, exclude_defaults=True) else None


def _companions(cells: _Cells) -> list[Companion]:
    value = cells.values.get("companions")
    rows = value if isinstance(value, list) else []
    return [_companion(row, cells.notes) for row in rows if isinstance(row, Mapping)]


def _companion(row: Mapping[str, Any], notes: Notes) -> Companion:
    cells = _Cells(row, notes)
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


def _vehicle(cells: _Cells) -> Vehicle | None:
    vehicle = Vehicle(
        plate=cells.text("plate"),
        state=cells.state("vehicle_state"),
        type=cells.text("vehicle_type"),
    )
    return vehicle if vehicle.model_dump(exclude_none=True) else None


def _journey(cells: _Cells) -> Journey | None:
    carrier, number = cells.text("carrier"), cells.text("voyage")
    return Journey(carrier=carrier, number=number) if carrier or number else None


def _extra(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        clean(name): clean(str(value))
        for name, value in values.items()
        if name not in NAMES and value is not None and clean(str(value))
    }
