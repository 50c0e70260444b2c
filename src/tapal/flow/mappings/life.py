"""A mapping's life: drafted by one, put in force by another of the same agency, followed or ended.

A version in force never changes: a new one is drafted from it. A mapping is its agency's at every
post, so whoever is bound to one post neither drafts nor approves.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import drafts
from tapal.flow.drafts import authors_with, content_of, need, not_second, overtaken, refused
from tapal.flow.events import canonical, record_event
from tapal.flow.officers import reaches
from tapal.flow.recognise import BadHandIn, check_keeper
from tapal.flow.reference import places
from tapal.formats import mapped
from tapal.kinds import KINDS
from tapal.store.models import SavedMapping

EDIT, APPROVE = "mapping.edit", "mapping.approve"
LONGEST_LABEL = 80
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@dataclass(frozen=True, slots=True)
class Given:
    """What is drafted: the mapping with its label. `name` counts for a new one only."""

    name: str
    kind: str
    label: str
    table: mapped.Mapping


@transaction.atomic
def draft(given: Given, *, actor: Actor) -> SavedMapping:
    """Make a new mapping of the actor's agency, as a draft. Raises Denied, Rejected."""
    need(EDIT, actor)
    if not _NAME.fullmatch(given.name):
        raise refused("name", "Nama: huruf kecil, angka dan tanda hubung, paling panjang 30.",
                       "A name has small letters, digits and hyphens, 30 at most.")  # fmt: skip
    if SavedMapping.objects.filter(name=given.name).exists():
        raise refused("name", "Nama itu sudah dipakai.", "That name is taken.")
    _checked(given, actor)
    row = _row(given, actor, 1)
    row.save(force_insert=True)
    _told("mapping.saved", row, actor.number)
    return row


@transaction.atomic
def save_draft(
    mapping_id: uuid.UUID | str, given: Given, edition: int, *, actor: Actor
) -> SavedMapping:
    """Change a draft as its editor saw it. Raises Missing, Denied, Rejected; also where another changed it."""
    row = _drafted(mapping_id, actor, EDIT)
    _checked(given, actor, row.kind)
    fresh = _row(given, actor, row.version)
    columns: dict[str, Any] = {
        n: getattr(fresh, n) for n in ("label", "table", "sha256", "changed_by", "changed_at")
    }
    columns["authors"] = authors_with(row, actor)
    mine = SavedMapping.objects.filter(pk=row.pk, state="draft", edition=edition)
    # Of two that read the same edition one finds it changed.
    if not mine.update(edition=edition + 1, **columns):
        raise overtaken(row)
    row.refresh_from_db()
    _told("mapping.saved", row, actor.number)
    return row


