"""Writing records: the rows of new ones, and edits that never overwrite what their author had not seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tapal.core.finding import Weight
from tapal.core.ids import uuid7
from tapal.core.kind import Kind
from tapal.core.mandates import READ_WITHHELD
from tapal.core.marking import Mark, Sensitivity, strictest
from tapal.core.reading import Draft
from tapal.core.record import Key as CoreKey
from tapal.core.record import RecordView
from tapal.core.redaction import leaf_path
from tapal.core.registers import Edit, apply, conflicts, resolve, seen
from tapal.core.text import Text
from tapal.flow import tasks
from tapal.flow.bulk import insert, insert_objects
from tapal.flow.events import SYSTEM, Told, record_events
from tapal.flow.findings import finding_row
from tapal.flow.reference import scope_number
from tapal.flow.storable import storable, storable_json
from tapal.kinds import KINDS
from tapal.store.models import Finding, Key, Message, Record, Work

_ABOUT = 130  # of what a finding is about, where a number follows


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft with its record row and what hangs on it, ready to be written."""

    draft: Draft
    record: Record
    keys: list[CoreKey]
    findings: list[Finding]


def prepare(kind: Kind, draft: Draft, message: Message, owner: str) -> Prepared:
    """Build the rows of a new record. Touches the database only to intern a new scope."""
    body = storable_json(draft.body.model_dump(mode="json", exclude_none=True))
    level = kind.sensitivity(body)
    record_id = uuid7()
    record = Record(
        id=record_id,
        scope_id=scope_number(owner, kind.name, int(level)),
        kind=kind.name,
        owner=owner,
        place=draft.post or message.post_id or "",
        sensitivity=int(level),
        occurred_at=draft.occurred_at or message.received_at,
        occurred_known=draft.occurred_at is not None,
        occurred_text=storable(draft.occurred_text)[:80],
        received_at=message.received_at,
        message=message,
        source_place=storable(draft.place)[:120],
        schema=kind.version,
        first_revision=record_id,
        revision=record_id,
        body=body,
    )
    now = timezone.now()
    return Prepared(
        draft,
        record,
        list(kind.keys(body)),
        _apart(finding_row(record_id, f, kind, now, reading=True) for f in draft.findings),
    )


def _apart(rows: Iterable[Finding]) -> list[Finding]:
    """What a reader says twice of one thing, each with a number of its own; the very same once."""
    kept: dict[tuple[str, str], Finding] = {}
    for row in rows:
        number, about = 1, row.about
        while (held := kept.get((row.rule, row.about))) and _said(held) != _said(row):
            number += 1
            row.about = f"{about[:_ABOUT]} {number}"
        kept.setdefault((row.rule, row.about), row)
    return list(kept.values())


def _said(row: Finding) -> tuple[Any, Any]:  # Any: JSON
    return row.text, row.data


def write(prepared: Sequence[Prepared], actor: str, *, urgent: bool) -> Work | None:
    """Write new records with their keys, findings, events and their work, in the caller's transaction."""
    if not prepared:
        return None
    insert_objects([p.record for p in prepared])
    insert(
        Key,
        ("type", "value", "record_id"),
        [(k.type, k.value[:80], p.record.id) for p in prepared for k in p.keys],
    )
    insert_objects([f for p in prepared for f in p.findings])
    record_events(received(p.record, actor) for p in prepared)
    return enqueue([p.record.id for p in prepared], urgent=urgent)


def enqueue(ids: Iterable[Any], *, urgent: bool) -> Work:
    """Put records into the queue as one batch, in the caller's transaction."""
    return Work.objects.create(records=[str(i) for i in ids], urgent=urgent, at=timezone.now())


def received(record: Record, actor: str) -> Told:
    """The event from which another node can make the same record."""
    return Told(
        "record.received",
        str(record.id),
        {
            "body": record.body,
            "kind": record.kind,
            "schema": record.schema,
            "owner": record.owner,
            "place": record.place,
            "sensitivity": record.sensitivity,
            "occurred_at": record.occurred_at.isoformat(),
            "occurred_known": record.occurred_known,
            "occurred_text": record.occurred_text,
            "received_at": record.received_at.isoformat(),
            "message": str(record.message_id),
            "source_place": record.source_place,
        },
        actor,
    )


