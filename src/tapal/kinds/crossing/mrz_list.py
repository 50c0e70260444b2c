"""Read machine readable zones, one or a whole stream, as a scanner or a batch sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tapal.core.reading import Draft, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import mrz
from tapal.formats.copies import Copies
from tapal.kinds.crossing.model import Crossing
from tapal.kinds.crossing.reading import Notes, no_name
from tapal.kinds.crossing.zone import from_zone


def sniff(head: bytes) -> int:
    """Sure when the first document has right check digits; unsure of lines that make no zone."""
    if not head.strip():
        return 0
    items = list(mrz.read(head))
    documents = [item for item in items if isinstance(item, mrz.Document)]
    if not documents:
        return 20 if mrz.zone_like(head) else 0
    share = len(documents) / len(items)
    return int((90 if documents[0].valid else 70) * max(share, 0.5))


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield a record for each document; a line that is none is rejected by its number.

    A zone tells neither when nor which way: both stay unknown.
    """
    empty, copies = True, Copies("mrz_repeated")
    for item in mrz.read(data):
        empty = False
        if isinstance(item, mrz.Problem):
            yield _not_read(item)
        else:
            yield copies.marked(_draft(item, context), item.lines)
    if empty:
        yield _not_read(mrz.Problem("not_mrz", mrz.Place(0, 1)))


def _draft(document: mrz.Document, context: ReadContext) -> Draft | Rejection:
    place, raw = str(document.place), "\n".join(document.lines)
    scanned = from_zone(document, context.received_at.date(), Notes())
    if not scanned.person.primary_identifier:
        return no_name(place, raw)
    body = Crossing(
        capture="document_scan",
        role="traveller",
        person=scanned.person,
        document=scanned.document,
        mrz=scanned.zone,
        unread=scanned.notes.unread,
    )
    post = context.post.id if context.post else None
    return Draft(place, body, None, "", post, tuple(scanned.notes.findings))


def _not_read(problem: mrz.Problem) -> Rejection:
    return Rejection(
        str(problem.place),
        Text(
            "Di sini tidak ada zona baca mesin yang utuh.",
            "There is no whole machine readable zone here.",
        ),
        Text(
            "Pindai ulang dokumennya; satu zona terdiri atas 2 atau 3 baris lengkap.",
            "Scan the document again; a zone has 2 or 3 whole lines.",
        ),
        problem.value,
    )


# Any: bodies are JSON.
def write(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """The zones as they were read, a blank line between them; records without one are left out."""
    zones = ["\n".join(body["mrz"]["lines"]) for body in bodies if body.get("mrz")]
    return ("\n\n".join(zones) + "\n").encode() if zones else b""
