"""The contract between bytes and records: what a format's reader is given and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from tapal.core.finding import Finding
from tapal.core.record import Place
from tapal.core.reply import Reply
from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader may know besides the bytes. `post` is where the message was handed in, if known."""

    received_at: datetime
    post: Place | None = None
    agency: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """Who sent the message and under which number, yielded first where the format has such."""

    sender: str = ""
    message_id: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The sender's own number of one item, and a digest of what he said under it.

    The same number again with the same digest says nothing new. `told` are the body paths of which
    the item speaks, if only by leaving them empty: where it is sent otherwise, those may be cleared.
    `issuer` is whose number it is, where that is not whoever sends the message: what was issued once
    is the same by every way. Where an item does not correct (`corrects`), what is said otherwise
    under its number is a statement of its own.
    """

    number: str
    digest: str
    told: frozenset[str] = frozenset()
    issuer: str = ""
    corrects: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """One record as read. `place` names where in the message it stood ("NAD 7", "row 12").

    `sent` is there where the sender numbers his items.
    """

    place: str
    body: BaseModel
    occurred_at: datetime | None
    occurred_text: str = ""
    post: str | None = None
    findings: tuple[Finding, ...] = ()
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One part of a message that could not become a record; the rest of the message goes on."""

    place: str
    reason: Text
    mend: Text
    raw: str = ""


Item = Header | Draft | Rejection
Read = Callable[[bytes, ReadContext], Iterator[Item]]
# Any: bodies are JSON.
Write = Callable[[Sequence[Mapping[str, Any]]], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A way in, and perhaps out. `sniff` says from the first 4 kB how sure it is, 0 to 100.

    `read` never raises for what the bytes hold: it yields a Rejection that names the place.
    What `write` gives reads back as the same body, but for the top fields that it `omits`.
    `owner` is the one agency that may hand messages in by it, empty for every agency. `reply` is
    how its senders are answered, where they are.
    """

    name: str
    label: Text
    sniff: Callable[[bytes], int]
    read: Read
    write: Write | None = None
    suffixes: tuple[str, ...] = ()
    omits: tuple[str, ...] = ()
    owner: str = ""
    reply: Reply | None = None
