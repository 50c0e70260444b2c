"""A day's crossings as the messages in which agencies would send them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tapal.simulation.certificates import POSTS, Shipment, write_certificate, write_inspections
from tapal.simulation.passenger_lists import Voyage, write_passenger_list
from tapal.simulation.stations import Station
from tapal.simulation.tables import Written, write_forms, write_gate_table, write_table, write_zones
from tapal.simulation.trips import Crossing

# Posts whose gates read the document's zone themselves.
GATES = frozenset({"PLBN-02"})
# Where an officer walks through the bus with a handheld reader.
HANDHELDS = frozenset({"PLBN-01"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message file. `tags` are (plant, place in the file) of what is planted in it."""

    file: str
    agency: str
    post: str
    sent_at: datetime
    data: bytes
    records: int
    tags: tuple[tuple[str, str], ...] = ()


def crossing_messages(station: Station, day: date, crossings: Sequence[Crossing]) -> list[Message]:
    """The messages of a post for one day, in the order in which they are sent."""
    if station.carrier:
        return list(_voyages(station, day, crossings))
    made = []
    for shift, (start, end) in enumerate(((time.min, time(12)), (time(12), time.max)), 1):
        part = [each for each in crossings if start <= each.at.time() < end]
        for kind, write, chosen in _sorts(station, part):
            made.append(_message(station, day, f"{shift}_{kind}", write, chosen))
    return [message for message in made if message.records]


Sort = tuple[str, Callable[[Sequence[Crossing]], Written], list[Crossing]]


def _sorts(station: Station, crossings: Iterable[Crossing]) -> Iterator[Sort]:
    """Which crossings go by which sort of message."""
    forms: list[Crossing] = []
    scanned: list[Crossing] = []
    table: list[Crossing] = []
    for crossing in crossings:
        if crossing.person.document.document_class == "border_pass":
            forms.append(crossing)
        else:
            in_bus = station.post in HANDHELDS and crossing.mode == "bus"
            if in_bus:
                scanned.append(crossing)
            # A scan is made ahead; the officer's table says that they went through. Who could not
            # be scanned well waits.
            if not (in_bus and crossing.fault):
                table.append(crossing)
    yield "plb.json", write_forms, forms
    yield "bus.mrz", write_zones, scanned
    if station.post in GATES:
        yield "gerbang.csv", write_gate_table, table
    else:
        yield "perlintasan.csv", write_table, table


def _message(
    station: Station,
    day: date,
    name: str,
    write: Callable[[Sequence[Crossing]], Written],
    crossings: Sequence[Crossing],
) -> Message:
    data, places = write(crossings)
    # An export is made when its last traveller is through.
    last = max((each.at for each in crossings), default=datetime.combine(day, time.min, UTC))
    return Message(
        file=f"{day}/{station.post}_{day}_{name}",
        agency="IMI",
        post=station.post,
        sent_at=last + timedelta(minutes=5),
        data=data,
        records=len(crossings),
        tags=_tags(crossings, places),
    )


def history_message(station: Station, first: date, crossings: Sequence[Crossing]) -> Message:
    """Crossings from before the first day, handed in as one old table and old forms."""
    day = first - timedelta(days=1)
    ordered = sorted(crossings, key=lambda each: (each.at, each.person.document.number))
    return _message(station, day, "riwayat.json", write_forms, ordered)


def _voyages(station: Station, day: date, crossings: Sequence[Crossing]) -> Iterator[Message]:
    """Ferries every two hours each way; who crosses in between is on the next one."""
    sailings: dict[tuple[int, str], list[Crossing]] = {}
    for crossing in crossings:
        slot = (crossing.at.hour // 2 + 1) * 2
        sailings.setdefault((min(slot, 22), crossing.direction), []).append(crossing)
    for (hour, direction), passengers in sorted(sailings.items()):
        number = f"BF{hour}{1 if direction == 'entry' else 2}"
        at_post = datetime.combine(day, time(hour), station.zone)
        voyage = Voyage(
            number=number,
            vessel=f"BATAM JET {hour // 2}",
            direction=direction,
            reference=f"{day:%y%m%d}{number}",
            at_post=at_post,
        )
        data, places = write_passenger_list(voyage, passengers)
        yield Message(
            file=f"{day}/{station.post}_{day}_{number}.paxlst",
            agency="IMI",
            post=station.post,
            sent_at=voyage.leaves(),
            data=data,
            records=len(passengers),
            tags=_tags(passengers, places),
        )


def certificate_messages(day: date, shipments: Sequence[Shipment]) -> Iterator[Message]:
    """The day's ePhytos, before the lorries come, and in the afternoon the inspections."""
    for number, shipment in enumerate(shipments):
        post, _ = POSTS[shipment.goods.origin]
        place = "" if shipment.pest else shipment.tag
        yield Message(
            file=f"{day}/ephyto_{shipment.number}.xml",
            agency="BARANTIN",
            post=post,
            sent_at=_moment(day, 7, number),
            data=write_certificate(shipment),
            records=1,
            tags=((place, ""),) if place else (),
        )
    for post in sorted({POSTS[shipment.goods.origin][0] for shipment in shipments}):
        here = [s for s in shipments if POSTS[s.goods.origin][0] == post and _inspected(s)]
        if here:
            data, places = write_inspections(here, day)
            tags = [(s.tag, p) for s, p in zip(here, places, strict=True) if s.pest]
            yield Message(
                file=f"{day}/{post}_{day}_pemeriksaan.csv",
                agency="BARANTIN",
                post=post,
                sent_at=_moment(day, 15, 0),
                data=data,
                records=len(here),
                tags=tuple(tags),
            )


def _inspected(shipment: Shipment) -> bool:
    """Shipments whose papers are in order go on to the inspection."""
    return shipment.status == "70" and shipment.type_code == "851" and not shipment.broken


def _moment(day: date, hour: int, minute: int) -> datetime:
    """A time of the day in Central Indonesian Time (UTC+8)."""
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=8) + timedelta(minutes=minute)


def _tags(crossings: Sequence[Crossing], places: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((c.tag, p) for c, p in zip(crossings, places, strict=True) if c.tag)
