"""The door's question of the map: how much each post has had, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tapal.core.clauses import narrow
from tapal.flow.share import access
from tapal.flow.share.asking import Asking
from tapal.store.queries import tally, wall


class AskingMap(Asking):
    """What the map shows of posts."""

    __slots__ = ()

    def by_place(self, places: Iterable[str], since: datetime) -> Mapping[str, int]:
        """How many records of each place the reader may see that happened since a moment; one look."""
        found = {}
        with wall.narrowed(self.reach.by_scope):
            for place in places:
                seeks = narrow(self.reach.seeks, place=place, since=since)
                found[place] = tally.count(seeks) if seeks else 0
        clauses = (clause.code for clause in self.reach.clauses)
        self._note(access.COUNT, subject="map", clauses=clauses, count=sum(found.values()))
        return found
