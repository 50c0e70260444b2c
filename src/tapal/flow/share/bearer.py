"""Whose record it is: the others that hold to the same identity now."""

from __future__ import annotations

import uuid

from tapal.flow.share.seen import RecordRow
from tapal.kinds import KINDS
from tapal.store.models import Identity, Link

LONGEST = 50


def bearer_records(record_id: uuid.UUID) -> tuple[str, list[uuid.UUID]]:
    """The sort of key that anchors the record's identity, and its newest other records.

    Only judgements that hold count. Nothing where the record has no identity.
    """
    held = identity_of(record_id)
    if held is None:
        return "", []
    anchor, ids = records_of(held)
    return anchor, [found for found in ids if found != record_id]


def identity_of(record_id: uuid.UUID) -> uuid.UUID | None:
    """The identity that a record is held to now, if any."""
    own = Link.objects.filter(record_id=record_id, verdict=1, undone_at__isnull=True)
    return own.values_list("identity_id", flat=True).first()


def records_of(identity: uuid.UUID) -> tuple[str, list[uuid.UUID]]:
    """The sort of key that anchors an identity, and its newest records."""
    anchor = Identity.objects.filter(pk=identity).values_list("anchor_type", flat=True).first()
    if anchor is None:
        return "", []
    rows = Link.objects.filter(
        identity_id=identity, verdict=1, undone_at__isnull=True, record__isnull=False
    )
    ids = rows.order_by("-record_id").values_list("record_id", flat=True)[: LONGEST + 1]
    return anchor, [found for found in ids if found is not None]


def shows(row: RecordRow, anchor: str) -> bool:
    """True where the reader sees the key that joins: who may not see the document may not follow it."""
    for key_type in KINDS[row.view.kind].key_types:
        if key_type.name == anchor:
            return row.fields.issuperset(key_type.fields)
    return False


def parted_by_hand(record_id: uuid.UUID | str) -> bool:
    """True while a person's judgement that the record is another's stands."""
    return Link.objects.filter(
        record_id=record_id, basis="person", verdict=1, undone_at__isnull=True
    ).exists()
