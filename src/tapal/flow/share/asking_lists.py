"""The door's questions about watch lists: who on those that the reader may see could this be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tapal.core.errors import Missing
from tapal.engines.screening import Hit, Listed, Query
from tapal.flow.listed import DOCUMENTS, Lists, current, listed_of
from tapal.flow.packs.held import ended_rolls
from tapal.flow.share import access, compile
from tapal.flow.share.asking import Asking
from tapal.flow.share.rolls import OpenRoll, open_rolls
from tapal.store.models import Listing

MOST_LOOKED = 2000
"""Entries that a question may find at most."""


@dataclass(frozen=True, slots=True)
class SeenListing:
    """An entry of a list that the reader may see, in force today."""

    listed: Listed
    roll: OpenRoll


@dataclass(frozen=True, slots=True)
class ListHit:
    """An entry that a query may be."""

    seen: SeenListing
    hit: Hit


Wanted = Callable[[SeenListing], bool]


class AskingLists(Asking):
    """What a reader asks of the lists. What he may not see behaves as if it were not there."""

    __slots__ = ()

    def open_lists(self) -> Mapping[str, OpenRoll]:
        """The lists that the reader may see, by code."""
        rolls = open_rolls(self.actor, self.purpose, self.now)
        self._note(access.LIST, subject="lists", count=len(rolls), clauses=_clauses(rolls.values()))
        return rolls

    def screen(
        self,
        query: Query,
        *,
        rolls: Collection[str] | None = None,
        wanted: Wanted = lambda seen: True,
        limit: int = 10,
    ) -> list[ListHit]:
        """Whom the query may be among some of the lists, best first; silent ones are left out."""
        opened, lists, day = self._open(rolls), current(), compile.today(self.now)
        # Asked once, of the open lists alone: nothing of the others takes a place or a moment.
        hits = lists.index.match(query, MOST_LOOKED, lists=opened) if opened else []
        seen = (_hit(hit, lists, opened, day) for hit in hits)
        found = [each for each in seen if each is not None and wanted(each.seen)][:limit]
        self._note(
            access.SEARCH,
            subject="lists",
            question=_asked(query),
            clauses=_clauses(h.seen.roll for h in found),
            count=len(found),
        )
        return found

    def looked_up(
        self,
        text: str,
        *,
        rolls: Collection[str] | None = None,
        wanted: Wanted = lambda seen: True,
        limit: int = MOST_LOOKED,
    ) -> list[SeenListing]:
        """Entries that bear every word of a text, in any spelling, or a document of that number."""
        opened, index = self._open(rolls), current().index
        held = (
            [
                *index.documents(text, lists=opened),
                *index.near(text, MOST_LOOKED, opened),
            ]
            if opened
            else []
        )
        keys = dict.fromkeys(e.entity_id for e in held)
        rows = self._entries(opened).filter(entity_id__in=[k.partition(":")[2] for k in keys])
        by_key = {seen.listed.entity_id: seen for seen in (_seen(row, opened) for row in rows)}
        found = [by_key[key] for key in keys if key in by_key and wanted(by_key[key])][:limit]
        clauses = _clauses(seen.roll for seen in found)
        self._note(access.SEARCH, subject="lists", question=text, clauses=clauses, count=len(found))
        return found

    def listing(self, entity_id: str) -> SeenListing:
        """One entry by its id. Raises Missing, hidden, ended and absent alike."""
        code, _, own_id = entity_id.partition(":")
        opened = self._open([code])
        row = self._entries(opened).filter(entity_id=own_id).first()
        if row is None:
            self._note(access.DENIED, subject=entity_id)
            raise Missing
        seen = _seen(row, opened)
        owner = seen.roll.authority
        self._note(access.READ, subject=entity_id, owner=owner, clauses=[seen.roll.clause], count=1)
        return seen

    def listings(
        self,
        *,
        rolls: Collection[str] | None = None,
        wanted: Wanted = lambda seen: True,
        start: int = 0,
        limit: int = 10,
    ) -> tuple[list[SeenListing], int]:
        """A stretch of the entries in force on some of the lists, and how many there are in all."""
        opened, total = self._open(rolls), 0
        rows = self._entries(opened).order_by("roll_id", "entity_id")
        found: list[SeenListing] = []
        for row in rows.iterator(chunk_size=2000):
            seen = _seen(row, opened)
            if wanted(seen):
                if start <= total < start + limit:
                    found.append(seen)
                total += 1
        clauses = _clauses(seen.roll for seen in found)
        self._note(access.LIST, subject="lists", clauses=clauses, count=len(found))
        return found, total

    def _open(self, rolls: Collection[str] | None) -> Mapping[str, OpenRoll]:
        opened = open_rolls(self.actor, self.purpose, self.now)
        shut = ended_rolls(self.now)
        return {c: r for c, r in opened.items() if c not in shut and (rolls is None or c in rolls)}

    def _entries(self, rolls: Iterable[str]) -> QuerySet[Listing]:
        day = compile.today(self.now)
        return Listing.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gte=day),
            roll__in=list(rolls),
            removed_at=None,
        )


def _seen(row: Listing, opened: Mapping[str, OpenRoll]) -> SeenListing:
    return SeenListing(listed_of(row), opened[row.roll_id])


def _hit(hit: Hit, lists: Lists, rolls: Mapping[str, OpenRoll], day: date) -> ListHit | None:
    """The hit where the reader sees its list and it holds today; a lost document by its number alone."""
    entry = lists.entry(hit.listed.entity_id)
    roll = rolls.get(entry.roll) if entry else None
    if entry is None or roll is None or not entry.holds(day, ""):
        return None
    if entry.subject == DOCUMENTS and not _same_document(hit):
        return None
    return ListHit(SeenListing(hit.listed, roll), hit)


def _asked(query: Query) -> str:
    numbers = (number for number, _ in query.documents)
    return " ".join(filter(None, [*query.names, query.birth_date, *numbers]))


def _same_document(hit: Hit) -> bool:
    return any(field == "document" and said == "agree" for field, _, _, said in hit.compared)


def _clauses(rolls: Iterable[OpenRoll]) -> set[str]:
    return {roll.clause for roll in rolls}
