"""Linking: records that show one document borne by one person join one identity.

A shared document never merges two people: name and birth date must agree as well. Each join is a
judgement that a person can take back.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.entity import Entity
from tapal.core.errors import Denied, Missing, TapalError
from tapal.core.finding import Finding, Weight
from tapal.core.ids import uuid7
from tapal.core.record import RecordView
from tapal.core.text import Text
from tapal.engines.screening import similar_names
from tapal.flow.bulk import insert
from tapal.flow.events import record_event
from tapal.store.models import Identity, Link, Record

# Spellings of one bearer's name (machine zone, airline list, typed) score above this.
SAME_NAME = 0.8
RULE = "same_document_same_bearer"
_LINK_COLUMNS = tuple(
    [
        "id",
        "identity_id",
        "record_id",
        "entity_id",
        "verdict",
        "basis",
        "rule",
        "evidence",
        "by",
        "at",
        "undone_by",
    ]
)


class Overlapping(TapalError):
    """Another worker linked the same document, or worked the same record, at the same time."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """An identity as linking compares it; `anchor` is the type and value of its document."""

    id: str
    anchor: tuple[str, str]
    name: str
    birth_date: str


@dataclass(slots=True)
class Linked:
    """What linking a batch decided, not yet written.

    `identities` are those of all its records, `new_links` of those that join one now;
    `new_identities` come with the time since when they are known.
    """

    identities: dict[str, str] = field(default_factory=dict)
    new_identities: list[tuple[Bearer, datetime]] = field(default_factory=list)
    new_links: list[tuple[str, Bearer]] = field(default_factory=list)
    # The identities that were there for the batch's documents when it was judged.
    known: frozenset[str] = frozenset()
    findings: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))


def link(
    views: Sequence[RecordView],
    entities: Mapping[str, Sequence[Entity]],
    worked: Collection[str],
) -> Linked:
    """Decide for each record whose it is: one query for all anchors of the batch, nothing written.

    Only records that were `worked` before can be linked already.
    """
    held = _held(entities)
    linked = Linked(known=frozenset(i.id for each in held.values() for i in each))
    joined = _joined(worked)
    for view in views:
        bearer = next((e for e in entities[view.id] if e.anchors), None)
        if bearer is None:
            continue
        if view.id in joined:
            linked.identities[view.id] = joined[view.id]
        else:
            _link_one(linked, held, view, bearer)
    return linked


def _joined(worked: Collection[str]) -> dict[str, str]:
    """The identities that records belong to, as far as the links stand."""
    if not worked:
        return {}
    ids = [uuid.UUID(i) for i in worked]
    rows = Link.objects.filter(record__in=ids, verdict=1, undone_at__isnull=True)
    return {str(r): str(i) for r, i in rows.values_list("record_id", "identity_id")}


def _held(entities: Mapping[str, Sequence[Entity]]) -> dict[tuple[str, str], list[Bearer]]:
    anchors = {
        (a.type, a.value[:80]) for each in entities.values() for e in each for a in e.anchors
    }
    held: dict[tuple[str, str], list[Bearer]] = defaultdict(list)
    types = sorted({type_ for type_, _ in anchors})
    values = sorted({value for _, value in anchors})
    for start in range(0, len(values), 500):
        rows = Identity.objects.filter(
            anchor_type__in=types, anchor_value__in=values[start : start + 500]
        ).values_list("id", "anchor_type", "anchor_value", "name", "birth_date")
        for id_, type_, value, name, born in rows:
            held[(type_, value)].append(Bearer(str(id_), (type_, value), name, born))
    return held


def make_sure(linked: Linked) -> None:
    """Within the transaction that writes the links, let nobody else give their documents a bearer.

    Raises Overlapping when somebody did since they were judged: then they are judged again, so that
    two workers never make one bearer twice.
    """
    anchors = sorted({bearer.anchor for bearer, _ in linked.new_identities})
    if not anchors:
        return
    if connection.vendor == "postgresql":
        names = [f"{type_}:{value}" for type_, value in anchors]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(name, 0))"
                " FROM unnest(%s::text[]) AS name",
                [names],
            )
    now = Identity.objects.filter(
        anchor_type__in={type_ for type_, _ in anchors},
        anchor_value__in=[value for _, value in anchors],
    )
    if not linked.known.issuperset(map(str, now.values_list("id", flat=True))):
        raise Overlapping


def write(linked: Linked) -> None:
    """Write the new identities and links, in the caller's transaction."""
    insert(
        Identity,
        ("id", "anchor_type", "anchor_value", "name", "birth_date", "since"),
        [(b.id, *b.anchor, b.name, b.birth_date, since) for b, since in linked.new_identities],
    )
    now = timezone.now()
    insert(
        Link,
        _LINK_COLUMNS,
        [
            (uuid7(), b.id, record, "", 1, "rule", RULE, {"anchor": list(b.anchor)}, "", now, "")
            for record, b in linked.new_links
        ],
    )