def next_version(mapping_id: uuid.UUID | str, *, actor: Actor) -> SavedMapping:
    """Draft a new version from one that is not a draft. Raises Missing, Denied, Rejected where a draft waits."""
    row = found(mapping_id, actor=actor)
    need(EDIT, actor)
    last = SavedMapping.objects.filter(name=row.name).aggregate(last=Max("version"))["last"]
    fresh = SavedMapping(
        name=row.name, version=last + 1, owner_id=row.owner_id, kind=row.kind, label=row.label,
        table=row.table, sha256=row.sha256, authors=[actor.number], changed_by=actor.number,
        changed_at=timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
            _told("mapping.saved", fresh, actor.number)
    except IntegrityError:
        raise refused("draft", "Rancangan versi baru sudah ada: lanjutkan itu.",
                       "A draft of a new version is there already: go on with that.") from None  # fmt: skip
    return fresh


def complaints(row: SavedMapping) -> list[mapped.Wrong]:
    """What must be mended before the mapping may be put in force."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return [mapped.Wrong("kind", Text("Jenis catatan tidak dikenal.", "Unknown kind."))]
    return mapped.check(mapped.Mapping.of(row.table), kind, places())


def why_not(row: SavedMapping, actor: Actor) -> Text | None:
    """Why the actor cannot put this draft in force, None where he can."""
    if why := not_second(row.authors, APPROVE, actor):
        return why
    if complaints(row):
        return Text("Masih ada yang harus diperbaiki.", "Something must be mended first.")
    if row.tried_sha256 != row.sha256:
        return Text(
            "Rancangan ini belum diuji pada sebuah berkas.", "This draft was not tried on a file."
        )
    return None


@transaction.atomic
def approve(mapping_id: uuid.UUID | str, edition: int, *, actor: Actor) -> SavedMapping:
    """Put a draft in force as its second person saw it; the version before it is followed.

    Raises Missing, Denied without the power, for who drafted in it or without a dry run of it,
    Rejected where it changed meanwhile.
    """
    row = _drafted(mapping_id, actor, APPROVE)
    if row.edition != edition:
        raise overtaken(row)
    if why := why_not(row, actor):
        raise Denied(why)
    drafts.put_in_force(row, actor.number, timezone.now())
    _told("mapping.approved", row, actor.number, {"authors": row.authors, "sha256": row.sha256})
    return row


@transaction.atomic
def end(mapping_id: uuid.UUID | str, reason: str, *, actor: Actor) -> SavedMapping:
    """End a version in force, or put a draft away: one person is enough to withdraw it.

    Raises Missing, Denied without either power, Rejected without a reason.
    """
    row = found(mapping_id, actor=actor, lock=True)
    drafts.may_be_ended(row, reason, may=may_end(row, actor))
    drafts.put_away(row, actor.number, reason, timezone.now())
    _told("mapping.ended", row, actor.number, {"reason": row.end_reason})
    return row


def found(mapping_id: uuid.UUID | str, *, actor: Actor, lock: bool = False) -> SavedMapping:
    """One version of the actor's agency that he may see. Raises Missing, hidden and absent alike."""
    rows = SavedMapping.objects.select_for_update() if lock else SavedMapping.objects.all()
    row = rows.filter(pk=mapping_id).first()
    if row is None or not _may_see(row, actor):
        raise Missing
    return row


def visible(actor: Actor) -> list[SavedMapping]:
    """All versions that the actor may see."""
    rows = SavedMapping.objects.filter(owner=actor.agency).order_by("name", "-version")
    return [row for row in rows if _may_see(row, actor)]


def may_edit(row: SavedMapping, actor: Actor) -> bool:
    """Whether the actor may change or copy this version."""
    return EDIT in actor.powers and reaches(actor, None)


def may_end(row: SavedMapping, actor: Actor) -> bool:
    """Whether the actor may end this version, or put this draft away."""
    return drafts.may_end((EDIT, APPROVE), actor)


def _may_see(row: SavedMapping, actor: Actor) -> bool:
    return row.owner_id == actor.agency and bool({EDIT, APPROVE} & actor.powers)


def _drafted(mapping_id: uuid.UUID | str, actor: Actor, power: str) -> SavedMapping:
    row = found(mapping_id, actor=actor, lock=True)
    if row.state != "draft":
        raise Missing
    need(power, actor)
    return row


def _checked(given: Given, actor: Actor, kind_name: str | None = None) -> None:
    """Raises Rejected for what cannot be kept even as a draft."""
    kind = KINDS.get(kind_name or given.kind)
    if kind is None or kind.mapped is None or kind.name != given.kind:
        raise refused("kind", "Jenis catatan itu tidak menerima pemetaan.",
                       "That kind of record takes no mappings.")  # fmt: skip
    try:
        check_keeper(kind, actor.agency)
    except BadHandIn as wrong:
        raise Rejected(wrong.text, wrong.text, place="kind") from wrong
    if not given.label.strip() or len(given.label) > LONGEST_LABEL or "\0" in given.label:
        raise refused("label", "Beri nama yang dibaca orang (1-80 huruf).",
                       "Give it a name for people (1-80 letters).")  # fmt: skip
    if len(canonical(given.table.json())) > 200_000:
        raise refused("columns", "Pemetaannya terlalu besar.", "The mapping is too large.")


def _row(given: Given, actor: Actor, version: int) -> SavedMapping:
    table = given.table.json()
    told = canonical({"kind": given.kind, "table": table})
    return SavedMapping(
        name=given.name,
        version=version,
        owner_id=actor.agency,
        kind=given.kind,
        label=Text(given.label.strip(), given.label.strip()).json(),
        table=table,
        sha256=hashlib.sha256(told.encode()).hexdigest(),
        authors=[actor.number],
        changed_by=actor.number,
        changed_at=timezone.now(),
    )


# Any: JSON.
def _told(type_: str, row: SavedMapping, by: str, more: Map[str, Any] | None = None) -> None:
    content = content_of(row, more)
    if type_ == "mapping.saved":
        content |= {"sha256": row.sha256, "table": row.table}
    record_event(type_, str(row.id), content, actor=by)
