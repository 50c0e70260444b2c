"""What is planted: the ledger of problems, and the hand that puts them into the traffic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tapal.simulation.people import Background, Person, Registry
from tapal.simulation.stations import Station
from tapal.simulation.trips import Crossing, Direction, purposes
from tapal.simulation.watchlist import Entry


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted problem. `rule` should find it, None where no rule can; `why` says why not.

    A decoy looks like a problem and must stay quiet: `rule` is the rule that must not speak.
    """

    id: str
    what: str
    rule: str | None
    findable: bool
    why: str = ""
    decoy: bool = False
    document: str = ""
    name: str = ""
    file: str = ""
    place: str = ""

    def as_json(self) -> dict[str, Any]:
        """As planted.json has it."""
        return {
            "id": self.id,
            "what": self.what,
            "rule": self.rule,
            "findable": self.findable,
            "why": self.why,
            "where": {"file": self.file, "place": self.place},
            "document": self.document,
            "name": self.name,
        }


class Planter:
    """Puts problems into crossings, watch list and certificates, and keeps book of them."""

    def __init__(
        self, rng: Random, registry: Registry, days: list[date], by_post: dict[str, Station]
    ) -> None:
        self.rng = rng
        self.registry = registry
        self.days = days
        self.by_post = by_post
        self.plants: list[Plant] = []
        self.crossings: list[Crossing] = []
        # Crossings before the first day, which the plants need as their history.
        self.earlier: list[Crossing] = []
        self.entries: list[Entry] = []

    def day(self) -> date:
        """The day of the next plant: they take turns."""
        return self.days[len(self.plants) % len(self.days)]

    def moment(self, post: str, day: date) -> datetime:
        """Some time while the post is open."""
        station = self.by_post[post]
        return station.at(day, self.rng.uniform(20, station.open_minutes - 40))

    def somebody(
        self, background: Background, day: date, ages: tuple[int, int] = (24, 60)
    ) -> Person:
        """A person of his own, who takes no part in the other traffic."""
        return self.registry.person(background, day, ages=ages)

    def cross(
        self, person: Person, post: str, direction: Direction, day: date, **known: Any
    ) -> Crossing:
        """A crossing at a post; `known` are further fields of Crossing."""
        station = self.by_post[post]
        at = known.pop("at", None) or self.moment(post, day)
        places = station.away if person.nationality == "IDN" else station.destinations
        fields = {
            "purpose": self.rng.choice(purposes(person.document.document_class, station.neighbour)),
            "destination": self.rng.choice(places) if places else "",
            "mode": station.carrier or "foot",
            **known,
        }
        return Crossing(person, post, direction, at, **fields)

    def plant(
        self,
        what: str,
        rule: str | None,
        *crossings: Crossing,
        why: str = "",
        decoy: bool = False,
    ) -> str:
        """Enter a problem that stands in these crossings, the last of them showing it; its id."""
        findable = rule is not None and not decoy
        plant_id = f"P-{len(self.plants) + 1:03d}"
        shown = crossings[-1] if crossings else None
        # A zone that broke off does not hold the number any more.
        number = shown.person.document.number if shown and shown.fault != "cut_line" else ""
        self.plants.append(
            Plant(
                id=plant_id,
                what=what,
                rule=rule,
                findable=findable,
                why=why,
                decoy=decoy,
                document=number,
                name=shown.person.name.full if shown else "",
            )
        )
        first = self.days[0]
        for crossing in crossings:
            tagged = replace(crossing, tag=plant_id) if crossing is shown else crossing
            (self.earlier if crossing.at.date() < first else self.crossings).append(tagged)
        return plant_id

    def enter(self, entry: Entry) -> Entry:
        """Put an entry on the watch list."""
        self.entries.append(entry)
        return entry

    def entry_id(self) -> str:
        """The id of the next planted entry."""
        return f"WL-9{len(self.entries) + 1:03d}"


def days_before(day: date, count: int) -> date:
    """The day `count` days before."""
    return day - timedelta(days=count)
