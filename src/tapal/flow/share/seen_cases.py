"""A case as a reader gets it: cut down to what he may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tapal.core.actions import Actor
from tapal.core.cases import STEPS
from tapal.core.mandates import WRITE_CASES
from tapal.core.marking import Sensitivity
from tapal.flow.share.targets import Target

# So long who wrote or removed something may take that back by himself.
UNDO_MINUTES = 15


def code_of(case_id: uuid.UUID) -> str:
    """A short name that people can say: the random end of its id, which counts nothing."""
    text = case_id.hex[-8:].upper()
    return f"{text[:4]}-{text[4:]}"


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in a list. `title`, and how it ended, are empty where no clause opens them."""

    id: str
    code: str
    title: str
    owner: str
    place: str | None
    sensitivity: Sensitivity
    sealed: bool
    state: str
    opened_at: datetime
    offered_to: str
    member: bool
    outcome: str
    outcome_reason: str
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class SeenMember:
    """An officer who works on the case."""

    officer: str
    agency: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SeenFile:
    """An attachment. `scan` is waiting, clean or refused."""

    name: str
    size: int
    media_type: str
    sha256: str
    scan: str
    scanned_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """A line of the timeline. `target` is what it joins, as the reader sees it without the case."""

    id: str
    sort: str
    ref: str
    text: str
    audience: str
    by: str
    agency: str
    at: datetime
    target: Target | None
    file: SeenFile | None
    undone_at: datetime | None
    undone_by: str
    may_undo: bool = False
    may_restore: bool = False

    def marked(self, actor: Actor, leading: bool, now: datetime) -> SeenEntry:
        """The line with what the reader may do about it."""
        if self.sort in STEPS or WRITE_CASES not in actor.powers:
            return self
        author = self.by == actor.number and self.agency == actor.agency
        back = self.undone_by == actor.number and _fresh(self.undone_at, now)
        return replace(
            self,
            may_undo=self.undone_at is None and (author or leading),
            may_restore=self.undone_at is not None and (back or leading),
        )


def _fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= timedelta(minutes=UNDO_MINUTES)


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case opened: its members, a page of its timeline, what it joins, and what he may do.

    `entries` run from the oldest line of the page to the newest; `older` asks for the page before.
    Of what it joins the newest are named; `more` says that there is more in the timeline.
    """

    head: CaseHead
    members: tuple[SeenMember, ...]
    entries: tuple[SeenEntry, ...]
    joined: tuple[SeenEntry, ...]
    leads: bool
    writes: bool
    may_take: bool
    older: str | None = None
    more: bool = False
