"""One person's group of a passenger list: from NAD to the next NAD."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from tapal.core.finding import Weight
from tapal.core.reading import ReadContext
from tapal.core.text import Text
from tapal.formats.edifact import Segment
from tapal.kinds.crossing.codes import state_code
from tapal.kinds.crossing.edifact_date import read_day
from tapal.kinds.crossing.model import Baggage, Journey, Person, TravelDocument
from tapal.kinds.crossing.paxlst_flight import Flight
from tapal.kinds.crossing.paxlst_parts import Group, Parts, role_of
from tapal.kinds.crossing.reading import Notes, clean

_CLASSES = {"P": "passport", "V": "visa", "A": "identity_card", "C": "identity_card",
            "I": "identity_card", "S": "seaman_book", "L": "laissez_passer"}  # fmt: skip
_SEXES = {"M": "M", "F": "F", "U": "X", "X": "X", "MALE": "M", "FEMALE": "F"}
_VERIFIED = {"173": True, "174": False}


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


def read_person(group: Group, flight: Flight, context: ReadContext, notes: Notes) -> Read:
    """Read a group; what cannot be read is noted and kept."""
    near = flight.border_time.date() if flight.border_time else context.received_at.date()
    parts = Parts(near, notes)
    _name(group.nad, parts)
    for segment in group.segments:
        _READERS.get(segment.tag, Parts.keep)(parts, segment)
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


def _name(nad: Segment, parts: Parts) -> None:
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


def _att(parts: Parts, segment: Segment) -> None:
    if segment.get(0) != "2":
        parts.keep(segment)
        return
    given = clean(segment.get(2) or segment.get(2, 3)).upper()
    label = Text("Jenis kelamin", "Sex")
    if given in _SEXES:
        parts.say(parts.person, "sex", _SEXES[given], label, "person.sex")
    elif given:
        parts.notes.cannot_read("person.sex", given, label)
    elif any(map(clean, chain.from_iterable(segment.elements[1:]))):
        parts.keep(segment)


_DATES = {
    "329": ("birth_date", Text("Tanggal lahir", "Date of birth")),
    "36": ("expires", Text("Masa berlaku dokumen", "Document expiry")),
    "182": ("issued", Text("Tanggal terbit dokumen", "Document issue")),
}


def _dtm(parts: Parts, segment: Segment) -> None:
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


def _loc(parts: Parts, segment: Segment) -> None:
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


def _nat(parts: Parts, segment: Segment) -> None:
    """A nationality; a second one is kept beside the first (qualifier 2 is the present one)."""
    value = clean(segment.get(1)) or clean(segment.get(1, 3))
    state = state_code(value) if value else ""
    if state and state not in parts.nationalities:
        parts.nationalities.append(state)


def _doc(parts: Parts, segment: Segment) -> None:
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


def _rff(parts: Parts, segment: Segment) -> None:
    name, value = clean(segment.get(0)), clean(segment.get(0, 1))
    if name in _REFERENCES and _REFERENCES[name] not in parts.journey:
        parts.journey[_REFERENCES[name]] = value or None
    elif name:
        parts.refer(name, value)


def _ftx(parts: Parts, segment: Segment) -> None:
    if segment.get(0) != "BAG":
        parts.keep(segment)
        return
    tag = clean(segment.get(3))
    if tag:
        count = clean(segment.get(3, 1))
        parts.tags.append(f"{tag}:{count}" if count else tag)


def _mea(parts: Parts, segment: Segment) -> None:
    value = clean(segment.get(2, 1)) or clean(segment.get(2))
    if segment.get(0) == "CT" and value.isascii() and value.isdigit() and len(value) < 5:
        parts.pieces = int(value)
    elif segment.get(0) == "WT":
        unit = clean(segment.get(2)) if segment.get(2, 1) else ""
        parts.weight = f"{value} {unit}".strip() or None
    else:
        parts.keep(segment)


def _gei(parts: Parts, segment: Segment) -> None:
    code = clean(segment.get(1))
    if segment.get(0) == "4" and code in _VERIFIED:
        parts.journey["verified"] = _VERIFIED[code]
    else:
        parts.keep(segment)


def _com(parts: Parts, segment: Segment) -> None:
    for components in segment.elements:
        if clean(components[0]):
            channel = clean(components[1]) if len(components) > 1 else ""
            parts.refer(f"COM {channel}".strip(), clean(components[0]))


def _emp(parts: Parts, segment: Segment) -> None:
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
