"""The index of listings: build it once, ask it for every traveller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from tapal.engines.screening.lean import let_go, prepare
from tapal.engines.screening.model import Hit, Listed, Query
from tapal.engines.screening.names import Family, family

if TYPE_CHECKING:
    from tapal.engines.screening.segment import Segment

# The compiled loops take half a second and 60 MB to load: who only names the types pays neither.

FAMILIES: tuple[Family, ...] = ("person", "body", "craft")
REBUILD_AT = 2
"""All is built anew when more than one in so many listings was added or removed since."""
_EITHER = frozenset({"legalentity", "thing", ""})
"""Schemas that may be a person or an organisation."""
Shelves = dict[Family, tuple["Segment", ...]]


class Index:
    """Listings arranged for screening.

    `match` and `documents` may run in many threads while one thread at a time adds or removes.
    What was added goes live with the next question: gathered till then, it costs one small build.
    """

    def __init__(self) -> None:
        self._shelves: Shelves = {kind: () for kind in FAMILIES}
        self._waiting: list[Listed] = []
        self._alive = self._changed = 0
        self._writing = Lock()

    def __len__(self) -> int:
        return self._alive

    @classmethod
    def build(cls, listings: Iterable[Listed]) -> Index:
        """An index of all `listings`; several may share an entity id."""
        index = cls()
        index._shelves, index._alive = _built(listings)
        return index

    @classmethod
    def load(cls, folder: Path) -> Index:
        """An index saved before, read from its files as it is asked (memory-mapped)."""
        from tapal.engines.screening.saved import load

        index = cls()
        index._shelves = load(folder)
        index._alive = sum(int(s.alive.sum()) for s in index._segments())
        return index

    def save(self, folder: Path) -> None:
        """Write the index into a new or empty folder."""
        from tapal.engines.screening.saved import save

        self._settle()
        save(self._shelves, folder)

    def add(self, listed: Listed) -> None:
        """Put in one listing more."""
        self.update((listed,))

    def remove(self, entity_id: str) -> int:
        """Take out all listings with this id; how many there were."""
        return self.update((), (entity_id,))

    def update(self, added: Iterable[Listed], removed: Iterable[str] = ()) -> int:
        """Take out all listings with the `removed` ids, then put in `added`; how many went out."""
        out = 0
        new, gone = list(added), tuple(removed)
        with self._writing:
            if self._waiting and gone:
                self._join()
            # What waits is joined by the next question, which waits for this lock: it never finds
            # a listing's old form gone and its new one not there yet.
            self._waiting = [*self._waiting, *new]
            for entity_id in gone:
                for segment in self._segments():
                    for slot in segment.slots(entity_id):
                        segment.alive[slot] = 0
                        out += 1
            self._alive += len(new) - out
            self._changed += out
        return out

    def aside(self, listings: Iterable[Listed]) -> Index:
        """An index of these alone, their words as rare as if they stood beside this one's."""
        self._settle()
        index = Index()
        index._shelves, index._alive = _built(listings, self._shelves)
        return index

    def match(
        self,
        query: Query,
        limit: int = 10,
        *,
        lists: Collection[str] | None = None,
        wanted: Callable[[Listed], bool] | None = None,
    ) -> list[Hit]:
        """The listings that the query may be, best first; silent ones are left out.

        With `lists` those of other lists are as if they were removed. `wanted` is asked of each hit,
        the best first: one that it does not want takes no other's place.
        """
        from tapal.engines.screening.judge import judge

        self._settle()
        kinds: tuple[Family, ...] = (
            ("person", "body") if query.schema.lower() in _EITHER else (family(query.schema),)
        )
        shelves = {kind: self._shelves[kind] for kind in kinds}
        hits = judge(query, shelves, limit, lists=lists, wanted=wanted)
        _loaded()
        return hits

    def warm(self) -> None:
        """Ask for some of its own, so that others find the loops loaded; lets go of what loading took."""
        self._settle()
        for segment in self._segments():
            listed = segment.listed(0)
            born, name = next(iter(listed.birth_dates), None), next(iter(listed.names), "")
            for names in ((name,), (f"{name} X",)):
                query = Query(
                    listed.schema,
                    names,
                    born,
                    listed.nationalities,
                    listed.documents,
                    listed.gender,
                )
                self.match(query)
            similar_names(name, "X")
        let_go()

    def near(
        self, text: str, limit: int = 50, lists: Collection[str] | None = None
    ) -> list[Listed]:
        """Listings of any family whose names hold every word of a text, in any spelling."""
        from tapal.engines.screening.near import near

        self._settle()
        return near(text, self._shelves, limit, lists)

    def documents(
        self, number: str, country: str | None = None, lists: Collection[str] | None = None
    ) -> list[Listed]:
        """Listings that hold this document; with `country`, not those issued elsewhere."""
        from tapal.engines.screening.documents import holders

        self._settle()
        return [
            listed
            for segment in self._segments()
            for listed in holders(segment, number, country, lists)
        ]

    def segments(self, kind: Family) -> tuple[Segment, ...]:
        """The parts of the index that hold one family, the largest first."""
        self._settle()
        return self._shelves[kind]

    def _segments(self) -> Iterator[Segment]:
        for kind in FAMILIES:
            yield from self._shelves[kind]

    def _settle(self) -> None:
        if self._waiting or self._changed * REBUILD_AT > self._alive:
            with self._writing:
                self._join()

    def _join(self) -> None:
        """Make a segment of what waits; merge small ones, so that there are few."""
        new, held = self._waiting, self._shelves
        self._changed += len(new)
        if self._changed * REBUILD_AT > self._alive:
            self._shelves, _ = _built([*_listed(held), *new])
            self._changed = 0
        elif new:
            self._shelves = _extended(held, new)
        self._waiting = []


