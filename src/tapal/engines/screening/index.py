"""The index of listings: build it once, ask it for every traveller."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

from tapal.engines.screening import evidence
from tapal.engines.screening.align import similarity
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.model import Band, Hit, Listed, Query
from tapal.engines.screening.names import Family, family, read_name
from tapal.engines.screening.score import Scored, Subject, hit, weigh_up
from tapal.engines.screening.shelf import Shelf, Slot

_EITHER = frozenset({"legalentity", "thing", ""})
"""Schemas that may be a person or an organisation."""


class Index:
    """Listings arranged for screening.

    `match` and `documents` may run in many threads while one thread at a time adds or removes:
    what a reader holds is never changed under it.
    """

    def __init__(self) -> None:
        self._listed: dict[Slot, Listed] = {}
        self._subjects: dict[Slot, Subject] = {}
        self._slots: dict[str, tuple[Slot, ...]] = {}
        self._documents: dict[str, tuple[Slot, ...]] = {}
        self._shelves: dict[Family, Shelf] = {k: Shelf(k) for k in ("person", "body", "craft")}
        self._next = 0
        self._writing = Lock()

    def __len__(self) -> int:
        return len(self._listed)

    @classmethod
    def build(cls, listings: Iterable[Listed]) -> Index:
        """An index of all `listings`; several may share an entity id.

        The collector rests meanwhile and then sets the index aside for good: walking its million
        objects would cost more than screening does.
        """
        index = cls()
        was_collecting = gc.isenabled()
        gc.disable()
        try:
            for listed in listings:
                index._add(listed, live=False)
        finally:
            if was_collecting:
                gc.enable()
        gc.freeze()
        return index

    def add(self, listed: Listed) -> None:
        """Put in one listing more."""
        with self._writing:
            self._add(listed, live=True)

    def remove(self, entity_id: str) -> int:
        """Take out all listings with this id; how many there were."""
        with self._writing:
            slots = self._slots.pop(entity_id, ())
            for slot in slots:
                subject = self._subjects.pop(slot)
                self._listed.pop(slot)
                for number in _numbers(subject):
                    left = tuple(s for s in self._documents.get(number, ()) if s != slot)
                    if left:
                        self._documents[number] = left
                    else:
                        self._documents.pop(number, None)
                self._shelves[subject.kind].remove(slot, subject)
            return len(slots)

    def _add(self, listed: Listed, *, live: bool) -> None:
        slot, self._next = self._next, self._next + 1
        subject = _subject_of_listing(listed)
        # The entry stands before any posting points to it: a reader finds it whole or not at all.
        self._listed[slot] = listed
        self._subjects[slot] = subject
        self._slots[listed.entity_id] = (*self._slots.get(listed.entity_id, ()), slot)
        for number in _numbers(subject):
            self._documents[number] = (*self._documents.get(number, ()), slot)
        self._shelves[subject.kind].add(slot, subject, live=live)

    def match(self, query: Query, limit: int = 10) -> list[Hit]:
        """The listings that the query may be, best first; silent ones are left out."""
        found: dict[Slot, tuple[Scored, Subject]] = {}
        for kind in _families(query.schema):
            subject = _subject_of_query(query, kind)
            shelf = self._shelves[kind]
            slots = shelf.candidates(subject)
            for number in _numbers(subject):
                slots |= set(self._documents.get(number, ()))
            for slot in slots:
                theirs = self._subjects.get(slot)
                if theirs is None or (theirs.kind != kind and slot in found):
                    continue
                scored = weigh_up(subject, theirs, shelf)
                if scored is not None:
                    found[slot] = scored, subject
        best = sorted(found.items(), key=lambda f: (_RANK[f[1][0].band], -f[1][0].total, f[0]))
        hits = []
        for slot, (scored, subject) in best[:limit]:
            listed = self._listed.get(slot)
            if listed is not None:
                hits.append(hit(query, listed, subject, scored))
        return hits

    def documents(self, number: str, country: str | None = None) -> list[Listed]:
        """Listings that hold this document; with `country`, not those issued elsewhere."""
        wanted = evidence.document_number(number)
        issuer = alpha3(country or "")
        out = []
        for slot in self._documents.get(evidence.scanned(wanted), ()) if wanted else ():
            subject, listed = self._subjects.get(slot), self._listed.get(slot)
            if subject is None or listed is None:
                continue
            if any(
                evidence.scanned(held) == evidence.scanned(wanted)
                and (not issuer or not other or issuer == other)
                for held, other in subject.documents
            ):
                out.append(listed)
        return out


_RANK = {Band.ALERT: 0, Band.TIE: 1, Band.LOOK: 1, Band.SILENT: 2}


def similar_names(a: str, b: str, schema: str = "Person") -> float:
    """How alike two names are, 0 to 1, whatever their order, spelling or script."""
    kind = family(schema)
    return round(similarity(read_name(a, kind), read_name(b, kind)), 4)


def _families(schema: str) -> tuple[Family, ...]:
    return ("person", "body") if schema.lower() in _EITHER else (family(schema),)


def _numbers(subject: Subject) -> set[str]:
    return {evidence.scanned(number) for number, _ in subject.documents}


@lru_cache(maxsize=1024)
def _countries(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for country in given if (code := alpha3(country)))


def _documents(given: tuple[tuple[str, str | None], ...]) -> tuple[evidence.Document, ...]:
    pairs = ((evidence.document_number(n), alpha3(c or "")) for n, c in given)
    return tuple((n, c) for n, c in pairs if len(n) >= 3)


def _subject_of_listing(listed: Listed) -> Subject:
    kind = family(listed.schema)
    names = dict.fromkeys(n for n in (*listed.names, *listed.aliases) if n)
    days = (evidence.day(d) for d in listed.birth_dates)
    return Subject(
        kind,
        tuple(name for n in names if (name := read_name(n, kind)).tokens),
        tuple(dict.fromkeys(d for d in days if d is not None)),
        _countries(listed.nationalities),
        _documents(listed.documents),
        listed.gender,
    )


def _subject_of_query(query: Query, kind: Family) -> Subject:
    born = evidence.day(query.birth_date) if query.birth_date else None
    return Subject(
        kind,
        tuple(read_name(n, kind) for n in query.names if n),
        (born,) if born else (),
        _countries(query.nationalities),
        _documents(query.documents),
        query.gender,
    )
