"""Rejects: kept with their bytes, looked at, mended and sent down the road again, or closed with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow import raw
from tapal.flow.events import record_event
from tapal.flow.intake import BadHandIn, HandIn, Reading, reread, take_and_read
from tapal.flow.mapped import row_of
from tapal.flow.repeats import MENDED
from tapal.flow.share.lists import raw_kinds
from tapal.store.models import Reject


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of a mended reject: the reading of the mended bytes, and whether the reject is closed."""

    reading: Reading
    closed: bool


def original(reject: Reject) -> bytes:
    """The bytes of the whole message that the reject came from."""
    return raw.fetch(reject.message.sha256)


def bytes_of(reject_id: uuid.UUID | str, *, actor: Actor) -> bytes:
    """The bytes of the message that an open reject came from. Raises Missing, Denied."""
    return original(_open(reject_id, actor, "reject.read"))


def mend(
    reject_id: uuid.UUID | str, data: bytes, *, actor: Actor, format: str | None = None
) -> Mended:
    """Hand the mended bytes in as a message of their own; the reject closes when they give no reject.

    Raises Missing when it is not open, Denied for another agency or without the power, Rejected
    when nothing was changed.
    """
    reject = _open(reject_id, actor, "reject.mend")
    whole = original(reject)
    if data == whole:
        raise Rejected(
            Text("Isinya belum diubah.", "Nothing was changed."),
            Text(
                "Perbaiki bagian yang disebut lalu kirim lagi.",
                "Mend the named part and send again.",
            ),
        )
    hand_in = HandIn(
        source=f"{MENDED}{reject.id}",
        agency=reject.agency_id,
        post=reject.post_id,
        format=format or reject.message.format or None,
        by=actor.number,
        # What was read as one kind is mended as that kind; what nobody knew is the agency's own.
        own_kinds=bool(format) or not reject.message.format,
    )
    try:
        reading = take_and_read(data, hand_in)
    except BadHandIn as wrong:
        asked = Text("Periksa isinya.", "Check what it holds.")
        raise Rejected(wrong.text, asked, place="format") from wrong
    good = [i for i in reading.items if i.status != "reject"]
    bad = [i for i in reading.items if i.status == "reject"]
    if good and not bad:
        _close(reject, "mended", actor, note="", mended_by=reading.message.id)
    return Mended(reading, closed=bool(good and not bad))


def replay(reject_id: uuid.UUID | str, *, actor: Actor) -> Mended:
    """Read the message of a reject again from its own bytes, after a reader was mended.

    What was stored then is known by its content; the reject closes when its place reads well now, and
    with it the message's others that do. Raises Missing, Denied.
    """
    reject = _open(reject_id, actor, "reject.mend")
    message = reject.message
    reading = reread(message)
    bad = {row_of(i.place, message.format) for i in reading.items if i.status == "reject"}
    good = {i.place for i in reading.items if i.status != "reject"}
    still_bad = row_of(reject.place, message.format) in bad
    for each in Reject.objects.filter(message=message, state="open"):
        row = row_of(each.place, message.format)
        if (each.pk == reject.pk and not still_bad) or (row in good and row not in bad):
            _close(each, "mended", actor, note="replayed", mended_by=message.pk)
    return Mended(reading, closed=not still_bad)


def dismiss(reject_id: uuid.UUID | str, note: str, *, actor: Actor) -> None:
    """Close a reject that needs no record, with the reason. Raises Missing, Denied, Rejected."""
    reject = _open(reject_id, actor, "reject.mend")
    if not note.strip():
        raise Rejected(
            Text("Alasan belum diisi.", "The reason is missing."),
            Text("Tulis mengapa tolakan ini ditutup.", "Write why the reject is closed."),
            place="note",
        )
    _close(reject, "dismissed", actor, note=note.strip(), mended_by=None)


def _open(reject_id: uuid.UUID | str, actor: Actor, power: str) -> Reject:
    reject = Reject.objects.select_related("message").filter(pk=reject_id, state="open").first()
    if reject is None or reject.agency_id != actor.agency or not actor.acts_at(reject.post_id):
        raise Missing
    kinds = raw_kinds(actor)
    if kinds is not None and reject.message.kind not in kinds:
        raise Missing
    if power not in actor.powers:
        raise Denied
    return reject


@transaction.atomic
def _close(
    reject: Reject, state: str, actor: Actor, *, note: str, mended_by: uuid.UUID | None
) -> None:
    reject.state, reject.closing_note, reject.mended_by_id = state, note, mended_by
    reject.closed_at, reject.closed_by = timezone.now(), actor.number
    reject.save()
    record_event(f"reject.{state}", str(reject.id), {"note": note}, actor=actor.number)
