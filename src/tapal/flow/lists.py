"""Lists: imported as whole versions, with what was added, changed and removed, each list apart."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.text import Text
from tapal.flow import raw
from tapal.flow.events import record_event
from tapal.flow.records import enqueue
from tapal.flow.reference import bump
from tapal.flow.screen import LISTS
from tapal.formats import ftm_json, listing_csv
from tapal.formats.listing_csv import Fault, ListingRow
from tapal.store.models import Listing, Record, Roll

Shape = Literal["csv", "ftm"]
POWER = "listing.edit"
CHUNK = 1000
# Records that one worker judges in one transaction.
BATCH = 200

_WAYS = {"in": "entry", "out": "exit", "both": "both", "": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to one list."""

    roll: str
    version: int
    added: int
    changed: int
    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: a change for each list, and what could not be read, with place and mend."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...] = ()
    sha256: str = ""


@dataclass(slots=True)
class _Sorted:
    rows: dict[str, list[ListingRow]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)


def import_list(
    data: bytes, *, actor: Actor, roll: str | None = None, shape: Shape | None = None
) -> Imported:
    """Make what the file holds the new version of its list, or of each list its rows name.

    Entries that the file no longer holds are taken out of force, never erased. The bytes are
    kept. `roll` is the list of rows that name none. Raises Denied without the power or for a list
    of another authority, Rejected for an unknown list or a file without a single entry (nothing is
    changed then).
    """
    if POWER not in actor.powers:
        raise Denied
    sha256 = raw.keep(data)
    found = _sort(_read(data, shape or _shape(data)), roll)
    if not found.rows:
        raise Rejected(
            Text("Tidak ada satu entri pun yang terbaca.", "Not a single entry could be read."),
            found.faults[0].mend if found.faults else Text("Periksa berkasnya.", "Check the file."),
            place=found.faults[0].place if found.faults else "",
        )
    _allow_lists(found.rows, actor)
    first = not Listing.objects.filter(removed_at__isnull=True).exists()
    with transaction.atomic():
        changes = tuple(_replace(code, rows, sha256, actor) for code, rows in found.rows.items())
        bump(LISTS)
        if first:
            _screen_all()
    return Imported(changes, tuple(found.faults), sha256)


def _screen_all() -> None:
    """Until now there was nothing to screen against: every record that was judged goes again."""
    rows = Record.objects.filter(worked=True).order_by("id").values_list("id", flat=True)
    held: list[Any] = []
    for record_id in rows.iterator(chunk_size=BATCH):
        held.append(record_id)
        if len(held) == BATCH:
            enqueue(held, urgent=False)
            held = []
    if held:
        enqueue(held, urgent=False)


def _allow_lists(codes: Iterable[str], actor: Actor) -> None:
    """A list is its authority's to replace; the machine's operator, of no agency, loads any."""
    authorities = set(Roll.objects.filter(pk__in=list(codes)).values_list("authority", flat=True))
    if actor.agency and authorities != {actor.agency}:
        raise Denied


def _shape(data: bytes) -> Shape:
    return "ftm" if data.lstrip()[:1] == b"{" else "csv"


def _read(data: bytes, shape: Shape) -> Iterable[ListingRow | Fault]:
    if shape == "ftm":
        return ftm_json.read(listing_csv.unpack(data).splitlines())
    return listing_csv.read(data)


def _sort(items: Iterable[ListingRow | Fault], roll: str | None) -> _Sorted:
    known = set(Roll.objects.values_list("code", flat=True))
    found = _Sorted()
    for item in items:
        if isinstance(item, Fault):
            found.faults.append(item)
            continue
        code = (
            roll if roll and (not item.list_code or item.list_code not in known) else item.list_code
        )
        if code not in known:
            found.faults.append(_unknown(item, code, known))
        else:
            found.rows[code].append(item)
    return found


def _unknown(item: ListingRow, code: str, known: set[str]) -> Fault:
    return Fault(
        item.place,
        Text("Daftar “{c}” tidak dikenal.", "List “{c}” is not known.").fill(c=code),
        Text("Sebutkan salah satu: {n}.", "Name one of: {n}.").fill(n=", ".join(sorted(known))),
        item.entity_id,
    )


def _replace(code: str, rows: Sequence[ListingRow], sha256: str, actor: Actor) -> Change:
    """Put a list's new version in force, in the caller's transaction."""
    now = timezone.now()
    held = {row.entity_id: row for row in Listing.objects.filter(roll=code)}
    fresh = {row.entity_id: _listing(code, row) for row in rows}
    new = [row for key, row in fresh.items() if key not in held]
    changed, kept = _renewed(held, fresh)
    gone = [r.pk for k, r in held.items() if k not in fresh and r.removed_at is None]
    Listing.objects.bulk_create(new, batch_size=CHUNK)
    Listing.objects.bulk_update(changed, [*_COMPARED, "removed_at"], batch_size=200)
    for start in range(0, len(gone), CHUNK):
        Listing.objects.filter(pk__in=gone[start : start + CHUNK]).update(removed_at=now)
    Roll.objects.filter(pk=code).update(version=F("version") + 1, imported_at=now)
    version = Roll.objects.get(pk=code).version
    change = Change(code, version, len(new), len(changed), len(gone), kept)
    record_event("list.imported", code, _told(change, sha256, now), actor=actor.number)
    return change


_COMPARED = (
    "schema", "data", "number", "direction", "authority", "legal_basis", "reason",
    "valid_from", "valid_until",
)  # fmt: skip


def _renewed(
    held: Mapping[str, Listing], fresh: Mapping[str, Listing]
) -> tuple[list[Listing], int]:
    changed, kept = [], 0
    for key, old in held.items():
        new = fresh.get(key)
        if new is None:
            continue
        if old.removed_at is None and all(getattr(old, f) == getattr(new, f) for f in _COMPARED):
            kept += 1
            continue
        for name in _COMPARED:
            setattr(old, name, getattr(new, name))
        old.removed_at = None
        changed.append(old)
    return changed, kept


def _told(change: Change, sha256: str, now: datetime) -> dict[str, Any]:
    return {
        "version": change.version,
        "added": change.added,
        "changed": change.changed,
        "removed": change.removed,
        "sha256": sha256,
        "at": now.isoformat(),
    }


def _listing(code: str, row: ListingRow) -> Listing:
    return Listing(
        roll_id=code,
        entity_id=row.entity_id[:120],
        schema=row.schema[:40],
        data={
            "names": list(row.names),
            "aliases": [*row.aliases, *row.weak_aliases],
            "birth_dates": list(row.birth_dates),
            "nationalities": list(row.nationalities),
            "documents": [list(each) for each in row.documents],
            "gender": row.gender,
        },
        number=row.number[:80],
        direction=_WAYS[row.direction],
        authority=row.authority[:120],
        legal_basis=row.legal_basis,
        reason=row.reason,
        valid_from=_first_day(row.valid_from),
        valid_until=_last_day(row.valid_until),
    )


def _first_day(text: str | None) -> date | None:
    """The first day of a date that may name only a month or a year."""
    return date.fromisoformat((text + "-01-01")[:10]) if text else None


def _last_day(text: str | None) -> date | None:
    """The last day of a date that may name only a month or a year."""
    if not text:
        return None
    year, month = int(text[:4]), int(text[5:7] or 12)
    return date(year, month, int(text[8:10] or calendar.monthrange(year, month)[1]))
