"""The movement before this one: of the same holder, and truly another movement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.kinds.crossing.citizenship import nationalities
from tapal.kinds.crossing.keys import document_key, person_key

ANNOUNCED_WITHIN = timedelta(days=1)
"""A carrier's list and the counter's record of one voyage lie no farther apart than a delay."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A movement; `same_document` False where only name and birth date agree: perhaps another person."""

    record: RecordView
    same_document: bool


def document_of(record: RecordView) -> str:
    """The key of the document that the holder travels on."""
    state = record.get("document.issuing_state") or record.get("person.nationality")
    return document_key(state, record.get("document.number"))


def last_movement(record: RecordView, context: Context) -> Earlier | None:
    """The newest entry or exit before this one; None where there is none, or no time to judge by."""
    at = record.occurred_at
    if at is None:
        return None
    for other in context.history:
        if other.occurred_at is None or other.occurred_at >= at:
            continue
        if other.get("direction") not in ("entry", "exit") or _announces(record, other):
            continue
        same = bool(document_of(record)) and document_of(record) == document_of(other)
        if same or _agree(record, other):
            return Earlier(other, same)
    return None


def _announces(one: RecordView, other: RecordView) -> bool:
    """One voyage told twice: by the carrier's list beforehand, and at the counter."""
    lists = [r.get("capture") == "carrier_list" for r in (one, other)]
    if one.get("direction") != other.get("direction") or lists[0] == lists[1]:
        return False
    if one.occurred_at is None or other.occurred_at is None:
        return False
    return abs(one.occurred_at - other.occurred_at) <= ANNOUNCED_WITHIN


def _agree(one: RecordView, other: RecordView) -> bool:
    """Name and birth date are the same, and neither nationality nor sex speaks against it."""
    key = person_key(one.get("person") or {})
    if not key or key != person_key(other.get("person") or {}):
        return False
    states = set(nationalities(one)), set(nationalities(other))
    sexes = {r.get("person.sex") for r in (one, other)} - {None, "X"}
    return (not all(states) or bool(states[0] & states[1])) and len(sexes) < 2
