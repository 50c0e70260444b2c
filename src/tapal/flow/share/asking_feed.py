"""The door's questions of programs: what changed, what became of a message, how fresh the lists are."""

from __future__ import annotations

import uuid
from collections import Counter

from django.db.models import Q

from tapal.core.errors import Missing
from tapal.core.mandates import READ
from tapal.core.reply import Reply as Answering
from tapal.core.text import Text
from tapal.flow import replies
from tapal.flow.share import access, changes, compile, sealed
from tapal.flow.share.asking import Asking, bounded
from tapal.flow.share.rows import as_uuid
from tapal.flow.share.seen import Page
from tapal.flow.share.seen_feed import SeenAnswer, SeenChange, SeenMessage, SeenRoll
from tapal.store.models import Message, Record, Reply, Roll

WRITE = "record.write"


class AskingFeed(Asking):
    """What programs ask that nobody asks at a desk."""

    __slots__ = ()

    def changes(
        self, *, cursor: str | None = None, from_now: bool = False, limit: int = 50
    ) -> Page[SeenChange]:
        """What changed behind a cursor, in the order of the log; `next` is always where to go on.

        Without a cursor from the log's beginning, or `from_now` on. Raises Rejected for a bad one.
        """
        of = f"changes.{self._salt}"
        start = changes.newest() if from_now else 0
        position = sealed.unseal(cursor, of=of) if cursor else start
        rows, position = changes.after(self.actor, self.reach, self.now, position, bounded(limit))
        self._note(access.LIST, subject="changes", count=len(rows))
        return Page(tuple(rows), sealed.seal(position, of=of))

    def message(self, message_id: uuid.UUID | str) -> SeenMessage:
        """What became of a message that the reader's own agency handed in at his post.

        Raises Denied without the power to hand messages in, Missing, hidden and absent alike.
        """
        row = self._own_message(message_id, access.READ)
        return SeenMessage(
            id=str(row.id),
            source=row.source,
            kind=row.kind,
            format=row.format,
            state="read" if row.state == "done" else "waiting",
            records=row.records,
            rejects=row.rejects,
            known=max(0, row.position - row.records - row.rejects),
            unscreened=Record.objects.filter(message=row, worked=False).count(),
            received_at=row.received_at,
        )

    def lists(self) -> tuple[SeenRoll, ...]:
        """Each list's version and the time of its import, without a word of what stands in it.

        Raises Denied for who reads no records.
        """
        self._need(READ)
        rolls = Roll.objects.order_by("code")
        self._note(access.LIST, subject="lists", count=len(rolls))
        return tuple(
            SeenRoll(r.code, Text(r.label_id, r.label_en), r.authority, r.version, r.imported_at)
            for r in rolls
        )

    def answers(self, message_id: uuid.UUID | str) -> tuple[SeenAnswer, ...]:
        """The answers that its sender was given, the newest first. Raises as `message` does."""
        row = self._own_message(message_id, access.READ)
        how = replies.answering(row)
        held = row.replies.select_related("first").order_by("-id") if how else ()
        return tuple(_seen_answer(each, how) for each in held if how)

    def answer(self, message_id: uuid.UUID | str, number: str = "") -> tuple[SeenAnswer, bytes]:
        """One answer with its bytes, the newest where none is named. Raises as `message` does."""
        row = self._own_message(message_id, access.EXPORT)
        how = replies.answering(row)
        held = row.replies.select_related("first").order_by("-id")
        found = (held.filter(number=number) if number else held).first()
        if how is None or found is None:
            raise Missing
        return _seen_answer(found, how), replies.bytes_of(found)

    def _own_message(self, message_id: uuid.UUID | str, act: str) -> Message:
        self._need(WRITE)
        owners = compile.agencies_on(compile.today(self.now)).owners(self.actor.agency)
        rows = Message.objects.filter(pk=as_uuid(message_id), agency_id__in=owners)
        if self.actor.post is not None:
            rows = rows.filter(Q(post=None) | Q(post=self.actor.post))
        row = rows.first()
        if row is None:
            self._note(access.DENIED, subject=str(message_id))
            raise Missing
        self._note(act, subject=str(row.id), owner=row.agency_id, count=1)
        return row


def _seen_answer(row: Reply, how: Answering) -> SeenAnswer:
    counts = Counter(row.states.values())
    return SeenAnswer(
        number=row.number,
        refers_to=row.first.number if row.first else "",
        made_at=row.made_at,
        counts=tuple((words, counts[state]) for state, words in how.states.items()),
        media_type=how.media_type,
        file=f"{how.name}-{row.number}{how.suffix}",
    )
