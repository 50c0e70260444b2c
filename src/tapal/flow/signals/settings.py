"""How an agency's lists are made: proposed by one person, tried on history, put in force by a second."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.signals.windows import windows_of
from tapal.store.models import SignalSetting

EDIT, APPROVE = "profile.edit", "profile.approve"
"""Who decides what alerts by risk profiles decides it here too."""
LOWEST, HIGHEST = 0.001, 0.5
FURTHEST = 2000.0


@dataclass(frozen=True, slots=True)
class Setting:
    """`level` is the share of false alarms that a list may hold on average; `within` the longest
    travel time inside a region of posts, in minutes. What holds where nobody decided otherwise."""

    level: float = 0.1
    within: float = 240.0

    def json(self) -> dict[str, float]:
        return asdict(self)


def in_force(owner: str) -> Setting:
    """The setting by which an agency's lists are made."""
    row = SignalSetting.objects.filter(owner=owner, state="in_force").first()
    return Setting(row.level, row.within) if row else Setting()


def versions(owner: str) -> list[SignalSetting]:
    """An agency's settings, the newest first."""
    return list(SignalSetting.objects.filter(owner=owner).order_by("-version"))


def propose(
    level: str, within: str, reason: str, *, actor: Actor, outbreaks: bytes = b""
) -> SignalSetting:
    """Propose a setting for the actor's agency; it changes nothing until a second person approves.

    `outbreaks` is a CSV of windows that he knows of. Raises Denied without the power, Rejected for
    values that cannot be, or where one waits already.
    """
    if EDIT not in actor.powers:
        raise Denied
    wanted = Setting(
        _number(level, "level", LOWEST, HIGHEST), _number(within, "within", 0.0, FURTHEST)
    )
    if not reason.strip():
        raise _refused("reason", "Alasannya belum diisi.", "The reason is missing.")
    windows = windows_of(outbreaks) if outbreaks.strip() else []
    newest = SignalSetting.objects.filter(owner=actor.agency).order_by("-version").first()
    try:
        with transaction.atomic():
            row = SignalSetting.objects.create(
                owner_id=actor.agency,
                version=newest.version + 1 if newest else 1,
                **wanted.json(),
                reason=reason.strip(),
                outbreaks=windows,
                proposed_by=actor.number,
                proposed_at=timezone.now(),
            )
            told = {**wanted.json(), "owner": actor.agency, "reason": row.reason}
            told["outbreaks"] = windows
            record_event("signal_setting.proposed", str(row.id), told, actor=actor.number)
    except IntegrityError as waiting:
        raise _refused(
            "setting", "Satu usul sudah menunggu keputusan.", "One proposal waits already."
        ) from waiting
    return row


def found(row: SignalSetting, figures: dict[str, Any], trouble: str = "") -> None:
    """Keep what the backtest of a proposal found."""
    row.tried, row.trouble, row.tried_at = figures, trouble, timezone.now()
    row.save(update_fields=["tried", "trouble", "tried_at"])
    record_event("signal_setting.tried", str(row.id), {"owner": str(row.owner_id)})


def why_not(row: SignalSetting, actor: Actor) -> Text | None:
    """Why the actor may not put a proposal in force; None where he may."""
    if APPROVE not in actor.powers:
        return Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
    if actor.post is not None:
        return Text(
            "Setelan berlaku di semua pos: pilih tempat kerja seluruh instansi.",
            "The setting holds at every post: it takes somebody who works for all of them.",
        )
    if row.proposed_by == actor.number:
        return Text(
            "Anda yang mengusulkan: orang kedua yang memberlakukan.",
            "You proposed it: a second person puts it in force.",
        )
    if row.tried_at is None or row.trouble:
        return Text(
            "Belum diuji pada riwayat: uji dulu.", "Not tried on history yet: try it first."
        )
    return None


@transaction.atomic
def approve(setting: uuid.UUID | str, *, actor: Actor) -> SignalSetting:
    """Put a proposal in force from the next list on. Raises Missing, Denied with the reason."""
    row = _waiting(setting, actor)
    if why := why_not(row, actor):
        raise Denied(why)
    SignalSetting.objects.filter(owner=row.owner_id, state="in_force").update(state="followed")
    _decide(row, "in_force", actor)
    told = {"owner": str(row.owner_id), "level": row.level, "within": row.within}
    record_event("signal_setting.in_force", str(row.id), told, actor=actor.number)
    return row


@transaction.atomic
def decline(setting: uuid.UUID | str, reason: str, *, actor: Actor) -> SignalSetting:
    """Decline a proposal, or take one's own back. Raises Missing, Denied, Rejected without a reason."""
    row = _waiting(setting, actor)
    if APPROVE not in actor.powers and row.proposed_by != actor.number:
        raise Denied
    if not reason.strip():
        raise _refused("reason", "Alasannya belum diisi.", "The reason is missing.")
    _decide(row, "declined", actor)
    told = {"owner": str(row.owner_id), "reason": reason.strip()}
    record_event("signal_setting.declined", str(row.id), told, actor=actor.number)
    return row


def _waiting(setting: uuid.UUID | str, actor: Actor) -> SignalSetting:
    """The proposal, locked. Another agency's is not there."""
    rows = SignalSetting.objects.select_for_update()
    row = rows.filter(pk=setting, owner=actor.agency, state="draft").first()
    if row is None:
        raise Missing
    return row


def _decide(row: SignalSetting, state: str, actor: Actor) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.number, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _number(text: str, place: str, low: float, high: float) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = -1.0
    if not low <= value <= high:
        raise _refused(
            place,
            f"Nilai harus antara {low:g} dan {high:g}.",
            f"The value must lie between {low:g} and {high:g}.",
        )
    return value


def _refused(place: str, said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(said_id, said_en), Text("Perbaiki isian itu.", "Mend that entry."), place=place
    )
