"""A version tried on the alerts of some days, beside the versions in force: no run, no task is written.

Each alert, and each run that an act or an officer began, walks through the version that would have
begun had the tried one been in force, and through the one that its agency has in force today. Both
walk alike: the answers that people gave to the same step, where they fit the form, else what is
assumed; so the difference is the versions' and not the answers'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.text import Text, same
from tapal.engines import procedures as engine
from tapal.flow import adoption, procedures, runs
from tapal.flow.clocks import due_by
from tapal.flow.diagrams import xml_of
from tapal.flow.reference import legal_book, places
from tapal.flow.rehearsal.ground import Began
from tapal.flow.rehearsal.ground import read as _read
from tapal.flow.rehearsal.tally import Told
from tapal.flow.rehearsal.walk import Assumed, Clock, Walked, Walker, habits
from tapal.flow.share.door import Door
from tapal.store.models import Procedure, Run

__all__ = [
    "MOST",
    "Assumed",
    "Moved",
    "Rehearsal",
    "Told",
    "assumptions",
    "may_rehearse",
    "rehearse",
]

MOST: Final = 300
"""How many of the newest cases a page walks through; a command takes what it is told."""
_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that would come to something else: its alert, and what it comes to before and after."""

    alert: str
    reason: str
    at: datetime
    before: Text | None
    after: Text | None


@dataclass(slots=True)
class Rehearsal:
    """What was tried and what came out. `taken` cases of `whole` were walked through."""

    days: int
    whole: int = 0
    taken: int = 0
    gained: int = 0
    """Cases that begin the tried version and begin nothing of its name today."""
    lost: int = 0
    """Cases that begin a version of its name today and would not begin the tried one."""
    before: Told = field(default_factory=Told)
    after: Told = field(default_factory=Told)
    others: int = 0
    """Cases that neither of them concerns."""
    changed: int = 0
    examples: list[Moved] = field(default_factory=list)


def may_rehearse(actor: Actor) -> bool:
    """Who draws procedures or signs them tries them."""
    return bool({procedures.EDIT, procedures.SIGN} & actor.powers)


def rehearse(
    row: Procedure, days: int, assumed: Assumed, *, door: Door, limit: int = MOST
) -> Rehearsal:
    """Try a version on the newest cases of the last days that the reader's agency has.

    The look is logged by the door. Raises Denied to who neither draws nor signs, and Refused for a
    diagram that cannot be run.
    """
    if not may_rehearse(door.actor):
        raise Denied
    engine.build(xml_of(row))
    since = timezone.now() - timedelta(days=days)
    began, whole = _read(since, door.looked_through(f"procedure {row.name}"), limit)
    found = Rehearsal(days, whole=whole, taken=len(began))
    trial = _Trial(row, began, assumed)
    for each in began:
        _count(found, trial, each)
    return found


def _count(found: Rehearsal, trial: _Trial, each: Began) -> None:
    before, after = trial.before(each), trial.after(each)
    mine = after is not None and after.id == trial.row.id
    was = before is not None and before.name == trial.row.name
    if not mine and not was:
        found.others += 1
        return
    found.gained += mine and not was
    found.lost += was and not mine
    old = trial.walk(before, each) if before is not None else None
    new = trial.walk(after, each) if after is not None else None
    if old is not None:
        found.before.add(each, old, trial.whose)
    if new is not None:
        found.after.add(each, new, trial.whose)
    one, other = _end(old), _end(new)
    if one != other:
        found.changed += 1
        if each.cause.alert is not None and len(found.examples) < _SHOWN:
            alert = str(each.cause.alert.id)
            found.examples.append(Moved(alert, each.cause.reason, each.at, one, other))


def _end(walked: Walked | None) -> Text | None:
    if walked is None:
        return None
    if walked.end is not None and not walked.trouble:
        return walked.end.label
    return same(walked.trouble)


class _Trial:
    """The versions side by side: which one begins a case, and a walker for each."""

    def __init__(self, row: Procedure, began: Sequence[Began], assumed: Assumed) -> None:
        self.row = row
        self._assumed, self._habits = assumed, habits(began)
        self._now = list(procedures.in_force())
        self._then = _as_if_in_force(row, self._now)
        self._walkers: dict[object, Walker] = {}
        self._clock = _clock()
        self._desks: dict[tuple[str, str, int, str], str] = {}

    def before(self, each: Began) -> Procedure | None:
        """What begins this case with what is in force today."""
        return _begun(self._now, each)

    def after(self, each: Began) -> Procedure | None:
        """What would begin it with the tried version in force."""
        return _begun(self._then, each)

    def walk(self, version: Procedure, each: Began) -> Walked:
        """A case through a version."""
        held = self._walkers.get(version.id)
        if held is None:
            usual = self._habits.get(version.name, {})
            held = Walker(version, self._clock, usual, self._assumed)
            self._walkers[version.id] = held
        return held.walk(each)

    def whose(self, each: Began, step: engine.Step) -> str:
        """The agency that a step's task would go to."""
        cause = each.cause
        about = cause.alert.sensitivity if cause.alert is not None else cause.sensitivity
        key = (cause.owner, cause.reason, about, f"{step.id} {step.agency} {step.private}")
        if key not in self._desks:
            run = Run(owner=cause.owner, sensitivity=cause.sensitivity, alert=cause.alert)
            self._desks[key] = runs.whose(run, step)[0]
        return self._desks[key]


def _begun(rows: Sequence[Procedure], each: Began) -> Procedure | None:
    if each.cause.reason:
        return adoption.rightful(rows, each.cause.reason, each.cause.owner)
    return next((row for row in reversed(rows) if row.name == each.name), None)


def _as_if_in_force(row: Procedure, held: Sequence[Procedure]) -> list[Procedure]:
    """The versions in force as they would stand once this one were signed by all whom it asks."""
    tried = copy(row)
    tried.signatures = [{"agency": code} for code in row.signers] if not row.seed else []
    gone = {old.id for old in procedures.taken_over_by(tried)} | {row.id}
    return [*(old for old in held if old.id not in gone), tried]


def _clock() -> Clock:
    """Clocks by the rule rows and the posts of this moment, read once."""
    book, posts = legal_book(), places()
    return lambda name, since, place: due_by(book, posts, name, since, place)


def assumptions(given: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """Declared answers by `step.field`, as a form or a command gives them."""
    found = {}
    for key, value in given.items():
        step, dot, name = key.rpartition(".")
        if dot and value:
            found[step, name] = value
    return found
