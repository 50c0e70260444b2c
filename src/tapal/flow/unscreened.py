"""Records whose findings are not all there yet: that they are not, why, and when they will be.

No finding on such a record means nothing; whoever looks must be told.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from tapal.core.text import Text
from tapal.flow.beat import beating
from tapal.flow.listed import LISTS
from tapal.flow.packs.held import why_unscreened
from tapal.flow.reference import cached
from tapal.store.models import Listing, Record, Work

LABEL = Text("belum disaring", "not screened yet")
_NO_LISTS = Text(
    "Belum disaring: mesin ini belum punya daftar. Disaring begitu daftar pertama diimpor.",
    "Not screened: this node holds no list yet. It is screened as soon as the first is imported.",
)
_SET_ASIDE = Text(
    "Belum disaring dan belum dinilai: gagal diproses. Periksa dengan tangan; tugasnya terbuka.",
    "Not screened or assessed: it could not be worked. Check it by hand; the task is open.",
)
_STOPPED = Text(
    "Belum disaring dan belum dinilai: pekerja latar berhenti. Diproses begitu ia dijalankan lagi.",
    "Not screened or assessed: the worker has stopped. It is worked once that runs again.",
)
_RETRY = Text(
    "Belum disaring dan belum dinilai: tadi gagal, dicoba lagi sendiri pada",
    "Not screened or assessed: it failed just now and is tried again by itself at",
)
_QUEUED = Text(
    "Belum disaring dan belum dinilai: giliran ke-{n}, diproses sendiri sebentar lagi.",
    "Not screened or assessed: number {n} in the queue, worked by itself in a moment.",
)
# Batches that are looked through for the records of one post.
BATCHES = 20


@dataclass(frozen=True, slots=True)
class Unscreened:
    """Why a record's findings are not all there; `at` is when it is tried again, where that is known."""

    text: Text
    at: datetime | None = None


def lists_held() -> bool:
    """Whether there is anything to screen against."""
    return _lists_held()


def _read_lists_held() -> bool:
    return Listing.objects.filter(removed_at__isnull=True).exists()


_lists_held = cached(_read_lists_held, LISTS)


def unscreened(record_id: uuid.UUID | str) -> Unscreened | None:
    """Why a record is not screened, None when it is."""
    worked = Record.objects.filter(pk=record_id, worked=True).first()
    if worked is not None:
        return _worked(worked)
    batches = Work.objects.order_by("-urgent", "lease_until", "id")
    for place, batch in enumerate(batches.iterator(chunk_size=200), start=1):
        if str(record_id) in batch.records:
            return _waiting(batch, place)
    return Unscreened(_SET_ASIDE)


def _worked(record: Record) -> Unscreened | None:
    """Why a record that was worked is not screened all the same."""
    if not lists_held():
        return Unscreened(_NO_LISTS)
    ended = why_unscreened()
    if ended is not None and record.received_at >= ended[0]:
        return Unscreened(ended[1])
    return None


def _waiting(batch: Work, place: int) -> Unscreened:
    if not beating():
        return Unscreened(_STOPPED)
    if batch.trouble and batch.lease_until > time.time():
        return Unscreened(_RETRY, datetime.fromtimestamp(batch.lease_until, UTC))
    return Unscreened(_QUEUED.fill(n=place))


def among(ids: Sequence[str]) -> set[str]:
    """Those of the records that are not screened."""
    if not lists_held():
        return set(ids)
    missing = Q(worked=False)
    if (ended := why_unscreened()) is not None:
        missing |= Q(received_at__gte=ended[0])
    rows = Record.objects.filter(missing, pk__in=ids).values_list("pk", flat=True)
    return {str(i) for i in rows}


def waiting_at(place: str | None) -> int:
    """How many records of a post (of all posts without one) wait in the next batches to be worked."""
    held: Iterable[list[str]] = Work.objects.order_by("-urgent", "lease_until", "id").values_list(
        "records", flat=True
    )[:BATCHES]
    ids = [i for records in held for i in records]
    if not ids:
        return 0
    rows = Record.objects.filter(pk__in=ids, worked=False)
    return (rows.filter(place=place) if place else rows).count()
