"""Writing the log: one event in the transaction of each change."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from tapal.core.events import EVENT_TYPES
from tapal.core.ids import uuid7
from tapal.store.models import Event, EventContent

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Told:
    """One change to be written down: its type, what it is about, what it says, who did it."""

    type: str
    subject: str
    content: Mapping[str, Any]  # Any: JSON
    actor: str = SYSTEM
    at: datetime | None = None


def canonical(content: Mapping[str, Any]) -> str:
    """The content as one text for ever: sorted keys, no blanks, UTF-8 as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def commitment(salt: bytes, content: str) -> bytes:
    """What the header keeps of the content, so that erasing it leaves the log verifiable."""
    return hashlib.sha256(salt + content.encode()).digest()


def record_event(
    type: str, subject: str, content: Mapping[str, Any], *, actor: str = SYSTEM
) -> None:
    """Write one event in the caller's transaction."""
    record_events([Told(type, subject, content, actor)])


def record_events(told: Iterable[Told]) -> None:
    """Write many events at once, in order, in the caller's transaction.

    Raises KeyError for a type that the catalogue does not know.
    """
    now = timezone.now()
    headers: list[Event] = []
    contents: list[EventContent] = []
    for each in told:
        kind = EVENT_TYPES[each.type]
        text, salt, event_id = canonical(each.content), os.urandom(16), uuid7()
        headers.append(
            Event(
                id=event_id,
                type=kind.name,
                subject=each.subject,
                node=settings.TAPAL_NODE,
                actor=each.actor,
                at=each.at or now,
                commitment=commitment(salt, text),
            )
        )
        contents.append(EventContent(event_id=event_id, salt=salt, content=text))
    if headers:
        Event.objects.bulk_create(headers)
        EventContent.objects.bulk_create(contents)


def verify(event: Event, content: EventContent) -> bool:
    """True when the content is what the header committed to."""
    return bytes(event.commitment) == commitment(bytes(content.salt), content.content)
