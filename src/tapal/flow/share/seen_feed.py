"""What a program gets at the reading door that nobody asks at a desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class SeenChange:
    """One change that the reader may know of. `about` is record, alert or task, `subject` its id."""

    id: str
    type: str
    at: datetime
    about: str
    subject: str
    kind: str
    owner: str
    place: str | None


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message that the reader's agency handed in. `state` is waiting, or read to its end.

    `known` counts parts that had been said before, `unscreened` the records not judged yet.
    """

    id: str
    source: str
    kind: str
    format: str
    state: str
    records: int
    rejects: int
    known: int
    unscreened: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SeenRoll:
    """A list with its version and when that was imported, None where it never was."""

    code: str
    label: Text
    authority: str
    version: int
    imported_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """An answer that a message's sender was given: how many of its items are in which state."""

    number: str
    refers_to: str
    made_at: datetime
    counts: tuple[tuple[Text, int], ...]
    media_type: str
    file: str
