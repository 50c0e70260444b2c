"""One person's group of a passenger list: from NAD to the next NAD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tapal.core.finding import Compared, Weight
from tapal.core.reading import ReadContext
from tapal.core.text import Text
from tapal.formats.edifact import Segment
from tapal.kinds.crossing.codes import state_code
from tapal.kinds.crossing.edifact_date import read_day
from tapal.kinds.crossing.model import Baggage, Journey, Person, TravelDocument
from tapal.kinds.crossing.paxlst_flight import Flight
from tapal.kinds.crossing.reading import Notes, clean

ROLES: Mapping[str, str] = {
    "FL": "passenger",
    "FM": "crew",
    "DDU": "transit_passenger",
    "DDT": "transit_crew",
}
"""Party function codes (3035) of NAD that begin a person."""

_CLASSES = {"P": "passport", "V": "visa", "A": "identity_card", "C": "identity_card",
            "I": "identity_card", "S": "seaman_book", "L": "laissez_passer"}  # fmt: skip
_SEXES = {"M": "M", "F": "F", "U": "X", "X": "X", "MALE": "M", "FEMALE": "F"}
_VERIFIED = {"173": True, "174": False}


def role_of(nad: Segment) -> str:
    """The role of the person whom a NAD begins; "" for the sender and other parties."""
    return ROLES.get(nad.get(0).upper(), "")


@dataclass(slots=True)
class Group:
    """A person's NAD and the segments that follow it."""

    nad: Segment
    segments: list[Segment]

    def raw(self) -> str:
        """The group as text, for a reject."""
        return " ".join(_plain(segment) for segment in (self.nad, *self.segments))


@dataclass(slots=True)
class Read:
    """What a group says."""

    role: str
    person: Person
    journey: Journey
    document: TravelDocument | None = None
    further: list[TravelDocument] = field(default_factory=list)
    baggage: Baggage | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Parts:
    """Fields as they are gathered, before they become models."""

    near: date
    notes: Notes
    person: dict[str, str] = field(default_factory=dict)
    nationalities: list[str] = field(default_factory=list)
    journey: dict[str, object] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    pieces: int | None = None
    weight: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    early: list[Segment] = field(default_factory=list)  # of a document, before its DOC

    def keep(self, segment: Segment) -> None:
        """Keep a segment that has no field here, as it came."""
        self.extra[_free(segment.tag, self.extra)] = _plain(segment)

    def refer(self, name: str, value: str) -> None:
        """Keep a reference beside others of its name."""
        if value and value not in self.references.values():
            self.references[_free(name, self.references)] = value

    def say(self, values: dict[str, str], name: str, value: str, label: Text, path: str) -> None:
        """Set a value that may be said once only; another one is told and kept beside it."""
        if values.setdefault(name, value) == value:
            return
        self.extra[_free(path, self.extra)] = value
        text = Text(
            "{label_id} disebut dua kali dengan nilai berlainan; yang pertama dipakai.",
            "{label_en} is given twice with different values; the first one is used.",
        )
        self.notes.note(
            "value_given_twice",
            text.fill(label_id=label.id, label_en=label.en),
            path,
            weight=Weight.LOOK,
            compared=(Compared(label, values[name], value, agree=False),),
            about=path,
        )


