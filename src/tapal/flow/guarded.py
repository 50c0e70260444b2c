"""Readers and kinds run so that one which breaks on a message costs that part of it, never the node."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from django.db import DatabaseError

from tapal.core.kind import Kind
from tapal.core.reading import Draft, Format, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.flow import records
from tapal.store.models import Message

log = logging.getLogger(__name__)


def read_items(form: Format, data: bytes, context: ReadContext) -> Iterator[Item]:
    """The items of a message; where the reader breaks, a rejection stands for all that follows."""
    try:
        yield from form.read(data, context)
    except Exception:
        log.exception("the reader of %s broke", form.name)
        yield _broken(form.name)


def prepared(kind: Kind, draft: Draft, message: Message) -> records.Prepared | Rejection:
    """The rows of one item; an item on which its kind breaks is rejected and stops no other."""
    try:
        return records.prepare(kind, draft, message, message.agency_id)
    except DatabaseError:
        raise
    except Exception:
        log.exception("an item of message %s could not be prepared", message.pk)
        return replace(_broken(kind.name), place=draft.place)


def _broken(name: str) -> Rejection:
    return Rejection(
        place=name,
        reason=Text(
            "Pembaca {f} berhenti di sini: isinya di luar dugaan.",
            "The reader of {f} stopped here: it did not expect this.",
        ).fill(f=name),
        mend=Text(
            "Periksa bagian sesudah catatan terakhir yang masuk, lalu kirim lagi.",
            "Check what follows the last record that came in, then send it again.",
        ),
    )
