"""The reading door: every look at a record, by a person or a program, goes through here.

A door belongs to one actor and one purpose. Each call leaves one Access row; what the reader may
not see behaves exactly as what does not exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Seek, narrow
from tapal.core.errors import Missing
from tapal.core.marking import Purpose
from tapal.flow.share import access, compile, cursors, export, opening, purposes, search
from tapal.flow.share.asking import LONGEST_PAGE, bounded
from tapal.flow.share.asking_cases import AskingCases
from tapal.flow.share.asking_feed import AskingFeed
from tapal.flow.share.asking_lists import AskingLists
from tapal.flow.share.asking_looks import AskingLooks
from tapal.flow.share.asking_map import AskingMap
from tapal.flow.share.asking_quality import AskingQuality
from tapal.flow.share.asking_work import AskingWork
from tapal.flow.share.bearer import bearer_records, shows
from tapal.flow.share.rows import fetch, list_rows
from tapal.flow.share.seen import Hit, Page, RecordRow, SeenRecord
from tapal.store.queries import tally, walks, wall

LONGEST_QUESTION = 120


def open_door(actor: Actor, purpose: Purpose, *, now: datetime | None = None) -> Door:
    """The door for an actor and a purpose, as agreements and mandates stand now.

    Raises Denied, and leaves a trace, for a purpose that neither his agency's work nor an
    agreement covers.
    """
    moment = now or timezone.now()
    purposes.must_cover(actor, purpose, moment)
    return Door(actor, purpose, compile.reach_of(actor, purpose, moment), moment)


class Door(AskingWork, AskingCases, AskingMap, AskingLooks, AskingFeed, AskingLists, AskingQuality):
    """What one reader may ask. Make one for each request: it holds what was agreed at that moment."""

    __slots__ = ()

    def records(
        self,
        *,
        kind: str | None = None,
        place: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[RecordRow]:
        """Records newest first; `since` is included, `until` is not. Raises Rejected for a bad cursor."""
        page = self._records(self._seeks(kind, place, since, until), before, limit)
        self._note(access.LIST, clauses=(c for r in page.rows for c in r.clauses), rows=page.rows)
        return page

    def count(
        self,
        *,
        kind: str | None = None,
        place: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """How many records `records` would list, exactly."""
        with wall.narrowed(self.reach.by_scope):
            number = tally.count(self._seeks(kind, place, since, until))
        self._note(access.COUNT, clauses=(c.code for c in self.reach.clauses), count=number)
        return number

    def record(self, record_id: uuid.UUID | str) -> SeenRecord:
        """One record with all that hangs on it. Raises Missing, hidden and absent alike."""
        with wall.narrowed(self.reach.by_scope, subject=str(record_id)):
            seen = opening.open_record(self.actor, self.reach, record_id)
        if seen is None:
            self._note(access.DENIED, subject=str(record_id))
            raise Missing
        owner = seen.view.owner
        self._note(
            access.READ, subject=seen.view.id, owner=owner, clauses=seen.row.clauses, count=1
        )
        return seen

    def same_bearer(self, record_id: uuid.UUID | str) -> list[RecordRow]:
        """Other records judged to be of the same bearer, newest first; only those the reader may see.

        Nothing for who may not see the document that joins them. Raises Missing, hidden and
        absent alike.
        """
        record = self._reached(record_id)
        if record is None:
            self._note(access.DENIED, subject=str(record_id))
            raise Missing
        # Links stand behind the second wall; what they lead to is read before it.
        anchor, ids = bearer_records(record.id)
        with wall.narrowed(self.reach.by_scope):
            found = list_rows(self.reach, [record, *fetch(ids)])
        open_here = any(row.id == str(record.id) and shows(row, anchor) for row in found)
        rows = [r for r in found if open_here and r.id != str(record.id) and shows(r, anchor)]
        rows.sort(key=lambda row: row.view.occurred_at or row.view.received_at, reverse=True)
        clauses = (c for r in rows for c in r.clauses)
        self._note(access.LIST, subject=str(record_id), clauses=clauses, rows=rows)
        return rows

    def search(self, text: str, *, kind: str | None = None, limit: int = 50) -> list[Hit]:
        """Records by a key, whole or its beginning, or by a name.

        A record is found by a key or a name only where the reader may see the fields it is made of.
        """
        text = "".join(c if c.isprintable() else " " for c in text)[:LONGEST_QUESTION].strip()
        with wall.narrowed(self.reach.by_scope):
            hits = search.find(self.reach, text, kind=kind, limit=min(limit, LONGEST_PAGE))
        rows = [hit.row for hit in hits]
        clauses = (c for r in rows for c in r.clauses)
        self._note(access.SEARCH, question=text, clauses=clauses, rows=rows)
        return hits

    def export(
        self,
        *,
        kind: str,
        place: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 10_000,
    ) -> Iterator[str]:
        """Lines of a CSV file with what the reader sees, newest first, a heading line first."""
        seeks = self._seeks(kind, place, since, until)
        rows: list[RecordRow] = []
        before: str | None = None
        while len(rows) < limit:
            page = self._records(seeks, before, min(LONGEST_PAGE, limit - len(rows)))
            rows += page.rows
            before = page.next
            if before is None:
                break
        clauses = (c for r in rows for c in r.clauses)
        self._note(access.EXPORT, subject=kind, clauses=clauses, rows=rows)
        return export.lines(kind, rows)

    def printed(self, record_id: uuid.UUID | str, sheet: str) -> None:
        """Write down that a record was printed. Raises Missing for one that he may not see."""
        self._out(record_id, access.PRINT, sheet)

    def saved(self, record_id: uuid.UUID | str, form: str) -> None:
        """Write down that a record was saved as a file. Raises Missing for one that he may not see."""
        self._out(record_id, access.EXPORT, form)

    def _out(self, record_id: uuid.UUID | str, act: str, form: str) -> None:
        found = self._reached(record_id)
        if found is None:
            self._note(access.DENIED, subject=str(record_id))
            raise Missing
        subject = str(found.id)
        self._note(act, subject=subject, owner=found.owner, question=form, count=1)

    def _seeks(
        self,
        kind: str | None,
        place: str | None,
        since: datetime | None,
        until: datetime | None,
    ) -> tuple[Seek, ...]:
        scopes = None
        if kind is not None:
            scopes = {n for n, s in self.reach.scopes.items() if s.kind == kind}
        return narrow(self.reach.seeks, scopes=scopes, place=place, since=since, until=until)

    def _records(self, seeks: tuple[Seek, ...], before: str | None, limit: int) -> Page[RecordRow]:
        of, limit = f"records.{self._salt}", bounded(limit)
        start = cursors.take(before, of=of)
        with wall.narrowed(self.reach.by_scope):
            marks = walks.walk(walks.RECORDS, seeks, start, limit + 1)
            rows = list_rows(self.reach, fetch([i for _, i in marks[:limit]]))
        more = cursors.give(marks[limit - 1], of=of) if len(marks) > limit else None
        return Page(tuple(rows), more)
