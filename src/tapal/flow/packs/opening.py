"""Packs opened at a post: checked in full, then put in force at once, or refused and nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.listed import change
from tapal.flow.packs import held as holding
from tapal.flow.packs.content import (
    Content,
    Marks,
    Row,
    digest_of,
    entry_of,
    mark,
    marks_of,
    row_of,
)
from tapal.flow.packs.own_keys import own_keys, trusted_key
from tapal.flow.records import enqueue
from tapal.formats.sealed_pack import Heading, Sealed, parse, unseal, verify
from tapal.store.models import Cursor, Listing, Record, Roll

CHUNK = 1000
BATCH = 200
_WRITTEN = (
    "schema",
    "data",
    "direction",
    "valid_from",
    "valid_until",
    "removed_at",
    "since",
    "stamp",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening did. `kind` is pack or revocation; `again` counts records screened anew."""

    kind: str
    serial: int
    until: datetime | None = None
    entries: int = 0
    changed: int = 0
    gone: int = 0
    again: int = 0


def read(data: bytes) -> Sealed:
    """The file with its maker proved. Raises Rejected."""
    sealed = parse(data)
    verify(sealed, trusted_key(str(sealed.heading.get("signer", ""))))
    return sealed


def open_pack(data: bytes, *, by: str) -> Opened:
    """Put a pack in force, or a revocation.

    Raises Rejected for one that is changed, of a maker not trusted, for another post, run out,
    older than what this post has held, or a delta to another pack; nothing is changed then.
    """
    sealed = read(data)
    heading, raw = sealed.heading, unseal(sealed, own_keys())
    now = timezone.now()
    with transaction.atomic():
        Cursor.objects.get_or_create(name=holding.NAME)
        shelf = Cursor.objects.select_for_update().get(name=holding.NAME)
        if heading["kind"] == "revocation":
            return _revoked(shelf, heading, now, by)
        _check(shelf, heading, now)
        # An old mark of a revoked or expired pack: what came since has not been held against it.
        pack = holding.held()
        ended = pack.ended(now) if pack else None
        first = not Listing.objects.filter(removed_at=None).exists()
        content = Content.unpacked(raw)
        before = dict(pack.rolls) if pack else {}
        done = _apply(content, before, heading)
        shelf.data = {
            "seen": _seen(shelf) | {heading["signer"]: heading["serial"]},
            "signer": heading["signer"],
            **{n: heading[n] for n in ("serial", "post", "node", "made_at", "until")},
            "rolls": dict(_versions(content)),
        }
        shelf.save(update_fields=["data"])
        again = _screen_again(None if first else ended[0] if ended else now)
        told = {"serial": done.serial, "base": heading["base"], "entries": done.entries,
                "changed": done.changed, "gone": done.gone}  # fmt: skip
        record_event("pack.opened", str(heading["post"]), told, actor=by)
    return Opened("pack", done.serial, done.until, done.entries, done.changed, done.gone, again)


def _check(shelf: Cursor, heading: Heading, now: datetime) -> None:
    until, made = (datetime.fromisoformat(heading[n]) for n in ("until", "made_at"))
    seen = _seen(shelf).get(heading["signer"], 0)
    if heading["serial"] <= seen:
        raise _refused(
            f"pos ini sudah memegang nomor {seen}, yang ini nomor {heading['serial']}",
            f"this post has held number {seen}, this is number {heading['serial']}",
        )
    if now >= until:
        raise _refused("masa berlakunya habis", "it has run out")
    if now < made - holding.CLOCK_LEEWAY:
        raise _refused(
            "jam mesin ini lebih awal daripada waktu pembuatannya",
            "this machine's clock is before the time it was made",
            Text("Betulkan jam mesin ini.", "Set this machine's clock right."),
        )
    if heading["base"] and (
        heading["base"] != shelf.data.get("serial") or heading["signer"] != shelf.data["signer"]
    ):
        raise _refused(
            f"isinya hanya perubahan atas paket nomor {heading['base']}, yang tidak dipegang di sini",
            f"it holds only changes to pack number {heading['base']}, which is not held here",
            Text("Mintalah paket utuh.", "Ask for a whole pack."),
        )


