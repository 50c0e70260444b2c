"""A ferry's passenger list as PAXLST, with the place of each passenger in it.

Source: UN/EDIFACT PAXLST D.05B, WCO/IATA/ICAO API guidelines; for vessels TDT mode 1 (maritime).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tapal.formats.edifact_writer import Element, Envelope, write_interchange
from tapal.simulation.trips import Crossing

Segment = Sequence[Element]

TERMINALS = {"home": "IDBTC", "away": "SGHBF"}
AWAY_ZONE = ZoneInfo("Asia/Singapore")
CROSSING_TIME = timedelta(minutes=55)


@dataclass(frozen=True, slots=True)
class Voyage:
    """One sailing between Batam Centre and HarbourFront."""

    number: str
    vessel: str
    direction: str
    reference: str
    # When the passengers stand before the officer at Batam, aware.
    at_post: datetime

    def leaves(self) -> datetime:
        """The departure, in the local time of the terminal that it leaves."""
        if self.direction == "entry":
            return (self.at_post - CROSSING_TIME).astimezone(AWAY_ZONE)
        return self.at_post

    def arrives(self) -> datetime:
        """The arrival, in the local time of the terminal that it reaches."""
        if self.direction == "entry":
            return self.at_post
        return (self.at_post + CROSSING_TIME).astimezone(AWAY_ZONE)


def write_passenger_list(voyage: Voyage, passengers: Sequence[Crossing]) -> tuple[bytes, list[str]]:
    """The interchange and, for each passenger, where he stands in it ("NAD 3").

    A passenger with the fault `no_name` or `bad_date` is written so that he cannot be read.
    """
    segments = [*_heading(voyage)]
    for passenger in passengers:
        segments.extend(_passenger(passenger))
    segments.append(("CNT", ("42", str(len(passengers)))))
    envelope = Envelope(
        sender=("FERRYOPERATOR", "ZZ"),
        recipient=("IMIGRASI", "ZZ"),
        # Lists are sent when the ferry leaves.
        prepared=voyage.leaves(),
        reference=voyage.reference,
        identifier=("PAXLST", "D", "05B", "UN", "IATA"),
        application="APIS",
    )
    data = write_interchange(envelope, [segments])
    # NAD+MS is the first, so that passengers begin with the second.
    return data, [f"NAD {number + 1}" for number in range(1, len(passengers) + 1)]


def _heading(voyage: Voyage) -> Iterator[Segment]:
    inward = voyage.direction == "entry"
    start, end = (
        (TERMINALS["away"], TERMINALS["home"]) if inward else (TERMINALS["home"], TERMINALS["away"])
    )
    yield ("BGM", "745")
    yield ("NAD", "MS", "", "", "FERRY OPERATOR DUTY DESK")
    yield ("COM", ("62778000000", "TE"))
    yield ("TDT", "20", voyage.number, "1", "", "", "", "", ("", "", "", voyage.vessel))
    yield ("LOC", "125", start)
    yield ("DTM", ("189", voyage.leaves().strftime("%y%m%d%H%M"), "201"))
    yield ("LOC", "87", end)
    yield ("DTM", ("232", voyage.arrives().strftime("%y%m%d%H%M"), "201"))


def _passenger(crossing: Crossing) -> Iterator[Segment]:
    person, document = crossing.person, crossing.person.document
    primary, secondary = edifact_name(person.name.primary), edifact_name(person.name.secondary)
    name = ("", "") if crossing.fault == "no_name" else (primary, secondary)
    yield ("NAD", "FL", "", "", name)
    yield ("ATT", "2", "", person.sex)
    born = "991399" if crossing.fault == "bad_date" else person.birth_date.strftime("%y%m%d")
    yield ("DTM", ("329", born))
    inward = crossing.direction == "entry"
    yield ("LOC", "178", TERMINALS["away" if inward else "home"])
    yield ("LOC", "179", TERMINALS["home" if inward else "away"])
    yield ("NAT", "2", person.nationality)
    yield ("DOC", ("P", "110", "111"), document.number)
    yield ("DTM", ("36", document.expires.strftime("%y%m%d")))
    yield ("LOC", "91", document.state)


def edifact_name(text: str) -> str:
    """A name in the letters of level A: upper case, no accents."""
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z .\-']", " ", plain.upper()).replace("'", "").strip()