def _link_one(
    linked: Linked,
    held: dict[tuple[str, str], list[Bearer]],
    view: RecordView,
    bearer: Entity,
) -> None:
    anchor = (bearer.anchors[0].type, bearer.anchors[0].value[:80])
    name, born = bearer.first("name"), bearer.first("birthDate")
    identity = next((i for i in held[anchor] if _same_bearer(i, name, born)), None)
    if identity is None:
        if held[anchor]:
            linked.findings[view.id].append(_two_bearers(bearer, held[anchor][0]))
        identity = Bearer(str(uuid7()), anchor, name[:160], born[:10])
        held[anchor].append(identity)
        linked.new_identities.append((identity, view.received_at))
    linked.identities[view.id] = identity.id
    linked.new_links.append((view.id, identity))


def _same_bearer(identity: Bearer, name: str, born: str) -> bool:
    if identity.birth_date and born and identity.birth_date != born:
        return False
    if not identity.name or not name:
        return bool(identity.birth_date and born)
    return identity.name == name or similar_names(identity.name, name) >= SAME_NAME


def _two_bearers(bearer: Entity, before: Bearer) -> Finding:
    """Told without the other bearer's values: they may be another agency's, whom no clause opens."""
    return Finding(
        rule="document_shown_by_two_persons",
        weight=Weight.LOOK,
        text=Text(
            "Dokumen ini pernah ditunjukkan oleh orang dengan nama atau tanggal lahir lain. "
            "Periksa fotonya; catatan keduanya tidak digabungkan.",
            "This document was shown before by a person of another name or birth date. "
            "Check the photo; the two are not merged.",
        ),
        fields=bearer.fields,
        about=before.anchor[1],
    )


@transaction.atomic
def part(record_id: str, reason: str, *, actor: Actor) -> Identity:
    """Judge that a record is not its identity's: it leaves, and stands alone under a new one.

    Raises Denied without the power, Missing when the record has no link that holds.
    """
    _allow(actor, record_id)
    held = (
        Link.objects.select_for_update()
        .filter(record_id=record_id, verdict=1, undone_at__isnull=True)
        .first()
    )
    if held is None:
        raise Missing
    now = timezone.now()
    old = held.identity
    held.undone_at, held.undone_by = now, actor.number
    held.save(update_fields=["undone_at", "undone_by"])
    alone = Identity.objects.create(
        anchor_type=old.anchor_type,
        anchor_value=old.anchor_value,
        since=now,
        name=old.name,
        birth_date=old.birth_date,
    )
    judged = {"reason": reason}
    for identity, verdict in ((old, -1), (alone, 1)):
        Link.objects.create(
            identity=identity,
            record_id=record_id,
            verdict=verdict,
            basis="person",
            evidence=judged,
            by=actor.number,
            at=now,
        )
    record_event("link.judged", record_id, {"verdict": -1, "evidence": judged}, actor=actor.number)
    return alone


@transaction.atomic
def undo_part(record_id: str, *, actor: Actor) -> None:
    """Take a person's parting back: what held before holds again. Raises Denied, Missing."""
    _allow(actor, record_id)
    now = timezone.now()
    persons = Link.objects.select_for_update().filter(
        record_id=record_id, basis="person", undone_at__isnull=True
    )
    if not persons.exists():
        raise Missing
    persons.update(undone_at=now, undone_by=actor.number)
    before = Link.objects.filter(record_id=record_id, basis="rule").order_by("-id").first()
    if before:
        before.undone_at, before.undone_by = None, ""
        before.save(update_fields=["undone_at", "undone_by"])
    record_event("link.undone", record_id, {}, actor=actor.number)


def _allow(actor: Actor, record_id: str) -> None:
    record = Record.objects.filter(pk=uuid.UUID(record_id)).only("owner", "place").first()
    if record is None or record.owner != actor.agency or "record.write" not in actor.powers:
        raise Denied
    if not actor.acts_at(record.place):
        raise Denied
