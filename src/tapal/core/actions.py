"""What an officer may do to a record, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from tapal.core.finding import Finding
from tapal.core.marking import Sensitivity
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the officer's number and name, agency, post, and powers held there now."""

    id: str
    number: str
    name: str
    agency: str
    post: str | None
    powers: frozenset[str]

    def acts_at(self, place: str | None) -> bool:
        """True where his mandate holds: at his own post, anywhere without one; no place is everyone's."""
        return self.post is None or not place or place == self.post


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work for somebody. `power` is what its doer must hold.

    Its clock is `due_at`, where a law was asked, else the rule row `task.minutes` for its name.

    A WITHHELD task is seen only by the owner's officers who hold that power.
    `name` joins it to the action that answers it (`Outcome.closes`).
    """

    name: str
    label: Text
    text: Text
    power: str
    due_at: datetime | None = None
    sensitivity: Sensitivity = Sensitivity.RESTRICTED
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)  # Any: JSON


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A numbered paper that the act issues.

    An entry is added to the list at `into`: `form`, `number`, `issued_at` (ISO 8601), `issued_by`
    (the officer's number) and everything in `data`.
    """

    form: str
    label: Text
    into: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)  # Any: JSON


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action changes: body paths to new values, papers, tasks opened and tasks closed.

    `outward` is the act's name in tasks that it closes and to readers who may not see all that it
    changed, where its own would tell what is withheld.
    """

    changes: Mapping[str, Any] = field(hash=False)  # Any: JSON values
    documents: tuple[NewDocument, ...] = ()
    tasks: tuple[NewTask, ...] = ()
    closes: tuple[str, ...] = ()
    settles_alerts: bool = False
    outward: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an action is weighed: the record, what was found, what the rules knew, and who asks.

    `clashes` holds the values of each path at which edits clash; the record shows the newest of them.
    """

    record: RecordView
    findings: Sequence[Finding]
    context: Context
    actor: Actor
    clashes: Mapping[str, Sequence[Any]] = field(default_factory=dict, hash=False)  # Any: JSON

    def values(self, path: str) -> tuple[Any, ...]:
        """Each value that stands at a path: more than one where edits clash."""
        return tuple(self.clashes.get(path) or (self.record.get(path),))


@dataclass(frozen=True, slots=True)
class Action:
    """A key on the screen. `offered` holds the law: what is not lawful is not there.

    `power` is needed to press it. `form` asks what the act must name (its ground, its reason).
    `apply` raises Rejected for an input that does not fit. `undo` names minutes in which the same
    officer may take it back, 0 for never. `waits` says what an act that is not offered waits for,
    where the law would give it; its sentence must be one that this officer may read. `answers` names
    tasks that nothing but such an act answers: a word written by hand would leave the record as it is.
    """

    name: str
    label: Text
    power: str
    offered: Callable[[Occasion], bool]
    apply: Callable[[Occasion, BaseModel | None], Outcome]
    key: str = ""
    tone: Literal["accept", "neutral", "danger"] = "neutral"
    form: Callable[[Occasion], type[BaseModel]] | None = None
    undo_minutes: int = 0
    waits: Callable[[Occasion], Text | None] | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A paper as plain data: the web lays it out on A4 and adds the code that opens it again."""

    title: Text
    rows: tuple[tuple[Text, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    signatures: tuple[Text, ...] = ()
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that a record can be printed as. `ready` says whether it applies yet.

    `languages` are those in which it can be had, the traveller's among them.
    """

    name: str
    label: Text
    ready: Callable[[RecordView], bool]
    render: Callable[[RecordView, Context, str], Page]
    languages: Callable[[RecordView], tuple[str, ...]]
