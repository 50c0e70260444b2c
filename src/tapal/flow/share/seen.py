"""What a reader gets: everything here is already cut down to what he may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from tapal.core.finding import Finding, Weight
from tapal.core.marking import Sensitivity
from tapal.core.record import RecordView
from tapal.core.text import Text
from tapal.engines.procedures import Field

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in order; `next` is what to ask `before` with for the following page, None at the end."""

    rows: tuple[Row, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record in a list. `view` holds the redacted body; `title` says what can be seen in a few words.

    `clauses` are the codes of those that open it ("own", "oversight", an agreement's), `fields`
    the leaf paths that they open together; `own` is true for the owner's officers. `screened` is
    false while it was not judged yet, so that no findings mean nothing.
    """

    view: RecordView
    title: str
    clauses: tuple[str, ...]
    fields: frozenset[str]
    own: bool
    conflicting: bool = False
    occurred_known: bool = True
    screened: bool = True

    @property
    def id(self) -> str:
        return self.view.id

    @property
    def weight(self) -> Weight:
        """The heaviest finding that the reader sees."""
        return self.view.weight


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A finding whose every field, and every record it rests on, the reader may see."""

    id: str
    record: str
    said: Finding
    weight: Weight
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """An alert with its visible findings. What only its owner knows is empty for others.

    `title` says in a few words what can be seen of the record that it is about.
    """

    id: str
    kind: str
    owner: str
    place: str | None
    reason: str
    state: str
    weight: Weight
    count: int
    sensitivity: Sensitivity
    record: str
    subject: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime
    findings: tuple[SeenFinding, ...]
    own: bool
    title: str = ""
    taken_by: str = ""
    taken_at: datetime | None = None
    outcome: str = ""
    outcome_reason: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task of the reader's own agency that he may do or hand out.

    `form` holds a procedure's questions where one task is asked for; a list leaves them out.
    `title` says in a few words what can be seen of the record that it is about.
    """

    id: str
    name: str
    label: Text
    text: Text
    power: str
    owner: str
    kind: str
    place: str | None
    record: str | None
    alert: str | None
    state: str
    opened_at: datetime
    opened_by: str
    due_at: datetime | None
    data: Mapping[str, Any] = field(hash=False)  # Any: JSON
    closed_at: datetime | None = None
    closed_by: str = ""
    answer: str = ""
    run: str | None = None
    step: str = ""
    assigned_to: str = ""
    form: tuple[Field, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run as its diagram tells it: what was passed, what waits, and the tasks that the reader sees.

    Another agency takes part by its own tasks alone: no other step is lit for it, and neither the
    record, the alert nor how the run ended is told.
    """

    id: str
    procedure: str
    name: str
    version: int
    label: Text
    status: str
    outcome: Text | None
    trouble: str
    owner: str
    place: str | None
    started_at: datetime
    ended_at: datetime | None
    passed: tuple[str, ...]
    waiting: tuple[str, ...]
    tasks: tuple[SeenTask, ...]
    record: str | None
    alert: str | None
    own: bool


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """One change of a record: its content holds only readable fields; other agencies' actors are unnamed."""

    type: str
    at: datetime
    actor: str
    content: Mapping[str, Any] = field(hash=False)  # Any: JSON


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record opened: its row with all that hangs on it and may be seen.

    `conflicts` holds, for each readable path that two officers changed apart, both values;
    `revision` is the owner's alone: an act names the revision that its author had before him.
    """

    row: RecordRow
    findings: tuple[SeenFinding, ...]
    alerts: tuple[SeenAlert, ...]
    tasks: tuple[SeenTask, ...]
    events: tuple[SeenEvent, ...]
    conflicts: Mapping[str, list[Any]] = field(hash=False)  # Any: JSON
    revision: str = ""

    @property
    def view(self) -> RecordView:
        return self.row.view

    @property
    def fields(self) -> frozenset[str]:
        return self.row.fields


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by a search, with what it was found by: a sort of key, or "name"."""

    row: RecordRow
    by: str
    label: Text
    value: str
    exact: bool


@dataclass(frozen=True, slots=True)
class SeenReject:
    """A part of a message that the reader's agency handed in and that could not become a record."""

    id: str
    message: str
    post: str | None
    place: str
    reason: Text
    mend: Text
    raw: str
    state: str
    at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    closing_note: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the Access log. `question` is what was searched for, which may be personal."""

    id: str
    at: datetime
    officer: str
    agency: str
    post: str
    purpose: str
    act: str
    subject: str
    owner: str
    question: str
    clauses: tuple[str, ...]
    count: int
