"""Packs made at a hub: for one post of one agency, of the lists that the sharing door opens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.core.mandates import READ
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.packs import content as inside
from tapal.flow.packs.content import Content, Marks, Row, mark, marks_of, row_of
from tapal.flow.packs.own_keys import own_keys
from tapal.flow.share import access, compile, purposes
from tapal.flow.share.rolls import OpenRoll, open_rolls
from tapal.formats.sealed_pack import seal, short
from tapal.store.models import Cursor, Listing, Place, Roll

MOST_DAYS = 31
KEPT_MARKS = 5
"""Packs of a post to which a delta can be made."""
FOLDER = "packs"


@dataclass(frozen=True, slots=True)
class Order:
    """For whom a pack is, and why. `reader` is the post's key, remembered once it was told."""

    post: str
    agency: str
    purpose: Purpose = Purpose.BORDER_CONTROL
    days: int = 7
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A pack and what is told of it."""

    data: bytes
    serial: int
    base: int
    until: datetime
    entries: int


@transaction.atomic
def make(order: Order, *, by: str, since: int | None = None) -> Made:
    """A pack for a post; with `since` only what changed after that pack (0: after the last given).

    Raises Rejected for a post, length or pack that there is not, a post without a key, or nothing
    open to it; Denied for a purpose that is not the agency's.
    """
    now = timezone.now()
    shelf = _shelf(order, now)
    actor = Actor("0", by, by, order.agency, order.post, frozenset({READ}))
    purposes.must_cover(actor, order.purpose, now)
    opened = open_rolls(actor, order.purpose, now)
    if not opened:
        raise _refused(
            "purpose",
            Text("Tidak ada daftar yang terbuka bagi pos ini.", "No list is open to this post."),
            Text("Buat perjanjian lebih dahulu.", "Make an agreement first."),
        )
    rows = _rows(opened, now)
    marks = marks_of(rows)
    serial, base = shelf.position + 1, _base(order, shelf, since)
    held = Content(_told(opened), rows, digest=inside.digest_of(marks))
    if base:
        held = _since(held, marks, _read(order, base))
    until = now + timedelta(days=order.days)
    heading = {
        "kind": "pack", "post": order.post, "node": settings.TAPAL_NODE, "serial": serial,
        "base": base, "made_at": now.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    data = seal(heading, held.packed(), own_keys(), shelf.data["reader"])
    _write(order, serial, marks)
    issued = {"serial": serial, "made_at": now.isoformat(), "until": until.isoformat()}
    shelf.position = serial
    shelf.data = shelf.data | {"issued": [*shelf.data["issued"], issued][-KEPT_MARKS:]}
    shelf.save(update_fields=["position", "data"])
    told = {**heading, "agency": order.agency, "purpose": order.purpose.value,
            "lists": sorted(opened), "entries": len(marks)}  # fmt: skip
    record_event("pack.made", order.post, told, actor=by)
    clauses = {roll.clause for roll in opened.values()}
    access.note(
        actor, order.purpose, access.EXPORT, subject=f"pack {serial}", clauses=clauses,
        count=len(marks),
    )  # fmt: skip
    return Made(data, serial, base, until, len(marks))


@transaction.atomic
def revoke(post: str, agency: str, reason: str, *, by: str) -> bytes:
    """The notice that ends every pack given to a post so far. Raises Missing, Rejected without a reason."""
    shelf = Cursor.objects.select_for_update().filter(name=_name(post, agency)).first()
    if shelf is None or not shelf.position:
        raise Missing
    if not reason.strip():
        raise _refused(
            "reason",
            Text("Alasannya belum diisi.", "A reason is needed."),
            Text("Tulis alasan pencabutan.", "Say why it is revoked."),
        )
    now = timezone.now()
    heading = {
        "kind": "revocation", "post": post, "node": settings.TAPAL_NODE,
        "serial": shelf.position, "made_at": now.isoformat(),
    }  # fmt: skip
    shelf.data = shelf.data | {"issued": [], "revoked": shelf.position}
    shelf.save(update_fields=["data"])
    told = {"agency": agency, "serial": shelf.position, "reason": reason}
    record_event("pack.revoked", post, told, actor=by)
    return seal(heading, b"", own_keys(), shelf.data["reader"])


def given() -> list[tuple[str, str, int, Mapping[str, Any]]]:
    """Post, agency, newest number and state of every post that has been given packs."""
    rows = Cursor.objects.filter(name__startswith="pack.given:").order_by("name")
    return [(*row.name.split(":")[1:], row.position, row.data) for row in rows]


def _shelf(order: Order, now: datetime) -> Cursor:
    """The order's row, locked; what is wrong with the order is told."""
    if not Place.objects.filter(pk=order.post).exists():
        raise _refused(
            "post",
            Text("Pos itu tidak dikenal.", "That post is not known."),
            Text("Sebutkan kode pos.", "Name the id of a post."),
        )
    if order.agency not in compile.agencies_on(compile.today(now)).roles:
        raise _refused(
            "agency",
            Text("Instansi itu tidak dikenal.", "That agency is not known."),
            Text("Sebutkan kode instansi.", "Name the code of an agency."),
        )
    if not 1 <= order.days <= MOST_DAYS:
        raise _refused(
            "days",
            Text("Masa berlaku itu tidak dapat.", "It cannot last that long."),
            Text("1 sampai {n} hari.", "1 to {n} days.").fill(n=MOST_DAYS),
        )
    name = _name(order.post, order.agency)
    Cursor.objects.get_or_create(name=name, defaults={"data": {"reader": "", "issued": []}})
    shelf = Cursor.objects.select_for_update().get(name=name)
    reader = order.reader.strip()
    if reader and reader != shelf.data["reader"]:
        short(reader)
        shelf.data = shelf.data | {"reader": reader, "issued": []}
    if not shelf.data["reader"]:
        raise _refused(
            "reader",
            Text("Kunci pos ini belum dikenal.", "This post's key is not known."),
            Text(
                "Jalankan tapal packs keys di pos itu, lalu sebutkan --reader.",
                "Run tapal packs keys at the post, then name --reader.",
            ),
        )
    return shelf


