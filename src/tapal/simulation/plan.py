"""Simulate days at the border and write them as message files with the book of what was planted."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tapal.simulation.certificates import Shipment
from tapal.simulation.consignments import Consignments, plant_consignments
from tapal.simulation.hidden import plant_hidden
from tapal.simulation.listed_people import plant_decoys, plant_listed, plant_lost_documents
from tapal.simulation.messages import (
    Message,
    certificate_messages,
    crossing_messages,
    history_message,
)
from tapal.simulation.people import Registry
from tapal.simulation.planting import Plant, Planter
from tapal.simulation.problems import (
    plant_documents,
    plant_faults,
    plant_minors,
    plant_passes,
    plant_stays,
)
from tapal.simulation.stations import Station, stations
from tapal.simulation.trips import WARM_UP_DAYS, Crossing, Flow
from tapal.simulation.watchlist import bystanders, write_watchlist

START = date(2026, 3, 2)
"""The first simulated day unless told otherwise: a Monday."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was written. Messages are in the order in which they were sent; files lie under `out`."""

    out: Path
    messages: tuple[Message, ...]
    watchlist: Path
    planted: dict[str, Any]

    def path(self, message: Message) -> Path:
        """Where a message lies."""
        return self.out / "messages" / message.file


def simulate(days: int, scale: float, seed: int | str, out: Path, *, start: date = START) -> Plan:
    """Write `days` days of traffic at six posts under `out`; the same seed gives the same bytes.

    `scale` multiplies the traffic (1.0 is about a thousand crossings a day at Motaain); what is
    planted does not grow with it. Replaces `out/messages`, `watchlist.csv`, `planted.json` and
    `manifest.json`.
    """
    if days < 1 or not 0 < scale <= 100:
        raise ValueError("days must be 1 or more, scale above 0 and at most 100")
    simulated = [start + timedelta(days=number) for number in range(days)]
    registry = Registry(Random(f"{seed}:people"))
    by_post = {station.post: station for station in stations()}
    traffic = _traffic(registry, seed, simulated, scale)
    planter = Planter(Random(f"{seed}:plants"), registry, simulated, by_post)
    shipments = _plant(planter, seed, simulated, scale)
    messages = _messages(by_post, simulated, traffic, planter, shipments)
    plants = _placed(planter.plants, messages)
    plan = Plan(
        out=out,
        messages=tuple(messages),
        watchlist=out / "watchlist.csv",
        planted=_book(plants, messages, days=days, scale=scale, seed=seed, start=start),
    )
    entries = [*bystanders(Random(f"{seed}:bystanders"), start), *planter.entries]
    _write(plan, write_watchlist(entries))
    return plan


def _traffic(
    registry: Registry, seed: int | str, days: Sequence[date], scale: float
) -> list[Crossing]:
    """The unplanted crossings of all stations; the days before the first fill the flows."""
    made: list[Crossing] = []
    for station in stations():
        flow = Flow(station, registry, Random(f"{seed}:flow:{station.post}"), scale)
        for ago in range(WARM_UP_DAYS, 0, -1):
            flow.day(days[0] - timedelta(days=ago))
        for day in days:
            made += flow.day(day)
    return made


def _plant(
    planter: Planter, seed: int | str, days: Sequence[date], scale: float
) -> dict[date, list[Shipment]]:
    """Plant everything, and make the consignments of each day."""
    for plant in (
        plant_documents,
        plant_faults,
        plant_stays,
        plant_minors,
        plant_passes,
        plant_listed,
        plant_lost_documents,
        plant_decoys,
        plant_hidden,
    ):
        plant(planter)
    consignments = Consignments(Random(f"{seed}:consignments"))
    shipments = {day: consignments.day(day, scale) for day in days}
    for day, shipment in plant_consignments(planter, consignments):
        shipments[day].append(shipment)
    return shipments


def _messages(
    by_post: dict[str, Station],
    days: Sequence[date],
    traffic: Iterable[Crossing],
    planter: Planter,
    shipments: dict[date, list[Shipment]],
) -> list[Message]:
    by_place: dict[tuple[str, date], list[Crossing]] = defaultdict(list)
    for crossing in (*traffic, *planter.crossings):
        by_place[crossing.post, crossing.at.date()].append(crossing)
    made = []
    for post, station in by_post.items():
        if earlier := [each for each in planter.earlier if each.post == post]:
            made.append(history_message(station, days[0], earlier))
        for day in days:
            crossings = sorted(
                by_place[post, day], key=lambda each: (each.at, each.person.document.number)
            )
            made += crossing_messages(station, day, crossings)
    for day in days:
        made += certificate_messages(day, shipments[day])
    return sorted(made, key=lambda message: (message.sent_at, message.file))


def _placed(plants: Iterable[Plant], messages: Iterable[Message]) -> list[Plant]:
    """The plants with the file and the place where each stands."""
    where = {tag: (m.file.rpartition("/")[2], place) for m in messages for tag, place in m.tags}
    return [
        replace(plant, file=where[plant.id][0], place=where[plant.id][1])
        if plant.id in where
        else plant
        for plant in plants
    ]


# Any: JSON.
def _book(plants: Sequence[Plant], messages: Sequence[Message], **asked: Any) -> dict[str, Any]:
    """planted.json: what was asked for, what was planted, and how much is clean."""
    by_post: dict[str, int] = defaultdict(int)
    certificates = 0
    for message in messages:
        if message.agency == "IMI":
            by_post[message.post] += message.records
        else:
            certificates += message.file.endswith(".xml")
    return {
        "simulation": {**asked, "start": asked["start"].isoformat()},
        "planted": [plant.as_json() for plant in plants if not plant.decoy],
        "decoys": [plant.as_json() for plant in plants if plant.decoy],
        "clean": {
            "messages": len(messages),
            "crossings": sum(by_post.values()),
            "crossings_by_post": dict(sorted(by_post.items())),
            "certificates": certificates,
        },
    }


def _write(plan: Plan, watchlist: bytes) -> None:
    shutil.rmtree(plan.out / "messages", ignore_errors=True)
    for message in plan.messages:
        path = plan.path(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(message.data)
    plan.watchlist.write_bytes(watchlist)
    _write_json(plan.out / "planted.json", plan.planted)
    manifest = [
        {
            "file": f"messages/{message.file}",
            "agency": message.agency,
            "post": message.post,
            "sent_at": message.sent_at.isoformat(),
            "records": message.records,
        }
        for message in plan.messages
    ]
    _write_json(plan.out / "manifest.json", manifest)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
