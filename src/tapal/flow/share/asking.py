"""What every question at the door shares: who asks, why, what he reaches, and the trace it leaves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tapal.core.actions import Actor
from tapal.core.clauses import OVERSIGHT, Reach
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.flow.share import access, opening
from tapal.flow.share.rows import open_records
from tapal.flow.share.seen import RecordRow
from tapal.store.models import Record
from tapal.store.queries import wall

LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Asking:
    """One reader with one purpose at one moment."""

    actor: Actor
    purpose: Purpose
    reach: Reach
    now: datetime

    @property
    def _salt(self) -> str:
        return f"{self.actor.number}.{self.actor.agency}.{self.purpose.value}"

    @property
    def _oversees(self) -> bool:
        return any(c.code == OVERSIGHT for c in self.reach.clauses)

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


def bounded(limit: int) -> int:
    """A page's length within what the door gives at once."""
    return max(1, min(limit, LONGEST_PAGE))
