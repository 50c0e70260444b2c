"""What the door gave, in the shapes of the API."""

from __future__ import annotations

from typing import Any

from tapal.core.finding import Weight
from tapal.core.text import Text
from tapal.flow.finding_words import label_of
from tapal.flow.share import (
    Hit,
    RecordRow,
    SeenAlert,
    SeenFinding,
    SeenMessage,
    SeenRecord,
    SeenReject,
    SeenTask,
)
from tapal.flow.share.seen_cases import CaseHead, SeenCase, SeenEntry
from tapal.web.api.schemas import CaseEntryOut, CaseFileOut, CaseMemberOut, CaseOut

# Any: JSON that the response's schema checks, here and below.
Shown = dict[str, Any]


def words(text: Text) -> Shown:
    return {"id": text.id, "en": text.en}


def record(row: RecordRow) -> Shown:
    """A record in a list."""
    view = row.view
    return {
        "id": view.id,
        "kind": view.kind,
        "owner": view.owner,
        "place": view.place,
        "occurred_at": view.occurred_at,
        "occurred_text": view.occurred_text,
        "received_at": view.received_at,
        "title": row.title,
        "weight": weight(row.weight),
        "screened": row.screened,
        "own": row.own,
        "opened_by": list(row.clauses),
        "fields": sorted(row.fields),
        "body": view.body,
    }


def whole(seen: SeenRecord) -> Shown:
    """A record opened."""
    return {
        **record(seen.row),
        "findings": [finding(each) for each in seen.findings],
        "alerts": [alert(each) for each in seen.alerts],
        "tasks": [task(each) for each in seen.tasks],
        "revision": seen.revision,
    }


def case(head: CaseHead) -> Shown:
    """A case in a list."""
    told = {name: getattr(head, name) for name in CaseOut.model_fields}
    return told | {"sensitivity": head.sensitivity.name.lower()}


def whole_case(seen: SeenCase) -> Shown:
    """A case opened."""
    members = [{n: getattr(m, n) for n in CaseMemberOut.model_fields} for m in seen.members]
    entries = [_entry(each) for each in seen.entries]
    told = {"members": members, "entries": entries, "older": seen.older}
    return {**case(seen.head), **told}


def _entry(entry: SeenEntry) -> Shown:
    told = {name: getattr(entry, name) for name in CaseEntryOut.model_fields}
    target, file = entry.target, entry.file
    if target is not None:
        told["target"] = {
            "about": target.sort,
            "id": target.id,
            "title": words(target.title),
            "owner": target.owner,
            "kind": target.kind,
            "state": target.state,
        }
    if file is not None:
        told["file"] = {name: getattr(file, name) for name in CaseFileOut.model_fields}
    return told


def finding(seen: SeenFinding) -> Shown:
    """One sentence."""
    said = seen.said
    return {
        "id": seen.id,
        "record": seen.record,
        "rule": said.rule,
        "reason": words(label_of(said.reason or said.rule)),
        "text": words(said.text),
        "weight": weight(seen.weight),
        "disputed": said.disputed,
        "fields": list(said.fields),
        "at": seen.at,
    }


def alert(seen: SeenAlert) -> Shown:
    """An alert with its visible findings."""
    return {
        "id": seen.id,
        "kind": seen.kind,
        "owner": seen.owner,
        "place": seen.place,
        "reason": seen.reason,
        "label": words(label_of(seen.reason)),
        "state": seen.state,
        "weight": weight(seen.weight),
        "count": seen.count,
        "record": seen.record or None,
        "title": seen.title,
        "opened_at": seen.opened_at,
        "last_at": seen.last_at,
        "due_at": seen.due_at,
        "own": seen.own,
        "findings": [finding(each) for each in seen.findings],
        "taken_by": seen.taken_by,
        "outcome": seen.outcome,
        "outcome_reason": seen.outcome_reason,
        "closed_by": seen.closed_by,
        "closed_at": seen.closed_at,
    }


def task(seen: SeenTask) -> Shown:
    """A task, without the questions of its form."""
    return {
        "id": seen.id,
        "name": seen.name,
        "label": words(seen.label),
        "text": words(seen.text),
        "power": seen.power,
        "owner": seen.owner,
        "kind": seen.kind,
        "place": seen.place,
        "record": seen.record,
        "alert": seen.alert,
        "title": seen.title,
        "state": seen.state,
        "opened_at": seen.opened_at,
        "due_at": seen.due_at,
        "closed_at": seen.closed_at,
        "answer": seen.answer,
        "assigned_to": seen.assigned_to,
    }


def hit(found: Hit) -> Shown:
    """A record found."""
    return {
        "by": found.by,
        "label": words(found.label),
        "value": found.value,
        "exact": found.exact,
        "record": record(found.row),
    }


def reject(seen: SeenReject) -> Shown:
    """A part that was refused."""
    return {
        "id": seen.id,
        "message": seen.message,
        "post": seen.post,
        "place": seen.place,
        "reason": words(seen.reason),
        "mend": words(seen.mend),
        "raw": seen.raw,
        "state": seen.state,
        "at": seen.at,
        "closed_at": seen.closed_at,
        "closing_note": seen.closing_note,
    }


def message(seen: SeenMessage) -> Shown:
    """What became of a message."""
    return {name: getattr(seen, name) for name in SeenMessage.__dataclass_fields__}


def weight(found: Weight) -> str:
    """A weight's word."""
    return found.name.lower()
