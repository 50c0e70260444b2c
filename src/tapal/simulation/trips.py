"""Trips of people through a post, day by day: out and back, market days, families, vehicles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from tapal.simulation.people import Background, Person, Registry
from tapal.simulation.stations import Station

Direction = Literal["entry", "exit"]

# What a border pass is good for differs by agreement; a passport is good for all of these.
_PASS_PURPOSES = {
    "TLS": ("family_visit", "traditional", "market", "custom_ceremony", "medical"),
    "MYS": ("social", "cultural", "micro_trade", "sport"),
    "PNG": ("traditional", "customary"),
}
_PASSPORT_PURPOSES = ("work", "family_visit", "trade", "tourism", "study", "medical")


def purposes(document_class: str, neighbour: str) -> tuple[str, ...]:
    """What people travel for with such a document to or from a neighbour."""
    return _PASS_PURPOSES[neighbour] if document_class == "border_pass" else _PASSPORT_PURPOSES


# Days between going and coming back, with weights; all inside every limit of stay.
_AWAY = {
    "border_pass": ((0, 0.76), (1, 0.1), (2, 0.08), (4, 0.04), (6, 0.02)),
    "passport": ((0, 0.25), (1, 0.2), (2, 0.2), (4, 0.2), (8, 0.1), (12, 0.05)),
}
# The longest time away, so that a flow is in balance after as many days.
WARM_UP_DAYS = 12


@dataclass(frozen=True, slots=True)
class Crossing:
    """One person through one post. `at` is the post's local time, aware.

    A minor carries `guardian` and the `evidence` shown; `voyage` is set on ferries. `tag` names
    what is planted here, `fault` how the message is spoilt (see `messages`).
    """

    person: Person
    post: str
    direction: Direction
    at: datetime
    purpose: str
    destination: str = ""
    mode: str = "foot"
    plate: str = ""
    guardian: Person | None = None
    evidence: tuple[str, ...] = ()
    extensions: int = 0
    voyage: str = ""
    tag: str = ""
    fault: str = ""


@dataclass(slots=True)
class _Traveller:
    """An adult, perhaps with children, who cross together and go again from `free` on."""

    members: tuple[Person, ...]
    background: Background
    free: date


class Flow:
    """The traffic of one station. Days must be asked for in order."""

    def __init__(self, station: Station, registry: Registry, rng: Random, scale: float) -> None:
        self.station = station
        self._registry = registry
        self._rng = rng
        self._scale = scale
        self._pools: dict[Background, list[_Traveller]] = {b: [] for b, _ in station.flows}
        self._due: dict[date, list[tuple[_Traveller, Crossing]]] = {}

    def day(self, day: date) -> list[Crossing]:
        """The crossings of a day in their order of time."""
        target = self.station.volume(day, self._scale)
        made: list[Crossing] = []
        for traveller, out in self._due.pop(day, []):
            made += self._party(traveller, back(out, self._moment(day, late=True)))
        while len(made) < target:
            made += self._trip(day)
        return sorted(made, key=lambda c: (c.at, c.person.document.number))

    def _trip(self, day: date) -> Iterator[Crossing]:
        background = self._rng.choices(*zip(*self.station.flows, strict=True))[0]
        traveller = self._pick(background, day)
        first = self._outward(traveller, background, self._moment(day))
        yield from self._party(traveller, first)
        days, weights = zip(*_AWAY[background.document_class], strict=True)
        away = self._rng.choices(days, weights)[0]
        if away == 0:
            again = first.at + timedelta(minutes=self._rng.randrange(45, 300))
            if again < self._closing(day):
                yield from self._party(traveller, back(first, again))
                traveller.free = day + timedelta(days=self._rng.choice((1, 2, 3, 7)))
                return
            away = 1
        home = day + timedelta(days=away)
        traveller.free = home + timedelta(days=self._rng.choice((1, 3, 7)))
        self._due.setdefault(home, []).append((traveller, first))

    def _pick(self, background: Background, day: date) -> _Traveller:
        """Somebody known who is at home, else somebody new; border residents come again oftener."""
        pool = self._pools[background]
        known = 0.8 if background.document_class == "border_pass" else 0.25
        if pool and self._rng.random() < known:
            for _ in range(6):
                traveller = self._rng.choice(pool)
                if traveller.free <= day:
                    traveller.members = tuple(
                        self._registry.renewed(member, day) for member in traveller.members
                    )
                    return traveller
        traveller = _Traveller(tuple(self._members(background, day)), background, day)
        pool.append(traveller)
        return traveller

    def _members(self, background: Background, day: date) -> Iterator[Person]:
        adult = self._registry.person(background, day)
        yield adult
        if self._rng.random() < 0.07:
            for _ in range(self._rng.choice((1, 1, 2))):
                # Few Indonesian families share a surname: half the children bear another one.
                family = adult.name.primary if self._rng.random() < 0.5 else ""
                child = self._registry.person(background, day, ages=(1, 15), family=family)
                yield replace(child, area=adult.area)

    def _outward(self, traveller: _Traveller, background: Background, at: datetime) -> Crossing:
        citizen = background.nationality == "IDN"
        places = self.station.away if citizen else self.station.destinations
        plate = ""
        if self.station.plates and self._rng.random() < 0.12:
            form = self.station.plates[0] if citizen else self.station.plates[-1]
            plate = make_plate(self._rng, form)
        mode = self.station.carrier or (
            self._rng.choice(("car", "motorcycle", "bus")) if plate else "foot"
        )
        return Crossing(
            person=traveller.members[0],
            post=self.station.post,
            direction="exit" if citizen else "entry",
            at=at,
            purpose=self._rng.choice(purposes(background.document_class, self.station.neighbour)),
            destination=self._rng.choice(places) if places else "",
            mode=mode,
            plate=plate,
        )

    def _party(self, traveller: _Traveller, lead: Crossing) -> Iterator[Crossing]:
        yield lead
        for number, child in enumerate(traveller.members[1:], 1):
            yield replace(
                lead,
                person=child,
                at=lead.at + timedelta(seconds=40 * number),
                guardian=traveller.members[0],
                evidence=("birth_certificate", "family_card"),
                plate="",
            )

    def _moment(self, day: date, *, late: bool = False) -> datetime:
        """A time while the post is open: people leave after opening and return after noon."""
        open_minutes = self.station.open_minutes
        peak = 0.72 if late or self._rng.random() < 0.15 else 0.2
        share = abs(self._rng.gauss(peak, 0.16))
        if share > 0.97:
            share = self._rng.uniform(0.5, 0.97)
        return self.station.at(day, share * open_minutes)

    def _closing(self, day: date) -> datetime:
        return self.station.at(day, self.station.open_minutes - 5)


def back(out: Crossing, at: datetime) -> Crossing:
    """The way home of a trip."""
    direction: Direction = "entry" if out.direction == "exit" else "exit"
    return replace(out, direction=direction, at=at, voyage="")


def make_plate(rng: Random, form: str) -> str:
    """A plate: `{n}` is 4 digits, `{n2}` and `{n3}` fewer; `{l}` is two letters, `{l1}` one."""
    letters = "ABCDEFGHJKLMNPRSTUVWXY"
    return form.format(
        n=rng.randrange(1000, 9999),
        n2=rng.randrange(10, 99),
        n3=rng.randrange(100, 999),
        l=rng.choice(letters) + rng.choice(letters),
        l1=rng.choice(letters),
    )
