"""A profile's life: drafted by one, put in force by another of the same agency, ended by a day or a person.

A version in force never changes: a new one is drafted from it, and takes over when it is approved.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import level
from tapal.core.profiles import Table, check_columns, check_rows, check_whole, level_of, usable
from tapal.core.text import Text
from tapal.flow import drafts
from tapal.flow.drafts import authors_with, content_of, need, not_second, overtaken, refused
from tapal.flow.events import SYSTEM, canonical, record_event
from tapal.flow.officers import reaches
from tapal.flow.profiles.fields import bounds, fields_of, kind_of, longest_life
from tapal.flow.profiles.live import CURSOR
from tapal.flow.reference import bump, places
from tapal.flow.share.compile import today
from tapal.store.models import DryRun, Profile

EDIT, APPROVE = "profile.edit", "profile.approve"
LONGEST_LABEL, LONGEST_GROUND = 80, 600


@dataclass(frozen=True, slots=True)
class Given:
    """What an analyst drafts. `ground` says why this is looked for; `place` empty for every post."""

    label: Text
    ground: Text
    kind: str
    place: str
    valid_to: date | None
    table: Table


@transaction.atomic
def draft(given: Given, *, actor: Actor) -> Profile:
    """Make a new profile of the actor's agency, as a draft.

    Raises Denied without the power or beyond his post, Rejected for what no profile can be.
    """
    need(EDIT, actor, given.place)
    highest = _checked(given, actor)
    row = _row(given, _name_for(actor.agency, given.label), 1, highest, actor)
    row.save(force_insert=True)
    _told("profile.saved", row, actor.number)
    return row


@transaction.atomic
def save_draft(profile_id: uuid.UUID | str, given: Given, edition: int, *, actor: Actor) -> Profile:
    """Change a draft as its editor saw it. Raises Missing, Denied, Rejected; also where another changed
    it meanwhile."""
    row = _drafted(profile_id, actor, EDIT)
    need(EDIT, actor, given.place)
    if row.edition != edition:
        raise overtaken(row)
    highest = _checked(given, actor)
    fresh = _row(given, row.name, row.version, highest, actor)
    columns: dict[str, Any] = {
        name: getattr(fresh, name)
        for name in ("kind", "place", "label", "ground", "table", "sensitivity", "sha256",
                     "valid_to", "changed_by", "changed_at")
    }  # fmt: skip
    columns["authors"] = authors_with(row, actor)
    # Of two that read the same edition one finds it changed.
    mine = Profile.objects.filter(pk=row.pk, state="draft", edition=edition)
    if not mine.update(edition=edition + 1, seed=False, **columns):
        row.refresh_from_db()
        raise overtaken(row)
    row.refresh_from_db()
    _told("profile.saved", row, actor.number)
    return row


@transaction.atomic
def next_version(profile_id: uuid.UUID | str, *, actor: Actor) -> Profile:
    """Draft a new version from one that is not a draft. Raises Missing, Denied, Rejected where a draft waits."""
    row = found(profile_id, actor=actor)
    need(EDIT, actor, row.place)
    # The name's first version is the lock: of two at once the second finds the first's draft.
    Profile.objects.select_for_update().filter(name=row.name).order_by("version").first()
    if Profile.objects.filter(name=row.name, state="draft").exists():
        raise Rejected(
            Text("Rancangan versi baru sudah ada.", "A draft of a new version is there already."),
            Text("Lanjutkan rancangan itu.", "Go on with that draft."),
            place="draft",
        )
    last = Profile.objects.filter(name=row.name).aggregate(last=Max("version"))["last"]
    fresh = Profile(
        name=row.name, version=last + 1, owner_id=row.owner_id, kind=row.kind, place=row.place,
        label=row.label, ground=row.ground, table=row.table, sensitivity=row.sensitivity,
        sha256=row.sha256, valid_to=None, authors=[actor.number], changed_by=actor.number,
        changed_at=timezone.now(),
    )  # fmt: skip
    fresh.save(force_insert=True)
    _told("profile.saved", fresh, actor.number)
    return fresh


def why_not(row: Profile, actor: Actor, now: datetime) -> Text | None:
    """Why the actor cannot put this draft in force, None where he can."""
    if why := not_second(row.authors, APPROVE, actor, row.place):
        return why
    if not row.authors:
        return Text(
            "Contoh ini belum disusun oleh siapa pun: simpan dahulu sebagai rancangan.",
            "Nobody has drafted this example yet: save it as a draft first.",
        )
    try:
        check_end(row.valid_to, today(now))
    except Rejected as wrong:
        return wrong.reason
    return None if tried(row) else NOT_TRIED


NOT_TRIED = Text(
    "Tabel ini belum diuji pada riwayat: lihat dahulu apa yang akan kena.",
    "This table was not tried on history: see first what it would hit.",
)


def tried(row: Profile) -> bool:
    """Whether a dry run of just this table has ended."""
    return DryRun.objects.filter(profile=row, sha256=row.sha256, state="done").exists()


@transaction.atomic
def approve(
    profile_id: uuid.UUID | str, edition: int, *, actor: Actor, now: datetime | None = None
) -> Profile:
    """Put a draft in force as its second person saw it; the version before it is followed.

    Raises Missing, Denied without the power, for who drafted in it, without a dry run of it or with an
    end that cannot be; Rejected where it changed meanwhile or its table may not hold.
    """
    moment = now or timezone.now()
    row = _drafted(profile_id, actor, APPROVE)
    if row.edition != edition:
        raise overtaken(row)
    if why := why_not(row, actor, moment):
        raise Denied(why)
    kind = kind_of(row.kind)
    if kind is None:
        raise Missing
    day = today(moment)
    check_whole(Table.of(row.table), usable(fields_of(kind), bounds(day), level(actor.powers)),
                bounds(day))  # fmt: skip
    drafts.put_in_force(row, actor.number, moment)
    told = {"authors": row.authors, "sha256": row.sha256, "valid_to": str(row.valid_to)}
    _told("profile.approved", row, actor.number, told)
    bump(CURSOR)
    return row


@transaction.atomic
def end(profile_id: uuid.UUID | str, reason: str, *, actor: Actor) -> Profile:
    """End a version in force, or put a draft away: one person is enough to withdraw it.

    Raises Missing, Denied without either power, Rejected without a reason.
    """
    row = found(profile_id, actor=actor, lock=True)
    drafts.may_be_ended(row, reason, may=may_end(row, actor))
    _end(row, actor.number, reason.strip(), timezone.now())
    return row


def expire(now: datetime | None = None) -> int:
    """End the profiles whose last day has passed; returns how many. Their word ended with that day."""
    moment = now or timezone.now()
    ended = 0
    for row in Profile.objects.filter(state="in_force", valid_to__lt=today(moment)):
        with transaction.atomic():
            held = Profile.objects.select_for_update().filter(pk=row.pk, state="in_force").first()
            if held is not None:
                _end(held, SYSTEM, "", moment)
                ended += 1
    return ended


def _end(row: Profile, by: str, reason: str, at: datetime) -> None:
    drafts.put_away(row, by, reason, at)
    _told("profile.ended", row, by, {"reason": reason} if reason else {})
    bump(CURSOR)


def check_end(valid_to: date | None, day: date) -> None:
    """Raises Rejected for no end, one that has passed, or one beyond the longest life."""
    months = longest_life(day)
    if valid_to is None:
        raise refused("valid_to", "Profil tanpa hari terakhir tidak dapat disimpan.",
                       "A profile without a last day cannot be saved.")  # fmt: skip
    if months is None:
        raise refused("valid_to", "Baris aturan tentang umur profil belum ada.",
                       "The rule row on the life of profiles is not there.")  # fmt: skip
    if valid_to < day:
        raise refused("valid_to", "Hari terakhirnya sudah lewat.", "Its last day has passed.")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if (valid_to.year, valid_to.month, valid_to.day) > (year, month + 1, day.day):
        raise refused(
            "valid_to",
            f"Umur profil paling lama {months} bulan.",
            f"A profile lives {months} months at most.",
        )


def found(profile_id: uuid.UUID | str, *, actor: Actor, lock: bool = False) -> Profile:
    """One version that the actor may see: his agency's, with a power, up to his level. Raises Missing."""
    rows = Profile.objects.select_for_update() if lock else Profile.objects.all()
    row = rows.filter(pk=profile_id).first()
    if row is None or not may_see(row, actor):
        raise Missing
    return row


