"""The way in: a message that was taken is read item by item into records and rejects.

It is read in short transactions of at most `BATCH` items, each of which also moves the message's
position: a reading that is cut off goes on at the first item that was not stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils import timezone

from tapal.core.errors import TapalError
from tapal.core.kind import Kind
from tapal.core.reading import Draft, Format, Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.flow import mapped, raw, records, sent
from tapal.flow.corrections import Corrected
from tapal.flow.events import SYSTEM, Told, record_event, record_events
from tapal.flow.guarded import prepared as prepare
from tapal.flow.guarded import read_items
from tapal.flow.recognise import (
    BadHandIn,
    HandIn,
    named,
    recognise,
    unrecognised,
)
from tapal.flow.reference import places
from tapal.flow.repeats import Repeats
from tapal.flow.storable import storable, storable_json
from tapal.flow.take import take
from tapal.store.models import Message, Record, Reject

__all__ = [
    "BATCH",
    "BadHandIn",
    "HandIn",
    "Overtaken",
    "Reading",
    "Taken",
    "read",
    "recognise",
    "reread",
    "take",
    "take_and_read",
    "unfinished",
]

# Short transactions: the counter never waits long behind bulk (p99 107-182 ms at 200, 733 at 2,000).
BATCH = 200
KEPT_RAW = 20_000
PLACE_KEPT = 120
_TRIES = 3


class Overtaken(TapalError):
    """Another process reads this message; it goes on, this one stops."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One item of a message and what became of it: record, reject or known.

    A known one with a reason corrected its record.
    """

    place: str
    status: str
    kind: str = ""
    id: str = ""
    reason: Text | None = None
    mend: Text | None = None


@dataclass(slots=True)
class Reading:
    """What one reading of a message did."""

    message: Message
    known: bool = False
    items: list[Taken] = field(default_factory=list)


def take_and_read(data: bytes, hand_in: HandIn) -> Reading:
    """Take a message and read it to its end. See `take` and `read`."""
    message = take(data, hand_in)
    if message.state == "done":
        return Reading(message, known=True, items=list(_known_items(message)))
    return read(message, urgent=hand_in.urgent)


def read(message: Message, *, urgent: bool = False) -> Reading:
    """Read a taken message from where its reading stands to its end.

    Raises Overtaken when another process is reading it.
    """
    reading = Reading(message)
    chosen = named(message.format)
    if chosen is None:
        _store_batch(reading, None, [unrecognised()], None, urgent=urgent, last=True)
    else:
        _read_items(reading, *chosen, urgent)
    if message.state != "done":
        _finish(message)
    return reading


def reread(message: Message) -> Reading:
    """Read a message again from its first item, after a reader was mended: what it gave then is known.

    Rejects that it gives again are told and not written a second time.
    """
    taken, data = Reading(message), raw.fetch(message.sha256)
    newest = mapped.newest(message.format)
    chosen = named(newest) or recognise(data, None)
    if chosen is None:
        item = unrecognised()
        taken.items.append(Taken(item.place, "reject", reason=item.reason, mend=item.mend))
        return taken
    kind, form = chosen
    repeats = Repeats(message, itself=True)
    items = (i for i in read_items(form, data, _context(message)) if not isinstance(i, Header))
    # Another version of a mapping may shape anew what is stored already: only what it gave not is taken.
    only = mapped.refused_places(message) if newest != message.format else None
    while batch := list(islice(items, BATCH)):
        drafts = [i for i in batch if isinstance(i, Draft) and (only is None or only(i.place))]
        taken.items += [
            Taken(i.place, "reject", reason=i.reason, mend=i.mend)
            for i in batch
            if isinstance(i, Rejection)
        ]
        _store_batch(taken, kind, drafts, repeats)
    return taken


def _context(message: Message) -> ReadContext:
    return ReadContext(
        received_at=message.received_at,
        post=places().get(message.post_id or ""),
        agency=message.agency_id,
        places=places(),
    )


def _read_items(reading: Reading, kind: Kind, form: Format, urgent: bool) -> None:
    message = reading.message
    items: Iterator[Item] = read_items(form, raw.fetch(message.sha256), _context(message))
    done = message.position
    repeats = Repeats(message)
    header = next(items, None)
    if isinstance(header, Header):
        repeats.note(header)
    elif header is not None:
        items = _chain(header, items)
    for _ in islice(items, done):
        pass
    while batch := list(islice(items, BATCH)):
        _store_batch(reading, kind, batch, repeats, urgent=urgent, last=len(batch) < BATCH)


def _chain(first: Item, rest: Iterator[Item]) -> Iterator[Item]:
    yield first
    yield from rest


def _store_batch(
    reading: Reading,
    kind: Kind | None,
    batch: Iterable[Item],
    repeats: Repeats | None,
    *,
    urgent: bool = False,
    last: bool = False,
) -> None:
    """Write one batch and move the message's position, in one transaction.

    The `last` one ends the reading in it too: a counter's message waits for the writer once less.
    """
    message, batch = reading.message, list(batch)
    prepared: list[records.Prepared] = []
    rejects: list[Rejection] = []
    known: list[Draft] = []
    for item in batch:
        ready = prepare(kind, item, message) if kind and isinstance(item, Draft) else item
        if isinstance(ready, Rejection):
            rejects.append(ready)
        elif isinstance(ready, records.Prepared):
            if repeats and repeats.known(ready.record.body):
                known.append(ready.draft)
            else:
                prepared.append(ready)
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                numbers = sent.sift(prepared, message, repeats.sender if repeats else "")
                # First, while nothing is moved: of two that bring one number at once one is done again.
                sent.write(numbers)
                corrected, unfit = sent.correct(numbers, message)
                refused = [*rejects, *unfit]
                # Read again: what it refuses stands as a reject already.
                written = [] if message.state == "done" else refused
                _move(message, len(batch), len(numbers.fresh), len(written), repeats)
                records.write(numbers.fresh, message.received_by, urgent=urgent)
                _write_rejects(message, written)
                if last:
                    _finish(message)
            break
        except sent.Raced:
            if attempt + 1 == _TRIES:
                raise
    reading.items.extend(_told(kind, batch, numbers, known, corrected, refused))


def _told(
    kind: Kind | None,
    batch: Iterable[Item],
    numbers: sent.Sifted,
    known: Iterable[Draft],
    corrected: Iterable[Corrected],
    refusals: Iterable[Rejection],
) -> Iterator[Taken]:
    """What became of each item, in the order of the message."""
    name = kind.name if kind else ""
    told = {
        id(p.draft): Taken(p.draft.place, "record", name, str(p.record.id)) for p in numbers.fresh
    }
    told |= {id(draft): Taken(draft.place, "known", name) for draft in known}
    told |= {
        id(draft): Taken(draft.place, "known", name, record) for draft, record in numbers.known
    }
    revised = {
        each.place: Taken(each.place, "known", name, each.record_id, each.said)
        for each in corrected
    }
    refused = {each.place: each for each in refusals}
    for item in batch:
        if id(item) in told:
            yield told[id(item)]
        elif isinstance(item, Draft) and item.place in revised:
            yield revised[item.place]
        elif not isinstance(item, Header):
            each = item if isinstance(item, Rejection) else refused[item.place]
            yield Taken(each.place, "reject", reason=each.reason, mend=each.mend)


def _move(message: Message, items: int, stored: int, refused: int, repeats: Repeats | None) -> None:
    """Move the position; a second reader of the same message finds it moved and stops."""
    header = (
        {
            "sender": repeats.sender,
            "sender_message_id": repeats.number,
            "findings": repeats.findings,
        }
        if repeats
        else {}
    )
    again = message.state == "done"
    moved = Message.objects.filter(
        pk=message.pk, position=message.position, state=message.state
    ).update(
        position=message.position + (0 if again else items),
        records=message.records + stored,
        rejects=message.rejects + refused,
        state="done" if again else "reading",
        **header,
    )
    if not moved:
        raise Overtaken(str(message.pk))
    message.position += 0 if again else items
    message.state = "done" if again else "reading"
    message.records += stored
    message.rejects += refused


def _write_rejects(message: Message, rejections: list[Rejection]) -> None:
    rows = [
        Reject(
            message=message,
            agency_id=message.agency_id,
            post_id=message.post_id,
            place=storable(each.place)[:200],
            reason=storable_json(each.reason.json()),
            mend=storable_json(each.mend.json()),
            raw=storable(each.raw)[:KEPT_RAW],
            at=timezone.now(),
        )
        for each in rejections
    ]
    Reject.objects.bulk_create(rows)
    record_events(
        Told("reject.made", str(row.id), {"message": str(message.id), "place": row.place}, SYSTEM)
        for row in rows
    )


@transaction.atomic
def _finish(message: Message) -> None:
    if Message.objects.filter(pk=message.pk).exclude(state="done").update(state="done"):
        message.state = "done"
        record_event(
            "message.read",
            str(message.id),
            {"records": message.records, "rejects": message.rejects},
            actor=message.received_by,
        )


def unfinished() -> list[uuid.UUID]:
    """Messages that were taken and not read to their end, oldest first."""
    return list(
        Message.objects.exclude(state="done").order_by("received_at").values_list("pk", flat=True)
    )


def _known_items(message: Message) -> Iterator[Taken]:
    places = set()
    for record in Record.objects.filter(message=message).order_by("id"):
        places.add(record.source_place)
        yield Taken(record.source_place, "known", record.kind, str(record.id))
    for reject in Reject.objects.filter(message=message).order_by("id"):
        places.add(reject.place)
        yield Taken(
            reject.place, "reject", reason=Text.of(reject.reason), mend=Text.of(reject.mend)
        )
    if message.position > message.records + message.rejects:
        yield from _known_before(message, places)


def _known_before(message: Message, told: set[str]) -> Iterator[Taken]:
    """What an earlier message of the sender had said already: it left no row of this message."""
    chosen = named(message.format)
    if chosen is None:
        return
    kind, form = chosen
    for item in read_items(form, raw.fetch(message.sha256), _context(message)):
        if isinstance(item, Draft) and storable(item.place)[:PLACE_KEPT] not in told:
            yield Taken(item.place, "known", kind.name)
