"""Versions of lists: a draft with its difference to what is in force, then live by a second person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import listed, raw
from tapal.flow.drafts import DRAFTED_IN
from tapal.flow.events import record_event
from tapal.flow.lists import rescreening
from tapal.flow.lists.reading import (
    COLUMNS,
    Read,
    Shape,
    columns_of,
    held_columns,
    listing,
    read,
)
from tapal.flow.records import enqueue
from tapal.flow.storable import storable_json
from tapal.formats.listing import Fault, ListingRow
from tapal.store.models import ListChange, Listing, ListVersion, Record, Roll

EDIT, APPROVE = "listing.edit", "listing.approve"
DRAFT, IN_FORCE, FOLLOWED, DECLINED = "draft", "in_force", "followed", "declined"
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
CHUNK = 1000
# Records that one worker judges in one transaction.
BATCH = 200
FAULTS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: a version for each list, and what could not be read, with place and mend."""

    versions: tuple[ListVersion, ...]
    faults: tuple[Fault, ...] = ()


def import_list(
    data: bytes | Sequence[bytes],
    *,
    actor: Actor,
    roll: str | None = None,
    shape: Shape | None = None,
) -> Imported:
    """Draft what the file holds; the first version that a list ever has is in force at once.

    That is how a node is set up, before anybody has an account: only the machine's operator, of no
    agency, may, and the log says that one person did it. Every later version waits for a second
    person. Raises as `draft` does.
    """
    if actor.agency:
        raise Denied(NOT_ALONE)
    files = (data,) if isinstance(data, bytes) else data
    made = draft(files, actor=actor, roll=roll, shape=shape)
    for row in made.versions:
        if row.base == 0:
            _put_in_force(row, actor, timezone.now(), AT_SETUP)
    return made


REPLACED = "replaced by a newer draft"
AT_SETUP = "first version, put in force by one person at set-up"
_SAID = {
    REPLACED: Text("digantikan rancangan yang lebih baru", REPLACED),
    AT_SETUP: Text("versi pertama, diberlakukan satu orang saat pemasangan", AT_SETUP),
}


def reason_of(row: ListVersion) -> Text | None:
    """Why a version was decided as it was: a person's words, or the machine's in the reader's language."""
    return _SAID.get(row.reason) or (Text(row.reason, row.reason) if row.reason else None)


def draft(
    files: Sequence[bytes], *, actor: Actor, roll: str | None = None, shape: Shape | None = None
) -> Imported:
    """Read files as the next version of their list, or of each list that the rows name.

    Nothing is in force by it. The bytes are kept; a draft that waits for the same list is put away.
    Raises Denied without the power or for a list of another authority, Rejected for files without a
    single entry.
    """
    if EDIT not in actor.powers:
        raise Denied
    kept = [raw.keep(data) for data in files]
    found = read(files, roll, shape)
    for code in found.rows:
        _allow(Roll.objects.get(pk=code), actor)
    with transaction.atomic():
        made = tuple(_draft(code, rows, found, kept, actor) for code, rows in found.rows.items())
    return Imported(made, tuple(found.faults))


def _draft(
    code: str, rows: Mapping[str, ListingRow], found: Read, files: list[str], actor: Actor
) -> ListVersion:
    roll = Roll.objects.select_for_update().get(pk=code)
    for old in ListVersion.objects.filter(roll=roll, state=DRAFT):
        _decide(old, DECLINED, actor, timezone.now(), REPLACED)
    row = ListVersion.objects.create(
        roll=roll,
        base=roll.version,
        files=files,
        shape=found.shape,
        faults=[_fault_json(f) for f in found.faults[:FAULTS_KEPT]],
        fault_count=len(found.faults),
        drafted_by=actor.number,
        drafted_at=timezone.now(),
    )
    held = {
        each.entity_id: held_columns(each)
        for each in Listing.objects.filter(roll=roll, removed_at=None).iterator(chunk_size=2000)
    }
    ListChange.objects.bulk_create(_changes(row, held, rows), batch_size=CHUNK)
    counts = {what: 0 for what in (ADDED, CHANGED, REMOVED)}
    for what in row.changes.values_list("what", flat=True):
        counts[what] += 1
    row.added, row.changed, row.removed = counts[ADDED], counts[CHANGED], counts[REMOVED]
    row.kept = len(held) - row.changed - row.removed
    row.save()
    _tell("list.drafted", row, actor.number)
    return row


def _changes(
    version: ListVersion, held: Mapping[str, dict[str, Any]], rows: Mapping[str, ListingRow]
) -> Iterable[ListChange]:
    for entity_id, row in rows.items():
        before, after = held.get(entity_id), columns_of(row)
        if before != after:
            what = ADDED if before is None else CHANGED
            yield ListChange(version=version, entity_id=entity_id, what=what,
                             before=before, after=after, place=row.place[:80])  # fmt: skip
    for entity_id, before in held.items():
        if entity_id not in rows:
            yield ListChange(version=version, entity_id=entity_id, what=REMOVED, before=before)


def _fault_json(fault: Fault) -> dict[str, Any]:
    told = {
        "place": fault.place,
        "reason": fault.reason.json(),
        "mend": fault.mend.json(),
        "raw": fault.raw,
        "taken": fault.taken,
    }
    return cast(dict[str, Any], storable_json(told))


NOT_ALONE = Text(
    "Versi daftar berlaku setelah orang kedua menyetujuinya.",
    "A version of a list is in force once a second person has approved it.",
)


