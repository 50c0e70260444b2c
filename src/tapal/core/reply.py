"""The contract of an answer to whoever sent a message: what stands of each item, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tapal.core.record import RecordView
from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one item of a message stands; `record` is None where none came of it.

    `waits` says that something about it waits for a person, or that it is not screened yet. What is
    withheld never counts in: an answer goes outside, and must not tell that it is there. `clashes`
    are the paths at which edits contradict each other.
    """

    record: RecordView | None = None
    waits: bool = False
    clashes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be written: the state of each item by its place, under a number of its own.

    `refers_to` is the number of the first answer to the same message, empty for that one itself.
    `codes` gives the code of each state, as it was agreed with the senders.
    """

    number: str
    refers_to: str
    made_at: datetime
    states: Mapping[str, str] = field(hash=False)
    codes: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """How messages of a format are answered.

    `places` names the items that are answered, in order; it raises Rejected for a message that
    asks for no answer. `state` gives one of `states` for each; `topic` is the legal topic that holds
    the code of each state. `write` raises Rejected for what cannot be written. No answer says why.
    """

    name: str
    label: Text
    states: Mapping[str, Text] = field(hash=False)
    topic: str
    media_type: str
    suffix: str
    places: Callable[[bytes], Sequence[str]]
    state: Callable[[Standing], str]
    write: Callable[[bytes, Answer], bytes]
