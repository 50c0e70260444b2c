"""The heading of a passenger list: the list's type, the voyage, its legs, the way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tapal.core.finding import Finding
from tapal.core.reading import ReadContext
from tapal.core.text import Text
from tapal.formats.edifact import Segment
from tapal.kinds.crossing.codes import LIST_TYPES, port_is_home, port_zone
from tapal.kinds.crossing.edifact_date import read_time
from tapal.kinds.crossing.model import Direction, Journey, Leg
from tapal.kinds.crossing.reading import Notes, clean

# TDT C220 mode of transport (8067).
_MODES = {"1": "ship", "3": "truck", "4": "aircraft"}
_ARRIVALS = frozenset({"232", "178", "132"})
_DEPARTURES = frozenset({"189", "133", "136"})


@dataclass(slots=True)
class Stop:
    """A port of the voyage with what is told to happen there; times local, as sent and as read."""

    qualifier: str
    port: str
    times: dict[str, str] = field(default_factory=dict)
    read: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Flight:
    """What the heading says; `border_*` is the crossing of this country's border.

    `border_zone` is an IANA zone, "" for a port whose zone is not known.

    `notes` concern each person of the list, `of_list` the list alone.
    """

    journey: Journey
    direction: Direction | None
    mode: str
    border_port: str = ""
    border_zone: str = ""
    border_time: datetime | None = None
    border_text: str = ""
    notes: Notes = field(default_factory=Notes)
    of_list: tuple[Finding, ...] = ()


def read_flight(heading: Sequence[Segment], context: ReadContext) -> Flight:
    """Read the heading; a missing or unreadable part is noted, never fatal."""
    notes, whole = Notes(), Notes()
    legs = _legs(heading, context, notes)
    border = next((leg for leg in legs if leg.has("125") or leg.has("87")), None)
    start = border.find("125") or border.first() if border else legs[0].first() if legs else None
    end = border.find("87") or border.last() if border else legs[-1].last() if legs else None
    direction = _direction(start, end)
    if direction is None:
        _tell_direction(whole, start.port if start else "", end.port if end else "")
    type_code = next((clean(s.get(0)) for s in heading if s.tag == "BGM"), "")
    status = next((clean(s.get(1)) for s in heading if s.tag == "BGM"), "")
    if type_code not in LIST_TYPES:
        whole.note(
            "list_type_unknown",
            Text(
                "Jenis daftar “{code}” tidak dikenal (BGM).",
                "The list type “{code}” is not known (BGM).",
            ).fill(code=type_code),
            "journey.list_type",
        )
    leg = border or (legs[-1] if legs else None)
    at_border = end if direction != "exit" else start
    text, local = _time(at_border, arrival=direction != "exit")
    return Flight(
        journey=Journey(
            list_type=type_code or None,
            status=status or None,
            carrier=(leg.carrier if leg else None) or None,
            number=(leg.number if leg else None) or None,
            vessel=(leg.vessel if leg else None) or None,
            vessel_number=(leg.vessel_number if leg else None) or None,
            departure_port=start.port if start else None,
            departs=_text(start, arrival=False),
            arrival_port=end.port if end else None,
            arrives=_text(end, arrival=True),
            legs=[each.model() for each in legs] if len(legs) > 1 else [],
        ),
        direction=direction,
        mode=leg.mode if leg else "aircraft",
        border_port=at_border.port if at_border else "",
        border_zone=port_zone(at_border.port) if at_border else "",
        border_time=local,
        border_text=text,
        notes=notes,
        of_list=tuple(whole.findings),
    )


@dataclass(slots=True)
class _Leg:
    carrier: str = ""
    number: str = ""
    vessel: str = ""
    vessel_number: str = ""  # of one that has a name besides: IMO number, registration, call sign
    mode: str = "aircraft"
    stops: list[Stop] = field(default_factory=list)
    # Times that stand before any port: group 2 allows them beside TDT itself.
    own: Stop = field(default_factory=lambda: Stop("", ""))

    def has(self, qualifier: str) -> bool:
        return self.find(qualifier) is not None

    def find(self, qualifier: str) -> Stop | None:
        return next((stop for stop in self.stops if stop.qualifier == qualifier), None)

    def first(self) -> Stop | None:
        return self.stops[0] if self.stops else None

    def last(self) -> Stop | None:
        return self.stops[-1] if self.stops else None

    def model(self) -> Leg:
        start, end = self.first(), self.last()
        return Leg(
            number=self.number or None,
            departure_port=start.port if start else None,
            departs=_text(start, arrival=False),
            arrival_port=end.port if end else None,
            arrives=_text(end, arrival=True),
        )


def _legs(heading: Sequence[Segment], context: ReadContext, notes: Notes) -> list[_Leg]:
    legs: list[_Leg] = []
    for segment in heading:
        if segment.tag == "TDT":
            legs.append(
                _Leg(
                    carrier=clean(segment.get(4) or segment.get(4, 3)),
                    number=clean(segment.get(1)),
                    vessel=clean(segment.get(7, 3) or segment.get(7)),
                    vessel_number=clean(segment.get(7)) if segment.get(7, 3) else "",
                    mode=_MODES.get(segment.get(2), "aircraft"),
                )
            )
        elif segment.tag == "LOC":
            if not legs:
                legs.append(_Leg())
            legs[-1].stops.append(Stop(segment.get(0), clean(segment.get(1)).upper()))
        elif segment.tag == "DTM" and legs:
            stop = legs[-1].stops[-1] if legs[-1].stops else legs[-1].own
            _add_time(stop, segment, context, notes)
    for leg in legs:
        _settle(leg)
    return legs


def _settle(leg: _Leg) -> None:
    """Give a leg's departure and arrival to the port that lacks them, wherever they were written."""
    if not leg.stops:
        return
    start, end = leg.find("125") or leg.stops[0], leg.find("87") or leg.stops[-1]
    # With ports on the way, a time between them may be theirs.
    others = (leg.own, *leg.stops) if len(leg.stops) == 2 else (leg.own,)
    for wanted, rightful in ((_DEPARTURES, start), (_ARRIVALS, end)):
        if wanted.intersection(rightful.times):
            continue
        for other in others:
            for name in sorted(wanted.intersection(other.times)):
                rightful.times[name] = other.times.pop(name)
                if name in other.read:
                    rightful.read[name] = other.read.pop(name)


