"""What a draft would do: its changes field by field, and which recent travellers it would hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tapal.core.finding import Finding
from tapal.core.text import Text
from tapal.flow.lists.entry_words import said
from tapal.flow.lists.rescreening import lists_of, screened
from tapal.flow.screen import retrospective_basis, retrospective_days
from tapal.flow.share.door import Door
from tapal.flow.share.seen import RecordRow
from tapal.store.models import ListChange, ListVersion

# How far a draft is tried: days, and records of them, the newest first.
DAYS, MOST, AT_ONCE = 30, 2000, 200

FIELDS: Mapping[str, Text] = {
    "names": Text("nama", "name"),
    "aliases": Text("nama lain", "other names"),
    "birth_dates": Text("tanggal lahir", "date of birth"),
    "nationalities": Text("kewarganegaraan", "nationality"),
    "documents": Text("dokumen", "documents"),
    "gender": Text("jenis kelamin", "sex"),
    "schema": Text("jenis", "sort"),
    "number": Text("nomor", "number"),
    "direction": Text("arah", "direction"),
    "authority": Text("instansi", "authority"),
    "legal_basis": Text("dasar hukum", "legal basis"),
    "reason": Text("alasan", "reason"),
    "valid_from": Text("berlaku dari", "valid from"),
    "valid_until": Text("berlaku sampai", "valid until"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry in words, before and after a change."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Travellers:
    """How many recent records were held against a draft, and which of them it would hit.

    `days` is how far back the list may look; 0 where no rule lets it, and then nothing is tried.
    """

    days: int
    seen: int
    hits: tuple[tuple[RecordRow, tuple[Finding, ...]], ...]


def differing(change: ListChange) -> list[Field]:
    """The fields that a change makes other than they were."""
    before, after = _fields(change.before), _fields(change.after)
    return [
        Field(label, said(name, before.get(name) or ""), said(name, after.get(name) or ""))
        for name, label in FIELDS.items()
        if (before.get(name) or "") != (after.get(name) or "")
    ]


# Any: JSON.
def _fields(columns: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """An entry's fields, those of its data among them; none where there is no entry."""
    return {**columns, **columns["data"]} if columns else {}


def name_of(change: ListChange) -> str:
    """What an entry is called: its first name, else its first document's number."""
    told = _fields(change.after or change.before)
    first = [*told.get("names", ()), *(number for number, _ in told.get("documents", ()))]
    return str(first[0]) if first else change.entity_id


def travellers(version: ListVersion, door: Door) -> Travellers:
    """The actor's own agency's recent records that a version's new entries would hit.

    Read through the reading door: what he may not read is not tried.
    """
    days = min(DAYS, retrospective_days(retrospective_basis(version.roll_id, timezone.localdate())))
    if not days:
        return Travellers(0, 0, ())
    lists = lists_of(version)
    since, before = timezone.now() - timedelta(days=days), None
    seen, hits = 0, []
    while seen < MOST:
        page = door.records(since=since, before=before, limit=AT_ONCE)
        own = {row.id: row for row in page.rows if row.own}
        seen += len(own)
        said = screened(list(own), lists) if own else {}
        hits += [(own[i], tuple(each)) for i, each in said.items() if each]
        before = page.next
        if before is None:
            break
    return Travellers(days, seen, tuple(hits))


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of an entry as it stands, in words, and the version that brought it."""

    label: Text
    value: Text
    version: ListVersion
    place: str


def provenance(roll: str, entity_id: str) -> tuple[list[Fact], list[ListChange]]:
    """An entry's facts, each with the version that last brought it, and all its changes, newest first."""
    changes = list(
        ListChange.objects.filter(
            entity_id=entity_id, version__roll=roll, version__number__isnull=False
        )
        .select_related("version")
        .order_by("version__number")
    )
    facts: dict[str, Fact] = {}
    for change in changes:
        before, after = _fields(change.before), _fields(change.after)
        for name, label in FIELDS.items():
            if not after.get(name):
                facts.pop(name, None)
            elif after[name] != before.get(name) or name not in facts:
                facts[name] = Fact(label, said(name, after[name]), change.version, change.place)
    return [facts[name] for name in FIELDS if name in facts], changes[::-1]


def entries(version: ListVersion, what: str, start: int, most: int) -> Iterator[ListChange]:
    """Some changes of one sort, in the order of the file."""
    rows = version.changes.filter(what=what).order_by("id")[start : start + most]
    return rows.iterator()
