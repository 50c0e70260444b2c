"""The reading door: every look at a record, by a person or a program, goes through here.

A door belongs to one actor and one purpose. Each call leaves one Access row; what the reader may
not see behaves exactly as what does not exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Reach, Seek, narrow
from tapal.core.errors import Denied, Missing
from tapal.core.mandates import ASSIGN_TASKS, READ_ACCESS, READ_REJECTS, READ_WITHHELD
from tapal.core.marking import Purpose
from tapal.flow.share import access, compile, cursors, export, lists, looks, opening, search
from tapal.flow.share.bearer import bearer_records, shows
from tapal.flow.share.rows import fetch, list_rows, open_records
from tapal.flow.share.seen import (
    Hit,
    Look,
    Page,
    RecordRow,
    SeenAlert,
    SeenRecord,
    SeenReject,
    SeenTask,
)
from tapal.store.models import Record
from tapal.store.queries import tally, walks, wall

LONGEST_PAGE = 200
LONGEST_QUESTION = 120


def open_door(actor: Actor, purpose: Purpose, *, now: datetime | None = None) -> Door:
    """The door for an actor and a purpose, as agreements and mandates stand now."""
    moment = now or timezone.now()
    return Door(actor, purpose, compile.reach_of(actor, purpose, moment), moment)


@dataclass(frozen=True, slots=True)
class Door:
    """What one reader may ask. Make one for each request: it holds what was agreed at that moment."""

    actor: Actor
    purpose: Purpose
    reach: Reach
    now: datetime

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
        with wall.narrowed(self.reach.by_scope):
            anchor, ids = bearer_records(record.id)
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

    def alerts(
        self,
        *,
        state: str | None = "open",
        place: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[SeenAlert]:
        """Alerts of one state by what is due first, or of all states newest first."""
        of = f"alerts.{self._salt}.{state}"
        with wall.narrowed(self.reach.by_scope):
            page = lists.alerts(
                self.reach, state, place, cursors.take(before, of=of), _bounded(limit), of
            )
        self._note(access.LIST, subject="alerts", count=len(page.rows))
        return page

    def alert(self, alert_id: uuid.UUID | str) -> SeenAlert:
        """One alert with its visible findings. Raises Missing, hidden and absent alike."""
        with wall.narrowed(self.reach.by_scope):
            seen = lists.alert(self.reach, alert_id)
        if seen is None:
            self._note(access.DENIED, subject=str(alert_id))
            raise Missing
        self._note(access.READ, subject=seen.id, owner=seen.owner, count=1)
        return seen

    def tasks(
        self,
        *,
        state: str = "open",
        place: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[SeenTask]:
        """Tasks of the reader's own agency that he may do or hand out, by what is due first."""
        of = f"tasks.{self._salt}.{state}"
        start = cursors.take(before, of=of)
        page = lists.tasks(self.actor, self.now, state, place, start, _bounded(limit), of)
        self._note(access.LIST, subject="tasks", count=len(page.rows))
        return page

    def task(self, task_id: uuid.UUID | str) -> SeenTask:
        """One task. Raises Missing, hidden and absent alike."""
        seen = lists.task(self.actor, self.now, task_id)
        if seen is None:
            self._note(access.DENIED, subject=str(task_id))
            raise Missing
        self._note(access.READ, subject=seen.id, owner=seen.owner, count=1)
        return seen

    def rejects(
        self, *, state: str = "open", before: str | None = None, limit: int = 50
    ) -> Page[SeenReject]:
        """Rejected parts of what the reader's own agency handed in, newest first.

        Raises Denied without the power.
        """
        self._need(READ_REJECTS)
        of = f"rejects.{self._salt}.{state}"
        start = cursors.take(before, of=of)
        page = lists.rejects(self.actor, self.now, state, start, _bounded(limit), of)
        self._note(access.LIST, subject="rejects", count=len(page.rows))
        return page

    def reject(self, reject_id: uuid.UUID | str) -> SeenReject:
        """One reject. Raises Denied without the power, Missing, hidden and absent alike."""
        self._need(READ_REJECTS)
        seen = lists.reject(self.actor, self.now, reject_id)
        if seen is None:
            self._note(access.DENIED, subject=str(reject_id))
            raise Missing
        self._note(access.READ, subject=seen.id, count=1)
        return seen

    def looks(
        self, record_id: uuid.UUID | str, *, before: str | None = None, limit: int = 50
    ) -> Page[Look]:
        """Who looked at a record: for shift leaders and stewards of its owner, and for auditors.

        Raises Missing for a record that is not his to ask about.
        """
        powers = self.actor.powers
        owners = compile.agencies_on(compile.today(self.now)).owners(self.actor.agency)
        found = self._reached(record_id)
        asks = READ_ACCESS in powers or ASSIGN_TASKS in powers
        theirs = found is not None and (found.owner in owners or self._oversees)
        if found is None or not asks or not theirs:
            self._note(access.DENIED, subject=str(record_id))
            raise Missing
        of = f"looks.{self._salt}.{found.id}"
        page = looks.of_subject(str(found.id), cursors.take(before, of=of), _bounded(limit), of)
        self._note(access.LOOKS, subject=str(found.id), owner=found.owner, count=len(page.rows))
        return page

    def access_log(
        self,
        *,
        officer: str | None = None,
        subject: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page[Look]:
        """The Access log, newest first: whole for an auditor, his agency's part for a steward.

        Raises Denied without the power.
        """
        self._need(READ_ACCESS)
        owners = compile.agencies_on(compile.today(self.now)).owners(self.actor.agency)
        of = f"log.{self._salt}"
        page = looks.log(
            None if self._oversees else owners,
            officer,
            subject,
            cursors.take(before, of=of),
            _bounded(limit),
            of,
            withheld=self._oversees or READ_WITHHELD in self.actor.powers,
        )
        self._note(access.LOOKS, subject=subject or officer or "", count=len(page.rows))
        return page

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
        found = self._reached(record_id)
        if found is None:
            self._note(access.DENIED, subject=str(record_id))
            raise Missing
        subject = str(found.id)
        self._note(access.PRINT, subject=subject, owner=found.owner, question=sheet, count=1)

    @property
    def _salt(self) -> str:
        return f"{self.actor.number}.{self.actor.agency}.{self.purpose.value}"

    @property
    def _oversees(self) -> bool:
        return any(c.code == "oversight" for c in self.reach.clauses)

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
        of, limit = f"records.{self._salt}", _bounded(limit)
        start = cursors.take(before, of=of)
        with wall.narrowed(self.reach.by_scope):
            marks = walks.walk(walks.RECORDS, seeks, start, limit + 1)
            rows = list_rows(self.reach, fetch([i for _, i in marks[:limit]]))
        more = cursors.give(marks[limit - 1], of=of) if len(marks) > limit else None
        return Page(tuple(rows), more)

    def _reached(self, record_id: uuid.UUID | str) -> Record | None:
        with wall.narrowed(self.reach.by_scope):
            record = opening.stored(record_id)
            opened = open_records(self.reach, [record] if record else [])
        return opened[0].record if opened else None

    def _need(self, power: str) -> None:
        if power not in self.actor.powers:
            self._note(access.DENIED, subject=power)
            raise Denied

    def _note(
        self,
        act: str,
        *,
        subject: str = "",
        owner: str = "",
        question: str = "",
        clauses: Iterable[str] = (),
        count: int = 0,
        rows: Iterable[RecordRow] = (),
    ) -> None:
        shown = list(rows)
        owners = {row.view.owner for row in shown}
        access.note(
            self.actor,
            self.purpose,
            act,
            subject=subject,
            owner=owner or (owners.pop() if len(owners) == 1 else ""),
            question=question,
            clauses=clauses,
            count=count or len(shown),
        )


def _bounded(limit: int) -> int:
    return max(1, min(limit, LONGEST_PAGE))