def load_loops() -> None:
    """Load the compiled loops now, compiled before where they were not: the first question finds them."""
    prepare()
    Index.build([Listed("1", "Person", ("MARIA BERE",))]).warm()


@cache
def _loaded() -> None:
    """After the first question: its loops are loaded."""
    let_go()


def _listed(shelves: Shelves) -> Iterator[Listed]:
    for kind in FAMILIES:
        for segment in shelves[kind]:
            for slot in range(len(segment)):
                if segment.alive[slot]:
                    yield segment.listed(slot)


def _built(listings: Iterable[Listed], beside: Shelves | None = None) -> tuple[Shelves, int]:
    from tapal.engines.screening.building import Gathered, build
    from tapal.engines.screening.subject import subject_of_listing

    gathered = {kind: Gathered() for kind in FAMILIES}
    for listed in listings:
        subject = subject_of_listing(listed)
        gathered[subject.kind].take(listed, subject)
    shelves: Shelves = {}
    for kind in FAMILIES:
        found = gathered.pop(kind)
        others = beside[kind] if beside else ()
        shelves[kind] = (build(kind, found, beside=others),) if found.ids else ()
    return shelves, sum(len(s) for shelf in shelves.values() for s in shelf)


def _extended(shelves: Shelves, new: list[Listed]) -> Shelves:
    """The shelves and one segment more; the last are taken into it while they are no larger."""
    from tapal.engines.screening.building import Gathered, build
    from tapal.engines.screening.subject import subject_of_listing

    out: Shelves = {}
    for kind in FAMILIES:
        kept, rows = list(shelves[kind]), [x for x in new if family(x.schema) == kind]
        while rows and len(kept) > 1 and len(kept[-1]) <= 2 * len(rows):
            rows = [*_listed({**{k: () for k in FAMILIES}, kind: (kept.pop(),)}), *rows]
        if rows:
            found = Gathered()
            for listed in rows:
                found.take(listed, subject_of_listing(listed))
            kept.append(build(kind, found, beside=kept))
        out[kind] = tuple(kept)
    return out


def similar_names(a: str, b: str, schema: str = "Person") -> float:
    """How alike two names are, 0 to 1, whatever their order, spelling or script."""
    from tapal.engines.screening.names import read_name
    from tapal.engines.screening.pairing import similarity

    kind = family(schema)
    return round(similarity(read_name(a, kind), read_name(b, kind)), 4)
