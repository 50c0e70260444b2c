"""Answers to the senders of messages: made of what stands, made again when that changed.

An answer goes outside: what is withheld has no part in it, and it never says why.
"""

from __future__ import annotations

import secrets
import string
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tapal.core.errors import Missing, Rejected, Unavailable
from tapal.core.marking import Sensitivity
from tapal.core.reply import Answer, Standing
from tapal.core.reply import Reply as Answering
from tapal.core.text import Text
from tapal.flow import raw, records, unscreened
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.recognise import named
from tapal.flow.reference import legal_book
from tapal.kinds import KINDS
from tapal.store.models import Finding, Message, Record, Reject, Reply
from tapal.store.queries import wall

NOT_ANSWERED = Text(
    "Kiriman dalam format ini tidak dijawab.", "Messages of this format are not answered."
)
_HAND_IN_ONE_THAT_IS = Text(
    "Jawaban dibuat untuk daftar penumpang (PAXLST).", "Passenger lists (PAXLST) are answered."
)
NO_CODE = Text(
    "Kode jawaban belum ada, atau sumbernya berbeda.",
    "The codes of answers are not entered, or their sources differ.",
)
_ENTER_IT = Text(
    "Isi pada halaman Aturan menurut kesepakatan dengan pengangkut.",
    "Enter them on the page Aturan as they were agreed with the carriers.",
)
_LETTERS = string.ascii_uppercase + string.digits


@dataclass(frozen=True, slots=True)
class Made:
    """The answer that holds now, and whether it was made just now."""

    reply: Reply
    fresh: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items are in each state."""
        return Counter(self.reply.states.values())


def answering(message: Message) -> Answering | None:
    """How messages like this one are answered; None where they are not."""
    found = named(message.format) if message.format else None
    return found[1].reply if found else None


def answered(format: str) -> bool:
    """Whether messages of a format are answered."""
    return any(f.name == format and f.reply for kind in KINDS.values() for f in kind.formats)


def bytes_of(reply: Reply) -> bytes:
    """What the sender gets."""
    return raw.fetch(reply.sha256)


@transaction.atomic
def answer(message_id: uuid.UUID | str, *, by: str = SYSTEM) -> Made:
    """The answer to a message as things stand now: the last one, or a new one where something changed.

    Raises Missing; Rejected for a message that is not answered; Unavailable while it is not read
    or judged to its end.
    """
    with wall.everything():
        message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None:
            raise Missing
        how = answering(message)
        if how is None:
            raise Rejected(NOT_ANSWERED, _HAND_IN_ONE_THAT_IS, place="format")
        if message.state != "done" or message.stored.filter(worked=False).exists():
            raise Unavailable
        data = raw.fetch(message.sha256)
        standings = _standings(message, how.places(data))
        states = {place: how.state(standing) for place, standing in standings.items()}
        last = message.replies.order_by("-id").first()
        if last is not None and last.states == states:
            return Made(last, fresh=False)
        return Made(_make(message, how, data, states, by), fresh=True)


def _make(
    message: Message, how: Answering, data: bytes, states: Mapping[str, str], by: str
) -> Reply:
    first = message.replies.order_by("id").first()
    now = timezone.now()
    said = Answer(
        number="".join(secrets.choice(_LETTERS) for _ in range(14)),
        refers_to=first.number if first else "",
        made_at=now,
        states=states,
        codes=_codes(how),
    )
    made = Reply.objects.create(
        message=message,
        number=said.number,
        first=first,
        states=dict(states),
        sha256=raw.keep(how.write(data, said)),
        made_at=now,
        made_by=by,
    )
    told = {
        "message": str(message.id),
        "number": made.number,
        "refers_to": said.refers_to,
        "counts": dict(Counter(states.values())),
    }
    record_event("reply.made", str(made.id), told, actor=by)
    return made


def _codes(how: Answering) -> dict[str, str]:
    today, found = timezone.now().date(), {}
    for state in how.states:
        values = legal_book().settle(how.topic, today, reply=state).values
        if len(values) != 1 or not isinstance(values[0], str) or not values[0].strip():
            raise Rejected(NO_CODE, _ENTER_IT, place=f"{how.topic}:{state}")
        found[state] = values[0].strip()
    return found


def _standings(message: Message, places: Sequence[str]) -> dict[str, Standing]:
    """Each item's standing, by its place; one of which no record is known has none."""
    held = {row.source_place: row for row in message.stored.all()}
    held |= _mended(message)
    ids = [row.pk for row in held.values()]
    waiting = unscreened.among([str(i) for i in ids]) | _alerting(ids)
    return {
        place: _standing(row, str(row.pk) in waiting) if (row := held.get(place)) else Standing()
        for place in places
    }


def _mended(message: Message) -> dict[str, Record]:
    """What became of rejected items that somebody mended, by the place at which they stood."""
    found: dict[str, Record] = {}
    for reject in Reject.objects.filter(message=message, mended_by__isnull=False):
        rows = list(Record.objects.filter(message=reject.mended_by_id)[:2])
        if len(rows) == 1:
            found[reject.place] = rows[0]
    return found


def _alerting(ids: Sequence[uuid.UUID]) -> set[str]:
    """Records on which an open alert rests, by findings that are not withheld."""
    rows = Finding.objects.filter(
        record__in=ids,
        withdrawn_at__isnull=True,
        alert__state="open",
        sensitivity__lt=Sensitivity.WITHHELD,
    )
    return {str(i) for i in rows.values_list("record_id", flat=True)}


def _standing(row: Record, waits: bool) -> Standing:
    clashing = frozenset(records.clashes(row)) if row.conflicting else frozenset()
    return Standing(records.view_of(row), waits, clashing - records.withheld(row, clashing))
