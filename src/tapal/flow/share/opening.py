"""One record opened: its findings, alerts, tasks and history, each cut to what the reader may see."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.core.finding import Weight
from tapal.core.redaction import leaf_path, redact
from tapal.flow.share import lists
from tapal.flow.share.rows import (
    Opened,
    as_uuid,
    open_records,
    row_of,
    seen_conflicts,
    visible_findings,
)
from tapal.flow.share.seen import SeenEvent, SeenRecord
from tapal.store.models import EventContent, Record

HEADER = ("id", "scope", "place", "occurred_at", "owner")


def stored(record_id: uuid.UUID | str) -> Record | None:
    """The header of a stored record; a text that is no id finds nothing, after the same question.

    Only the header, so that what a reader may not see costs no more than what does not exist.
    """
    return Record.objects.filter(pk=as_uuid(record_id)).only(*HEADER).first()


def open_record(actor: Actor, reach: Reach, record_id: uuid.UUID | str) -> SeenRecord | None:
    """The record as the reader sees it, None where there is none for him."""
    header = stored(record_id)
    if header is None or not open_records(reach, [header]):
        return None
    found = open_records(reach, [Record.objects.get(pk=header.id)])
    opened = found[0]
    findings = visible_findings(reach, found)
    heaviest = max((f.weight for f in findings), default=Weight.NOTE)
    return SeenRecord(
        row=row_of(opened, heaviest),
        findings=tuple(findings),
        alerts=tuple(lists.alerts_of(reach, opened.record)),
        tasks=tuple(lists.tasks_of(actor, reach, opened.record)) if opened.own else (),
        events=tuple(_events(opened)),
        conflicts=seen_conflicts(opened),
        revision=_newest(opened) if opened.own else "",
    )


def _newest(opened: Opened) -> str:
    """The revision of the newest edit that the reader may know of.

    The record's own would tell by its time that something hidden was changed.
    """
    edits = (
        revision
        for path, register in opened.record.registers.items()
        if leaf_path(path) in opened.fields
        for revision in register["values"]
    )
    return max(edits, default=str(opened.record.first_revision))


def _events(opened: Opened) -> list[SeenEvent]:
    rows = (
        EventContent.objects.filter(event__subject=str(opened.record.id))
        .select_related("event")
        .order_by("event__at", "event_id")
    )
    found = []
    for row in rows:
        content = content_seen(row.event.type, json.loads(row.content), opened)
        if content is not None:
            actor = row.event.actor if opened.own else ""
            found.append(SeenEvent(row.event.type, row.event.at, actor, content))
    return found


# Any: JSON, here and below.
def content_seen(type: str, content: Mapping[str, Any], opened: Opened) -> dict[str, Any] | None:
    """The readable part of an event's content; None where nothing of it is readable.

    An edit of which a field is hidden goes by the name that its act has outwardly, if any.
    """
    if type == "record.received":
        return {"body": redact(content.get("body", {}), opened.fields)}
    if type not in ("record.revised", "conflict.found"):
        return None
    whole = True
    kept: dict[str, Any] = {}
    for part in ("values", "before"):
        values = content.get(part, {})
        kept[part] = {p: v for p, v in values.items() if leaf_path(p) in opened.fields}
        whole = whole and len(kept[part]) == len(values)
    if not kept["values"]:
        return None
    if opened.own and "action" in content:
        outward = content.get("outward", content["action"])
        if whole:
            kept["action"] = content["action"]
        elif outward != content["action"]:
            kept["action"] = outward
    return kept
