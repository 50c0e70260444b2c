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
from tapal.flow.bulk import insert
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


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(content: Mapping[str, Any]) -> str:
    """The content as one text for ever: sorted keys, no blanks, UTF-8 as it is."""
    return _CANONICAL.encode(content)


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
    now, node = timezone.now(), settings.TAPAL_NODE
    headers: list[tuple[Any, ...]] = []
    contents: list[tuple[Any, ...]] = []
    for each in told:
        kind = EVENT_TYPES[each.type]
        text, salt, event_id = canonical(each.content), os.urandom(16), uuid7()
        sealed = commitment(salt, text)
        headers.append(
            (event_id, kind.name, each.subject, node, each.actor, each.at or now, sealed)
        )
        contents.append((event_id, salt, text))
    insert(Event, ("id", "type", "subject", "node", "actor", "at", "commitment"), headers)
    insert(EventContent, ("event_id", "salt", "content"), contents)


def verify(event: Event, content: EventContent) -> bool:
    """True when the content is what the header committed to."""
    return bytes(event.commitment) == commitment(bytes(content.salt), content.content)
