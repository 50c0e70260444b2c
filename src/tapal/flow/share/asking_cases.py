"""The door's questions about cases."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tapal.core.cases import CASE
from tapal.core.errors import Missing
from tapal.flow.share import access, cases, cursors, looks
from tapal.flow.share.asking import Asking, bounded
from tapal.flow.share.seen import Look, Page
from tapal.flow.share.seen_cases import CaseHead, SeenCase
from tapal.store.models import CaseEntry

# So many cases that hold one record or alert are named beside it.
BESIDE = 20


class AskingCases(Asking):
    """What the reader may see of cases."""

    __slots__ = ()

    def cases(
        self, *, state: str = "open", before: str | None = None, limit: int = 50
    ) -> Page[CaseHead]:
        """Cases that exist for the reader, newest first."""
        of, limit = f"cases.{self._salt}.{state}", bounded(limit)
        start = cursors.take(before, of=of)
        rows = cases.page(
            self.actor, self.reach, self.now, state, start[1] if start else None, limit + 1
        )
        self._note(access.LIST, subject="cases", count=min(len(rows), limit))
        more = None
        if len(rows) > limit:
            last = rows[limit - 1]
            more = cursors.give((last.opened_at, uuid.UUID(last.id)), of=of)
        return Page(tuple(rows[:limit]), more)

    def case(self, case_id: uuid.UUID | str, *, before: str | None = None) -> SeenCase:
        """One case with a page of its timeline. Raises Missing, hidden and absent alike."""
        case = cases.find(self.actor, self.now, case_id)
        if case is None:
            raise self._no_case()
        of = f"case.{self._salt}.{case.id}"
        seen = cases.seen(self.actor, self.reach, self.now, case, cursors.take(before, of=of))
        if len(seen.entries) > cases.LINES:
            lines = seen.entries[1:]
            oldest = (lines[0].at, uuid.UUID(lines[0].id))
            seen = replace(seen, entries=lines, older=cursors.give(oldest, of=of))
        if len(seen.joined) > cases.JOINED:
            seen = replace(seen, joined=seen.joined[1:], more=True)
        joined = sum(entry.target is not None for entry in seen.entries)
        owner = seen.head.owner
        self._note(access.READ, subject=seen.head.id, owner=owner, count=max(1, joined))
        return seen

    def cases_with(self, sort: str, ref: uuid.UUID | str) -> list[CaseHead]:
        """The cases that join a thing and exist for the reader; no look where there is none."""
        found = cases.holding(self.actor, self.reach, self.now, sort, str(ref), BESIDE)
        if found:
            self._note(access.LIST, subject="cases", count=len(found))
        return found

    def attachment(self, case_id: uuid.UUID | str, entry_id: uuid.UUID | str) -> CaseEntry:
        """A file of a case, about to be handed out. Raises Missing, hidden and absent alike."""
        row = cases.attachment(self.actor, self.reach, self.now, case_id, entry_id)
        if row is None:
            raise self._no_case()
        self._note(
            access.DOWNLOAD,
            subject=str(row.case_id),
            owner=row.agency,
            question=row.attachment.sha256,
            count=1,
        )
        return row

    def case_looks(
        self, case_id: uuid.UUID | str, *, before: str | None = None, limit: int = 50
    ) -> Page[Look]:
        """Who looked at a case, and fetched its files: for its leads. Raises Missing.

        Of a sealed one this is the only place that tells.
        """
        case = cases.find(self.actor, self.now, case_id)
        if case is None or not cases.leads(self.actor, case):
            raise self._no_case()
        of = f"looks.{self._salt}.{case.id}"
        start = cursors.take(before, of=of)
        page = looks.of_subject(str(case.id), start, bounded(limit), of, withheld=True)
        self._note(access.LOOKS, subject=str(case.id), owner=case.owner, count=len(page.rows))
        return page

    def _no_case(self) -> Missing:
        """The trace names no id: which of them exist is nobody's to read from it."""
        self._note(access.DENIED, subject=CASE)
        return Missing()
