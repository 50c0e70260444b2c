"""What a sender says otherwise under a number of his own: an edit of the record that he made with it.

He had only his own statements before him. So the edit replaces these alone: where an officer has
changed the same field meanwhile both values stay, and a task asks to settle it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity
from tapal.core.reading import Draft, Rejection, Sent
from tapal.core.registers import set_at
from tapal.core.text import Text
from tapal.flow import records
from tapal.flow.records import Prepared
from tapal.kinds import KINDS
from tapal.store.models import EventContent, Finding, Message, Record

ACTION = "sender_correction"
_MOST_NAMED = 6
Body = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Changed:
    """An item whose number was taken before with other content (its digest), and the record that bears it."""

    item: Prepared
    sent: Sent
    record_id: str
    before: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The record that an item corrected, with what of it changed in words; `again` if it was so before."""

    place: str
    record_id: str
    said: Text
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Before:
    """What the sender had said of a record: its body, by which edits, in which messages, until when."""

    body: Body
    revisions: frozenset[str]
    messages: Mapping[str, str]
    until: datetime


def correct(
    changed: Sequence[Changed], message: Message
) -> tuple[list[Corrected], list[Rejection]]:
    """Revise records as their sender corrects them, in the caller's transaction; what cannot be is refused.

    The corrected records go down the road again.
    """
    if not changed:
        return [], []
    ids = [each.record_id for each in changed]
    rows = Record.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id")
    held = {str(row.pk): row for row in rows}
    done: list[Corrected] = []
    refused: list[Rejection] = []
    for each in changed:
        record = held[each.record_id]
        before = _before(record)
        if before.messages.get(str(message.pk)) == each.sent.digest:
            done.append(Corrected(each.item.draft.place, each.record_id, _SAID_BEFORE, True))
        elif why := _why_not(each, record, before, message):
            reason = why[0].fill(n=each.sent.number[:60])
            refused.append(Rejection(each.item.draft.place, reason, why[1], raw_of(each.item)))
        else:
            done.append(_revise(each, record, before, message))
    if todo := dict.fromkeys(c.record_id for c in done if not c.again):
        records.enqueue(todo, urgent=False)
    return done, refused


def said_twice(draft: Draft, sent: Sent, raw: str = "") -> Rejection:
    """An item whose number stands earlier in the same message with other content."""
    reason, mend = _TWICE
    return Rejection(draft.place, reason.fill(n=sent.number[:60]), mend, raw)


def raw_of(item: Prepared) -> str:
    """What an item holds, for whoever looks at its reject."""
    return "; ".join(f"{k}: {v}" for k, v in item.record.body.items() if isinstance(v, str))


def _before(record: Record) -> _Before:
    """What the sender said until now: the record as it came, and his corrections of it."""
    body: Body = json.loads(json.dumps(record.base if record.base is not None else record.body))
    revisions = {str(record.first_revision)}
    messages = {str(record.message_id): ""}
    until = record.received_at
    contents = EventContent.objects.filter(
        event__subject=str(record.pk), event__type="record.revised"
    ).order_by("event__id")
    for text in contents.values_list("content", flat=True):
        said = records.told(text)
        if said["action"] != ACTION:
            continue
        for path, value in said["values"].items():
            set_at(body, path, value)
        revisions.add(said["revision"])
        messages[said["message"]] = said["digest"]
        until = max(until, datetime.fromisoformat(said["received_at"]))
    return _Before(body, frozenset(revisions), messages, until)


def _why_not(
    each: Changed, record: Record, before: _Before, message: Message
) -> tuple[Text, Text] | None:
    """Why this is no correction: a number that names something else, or an older statement."""
    fresh, kind = each.item.record, KINDS[record.kind]
    if before.messages.get(str(message.pk), each.sent.digest) != each.sent.digest:
        return _TWICE
    if message.received_at < before.until:
        return _OLDER
    if not _alike(each.item, record, kind):
        return _REUSED
    when = (fresh.occurred_known, fresh.occurred_at if fresh.occurred_known else None)
    was = (record.occurred_known, record.occurred_at if record.occurred_known else None)
    level = (fresh.owner, fresh.sensitivity)
    if when != was or fresh.place != record.place or level != (record.owner, record.sensitivity):
        return _ELSEWHERE
    return None


def _alike(item: Prepared, record: Record, kind: Kind) -> bool:
    """Whether both tell of one thing: a key or a name in common, or neither of them in one of the two."""
    body = records.view_of(record).body
    mine, theirs = set(item.keys), set(kind.keys(body))
    names, others = _names(kind, item.record.body), _names(kind, body)
    if mine & theirs or names & others:
        return True
    return not (mine or names) or not (theirs or others)


def _names(kind: Kind, body: Mapping[str, Any]) -> set[str]:
    found = (e.properties.get("name", ()) for e in kind.entities(body))
    return {name.casefold() for names in found for name in names}


