"""Read passenger and crew lists (UN/EDIFACT PAXLST, D.02B, D.05B and later).

One bad passenger never stops the plane: what is wrong with one becomes his finding or his reject.

Source: WCO/IATA/ICAO Guidelines on Advance Passenger Information, PAXLST implementation guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.reading import Draft, Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import edifact
from tapal.formats.copies import Copies
from tapal.formats.utf16 import as_utf8
from tapal.kinds.crossing.model import Crossing, Direction
from tapal.kinds.crossing.paxlst_flight import Flight, read_flight
from tapal.kinds.crossing.paxlst_parts import Group, parts_of, role_of
from tapal.kinds.crossing.paxlst_person import read_person
from tapal.kinds.crossing.reading import (
    Moment,
    Notes,
    clean,
    moment,
    no_name,
    not_taken,
    post_of,
    tell_unknown_zone,
)
from tapal.kinds.crossing.syntax_words import said_of, said_of_all

NOT_ON_BOARD = frozenset({"CLNB", "XR", "RP"})
"""Document identifiers of BGM under which persons are named who did not, or will not, travel."""
_ABSENT = Text(
    "Orang ini disebut karena tidak ikut berangkat: bukan perlintasan.",
    "This person is named for not having travelled: no crossing.",
)


_NAMED = re.compile(rb"UN[GH][^A-Z0-9].{0,60}?PAXLST", re.DOTALL)
_PERSON = re.compile(rb"NAD[^A-Z0-9](?:FL|FM|DDU|DDT)[^A-Z0-9]")


def sniff(head: bytes) -> int:
    """Sure when the message type is named; nearly so for a list that lost its header."""
    plain = (as_utf8(head) or head).upper()
    if _NAMED.search(plain):
        return 95
    first = next((i for i in edifact.read(plain) if isinstance(i, edifact.Segment)), None)
    return 60 if first is not None and _PERSON.search(plain) else 0


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield who sent it and what is wrong with the whole, then each person in order."""
    messages = list(edifact.messages(data))
    flights = [read_flight(groups_of(message)[0], context) for message in messages]
    yield _header(messages, flights)
    for message, flight in zip(messages, flights, strict=True):
        yield from _persons(message, flight, context)


def _header(messages: list[edifact.Message], flights: list[Flight]) -> Header:
    findings: list[Finding] = []
    for message, flight in zip(messages, flights, strict=True):
        findings += said_of_all(message.problems)
        findings += _totals(message)
        findings += flight.of_list
    first = next((m.interchange for m in messages if m.interchange), None)
    return Header(
        sender=clean(first.get(1)) if first else "",
        message_id=clean(first.get(4)) if first else "",
        findings=tuple(findings),
    )


def groups_of(message: edifact.Message) -> tuple[list[edifact.Segment], list[Group]]:
    """The segments before the first person, and each person's segments."""
    heading, groups = parts_of(message)
    return heading, [group for group in groups if role_of(group.nad)]


def _persons(message: edifact.Message, flight: Flight, context: ReadContext) -> Iterator[Item]:
    _, groups = parts_of(message)
    if not groups:
        yield _nobody(message, flight)
        return
    when, copies = _moment(flight, context), Copies("person_listed_twice")
    for group in groups:
        yield copies.marked(_one(group, flight, when, context), group.raw())


@dataclass(frozen=True, slots=True)
class _When:
    moment: Moment | None
    text: str
    post: str | None


def _moment(flight: Flight, context: ReadContext) -> _When:
    """When the border is crossed: at arrival on the way in, at departure on the way out.

    The port's zone is known when the port is one of the node's places or a known port of this
    country, or when the list was handed in at the post where that port lies.
    """
    port, local = flight.border_port, flight.border_time
    named = post_of(port, context)
    post = context.post or named
    if local is None:
        return _When(None, flight.border_text, post.id if post else None)
    here = context.post if flight.direction in ("entry", "exit") else None
    zones = (named.zone if named else "", flight.border_zone, here.zone if here else "")
    zone = next(filter(None, zones), "")
    return _When(moment(local, zone), flight.border_text, post.id if post else None)