def may_see(row: Profile, actor: Actor) -> bool:
    """Whether a version is his agency's, of a level that he reads, and his to edit or approve."""
    mine = row.owner_id == actor.agency and bool({EDIT, APPROVE} & actor.powers)
    return mine and row.sensitivity <= level(actor.powers)


def visible(actor: Actor) -> list[Profile]:
    """All versions that the actor may see."""
    rows = Profile.objects.filter(owner=actor.agency).order_by("name", "-version")
    return [row for row in rows if may_see(row, actor)]


def may_edit(row: Profile, actor: Actor) -> bool:
    """Whether the actor may change or copy this version."""
    return EDIT in actor.powers and reaches(actor, row.place or None)


def may_end(row: Profile, actor: Actor) -> bool:
    """Whether the actor may end this version, or put this draft away."""
    return drafts.may_end((EDIT, APPROVE), actor, row.place)


def _drafted(profile_id: uuid.UUID | str, actor: Actor, power: str) -> Profile:
    row = found(profile_id, actor=actor, lock=True)
    if row.state != "draft":
        raise Missing
    need(power, actor, row.place)
    return row


def _checked(given: Given, actor: Actor) -> int:
    """The level of what was drafted. Raises Rejected."""
    for name, text, longest in (
        ("label", given.label, LONGEST_LABEL), ("ground", given.ground, LONGEST_GROUND)
    ):  # fmt: skip
        if not text.id.strip() or not text.en.strip():
            raise refused(name, "Isi kedua bahasanya.", "Fill in both languages.")
        if max(len(text.id), len(text.en)) > longest or "\0" in text.id + text.en:
            raise refused(name, "Isinya terlalu panjang.", "It is too long.")
    kind = kind_of(given.kind)
    if kind is None:
        raise refused("kind", "Jenis catatan tidak dikenal.", "Unknown kind of record.")
    if given.place and given.place not in places():
        raise refused("place", "Pos tidak dikenal.", "Unknown post.")
    day = today(timezone.now())
    check_end(given.valid_to, day)
    fields = usable(fields_of(kind), bounds(day), level(actor.powers))
    check_columns(given.table, fields)
    check_rows(given.table, fields)
    return int(level_of(given.table, fields))


