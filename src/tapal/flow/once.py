"""A request sent twice is done once: remembered under the sender's own key for a day.

What is remembered is a fingerprint of the request and the ids that it led to, never a word of a
person: the second answer is made anew, of what its reader may see by then.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tapal.core.errors import Rejected, Unavailable
from tapal.core.text import Text
from tapal.store.models import Cursor

HOURS = 24
# How long one request may take before another may think that it died.
LEASE_SECONDS = 300
# Times are kept in microseconds: the end of a lease also tells whose it is.
_SECOND = 1_000_000
LONGEST_KEY = 200
_PREFIX = "once:"
_SWEEP_SECONDS = 600.0
_next_sweep = 0.0

Answer = dict[str, Any]  # Any: JSON


class UnderWay(Unavailable):
    """The same request is being done at this moment."""


@dataclass(slots=True)
class Once:
    """One request under a key. `answer` is what it led to when it was done before."""

    name: str
    fingerprint: str
    lease: int
    answer: Answer | None = None

    def done(self, answer: Answer) -> None:
        """Remember what it led to."""
        held = Cursor.objects.filter(name=self.name, position=self.lease)
        kept = {"of": self.fingerprint, "answer": answer}
        held.update(position=_now() + HOURS * 3600 * _SECOND, data=kept)

    def failed(self) -> None:
        """Forget it: it did nothing, and the sender may mend it under the same key."""
        Cursor.objects.filter(name=self.name, position=self.lease).delete()


def begin(sender: str, key: str, fingerprint: str) -> Once:
    """Begin a request, or find what it led to.

    Raises Rejected for a key that stood for another request, UnderWay while that one is not done.
    """
    _sweep()
    digest = hashlib.sha256(f"{sender}\0{key}".encode()).hexdigest()[:40]
    once = Once(f"{_PREFIX}{digest}", fingerprint, _now() + LEASE_SECONDS * _SECOND)
    with transaction.atomic():
        row, made = Cursor.objects.get_or_create(
            name=once.name, defaults={"position": once.lease, "data": {"of": fingerprint}}
        )
    if made:
        return once
    if row.position <= _now():
        lapsed = Cursor.objects.filter(name=once.name, position=row.position)
        if lapsed.update(position=once.lease, data={"of": fingerprint}):
            return once
        raise UnderWay
    if row.data["of"] != fingerprint:
        raise Rejected(
            Text(
                "Kunci Idempotency-Key ini sudah dipakai untuk permintaan lain.",
                "This Idempotency-Key stood for another request.",
            ),
            Text("Pakai kunci baru untuk isi yang baru.", "Use a new key for a new content."),
            place="Idempotency-Key",
        )
    if "answer" not in row.data:
        raise UnderWay
    once.answer = row.data["answer"]
    return once


def _now() -> int:
    return time.time_ns() // 1000


def _sweep() -> None:
    """Forget what is over, now and then."""
    global _next_sweep
    if time.monotonic() >= _next_sweep:
        _next_sweep = time.monotonic() + _SWEEP_SECONDS
        Cursor.objects.filter(name__startswith=_PREFIX, position__lt=_now()).delete()