def _apply(content: Content, before: dict[str, int], heading: Heading) -> Opened:
    stamp, now = change(), timezone.now()
    codes = [roll["code"] for roll in content.rolls]
    if not content.whole:
        for code, number in before.items():
            if not Roll.objects.filter(pk=code, version=number).exists():
                raise _not_the_base()
    for roll in content.rolls:
        _save_roll(roll, str(heading["made_at"]))
    held = Listing.objects.filter(removed_at=None)
    out = {code: None for code in before if code not in codes} | dict(content.gone)
    if content.whole:
        out |= _others(content)
    gone = 0
    for code, ids in out.items():
        rows = held.filter(roll=code)
        for start in range(0, len(ids), CHUNK) if ids is not None else [0]:
            some = rows if ids is None else rows.filter(entity_id__in=ids[start : start + CHUNK])
            gone += some.update(removed_at=now, stamp=stamp)
    changed = _write(content, _marks_held(codes), now, stamp)
    marks = _marks_held(codes)
    if digest_of(marks) != content.digest:
        raise _not_the_base()
    until = datetime.fromisoformat(heading["until"])
    return Opened("pack", heading["serial"], until, len(marks), changed, gone)


def _write(content: Content, before: Marks, now: datetime, stamp: int) -> int:
    """Write the entries that are not held as they are; how many."""
    after = marks_of(content.rows)
    fresh = [
        entry_of(code, row)
        for code, rows in content.rows.items()
        for row in rows
        if before.get(name := mark(code, row[0])) != after[name]
    ]
    for entry in fresh:
        entry.since, entry.stamp = now, stamp
    Listing.objects.bulk_create(
        fresh, batch_size=CHUNK, update_conflicts=True, unique_fields=["roll", "entity_id"],
        update_fields=list(_WRITTEN),
    )  # fmt: skip
    return len(fresh)


def _save_roll(told: dict[str, Any], made_at: str) -> None:
    values = {n: told[n] for n in ("direction", "subject", "authority", "never_matches_citizens")}
    values |= {"label_id": told["label"][0], "label_en": told["label"][1]}
    Roll.objects.get_or_create(code=told["code"], defaults=values)
    Roll.objects.filter(pk=told["code"]).update(
        version=F("version") + 1, imported_at=datetime.fromisoformat(told["imported_at"] or made_at)
    )


def _others(content: Content) -> dict[str, list[str]]:
    """What is held of its lists and a whole pack does not hold, by list."""
    out: dict[str, list[str]] = {}
    for code, rows in content.rows.items():
        kept = {row[0] for row in rows}
        held = Listing.objects.filter(roll=code, removed_at=None)
        ids = held.values_list("entity_id", flat=True)
        out[code] = [entity_id for entity_id in ids if entity_id not in kept]
    return out


def _marks_held(codes: list[str]) -> Marks:
    rows: dict[str, list[Row]] = {code: [] for code in codes}
    held = Listing.objects.filter(removed_at=None, roll__in=codes)
    for entry in held.iterator(chunk_size=2000):
        rows[entry.roll_id].append(row_of(entry))
    return marks_of(rows)


def _versions(content: Content) -> Iterator[tuple[str, int]]:
    codes = [roll["code"] for roll in content.rolls]
    yield from Roll.objects.filter(code__in=codes).order_by("code").values_list("code", "version")


def _screen_again(since: datetime | None) -> int:
    """Queue the records that came while nothing could be screened with; all of them without a time."""
    rows = Record.objects.filter(worked=True).order_by("id")
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    ids = iter(list(rows.values_list("id", flat=True)))
    count = 0
    while some := list(islice(ids, BATCH)):
        # Until they are worked again each of them tells that it waits.
        Record.objects.filter(pk__in=some).update(worked=False)
        enqueue(some, urgent=False)
        count += len(some)
    return count


def _revoked(shelf: Cursor, heading: Heading, now: datetime, by: str) -> Opened:
    """End what the notice names; what this post has not held yet it will not hold either."""
    serial = int(heading["serial"])
    data, signer = dict(shelf.data), heading["signer"]
    theirs = data.get("signer") == signer and data["serial"] <= serial
    if theirs and not data.get("revoked_at"):
        data["revoked_at"] = now.isoformat()
        record_event("pack.revoked", str(heading["post"]), {"serial": serial}, actor=by)
    seen = _seen(shelf)
    shelf.data = data | {"seen": seen | {signer: max(seen.get(signer, 0), serial)}}
    shelf.save(update_fields=["data"])
    return Opened("revocation", serial)


def _seen(shelf: Cursor) -> dict[str, int]:
    """The newest number that this post has held of each maker."""
    return dict(shelf.data.get("seen", {}))


def _not_the_base() -> Rejected:
    return _refused(
        "daftar di sini bukan yang diubah oleh paket ini",
        "the lists here are not those that this pack changes",
        Text("Mintalah paket utuh.", "Ask for a whole pack."),
    )


def _refused(said_id: str, said_en: str, mend: Text | None = None) -> Rejected:
    return Rejected(
        Text(f"Paket tidak dibuka: {said_id}.", f"The pack is not opened: {said_en}."),
        mend or Text("Mintalah paket baru kepada pembuatnya.", "Ask its maker for a new pack."),
        place="pack",
    )