def _revise(each: Changed, record: Record, before: _Before, message: Message) -> Corrected:
    kind, fresh = KINDS[record.kind], each.item.record.body
    values = _differences(before.body, fresh, kind, each.sent.told)
    _renew_findings(each.item.findings, record)
    if not values:
        return Corrected(each.item.draft.place, each.record_id, _NOTHING_NEW)
    saw = dict.fromkeys(values, sorted(before.revisions))
    records.revise(
        record,
        values,
        actor=message.received_by,
        action=ACTION,
        saw=saw,
        extra={
            "message": str(message.pk),
            "digest": each.sent.digest,
            "received_at": message.received_at.isoformat(),
        },
    )
    said = _CORRECTED.fill(fields=_in_words(values, kind))
    return Corrected(each.item.draft.place, each.record_id, said)


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], kind: Kind, told: frozenset[str]
) -> Body:
    """Paths with what the sender says now; one that he leaves out is cleared only where he spoke of it."""
    old, new = dict(_leaves(before, kind)), dict(_leaves(after, kind))
    changed = {path: value for path, value in new.items() if old.get(path) != value}
    for path in old.keys() - new.keys():
        if any(each == path or each.startswith(f"{path}.") for each in told):
            changed[path] = None
    return changed


def _leaves(body: Mapping[str, Any], kind: Kind, above: str = "") -> Iterator[tuple[str, Any]]:
    """Values by their paths through objects; a list, and a marked field of whatever shape, is one value."""
    for name, value in body.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping) and path not in kind.fields:
            yield from _leaves(value, kind, f"{path}.")
        else:
            yield path, value


def _renew_findings(fresh: Iterable[Finding], record: Record) -> None:
    """What the reader says of the record now; what it said before and says no more is withdrawn."""
    now = timezone.now()
    said = {(row.rule, row.about): row for row in fresh}
    for row in Finding.objects.filter(record=record):
        again = said.pop((row.rule, row.about), None)
        if again is not None:
            row.text, row.data, row.weight = again.text, again.data, again.weight
            row.withdrawn_at = None
        elif row.data.get("reading") and row.withdrawn_at is None:
            row.withdrawn_at = now
        else:
            continue
        row.save(update_fields=["text", "data", "weight", "withdrawn_at"])
    for row in said.values():
        row.record_id = uuid.UUID(str(record.pk))
        row.save(force_insert=True)


def _in_words(paths: Iterable[str], kind: Kind) -> Text:
    """The fields' labels, those left out of which only protection officers may know."""
    marks = [mark for path in paths for mark in records.marks_under(kind.fields, path)]
    labels = [m.label for m in marks if m.sensitivity is not Sensitivity.WITHHELD]
    named = list(dict.fromkeys(labels))[:_MOST_NAMED]
    more = ", …" if len(set(labels)) > len(named) else ""
    return Text(", ".join(t.id for t in named) + more, ", ".join(t.en for t in named) + more)


_CORRECTED = Text("Memperbaiki catatannya: {fields}.", "Corrects its record: {fields}.")
_NOTHING_NEW = Text(
    "Ditulis lain, tetapi catatannya sama.", "Written otherwise, but the record is the same."
)
_SAID_BEFORE = Text("Perbaikan ini sudah diterima.", "This correction was taken before.")
_CHECK = Text(
    "Periksa nomornya, perbaiki, lalu kirim lagi.", "Check the number, mend it and send it again."
)
_REUSED = (
    Text(
        "Nomor pengirim {n} sudah dipakai untuk hal lain: tidak ada nama atau nomor yang sama.",
        "The sender's number {n} was taken for something else: no name and no number is the same.",
    ),
    _CHECK,
)
_ELSEWHERE = (
    Text(
        "Nomor pengirim {n} sudah diterima dengan waktu atau pos lain.",
        "The sender's number {n} was taken before with another time or post.",
    ),
    Text(
        "Waktu dan pos tidak diperbaiki lewat kiriman. Kirim dengan nomor baru, atau perbaiki"
        " nomornya.",
        "Time and post are not corrected by a message. Send it under a new number, or mend the"
        " number.",
    ),
)
_TWICE = (
    Text(
        "Nomor pengirim {n} ada dua kali dalam kiriman ini dengan isi berbeda.",
        "The sender's number {n} stands twice in this message with different content.",
    ),
    Text("Tetapkan mana yang benar, lalu kirim lagi.", "Decide which is right and send it again."),
)
_OLDER = (
    Text(
        "Di bawah nomor pengirim {n} sudah diterima isi yang lebih baru.",
        "Under the sender's number {n} newer content was taken meanwhile.",
    ),
    Text(
        "Tutup penolakan ini; isi yang baru berlaku.", "Close this reject; the newer content holds."
    ),
)
