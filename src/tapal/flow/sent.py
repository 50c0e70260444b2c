"""The senders' own numbers: what was said under one before is known, and said otherwise it corrects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError

from tapal.core.errors import TapalError
from tapal.core.reading import Draft, Rejection, Sent
from tapal.flow import corrections
from tapal.flow.bulk import insert_objects
from tapal.flow.corrections import Changed, Corrected
from tapal.flow.records import Prepared
from tapal.store.models import Message, SentNumber


class Raced(TapalError):
    """Another message brought the same number of the sender at the same moment."""


@dataclass(slots=True)
class Sifted:
    """Items by what their numbers say: new ones, those known with their record, those said otherwise.

    `twice` are refused: a number that the very batch used for something else before.
    """

    fresh: list[Prepared] = field(default_factory=list)
    known: list[tuple[Draft, str]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    twice: list[Rejection] = field(default_factory=list)
    rows: list[SentNumber] = field(default_factory=list)


def sift(prepared: Sequence[Prepared], message: Message, system: str) -> Sifted:
    """Part items by their senders' numbers, in the transaction that writes them."""
    held = held_by(
        [p.draft for p in prepared], message.agency_id, system, {p.record.kind for p in prepared}
    )
    out = Sifted()
    for each in prepared:
        sent = each.draft.sent
        if sent is None:
            out.fresh.append(each)
            continue
        key = number_hash(sent)
        before = held.get(key)
        if before is None:
            out.fresh.append(each)
            held[key] = (sent.digest, str(each.record.id))
            whose = system_of(sent, system)
            out.rows.append(
                SentNumber(agency_id=message.agency_id, system=whose, kind=each.record.kind,
                           number=key, digest=sent.digest, record_id=each.record.id)
            )  # fmt: skip
        elif before[0] == sent.digest:
            out.known.append((each.draft, before[1]))
        elif any(row.number == key for row in out.rows):
            out.twice.append(corrections.said_twice(each.draft, sent, corrections.raw_of(each)))
        else:
            out.changed.append(Changed(each, sent, before[1], before[0]))
    return out


def correct(sifted: Sifted, message: Message) -> tuple[list[Corrected], list[Rejection]]:
    """Let what is said otherwise correct its records, in the transaction that writes the batch.

    Raises Raced where another message said something under one of the numbers meanwhile.
    """
    done, refused = corrections.correct(sifted.changed, message)
    places = {each.place for each in done if not each.again}
    for each in sifted.changed:
        if each.item.draft.place in places:
            mine = SentNumber.objects.filter(
                record_id=each.record_id, number=number_hash(each.sent), digest=each.before
            )
            if not mine.update(digest=each.sent.digest):
                raise Raced
    return done, [*sifted.twice, *refused]


def write(sifted: Sifted) -> None:
    """Keep the numbers of new items, in the transaction that writes these.

    Raises Raced where another brought one of them at the same moment: that transaction is done again.
    """
    try:
        insert_objects(sifted.rows)
    except IntegrityError as taken:
        raise Raced from taken


def held_by(
    drafts: Iterable[Draft], agency: str, system: str, kinds: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """The digest and the record's id of each number that was taken before, by the number's hash."""
    told = [d.sent for d in drafts if d.sent]
    if not told:
        return {}
    rows = SentNumber.objects.filter(
        agency=agency,
        system__in={system_of(each, system) for each in told},
        kind__in=list(kinds),
        number__in=[number_hash(each) for each in told],
    )
    return {n: (d, str(r)) for n, d, r in rows.values_list("number", "digest", "record_id")}


def system_of(sent: Sent, sender: str) -> str:
    """Under whose name a number is kept: its issuer's, else that of the message's sender."""
    return sent.issuer[:80] or sender


def number_hash(sent: Sent) -> str:
    """The hash under which a number is kept: with its issuer, and with what is said under it where
    that is never a correction."""
    parts = [sent.number, *((sent.issuer,) if sent.issuer else ())]
    parts += () if sent.corrects else (sent.digest,)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