def _row(given: Given, name: str, version: int, level: int, actor: Actor) -> Profile:
    return Profile(
        name=name,
        version=version,
        owner_id=actor.agency,
        kind=given.kind,
        place=given.place,
        label=Text(given.label.id.strip(), given.label.en.strip()).json(),
        ground=Text(given.ground.id.strip(), given.ground.en.strip()).json(),
        table=given.table.json(),
        sensitivity=level,
        sha256=fingerprint(given.kind, given.place, given.table),
        valid_to=given.valid_to,
        authors=[actor.number],
        changed_by=actor.number,
        changed_at=timezone.now(),
    )


def fingerprint(kind: str, place: str, table: Table) -> str:
    """A hash of what decides: a dry run is of just this."""
    told = canonical({"kind": kind, "place": place, "table": table.json()})
    return hashlib.sha256(told.encode()).hexdigest()


def _name_for(agency: str, label: Text) -> str:
    """A name that no profile has: the agency's code and the label's words."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{agency} {label.en}".lower()).strip("-")[:44].strip("-")
    name, number = words, 2
    while Profile.objects.filter(name=name).exists():
        name, number = f"{words}-{number}", number + 1
    return name


# Any: JSON.
def _told(type_: str, row: Profile, by: str, more: Mapping[str, Any] | None = None) -> None:
    content = content_of(row, more)
    if type_ == "profile.saved":
        content |= {"sha256": row.sha256, "table": row.table, "valid_to": str(row.valid_to)}
    record_event(type_, str(row.id), content, actor=by)
