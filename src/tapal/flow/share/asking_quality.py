"""The door's questions of a sender: how good was what we sent."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q

from tapal.core.errors import Missing
from tapal.core.mandates import READ_REJECTS
from tapal.flow.share import access, quality
from tapal.flow.share.asking import Asking
from tapal.flow.share.quality import Quality, Sender
from tapal.flow.share.rows import as_uuid
from tapal.store.queries import wall


class AskingQuality(Asking):
    """Reports on what the reader's own agency handed in."""

    __slots__ = ()

    def senders(self, since: datetime, until: datetime) -> list[Sender]:
        """Each sender of the agency's messages between two moments. Raises Denied without the power."""
        self._need(READ_REJECTS)
        rows = quality.own_messages(self.actor, self.now)
        found = quality.senders(rows.filter(received_at__gte=since, received_at__lt=until))
        self._note(access.LIST, subject="quality", count=len(found))
        return found

    def quality_of(
        self, kind: str, name: str, format: str, since: datetime, until: datetime, *, act: str = ""
    ) -> Quality:
        """The report on one sender's messages between two moments. Raises Denied, Missing."""
        self._need(READ_REJECTS)
        rows = quality.own_messages(self.actor, self.now).filter(
            Q(format=format) | Q(format__startswith=f"{format}@"),
            kind=kind,
            sender=name,
            received_at__gte=since,
            received_at__lt=until,
        )
        with wall.narrowed(self.reach.by_scope):
            found = quality.report(self.reach, rows)
        if found is None:
            self._note(access.DENIED, subject="quality")
            raise Missing
        found.since = since
        self._note(act or access.READ, subject="quality", question=name, count=found.looked_into)
        return found

    def quality_of_message(self, message_id: uuid.UUID | str, *, act: str = "") -> Quality:
        """The report on one message. Raises Denied, Missing, hidden and absent alike."""
        self._need(READ_REJECTS)
        rows = quality.own_messages(self.actor, self.now).filter(pk=as_uuid(message_id))
        with wall.narrowed(self.reach.by_scope):
            found = quality.report(self.reach, rows)
        if found is None:
            self._note(access.DENIED, subject=str(message_id))
            raise Missing
        self._note(act or access.READ, subject=str(message_id), count=found.looked_into)
        return found
