"""The pack that this post holds: until when it may be screened with, and whether it still may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tapal.core.text import Text
from tapal.store.models import Cursor

NAME = "pack.held"
CLOCK_LEEWAY = timedelta(minutes=10)
"""How far this node's clock may lag behind its maker's."""

EXPIRED = Text("masa berlakunya habis", "it has run out")
REVOKED = Text("dicabut pembuatnya", "its maker revoked it")
CLOCK = Text("jam mesin ini mundur", "this machine's clock is behind")


@dataclass(frozen=True, slots=True)
class Held:
    """The newest pack opened here. `rolls` are its lists with the version each has by it."""

    serial: int
    post: str
    node: str
    made_at: datetime
    until: datetime
    rolls: Mapping[str, int]
    revoked_at: datetime | None = None

    def ended(self, now: datetime) -> tuple[datetime, Text] | None:
        """Since when and why nobody may screen with it, None while one may."""
        if self.revoked_at is not None:
            return self.revoked_at, REVOKED
        if now >= self.until:
            return self.until, EXPIRED
        if now < self.made_at - CLOCK_LEEWAY:
            return now, CLOCK
        return None


def held() -> Held | None:
    """The pack of this node, None for one that imports its lists itself."""
    row = Cursor.objects.filter(name=NAME).first()
    return of(row.data) if row and "serial" in row.data else None


def of(data: Mapping[str, Any]) -> Held:  # Any: JSON
    """The pack that a row tells of."""
    revoked = data.get("revoked_at")
    return Held(
        serial=data["serial"],
        post=data["post"],
        node=data["node"],
        made_at=datetime.fromisoformat(data["made_at"]),
        until=datetime.fromisoformat(data["until"]),
        rolls=data["rolls"],
        revoked_at=datetime.fromisoformat(revoked) if revoked else None,
    )


def ended_rolls(now: datetime | None = None) -> frozenset[str]:
    """The lists that may not be screened with, because the pack that brought them has ended."""
    pack = held()
    return frozenset(pack.rolls) if pack and pack.ended(now or timezone.now()) else frozenset()


def why_unscreened(now: datetime | None = None) -> tuple[datetime, Text] | None:
    """Since when records are not screened against the pack's lists, and the sentence that says so."""
    pack = held()
    end = pack.ended(now or timezone.now()) if pack else None
    if pack is None or end is None:
        return None
    since, reason = end
    return since, Text(
        "Tidak disaring terhadap {r}: paket daftar nomor {n} tidak dapat dipakai, {w}. Minta paket "
        "baru; setelah dibuka, catatan ini disaring.",
        "Not screened against {r}: pack of lists number {n} may not be used, {w}. Ask for a new "
        "one; once it is opened, this record is screened.",
    ).fill(r=", ".join(pack.rolls), n=pack.serial, w=reason)