def _free(name: str, held: Mapping[str, str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free in held:
        number += 1
        free = f"{name} {number}"
    return free


def read_person(group: Group, flight: Flight, context: ReadContext, notes: Notes) -> Read:
    """Read a group; what cannot be read is noted and kept."""
    near = flight.border_time.date() if flight.border_time else context.received_at.date()
    parts = _Parts(near, notes)
    _name(group.nad, parts)
    for segment in group.segments:
        _READERS.get(segment.tag, _Parts.keep)(parts, segment)
    for segment in parts.early:
        parts.keep(segment)
    documents = [TravelDocument(**each) for each in parts.documents]
    main = _main(documents)
    for document in documents:
        if document.document_code is None and document.number:
            _tell_no_type(notes)
    journey = flight.journey.model_copy(
        update={**parts.journey, "references": parts.references or None}
    )
    bags = Baggage(pieces=parts.pieces, weight=parts.weight, tags=parts.tags)
    return Read(
        role=role_of(group.nad),
        person=Person(
            **parts.person,
            nationality=next(iter(parts.nationalities), None),
            other_nationalities=parts.nationalities[1:],
        ),
        journey=journey,
        document=main,
        further=[document for document in documents if document is not main],
        baggage=bags if bags.model_dump(exclude_none=True, exclude_defaults=True) else None,
        extra=parts.extra,
    )


def _main(documents: list[TravelDocument]) -> TravelDocument | None:
    """The document on which the person travels: the first that is no visa."""
    return next((d for d in documents if d.document_class != "visa"), None) or next(
        iter(documents), None
    )


def _tell_no_type(notes: Notes) -> None:
    notes.note(
        "document_type_missing",
        Text("Jenis dokumen tidak disebut (DOC).", "The document's type is not given (DOC)."),
        "document.document_code",
    )


def _name(nad: Segment, parts: _Parts) -> None:
    components = [clean(part) for part in (nad.elements[3] if len(nad.elements) > 3 else ())]
    given = " ".join(part for part in components[1:] if part)
    if components and components[0]:
        parts.person["primary_identifier"] = components[0]
        if given:
            parts.person["secondary_identifier"] = given
    elif given:
        # A single name in the second place is still the only name there is.
        parts.person["primary_identifier"] = given
    address = [clean(" ".join(e)) for e in nad.elements[4:] if clean(" ".join(e))]
    if address:
        parts.extra["address"] = ", ".join(address)


def _att(parts: _Parts, segment: Segment) -> None:
    if segment.get(0) != "2":
        parts.keep(segment)
        return
    given = clean(segment.get(2) or segment.get(2, 3)).upper()
    label = Text("Jenis kelamin", "Sex")
    if given in _SEXES:
        parts.say(parts.person, "sex", _SEXES[given], label, "person.sex")
    elif given:
        parts.notes.cannot_read("person.sex", given, label)
    elif len(segment.elements) > 1:
        parts.keep(segment)


_DATES = {
    "329": ("birth_date", Text("Tanggal lahir", "Date of birth")),
    "36": ("expires", Text("Masa berlaku dokumen", "Document expiry")),
    "182": ("issued", Text("Tanggal terbit dokumen", "Document issue")),
}


def _dtm(parts: _Parts, segment: Segment) -> None:
    known = _DATES.get(segment.get(0))
    value, code = segment.get(0, 1), segment.get(0, 2)
    if known is None:
        parts.keep(segment)
        return
    if not value:
        return  # an empty DTM+36 says that the sender has no date
    name, label = known
    birth = name == "birth_date"
    if not birth and not parts.documents:
        parts.early.append(segment)
        return
    path = f"person.{name}" if birth else f"document.{name}"
    if not value.strip("0"):
        # Six or eight noughts: senders fill in what they do not know.
        parts.notes.cannot_read(path, value, label, weight=Weight.NOTE)
        return
    try:
        day = read_day(value, code, parts.near, past=birth, last=name == "expires")
    except ValueError:
        parts.notes.cannot_read(path, value, label, weight=Weight.LOOK)
        return
    parts.say(parts.person if birth else parts.documents[-1], name, day, label, path)


def _loc(parts: _Parts, segment: Segment) -> None:
    value = clean(segment.get(1)) or clean(segment.get(1, 3))
    if not value:
        return
    match segment.get(0):
        case "178":
            parts.journey["embarkation"] = value
        case "179":
            parts.journey["disembarkation"] = value
        case "22":
            parts.journey["clearance_port"] = value
        case "174":
            parts.person["residence_state"] = state_code(value)
        case "180":
            town = clean(segment.get(1, 3))
            state = clean(segment.get(1))
            place = ", ".join(part for part in (town, state) if part)
            label = Text("Tempat lahir", "Place of birth")
            parts.say(parts.person, "birth_place", place, label, "person.birth_place")
        case "91" if parts.documents:
            label = Text("Negara penerbit", "Issuing State")
            state, path = state_code(value), "document.issuing_state"
            parts.say(parts.documents[-1], "issuing_state", state, label, path)
        case "91":
            parts.early.append(segment)
        case _:
            parts.keep(segment)


def _nat(parts: _Parts, segment: Segment) -> None:
    """A nationality; a second one is kept beside the first (qualifier 2 is the present one)."""
    value = clean(segment.get(1)) or clean(segment.get(1, 3))
    state = state_code(value) if value else ""
    if state and state not in parts.nationalities:
        parts.nationalities.append(state)


def _doc(parts: _Parts, segment: Segment) -> None:
    code = clean(segment.get(0)).upper()
    document = {"number": clean(segment.get(1))} if clean(segment.get(1)) else {}
    if code:
        document["document_code"] = code
        document["document_class"] = _CLASSES.get(code[:1], "other")
    parts.documents.append(document)
    early, parts.early = parts.early, []
    for each in early:
        # What stands before the first DOC is of that document: its group was written upside down.
        _READERS[each.tag](parts, each)


_REFERENCES = {"AVF": "booking", "ABO": "passenger_reference", "SEA": "seat"}


def _rff(parts: _Parts, segment: Segment) -> None:
    name, value = clean(segment.get(0)), clean(segment.get(0, 1))
    if name in _REFERENCES and _REFERENCES[name] not in parts.journey:
        parts.journey[_REFERENCES[name]] = value or None
    elif name:
        parts.refer(name, value)


def _ftx(parts: _Parts, segment: Segment) -> None:
    if segment.get(0) != "BAG":
        parts.keep(segment)
        return
    tag = clean(segment.get(3))
    if tag:
        count = clean(segment.get(3, 1))
        parts.tags.append(f"{tag}:{count}" if count else tag)


def _mea(parts: _Parts, segment: Segment) -> None:
    value = clean(segment.get(2, 1)) or clean(segment.get(2))
    if segment.get(0) == "CT" and value.isascii() and value.isdigit() and len(value) < 5:
        parts.pieces = int(value)
    elif segment.get(0) == "WT":
        unit = clean(segment.get(2)) if segment.get(2, 1) else ""
        parts.weight = f"{value} {unit}".strip() or None
    else:
        parts.keep(segment)


def _gei(parts: _Parts, segment: Segment) -> None:
    code = clean(segment.get(1))
    if segment.get(0) == "4" and code in _VERIFIED:
        parts.journey["verified"] = _VERIFIED[code]
    else:
        parts.keep(segment)


def _com(parts: _Parts, segment: Segment) -> None:
    for components in segment.elements:
        if clean(components[0]):
            channel = clean(components[1]) if len(components) > 1 else ""
            parts.refer(f"COM {channel}".strip(), clean(components[0]))


def _emp(parts: _Parts, segment: Segment) -> None:
    parts.refer("EMP", clean(segment.get(1)) or clean(segment.get(0)))


_READERS = {
    "ATT": _att,
    "COM": _com,
    "DOC": _doc,
    "DTM": _dtm,
    "EMP": _emp,
    "FTX": _ftx,
    "GEI": _gei,
    "LOC": _loc,
    "MEA": _mea,
    "NAT": _nat,
    "RFF": _rff,
}


def _plain(segment: Segment) -> str:
    return clean("+".join([segment.tag, *(":".join(element) for element in segment.elements)]))
