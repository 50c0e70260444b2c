"""Taking a message: its bytes are synced and its row committed before it is acknowledged."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from tapal.core.kind import Kind
from tapal.core.reading import Format
from tapal.flow import raw
from tapal.flow.events import record_event
from tapal.flow.recognise import HandIn, check, check_keeper, default_agency, recognise
from tapal.flow.storable import storable
from tapal.store.models import Message


def take(data: bytes, hand_in: HandIn) -> Message:
    """Keep the bytes and register the message; after the return nothing of it can be lost.

    Bytes that this agency handed in before give the message of that time.
    Raises BadHandIn for an agency, post or format that does not exist, or a kind of another agency.
    """
    check(hand_in)
    chosen = recognise(data, hand_in.format)
    agency = hand_in.agency or default_agency(chosen)
    if hand_in.own_kinds and chosen:
        check_keeper(chosen[0], agency)
    sha256 = raw.keep(data)
    known = Message.objects.filter(sha256=sha256, agency_id=agency).first()
    if known:
        return _read_as(known, chosen) if hand_in.format and chosen else known
    try:
        return _register(data, sha256, agency, chosen, hand_in)
    except IntegrityError:
        # Two hands gave in the same bytes at the same moment: the first one stands.
        return Message.objects.get(sha256=sha256, agency_id=agency)


def _read_as(message: Message, chosen: tuple[Kind, Format]) -> Message:
    """A message that gave no record is read anew when it is handed in again under another format."""
    kind, form = chosen
    barren = Message.objects.filter(pk=message.pk, state="done", records=0)
    if barren.exclude(format=form.name).update(
        kind=kind.name, format=form.name, state="stored", position=0
    ):
        message.refresh_from_db()
    return message


@transaction.atomic
def _register(
    data: bytes, sha256: str, agency: str, chosen: tuple[Kind, Format] | None, hand_in: HandIn
) -> Message:
    message = Message.objects.create(
        sha256=sha256,
        size=len(data),
        source=storable(hand_in.source)[:255],
        agency_id=agency,
        post_id=hand_in.post,
        kind=chosen[0].name if chosen else "",
        format=chosen[1].name if chosen else "",
        received_at=timezone.now(),
        received_by=hand_in.by,
    )
    record_event(
        "message.received",
        str(message.id),
        {"sha256": sha256, "size": len(data), "agency": agency, "format": message.format},
        actor=hand_in.by,
    )
    return message
