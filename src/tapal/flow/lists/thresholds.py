"""Thresholds: chosen from a curve of hits a day, drafted by one, put in force by a second person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.engines.screening import Band, Hit, Listed
from tapal.flow.bands import CURSOR, HIGHEST, LOWEST, Bands, bands_at
from tapal.flow.drafts import not_second
from tapal.flow.events import record_event
from tapal.flow.gather import bare_views
from tapal.flow.listed import current
from tapal.flow.lists.versions import APPROVE, EDIT, may_see
from tapal.flow.officers import OTHER_POST, reaches
from tapal.flow.reference import bump, places
from tapal.flow.screen import MOST_OF_A_LIST, SCREENED, Held, name_alone, query_of
from tapal.flow.share.door import Door
from tapal.kinds import KINDS
from tapal.store.models import Roll, Threshold

DAYS, MOST, AT_ONCE = 30, 1000, 200
STEPS = (*(round(LOWEST + 0.05 * n, 2) for n in range(14)), HIGHEST)


@dataclass(frozen=True, slots=True)
class Given:
    """A threshold as it is drafted; no place means every post."""

    roll: str
    place: str
    bands: Bands
    ground: str
    valid_from: date
    valid_to: date | None = None


# Any: JSON, here and below.
def curve(roll: str, place: str, door: Door) -> dict[str, Any]:
    """What a list's hits score on recent travellers: through the reader's door, of his own agency.

    `scores` are those of hits that more than a name speaks for, `names` of a name alone (never more
    than a look), `ties` how many cannot be told apart; `records` and `days` what they are out of.
    """
    told: dict[str, Any] = {"records": 0, "days": DAYS, "scores": [], "names": [], "ties": 0}
    since, before = timezone.now() - timedelta(days=DAYS), None
    last = None
    while told["records"] < MOST:
        page = door.records(since=since, place=place or None, before=before, limit=AT_ONCE)
        own = [row.id for row in page.rows if row.own]
        last = page.rows[-1].view if page.rows else last
        _count(roll, own, told)
        before = page.next
        if before is None:
            break
    if before is not None and last is not None and last.occurred_at is not None:
        told["days"] = max((timezone.now() - last.occurred_at).days, 1)
    return told


def _count(roll: str, ids: list[str], told: dict[str, Any]) -> None:
    lists, posts = current(), places()
    for view in bare_views(ids):
        told["records"] += 1
        at = Held.of(view, posts)
        for entity in KINDS[view.kind].entities(view.body):
            if entity.schema not in SCREENED:
                continue

            def holds(listed: Listed, at: Held = at) -> bool:
                entry = lists.entry(listed.entity_id)
                return entry is not None and at.under(entry) is not None

            for hit in lists.index.match(
                query_of(entity), MOST_OF_A_LIST, lists=(roll,), wanted=holds
            ):
                _add(hit, told)


def _add(hit: Hit, told: dict[str, Any]) -> None:
    if hit.band is Band.TIE:
        told["ties"] += 1
    else:
        told["names" if name_alone(hit) else "scores"].append(round(hit.score, 3))


@dataclass(frozen=True, slots=True)
class Step:
    """What one threshold of alerts would mean: alerts and looks a day."""

    at: float
    alerts: float
    looks: float


def steps(told: Mapping[str, Any], look: float = LOWEST) -> list[Step]:
    """The curve as a table: at each threshold of alerts, hits a day."""
    return [_step(told, at, look) for at in STEPS if at >= look]


def consequence(told: Mapping[str, Any], bands: Bands) -> Step:
    """What these bands would mean a day."""
    step = _step(told, bands.alert, bands.look)
    ties = told["ties"] / told["days"] if bands.ties else 0
    return Step(bands.alert, step.alerts, round(step.looks + ties, 2))


def _step(told: Mapping[str, Any], at: float, look: float) -> Step:
    days = told["days"]
    alerts = sum(score >= at for score in told["scores"])
    seen = sum(score >= look for score in (*told["scores"], *told["names"]))
    return Step(at, round(alerts / days, 2), round((seen - alerts) / days, 2))


def draft(given: Given, *, actor: Actor, door: Door) -> Threshold:
    """Draft where the bands of a list begin at a post, with the curve that its drafter saw.

    Raises Missing for a list that is not his, Denied without the power or at another post, Rejected
    for what cannot hold.
    """
    if EDIT not in actor.powers:
        raise Denied
    roll = Roll.objects.filter(pk=given.roll).first()
    if roll is None or not may_see(roll, actor):
        raise Missing
    if not reaches(actor, given.place or None):
        raise Denied(OTHER_POST)
    _check(given)
    told = curve(given.roll, given.place, door)
    with transaction.atomic():
        old = Threshold.objects.select_for_update().filter(
            roll=roll, place=given.place, state="draft"
        )
        for row in old:
            _decide(row, "declined", actor, "replaced by a newer draft")
        row = Threshold.objects.create(
            roll=roll,
            place=given.place,
            alert=given.bands.alert,
            look=given.bands.look,
            ties=given.bands.ties,
            ground=given.ground.strip(),
            curve=told,
            valid_from=given.valid_from,
            valid_to=given.valid_to,
            drafted_by=actor.number,
            drafted_at=timezone.now(),
        )
        _tell("threshold.drafted", row, actor.number)
    return row


def _check(given: Given) -> None:
    bands = given.bands
    if not LOWEST <= bands.look <= bands.alert <= HIGHEST:
        raise _refused(
            "alert",
            f"Ambang harus antara {_comma(LOWEST)} dan {_comma(HIGHEST)}, dan lihat tidak di atas "
            "peringatan.",
            f"Thresholds lie between {LOWEST} and {HIGHEST}, and a look's not above an alert's.",
        )
    if not given.ground.strip():
        raise _refused("ground", "Alasannya belum diisi.", "The reason is missing.")
    if given.place and given.place not in places():
        raise _refused("place", "Pos tidak dikenal.", "Unknown post.")
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise _refused(
            "valid_to", "Hari terakhir mendahului hari pertama.", "It ends before it begins."
        )


def _comma(number: float) -> str:
    """A number as Indonesian writes it."""
    return f"{number:g}".replace(".", ",")


def why_not(row: Threshold, actor: Actor) -> Text | None:
    """Why the actor may not be the second person of this draft; None where he may."""
    if why := not_second((row.drafted_by,), APPROVE, actor, row.place or ""):
        return why
    if row.valid_to is not None and row.valid_to < timezone.localdate():
        return Text("Hari terakhirnya sudah lewat.", "Its last day has passed.")
    return None


def publish(threshold_id: uuid.UUID | str, *, actor: Actor) -> Threshold:
    """Put a draft in force as its second person, no earlier than today; the row before it ends then.

    Raises Missing, Denied with the reason of `why_not`, Rejected where it is decided.
    """
    row = found(threshold_id, actor=actor)
    if row.state != "draft":
        raise _decided(row)
    if why := why_not(row, actor):
        raise Denied(why)
    with transaction.atomic():
        bump(CURSOR)
        row.valid_from = max(row.valid_from, timezone.localdate())
        _decide(row, "in_force", actor, "")
        before = Threshold.objects.filter(roll=row.roll_id, place=row.place, state="in_force")
        before = before.exclude(pk=row.pk)
        # What would have begun no earlier never holds; the other ends the day before.
        before.filter(valid_from__gte=row.valid_from).update(state="followed")
        before.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from)).filter(
            state="in_force"
        ).update(valid_to=row.valid_from - timedelta(days=1))
    return row


def decline(threshold_id: uuid.UUID | str, reason: str, *, actor: Actor) -> Threshold:
    """Put a draft away, with the reason. Raises Missing, Denied, Rejected."""
    row = found(threshold_id, actor=actor)
    if not reaches(actor, row.place or None):
        raise Denied(OTHER_POST)
    if not reason.strip():
        raise _refused("reason", "Alasannya belum diisi.", "The reason is missing.")
    with transaction.atomic():
        _decide(row, "declined", actor, reason.strip())
    return row


def found(threshold_id: uuid.UUID | str, *, actor: Actor) -> Threshold:
    """A threshold of a list of the actor's authority. Raises Missing."""
    row = Threshold.objects.filter(pk=threshold_id).select_related("roll").first()
    if row is None or not may_see(row.roll, actor):
        raise Missing
    return row