def why_not(row: ListVersion, actor: Actor) -> Text | None:
    """Why the actor may not be the second person of this draft; None where he may."""
    if APPROVE not in actor.powers:
        return Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
    if actor.post is not None:
        return Text(
            "Daftar berlaku di semua pos: mandat Anda di satu pos tidak mencakupnya.",
            "A list holds at every post: your mandate at one post does not cover it.",
        )
    if actor.number == row.drafted_by:
        return DRAFTED_IN
    if row.base != row.roll.version:
        return OVERTAKEN
    return None


OVERTAKEN = Text(
    "Versi lain sudah berlaku sejak rancangan ini dibuat: impor berkasnya lagi.",
    "Another version has come in force since this was drafted: import the file again.",
)


def publish(version_id: uuid.UUID | str, *, actor: Actor) -> ListVersion:
    """Put a draft in force as its second person; past records are then held against what is new.

    Raises Missing, Denied with the reason of `why_not`, Rejected where another was first.
    """
    row = found(version_id, actor=actor)
    if row.state != DRAFT:
        raise _decided(row)
    if why := why_not(row, actor):
        raise Denied(why)
    return _put_in_force(row, actor, timezone.now())


def decline(version_id: uuid.UUID | str, reason: str, *, actor: Actor) -> ListVersion:
    """Put a draft away, as its drafter or its second person, with the reason.

    Raises Missing, Denied without either power, Rejected without a reason or where it is decided.
    """
    row = found(version_id, actor=actor)
    if not {EDIT, APPROVE} & actor.powers:
        raise Denied
    if not reason.strip():
        raise Rejected(
            Text("Alasannya belum diisi.", "The reason is missing."),
            Text("Tulis mengapa rancangan ini tidak dipakai.", "Write why it is not used."),
            place="reason",
        )
    with transaction.atomic():
        _decide(row, DECLINED, actor, timezone.now(), reason.strip())
    return row


def found(version_id: uuid.UUID | str, *, actor: Actor) -> ListVersion:
    """A version of a list of the actor's authority. Raises Missing."""
    row = ListVersion.objects.filter(pk=version_id).select_related("roll").first()
    if row is None or not may_see(row.roll, actor):
        raise Missing
    return row


def may_see(roll: Roll, actor: Actor) -> bool:
    """Whether what a list holds is the actor's to see: its authority's managers, and the operator."""
    mine = not actor.agency or roll.authority == actor.agency
    return mine and bool({EDIT, APPROVE} & actor.powers)


def versions_of(roll: Roll) -> list[ListVersion]:
    """All versions of a list, the newest first."""
    return list(roll.versions.order_by("-id").select_related("rescreening"))


def _allow(roll: Roll, actor: Actor) -> None:
    """A list is its authority's to replace; the machine's operator, of no agency, loads any."""
    if actor.agency and roll.authority != actor.agency:
        raise Denied


def _put_in_force(row: ListVersion, actor: Actor, now: datetime, reason: str = "") -> ListVersion:
    with transaction.atomic():
        # The cursor first: whoever publishes at the same time waits here, so that stamps follow commits.
        stamp = listed.change()
        roll = Roll.objects.select_for_update().get(pk=row.roll_id)
        first = not Listing.objects.filter(removed_at__isnull=True).exists()
        if roll.version != row.base:
            raise Rejected(OVERTAKEN, Text("Impor lagi.", "Import it again."), place="version")
        ListVersion.objects.filter(roll=roll, state=IN_FORCE).update(state=FOLLOWED)
        row.number = roll.version + 1
        _decide(row, IN_FORCE, actor, now, reason)
        _apply(row, stamp, now)
        roll.version, roll.imported_at = row.number, now
        roll.save(update_fields=["version", "imported_at"])
        if first:
            _screen_all()
        else:
            rescreening.begin(row, now)
    return row


def _apply(row: ListVersion, stamp: int, now: datetime) -> None:
    """Write the changes of a version into the list: as many rows as change, however long the list."""
    gone: list[str] = []
    fresh: list[Listing] = []
    for change in row.changes.order_by("id").iterator(chunk_size=2000):
        if change.what == REMOVED:
            gone.append(change.entity_id)
            continue
        made = listing(row.roll_id, change.entity_id, change.after or {})
        made.since, made.stamp = now, stamp
        fresh.append(made)
    Listing.objects.bulk_create(
        fresh,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["roll", "entity_id"],
        update_fields=[*COLUMNS, "removed_at", "since", "stamp"],
    )
    for start in range(0, len(gone), CHUNK):
        Listing.objects.filter(roll=row.roll_id, entity_id__in=gone[start : start + CHUNK]).update(
            removed_at=now, stamp=stamp
        )


def _decide(row: ListVersion, state: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """Write the decision down in the caller's transaction. Raises Rejected where another was first."""
    decided = {"state": state, "decided_by": actor.number, "decided_at": now, "reason": reason}
    mine = ListVersion.objects.filter(pk=row.pk, state=DRAFT)
    if not mine.update(number=row.number, **decided):
        row.refresh_from_db()
        raise _decided(row)
    row.state, row.decided_by, row.decided_at, row.reason = state, actor.number, now, reason
    _tell("list.imported" if state == IN_FORCE else "list.declined", row, actor.number)


def _decided(row: ListVersion) -> Rejected:
    return Rejected(
        Text("Sudah diputuskan oleh {who}.", "Decided already by {who}.").fill(who=row.decided_by),
        Text("Muat ulang halamannya.", "Load the page again."),
        place="version",
    )


def _tell(type_: str, row: ListVersion, by: str) -> None:
    told: dict[str, Any] = {
        "draft": str(row.id),
        "version": row.number or row.base + 1,
        "added": row.added,
        "changed": row.changed,
        "removed": row.removed,
        "files": row.files,
        "drafted_by": row.drafted_by,
    }
    if row.reason:
        told["reason"] = row.reason
    record_event(type_, row.roll_id, told, actor=by)


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