def _one(group: Group, flight: Flight, when: _When, context: ReadContext) -> Draft | Rejection:
    place = str(group.nad.place)
    if not role_of(group.nad):
        return _of_no_role(group, place)
    notes = Notes()
    notes.findings += flight.notes.findings
    read_ = read_person(group, flight, context, notes)
    if not read_.person.primary_identifier:
        return no_name(place, group.raw())
    absent = flight.journey.status in NOT_ON_BOARD
    local = None if absent else when.moment
    if absent:
        notes.note("not_on_board", _ABSENT, "journey.status")
    elif local is not None and local.at is None:
        tell_unknown_zone(notes, local.local)
    try:
        body = Crossing(
            direction=_direction(read_.role, flight, absent=absent),
            local_time=local.local if local else None,
            zone=local.zone if local else None,
            role=read_.role,
            mode=flight.mode,
            capture="carrier_list",
            person=read_.person,
            document=read_.document,
            further_documents=read_.further,
            journey=read_.journey,
            baggage=read_.baggage,
            extra=read_.extra,
            unread={**flight.notes.unread, **notes.unread},
        )
    except ValidationError as error:
        return not_taken(place, group.raw(), error.errors()[0]["msg"])
    return Draft(
        place, body, local.at if local else None, when.text, when.post, tuple(notes.findings)
    )


def _direction(role: str, flight: Flight, *, absent: bool) -> Direction | None:
    """Which way a person goes: through, as the voyage, or nowhere when he is not on board."""
    if absent:
        return None
    return "transit" if role.startswith("transit") else flight.direction


def _of_no_role(group: Group, place: str) -> Rejection:
    """Somebody by name among the travellers: who he is to the voyage is not known."""
    reason = Text(
        "Peran “{role}” pada {p} bukan penumpang dan bukan awak: orang ini tidak dicatat.",
        "The role “{role}” at {p} is no passenger's and no crew's: this person was not recorded.",
    )
    return Rejection(place, reason.fill(role=clean(group.nad.get(0)), p=place), _MEND, group.raw())


_MEND = Text(
    "Kirim daftar lengkap: tiap orang dalam satu kelompok NAD+FL, NAD+FM, NAD+DDU, NAD+DDT.",
    "Send the whole list: each person in a group NAD+FL, NAD+FM, NAD+DDU or NAD+DDT.",
)


def _nobody(message: edifact.Message, flight: Flight) -> Rejection:
    """A list without a person cannot become a record; says what else was wrong with it."""
    first = next((s for s in message.segments if s.tag == "BGM"), None) or message.header
    place = (
        str(first.place) if first else str(message.problems[0].place) if message.problems else ""
    )
    wrong = [finding.text for finding in (*flight.notes.findings, *flight.of_list)]
    wrong += [said_of(problem).text for problem in message.problems]
    reason = Text("Tidak ada orang dalam daftar ini.", "There is no person in this list.")
    if wrong:
        reason = Text(
            " ".join([reason.id, *(w.id for w in wrong[:3])]),
            " ".join([reason.en, *(w.en for w in wrong[:3])]),
        )
    return Rejection(
        place or "byte 0",
        reason,
        _MEND,
        "; ".join(f"{s.tag}+{'+'.join(':'.join(e) for e in s.elements)}" for s in message.segments),
    )


_COUNTED = {"42": ("FL", "DDU"), "41": ("FM", "DDT")}


def _totals(message: edifact.Message) -> Iterator[Finding]:
    """Hold the control totals against the persons: 42 passengers, 41 crew.

    Lists differ on whether those in transit count, so a total without them is right as well.
    """
    _, groups = groups_of(message)
    for segment in message.segments:
        if segment.tag != "CNT" or segment.get(0) not in _COUNTED:
            continue
        within, through = _COUNTED[segment.get(0)]
        said = segment.get(0, 1)
        named = [group.nad.get(0).upper() for group in groups]
        main = named.count(within)
        total = main + named.count(through)
        if said.lstrip("0") in (str(main).lstrip("0"), str(total).lstrip("0")):
            continue
        yield Finding(
            "control_total",
            Weight.LOOK,
            Text(
                "Jumlah pada {p} ({said}) tidak sama dengan jumlah orang dalam daftar ({total}).",
                "The total at {p} ({said}) is not the number of persons in the list ({total}).",
            ).fill(p=segment.place, said=clean(said) or "-", total=total),
            compared=(
                Compared(Text("jumlah orang", "persons"), clean(said), str(total), agree=False),
            ),
            about=str(segment.place),
            data={"place": str(segment.place), "line": segment.place.line},
        )
