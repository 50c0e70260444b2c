"""Page cursors: signed, bound to their reader and purpose, and telling only of a row that he saw."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core import signing

from tapal.core.errors import Rejected
from tapal.core.text import Text

Mark = tuple[datetime, uuid.UUID]


def give(mark: Mark, *, of: str) -> str:
    """A token for the row after which the next page starts; `of` names the list and its reader."""
    return signing.dumps([mark[0].isoformat(), mark[1].hex], salt=f"tapal.share.{of}")


def take(token: str | None, *, of: str) -> Mark | None:
    """What `give` signed. Raises Rejected for a token of another list or reader, or a changed one."""
    if not token:
        return None
    try:
        at, hexed = signing.loads(token, salt=f"tapal.share.{of}")
    except signing.BadSignature:
        raise Rejected(
            Text("Halaman berikut tidak dikenal.", "This next page is not known."),
            Text("Mulai lagi dari halaman pertama.", "Start again from the first page."),
            place="cursor",
        ) from None
    return datetime.fromisoformat(at), uuid.UUID(hexed)
