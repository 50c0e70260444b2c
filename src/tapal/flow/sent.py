"""The senders' own numbers: what was said under one before is known, and said otherwise it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError

from tapal.core.errors import TapalError
from tapal.core.reading import Draft, Rejection, Sent
from tapal.core.text import Text
from tapal.flow.bulk import insert_objects
from tapal.flow.records import Prepared
from tapal.store.models import Message, SentNumber

_CHANGED = Text(
    "Nomor pengirim {n} sudah diterima dengan isi lain.",
    "The sender's number {n} was taken before with other content.",
)
_MEND = Text(
    "Bila ini perbaikan, ubah catatannya; bila bukan, perbaiki nomornya lalu kirim lagi.",
    "If this corrects it, change the record; if not, mend the number and send it again.",
)


class Raced(TapalError):
    """Another message brought the same number of the sender at the same moment."""


@dataclass(slots=True)
class Sifted:
    """Items by what their numbers say: new ones, those known with their record, those said otherwise."""

    fresh: list[Prepared] = field(default_factory=list)
    known: list[tuple[Draft, str]] = field(default_factory=list)
    changed: list[Rejection] = field(default_factory=list)
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
            out.rows.append(
                SentNumber(agency_id=message.agency_id, system=system, kind=each.record.kind,
                           number=key, digest=sent.digest, record_id=each.record.id)
            )  # fmt: skip
        elif before[0] == sent.digest:
            out.known.append((each.draft, before[1]))
        else:
            raw = "; ".join(f"{k}: {v}" for k, v in each.record.body.items() if isinstance(v, str))
            said = _CHANGED.fill(n=sent.number[:60])
            out.changed.append(Rejection(each.draft.place, said, _MEND, raw))
    return out


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
    numbers = [number_hash(d.sent) for d in drafts if d.sent]
    if not numbers:
        return {}
    rows = SentNumber.objects.filter(
        agency=agency, system=system, kind__in=list(kinds), number__in=numbers
    )
    return {n: (d, str(r)) for n, d, r in rows.values_list("number", "digest", "record_id")}


def number_hash(sent: Sent) -> str:
    """The hash under which a number is kept."""
    return hashlib.sha256(sent.number.encode("utf-8", "replace")).hexdigest()