def of_list(roll: str) -> list[Threshold]:
    """All thresholds of a list: drafts first, then the newest."""
    rows = Threshold.objects.filter(roll=roll).order_by("-drafted_at")
    return sorted(rows, key=lambda row: row.state != "draft")


def today_at(roll: str, place: str) -> Bands:
    """The bands of a list that hold at a post today."""
    return bands_at(roll, place, timezone.localdate())


def _decide(row: Threshold, state: str, actor: Actor, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = (
        state, actor.number, timezone.now(), reason,
    )  # fmt: skip
    mine = Threshold.objects.filter(pk=row.pk, state="draft")
    columns = ("state", "decided_by", "decided_at", "reason", "valid_from")
    if not mine.update(**{name: getattr(row, name) for name in columns}):
        row.refresh_from_db()
        raise _decided(row)
    _tell("threshold.in_force" if state == "in_force" else "threshold.ended", row, actor.number)


def _decided(row: Threshold) -> Rejected:
    return Rejected(
        Text("Sudah diputuskan oleh {who}.", "Decided already by {who}.").fill(who=row.decided_by),
        Text("Muat ulang halamannya.", "Load the page again."),
        place="threshold",
    )


def _refused(place: str, said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(said_id, said_en), Text("Perbaiki isian itu.", "Mend that entry."), place=place
    )


def _tell(type_: str, row: Threshold, by: str) -> None:
    told = {
        "threshold": str(row.id),
        "place": row.place,
        "alert": row.alert,
        "look": row.look,
        "ties": row.ties,
        "valid_from": str(row.valid_from),
        "valid_to": str(row.valid_to or ""),
        "drafted_by": row.drafted_by,
        "ground": row.ground,
        **({"reason": row.reason} if row.reason else {}),
    }
    record_event(type_, row.roll_id, told, actor=by)
