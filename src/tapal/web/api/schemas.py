"""The shapes of the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import Field

Row = TypeVar("Row")

WeightWord = Literal["note", "look", "alert"]
State = Literal["open", "closed"]
LIMIT_MOST = 200


class Words(Schema):
    """A sentence in Indonesian and in English."""

    id: str
    en: str


class FoundOut(Schema):
    """One finding as a sentence in the language asked for."""

    rule: str
    label: str
    text: str
    weight: str
    disputed: bool


class ItemOut(Schema):
    """One part of a message and what became of it."""

    source: str
    place: str
    status: str
    kind: str | None
    id: str | None
    reason: str | None
    screened: bool | None
    findings: list[FoundOut]


class IntakeOut(Schema):
    """The same object as `tapal intake --json` prints."""

    records: int
    rejects: int
    known: int
    findings: int
    alerts: int
    unscreened: int
    items: list[ItemOut]


class QueuedOut(Schema):
    """A file that was kept; the worker reads it. `known` is true where it had been sent before."""

    id: str
    source: str
    known: bool


class FilesOut(Schema):
    """The files that were kept, in the order in which they were sent."""

    messages: list[QueuedOut]


class MessageOut(Schema):
    """What became of a message so far: read to its end, and how many records wait to be judged."""

    id: str
    source: str
    kind: str
    format: str
    state: Literal["waiting", "read"]
    records: int
    rejects: int
    known: int
    unscreened: int
    received_at: datetime


class FindingOut(Schema):
    """A finding whose every field the caller may see."""

    id: str
    record: str
    rule: str
    reason: Words
    text: Words
    weight: WeightWord
    disputed: bool
    fields: list[str]
    at: datetime


class RecordOut(Schema):
    """A record as far as the caller may see it. `body` holds only `fields`; `opened_by` says why."""

    id: str
    kind: str
    owner: str
    place: str | None
    occurred_at: datetime | None
    occurred_text: str
    received_at: datetime
    title: str
    weight: WeightWord
    screened: bool
    own: bool
    opened_by: list[str]
    fields: list[str]
    body: dict[str, Any]  # Any: shaped by the record's kind


class AlertOut(Schema):
    """An alert with the findings that the caller may see."""

    id: str
    kind: str
    owner: str
    place: str | None
    reason: str
    label: Words
    state: State
    weight: WeightWord
    count: int
    record: str | None
    title: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime
    own: bool
    findings: list[FindingOut]
    taken_by: str = ""
    outcome: str = ""
    outcome_reason: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None


class TaskOut(Schema):
    """A task of the caller's agency that he may do or hand out."""

    id: str
    name: str
    label: Words
    text: Words
    power: str
    owner: str
    kind: str
    place: str | None
    record: str | None
    alert: str | None
    title: str
    state: State
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    answer: str
    assigned_to: str


class RecordWhole(RecordOut):
    """A record opened, with the findings, alerts and tasks on it that the caller may see."""

    findings: list[FindingOut]
    alerts: list[AlertOut]
    tasks: list[TaskOut]
    revision: str


class HitOut(Schema):
    """A record found, by which key or name, and whether by the whole of it."""

    by: str
    label: Words
    value: str
    exact: bool
    record: RecordOut


class RejectOut(Schema):
    """A part of a message that could not become a record, with what to mend, and its bytes as they came."""

    id: str
    message: str
    post: str | None
    place: str
    reason: Words
    mend: Words
    raw: str
    state: str
    at: datetime
    closed_at: datetime | None
    closing_note: str


class ChangeOut(Schema):
    """One change. Fetch what it is `about` by `subject`; the same `id` twice is the same change."""

    id: str
    type: str
    at: datetime
    about: Literal["record", "alert", "task"]
    subject: str
    kind: str
    owner: str
    place: str | None


class ListOut(Schema):
    """A watch list's version and when it was imported; nothing of what stands in it."""

    code: str
    label: Words
    authority: str
    version: int
    imported_at: datetime | None


class CaseOut(Schema):
    """A case. Its title and how it ended are empty where no agreement opens them to the caller."""

    id: str
    code: str
    title: str
    owner: str
    place: str | None
    sensitivity: str
    sealed: bool
    state: State
    opened_at: datetime
    offered_to: str
    member: bool
    outcome: str
    outcome_reason: str
    closed_at: datetime | None
    closed_by: str


class CaseMemberOut(Schema):
    """An officer who works on the case."""

    officer: str
    agency: str
    since: datetime


class CaseTargetOut(Schema):
    """What a line joins, as the caller sees it; a person is shown by his newest record's id."""

    about: Literal["record", "alert", "task", "run", "person"]
    id: str
    title: Words
    owner: str
    kind: str
    state: str


class CaseFileOut(Schema):
    """An attachment. `scan` is waiting, clean or refused; its bytes are fetched at the desk."""

    name: str
    size: int
    media_type: str
    sha256: str
    scan: Literal["waiting", "clean", "refused"]


class CaseEntryOut(Schema):
    """One line of the timeline; only lines that the caller may see are there."""

    id: str
    sort: str
    ref: str
    text: str
    by: str
    agency: str
    at: datetime
    undone_at: datetime | None
    target: CaseTargetOut | None
    file: CaseFileOut | None


class CaseWhole(CaseOut):
    """A case opened, with its members and its timeline."""

    members: list[CaseMemberOut]
    entries: list[CaseEntryOut]
    older: str | None


class PageOut(Schema, Generic[Row]):
    """Some rows, and the cursor behind them: null where there are no more."""

    items: list[Row]
    next: str | None


class FeedOut(Schema):
    """Changes in order, and the cursor to ask with next: always one, also where nothing is new."""

    items: list[ChangeOut]
    next: str
    wait_seconds: int = Field(description="how long to wait before asking again")


class RecordsOut(PageOut[RecordOut]):
    """A page of records, newest first."""


class AlertsOut(PageOut[AlertOut]):
    """A page of alerts, by what is due first."""


class TasksOut(PageOut[TaskOut]):
    """A page of tasks, by what is due first."""


class CasesOut(PageOut[CaseOut]):
    """A page of cases, newest first."""


class RejectsOut(PageOut[RejectOut]):
    """A page of rejects, newest first."""


class HitsOut(Schema):
    """What a search found, whole keys first."""

    items: list[HitOut]


class ListsOut(Schema):
    """Every watch list of this node."""

    items: list[ListOut]
