"""Listings and queries with their fields normalised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tapal.engines.screening import evidence
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.model import Listed, Query
from tapal.engines.screening.names import Family, Name, family, read_name


@dataclass(frozen=True, slots=True)
class Subject:
    """Normalised fields of a query or a listing; days are numbers such as 19800704."""

    kind: Family
    names: tuple[Name, ...]
    days: tuple[int, ...]
    countries: frozenset[str]
    documents: tuple[evidence.Document, ...]
    gender: int
    """1 male, 2 female, 0 unknown; where no field says it, by a word of a name."""


@lru_cache(maxsize=1024)
def _countries(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(found for country in given if (found := alpha3(country)))


def _documents(given: tuple[tuple[str, str | None], ...]) -> tuple[evidence.Document, ...]:
    pairs = ((evidence.document_number(n), alpha3(c or "")) for n, c in given)
    return tuple((n, c) for n, c in pairs if len(n) >= evidence.SHORTEST_NUMBER)


def _gender(given: str | None, names: tuple[Name, ...]) -> int:
    return evidence.gender(given) or next((name.sex for name in names if name.sex), 0)


def subject_of_listing(listed: Listed) -> Subject:
    kind = family(listed.schema)
    names = dict.fromkeys(n for n in (*listed.names, *listed.aliases) if n)
    days = (evidence.day(d) for d in listed.birth_dates)
    read = tuple(name for n in names if (name := read_name(n, kind)).words)
    return Subject(
        kind,
        read,
        tuple(dict.fromkeys(d for d in days if d)),
        _countries(listed.nationalities),
        _documents(listed.documents),
        _gender(listed.gender, read),
    )


def subject_of_query(query: Query, kind: Family) -> Subject:
    born = evidence.day(query.birth_date) if query.birth_date else 0
    read = tuple(name for n in query.names if n and (name := read_name(n, kind)).words)
    return Subject(
        kind,
        read,
        (born,) if born else (),
        _countries(query.nationalities),
        _documents(query.documents),
        _gender(query.gender, read),
    )