def _add_time(stop: Stop, segment: Segment, context: ReadContext, notes: Notes) -> None:
    qualifier, value, code = segment.get(0), segment.get(0, 1), segment.get(0, 2)
    stop.times[qualifier] = clean(value)
    try:
        stop.read[qualifier] = read_time(value, code, context.received_at.date())
    except ValueError:
        arrival = qualifier in _ARRIVALS
        path = "journey.arrives" if arrival else "journey.departs"
        label = (
            Text("Waktu tiba", "Arrival time") if arrival else Text("Waktu berangkat", "Departure")
        )
        notes.cannot_read(path, value, label)


def _time(stop: Stop | None, *, arrival: bool) -> tuple[str, datetime | None]:
    """The time at a stop as sent and as read: its arrival or departure, else one of neither kind."""
    wanted, contrary = (_ARRIVALS, _DEPARTURES) if arrival else (_DEPARTURES, _ARRIVALS)
    usable = [name for name in stop.times if name not in contrary] if stop else []
    if stop is None or not usable:
        return "", None
    name = next((q for q in usable if q in wanted), usable[0])
    return stop.times[name], stop.read.get(name)


def _text(stop: Stop | None, *, arrival: bool) -> str | None:
    text, read = _time(stop, arrival=arrival)
    return read.isoformat(timespec="minutes") if read else text or None


def _direction(start: Stop | None, end: Stop | None) -> Direction | None:
    """In when only the end lies in this country, out when only the start does, else not known."""
    from_home = port_is_home(start.port) if start else None
    to_home = port_is_home(end.port) if end else None
    if to_home and not from_home:
        return "entry"
    if from_home and not to_home:
        return "exit"
    return None


def _tell_direction(notes: Notes, start: str, end: str) -> None:
    notes.note(
        "direction_unknown",
        Text(
            "Arah tidak dapat ditentukan dari pelabuhan {a} ke {b}.",
            "The direction cannot be told from the ports {a} to {b}.",
        ).fill(a=start or "-", b=end or "-"),
        "direction",
    )