def revise(
    record: Record,
    changes: Mapping[str, Any],
    *,
    actor: str,
    action: str,
    saw: Mapping[str, Iterable[str]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Edit:
    """Make and apply an edit to a locked record, in the caller's transaction.

    `saw` names the revisions that the author had before him at each path (default: those that
    stand there now). What he had not seen stays beside his value, and a task asks to settle it.
    """
    kind = KINDS[record.kind]
    first = str(record.first_revision)
    known = {
        path: tuple((saw or {}).get(path) or seen(record.registers, path, first))
        for path in changes
    }
    edit = Edit(str(uuid7()), dict(changes), known)
    before = {path: value for path, value in ((p, view_of(record).get(p)) for p in changes)}
    apply_edit(record, edit)
    record_events(
        [
            Told(
                "record.revised",
                str(record.id),
                {
                    "revision": edit.revision,
                    "values": dict(edit.values),
                    "saw": {path: list(revs) for path, revs in edit.saw.items()},
                    "before": before,
                    "action": action,
                    **(extra or {}),
                },
                actor,
            )
        ]
    )
    _rekey(record, kind)
    return edit


def apply_edit(record: Record, edit: Edit) -> None:
    """Let an edit, our own or one from another node, act on a record; save it and ask where values clash."""
    base = record.base if record.base is not None else record.body
    state = apply(record.registers, edit, str(record.first_revision), base)
    clashing = conflicts(state)
    record.base = base
    record.registers = state
    record.body = resolve(base, state)
    record.revision = max(str(record.revision), edit.revision)
    new_clash = bool(clashing) and not record.conflicting
    record.conflicting = bool(clashing)
    record.save(update_fields=["base", "registers", "body", "revision", "conflicting"])
    if new_clash:
        _ask_to_settle(record, clashing)


def clashes(record: Record) -> dict[str, list[Any]]:
    """The paths of a record at which values clash, each with all of them."""
    return conflicts(record.registers)


# Any: an event's content is JSON.
def withheld(record: Record, paths: Iterable[str]) -> frozenset[str]:
    """Those of a record's paths of which only the owner's protection officers may know."""
    marks = KINDS[record.kind].fields
    return frozenset(
        path
        for path in paths
        if (mark := marks.get(leaf_path(path))) and mark.sensitivity is Sensitivity.WITHHELD
    )


def told(content: str) -> dict[str, Any]:
    """An event's content as it was told."""
    return dict(json.loads(content))


def _ask_to_settle(record: Record, clashing: Mapping[str, list[Any]]) -> None:
    record_events([Told("conflict.found", str(record.id), {"values": dict(clashing)}, SYSTEM)])
    fields = KINDS[record.kind].fields
    marks = [mark for path in clashing for mark in marks_under(fields, path)]
    hidden = [m for m in marks if m.sensitivity is Sensitivity.WITHHELD]
    seen_by_many = [m for m in marks if m.sensitivity is not Sensitivity.WITHHELD]
    # Apart: the name of a withheld field in a task would tell that it was filled in.
    for group, power in ((seen_by_many, "record.write"), (hidden, READ_WITHHELD)):
        if group:
            _ask(record, group, power)


def marks_under(fields: Mapping[str, Mark], path: str) -> list[Mark]:
    """The mark of a path; of a part or a list, those of all that it holds."""
    leaf = leaf_path(path)
    return [m for name, m in fields.items() if name == leaf or name.startswith(f"{leaf}.")]


def _ask(record: Record, marks: Sequence[Mark], power: str) -> None:
    names = [mark.label for mark in marks]
    tasks.open_task(
        tasks.Wanted(
            name="settle_conflict",
            label=Text("Putuskan nilai yang bertentangan", "Settle conflicting values"),
            text=Text(
                "Dua petugas mengubah bidang yang sama tanpa saling tahu: {names}. Pilih nilai yang benar.",
                "Two officers changed the same field without knowing of each other: {names}. Choose.",
            ).fill(names=", ".join(n.id for n in names)),
            power=power,
            sensitivity=max(Sensitivity(record.sensitivity), strictest(marks)),
        ),
        record=record,
        actor=SYSTEM,
    )


def _rekey(record: Record, kind: Kind) -> None:
    wanted = {(k.type, k.value[:80]) for k in kind.keys(record.body)}
    held = {(k.type, k.value): k for k in Key.objects.filter(record=record)}
    Key.objects.filter(pk__in=[k.pk for pair, k in held.items() if pair not in wanted]).delete()
    Key.objects.bulk_create(
        [Key(type=t, value=v, record=record) for t, v in wanted if (t, v) not in held]
    )


def view_of(record: Record, keys: Iterable[CoreKey] = ()) -> RecordView:
    """A stored record as rules see it: whole, for the machine's own use; people go through the door."""
    kind = KINDS[record.kind]
    body = record.body
    if record.schema < kind.version:
        body = kind.upgrade(dict(body), record.schema)
    return RecordView(
        id=str(record.id),
        kind=record.kind,
        owner=record.owner,
        place=record.place or None,
        occurred_at=_aware(record.occurred_at) if record.occurred_known else None,
        received_at=_aware(record.received_at),
        sensitivity=Sensitivity(record.sensitivity),
        body=body,
        occurred_text=record.occurred_text,
        weight=Weight(record.weight),
        keys=tuple(keys),
    )


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else timezone.make_aware(at)
