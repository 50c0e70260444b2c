"""Stored rows turned into what a reader sees of them: fields cut, findings weighed again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tapal.core.clauses import OVERSIGHT, Clause, Reach, union
from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.record import RecordView
from tapal.core.redaction import redact, within
from tapal.core.registers import conflicts
from tapal.flow.finding_words import PROFILE_HIT
from tapal.flow.findings import said_of
from tapal.flow.share.counted import counts_open
from tapal.flow.share.seen import RecordRow, SeenFinding
from tapal.kinds import KINDS
from tapal.store.models import Finding, Record
from tapal.store.queries.headers import headers


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored record with the clauses that open it and the fields that they open."""

    record: Record
    clauses: tuple[Clause, ...]
    fields: frozenset[str]

    @property
    def own(self) -> bool:
        return any(c.own for c in self.clauses)

    @property
    def overseen(self) -> bool:
        return any(c.code == OVERSIGHT for c in self.clauses)

    @property
    def highest(self) -> Sensitivity:
        return max(c.highest for c in self.clauses)


def as_uuid(text: uuid.UUID | str) -> uuid.UUID:
    """An id, or one that nothing bears."""
    try:
        return text if isinstance(text, uuid.UUID) else uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def open_records(reach: Reach, records: Iterable[Record]) -> list[Opened]:
    """Those of the records that the reader reaches, in the same order."""
    found = []
    for record in records:
        clauses = reach.satisfied(record.scope_id, record.place, record.occurred_at)
        if clauses:
            found.append(Opened(record, clauses, union(clauses, record.scope_id)))
    return found


def reached_ids(reach: Reach, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the ids whose records the reader reaches, in their order, from the headers alone."""
    found = {i for i, scope, place, at in headers(ids) if reach.satisfied(scope, place, at)}
    return [i for i in ids if i in found]


def fetch(ids: Sequence[uuid.UUID]) -> list[Record]:
    """The records of these ids in their order, without what a list does not need."""
    rows = Record.objects.defer("base", "registers").in_bulk(list(ids))
    return [rows[i] for i in ids if i in rows]


def list_rows(reach: Reach, records: Iterable[Record]) -> list[RecordRow]:
    """Rows of a list: each with the weight of the findings that the reader sees."""
    opened = open_records(reach, records)
    heaviest: dict[uuid.UUID, int] = defaultdict(int)
    for finding in visible_findings(reach, opened):
        key = uuid.UUID(finding.record)
        heaviest[key] = max(heaviest[key], finding.weight)
    return [row_of(o, Weight(heaviest[o.record.id])) for o in opened]


def row_of(opened: Opened, weight: Weight) -> RecordRow:
    """One row: the envelope that a clause opens, and of the body only the readable fields."""
    record = opened.record
    kind = KINDS[record.kind]
    body = record.body
    if record.schema < kind.version:
        body = kind.upgrade(dict(body), record.schema)
    cut = redact(body, opened.fields)
    view = RecordView(
        id=str(record.id),
        kind=record.kind,
        owner=record.owner,
        place=record.place or None,
        occurred_at=record.occurred_at if record.occurred_known else None,
        received_at=record.received_at,
        sensitivity=Sensitivity(record.sensitivity),
        body=cut,
        occurred_text=record.occurred_text,
        weight=weight,
    )
    return RecordRow(
        view=view,
        title=kind.title(cut),
        clauses=tuple(c.code for c in opened.clauses),
        fields=opened.fields,
        own=opened.own,
        conflicting=record.conflicting and bool(seen_conflicts(opened)),
        occurred_known=record.occurred_known,
        screened=record.worked,
    )


def seen_conflicts(opened: Opened) -> dict[str, list[object]]:
    """Readable paths with the values that officers left there without knowing of each other."""
    if not opened.record.conflicting:
        return {}
    found = conflicts(opened.record.registers)
    return {path: values for path, values in found.items() if within([path], opened.fields)}


def visible_findings(reach: Reach, opened: Sequence[Opened]) -> list[SeenFinding]:
    """The findings of some records that the reader sees, the heaviest first."""
    by_id = {o.record.id: o for o in opened}
    rows = Finding.objects.filter(record_id__in=list(by_id), withdrawn_at=None)
    return sift(reach, rows.order_by("-weight", "at", "id"), by_id)


def sift(
    reach: Reach, rows: Iterable[Finding], by_id: Mapping[uuid.UUID, Opened]
) -> list[SeenFinding]:
    """Those findings that the reader sees; `by_id` holds the records that he reaches.

    Each of a finding's fields must be readable, its own level within that of the clauses, and
    every record that it rests on, or counts, must be one that the reader reaches. What a profile
    hit tells what its agency looks for: no agreement gives that.
    """
    kept = [r for r in rows if r.record_id in by_id and _readable(r, by_id[r.record_id])]
    kept = [r for r in kept if _may_be_told(reach, r)]
    others = _reached(reach, kept, by_id)
    return [
        SeenFinding(str(row.id), str(row.record_id), said_of(row), Weight(row.weight), row.at)
        for row in kept
        if all(others.get(i, False) for i in row.data.get("rests_on", ()))
    ]


def _readable(row: Finding, opened: Opened) -> bool:
    if row.rule == PROFILE_HIT and not (opened.own or opened.overseen):
        return False
    return row.sensitivity <= opened.highest and within(row.data.get("fields", ()), opened.fields)


def _may_be_told(reach: Reach, row: Finding) -> bool:
    counted = row.data.get("data", {}).get("counted")
    return counted is None or counts_open(reach, counted)


def _reached(
    reach: Reach, rows: Iterable[Finding], known: Mapping[uuid.UUID, Opened]
) -> dict[str, bool]:
    """Whether the reader reaches each record that some findings rest on."""
    wanted = {i for row in rows for i in row.data.get("rests_on", ())}
    found = {str(i): True for i in known}
    asked = [i for i in wanted if i not in found]
    if asked:
        for record in Record.objects.filter(pk__in=asked).only("scope", "place", "occurred_at"):
            found[str(record.id)] = bool(
                reach.satisfied(record.scope_id, record.place, record.occurred_at)
            )
    return found