def _rows(opened: Mapping[str, OpenRoll], now: datetime) -> dict[str, list[Row]]:
    """The entries of the lists that hold today or later."""
    day = compile.today(now)
    rows: dict[str, list[Row]] = {code: [] for code in opened}
    held = Listing.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), roll__in=list(opened), removed_at=None
    )
    for entry in held.order_by("roll_id", "entity_id").iterator(chunk_size=2000):
        rows[entry.roll_id].append(row_of(entry))
    return rows


def _since(held: Content, marks: Marks, before: Marks) -> Content:
    """What of the content is new, and what is no longer there."""
    codes = [roll["code"] for roll in held.rolls]
    gone: dict[str, list[str]] = {}
    left = {name for name in before if name not in marks}
    if left:
        known = Listing.objects.filter(roll__in=codes).values_list("roll_id", "entity_id")
        for code, entity_id in known.iterator(chunk_size=5000):
            if mark(code, entity_id) in left:
                gone.setdefault(code, []).append(entity_id)
    changed = {
        code: [row for row in rows if before.get(n := mark(code, row[0])) != marks[n]]
        for code, rows in held.rows.items()
    }
    return Content(held.rolls, changed, gone, held.digest, whole=False)


def _told(opened: Mapping[str, OpenRoll]) -> list[dict[str, Any]]:
    rows = Roll.objects.filter(code__in=list(opened)).order_by("code")
    return [
        {
            "code": roll.code,
            "label": [roll.label_id, roll.label_en],
            "direction": roll.direction,
            "subject": roll.subject,
            "authority": roll.authority,
            "never_matches_citizens": roll.never_matches_citizens,
            "imported_at": roll.imported_at.isoformat() if roll.imported_at else None,
        }
        for roll in rows
    ]


def _base(order: Order, shelf: Cursor, since: int | None) -> int:
    """The pack after which changes are given, 0 for a whole one. Raises Rejected for one not kept."""
    if since is None:
        return 0
    known = [i["serial"] for i in shelf.data["issued"] if _path(order, i["serial"]).exists()]
    wanted = since or max(known, default=0)
    if wanted not in known:
        raise _refused(
            "since",
            Text("Paket itu tidak lagi dikenal di sini.", "That pack is not known here any more."),
            Text("Buat paket utuh.", "Make a whole pack."),
        )
    return int(wanted)


def _path(order: Order, serial: int) -> Path:
    folder = Path(settings.TAPAL_HOME) / FOLDER
    folder.mkdir(exist_ok=True)
    return folder / f"{order.agency}-{order.post}-{serial}.marks"


def _read(order: Order, serial: int) -> Marks:
    return inside.read_marks(_path(order, serial).read_bytes())


def _write(order: Order, serial: int, marks: Marks) -> None:
    _path(order, serial).write_bytes(inside.save_marks(marks))
    _path(order, max(0, serial - KEPT_MARKS)).unlink(missing_ok=True)


def _name(post: str, agency: str) -> str:
    return f"pack.given:{post}:{agency}"


def _refused(place: str, reason: Text, mend: Text) -> Rejected:
    return Rejected(reason, mend, place=place)
