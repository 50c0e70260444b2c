"""Invented people with their documents, by where they live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from tapal.simulation.names import PersonName, make_name

DocumentClass = Literal["passport", "border_pass"]


@dataclass(frozen=True, slots=True)
class Document:
    """A travel document; `state` is the ICAO code of the issuing state."""

    document_class: DocumentClass
    number: str
    state: str
    issued: date
    expires: date


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. `area` is an id of border_areas.csv for residents of the border."""

    name: PersonName
    sex: str
    birth_date: date
    nationality: str
    culture: str
    document: Document
    area: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """Where people of one sort come from and what document they carry."""

    nationality: str
    cultures: tuple[str, ...]
    document_class: DocumentClass
    areas: tuple[str, ...] = ()


# How each state numbers its documents: prefix, digits, suffix. Border passes are numbered by the
# issuing office; the forms here are invented.
_NUMBERS = {
    ("passport", "IDN"): ("X", 7, ""),
    ("passport", "TLS"): ("C", 7, ""),
    ("passport", "MYS"): ("A", 8, ""),
    ("passport", "PNG"): ("P", 6, ""),
    ("passport", "SGP"): ("K", 7, "E"),
    ("passport", "PHL"): ("P", 7, "B"),
    ("border_pass", "IDN"): ("XB", 6, ""),
    ("border_pass", "TLS"): ("TL", 6, ""),
    ("border_pass", "MYS"): ("BP", 6, ""),
    ("border_pass", "PNG"): ("TBC", 5, ""),
}
# Validity in days. A pass for Timor-Leste runs one year, and no pass here runs longer.
_VALIDITY = {"passport": 1826, "border_pass": 365}
# Days that must be left when somebody sets out: six months for a passport, any trip for a pass.
_LEFT = {"passport": 200, "border_pass": 30}


class Registry:
    """Makes people whose document numbers never repeat within one run."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._issued: dict[tuple[str, str], int] = {}
        self._offset = rng.randrange(10_000, 80_000)

    def number(self, document_class: DocumentClass, state: str) -> str:
        """The next document number of a state; neighbours in time do not look alike."""
        prefix, digits, suffix = _NUMBERS[document_class, state]
        count = self._issued.get((document_class, state), 0) + 1
        self._issued[document_class, state] = count
        # 7919 is prime to 10, so the numbers run through all values before one comes again.
        value = (self._offset + count * 7919) % 10**digits
        return f"{prefix}{value:0{digits}d}{suffix}"

    def document(
        self, document_class: DocumentClass, state: str, on: date, *, expires: date | None = None
    ) -> Document:
        """A document valid on a day, or one that expires when asked to."""
        length = _VALIDITY[document_class]
        if expires is None:
            left = self._rng.randrange(_LEFT[document_class], length)
            expires = on + timedelta(days=left)
        issued = expires - timedelta(days=length)
        return Document(document_class, self.number(document_class, state), state, issued, expires)

    def renewed(self, person: Person, on: date) -> Person:
        """The person, with a new document if too little is left of the old one on a day."""
        old = person.document
        if (old.expires - on).days >= _LEFT[old.document_class]:
            return person
        expires = on + timedelta(days=_VALIDITY[old.document_class])
        new = self.document(old.document_class, old.state, on, expires=expires)
        return replace(person, document=new)

    def person(
        self,
        background: Background,
        on: date,
        *,
        ages: tuple[int, int] = (19, 68),
        family: str = "",
    ) -> Person:
        """Somebody of `ages` on a day; `family` gives a child its parent's family name."""
        rng = self._rng
        sex = rng.choice("FM")
        culture = rng.choice(background.cultures)
        name = make_name(rng, culture, sex)
        if family and name.secondary:
            name = PersonName(family, name.secondary)
        days = rng.randrange(ages[0] * 366, ages[1] * 365)
        return Person(
            name=name,
            sex=sex,
            birth_date=on - timedelta(days=days),
            nationality=background.nationality,
            culture=culture,
            document=self.document(background.document_class, background.nationality, on),
            area=rng.choice(background.areas) if background.areas else "",
        )
