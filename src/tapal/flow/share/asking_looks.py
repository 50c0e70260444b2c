"""The door's questions about looks: who asked for what, and why."""

from __future__ import annotations

import uuid

from tapal.core.errors import Missing
from tapal.core.mandates import ASSIGN_TASKS, READ_ACCESS, READ_WITHHELD
from tapal.flow.share import access, compile, cursors, looks
from tapal.flow.share.asking import Asking, bounded
from tapal.flow.share.seen import Look, Page


class AskingLooks(Asking):
    """Who looked."""

    __slots__ = ()

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
        start = cursors.take(before, of=of)
        page = looks.of_subject(
            str(found.id), start, bounded(limit), of, withheld=self._knows_withheld
        )
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
            bounded(limit),
            of,
            withheld=self._knows_withheld,
        )
        self._note(access.LOOKS, subject=subject or officer or "", count=len(page.rows))
        return page

    @property
    def _knows_withheld(self) -> bool:
        return self._oversees or READ_WITHHELD in self.actor.powers
