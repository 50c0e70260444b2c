"""The sender's own number: a message sent again under the same number doubles nothing."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tapal.core.reading import Header
from tapal.flow.events import canonical
from tapal.flow.findings import finding_json
from tapal.flow.storable import storable
from tapal.store.models import Message, Record, Reject

MENDED = "mended:"
"""How the source of a message begins that mends a reject; its id follows."""


class Repeats:
    """What an earlier message of the same sender under the same number already said.

    Senders do repeat numbers for different content, so a number alone refuses nothing: an item
    that was stored then is known, another one is taken.
    """

    def __init__(self, message: Message, *, itself: bool = False) -> None:
        self._message = message
        self._itself = itself
        self.sender = message.sender
        self.number = message.sender_message_id
        self.findings: list[dict[str, Any]] = list(message.findings)

    def note(self, header: Header) -> None:
        """Remember who sent the message and under which number."""
        self.sender = storable(header.sender)[:80]
        self.number = storable(header.message_id)[:80]
        self.findings = [finding_json(each) for each in header.findings]

    def known(self, body: Mapping[str, Any]) -> bool:
        """True when an earlier message under this number held an item with just this body."""
        return bool(self._earlier) and _digest(body) in self._earlier

    @cached_property
    def _earlier(self) -> frozenset[bytes]:
        rows = Record.objects.filter(message__in=self._before()).only("base", "body")
        return frozenset(_digest(r.base if r.base is not None else r.body) for r in rows)

    def _before(self) -> list[uuid.UUID]:
        if self._itself:
            return [self._message.pk]
        if self._message.source.startswith(MENDED):
            return self._mended_from() + self._same_number()
        return self._same_number()

    def _mended_from(self) -> list[uuid.UUID]:
        """The message that was sent anew, mended: what it gave is known by its content."""
        try:
            reject = uuid.UUID(self._message.source.removeprefix(MENDED))
        except ValueError:
            return []
        rows = Reject.objects.filter(pk=reject, agency_id=self._message.agency_id)
        return list(rows.values_list("message_id", flat=True))

    def _same_number(self) -> list[uuid.UUID]:
        if not self.sender or not self.number:
            return []
        same = Message.objects.filter(
            sender=self.sender, sender_message_id=self.number, agency_id=self._message.agency_id
        )
        return list(same.exclude(pk=self._message.pk).values_list("pk", flat=True))


def _digest(body: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(body).encode()).digest()
