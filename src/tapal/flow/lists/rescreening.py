"""Re-screening: past records held against what a version brought, in small parts by the worker.

A record that the new entries hit, or whose open alert rests on an entry that changed or went, goes
down the road again, where findings are merged and alerts opened once. A part and where it stands
are written in one transaction: killed at any moment, it goes on where it was.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tapal.core.finding import Finding as Said
from tapal.core.legal import LegalRow
from tapal.flow.findings import said_of
from tapal.flow.gather import bare_views
from tapal.flow.listed import Lists, alone
from tapal.flow.lists.reading import listing
from tapal.flow.records import enqueue
from tapal.flow.reference import legal_book, places
from tapal.flow.screen import (
    Held,
    listed_documents,
    retrospective_basis,
    retrospective_days,
    screen,
)
from tapal.kinds import KINDS
from tapal.store.models import Alert, Finding, Link, ListVersion, Record, Rescreening, Work

log = logging.getLogger(__name__)

# So few that a batch which comes meanwhile waits less than a blink.
AT_ONCE = 200
WAITING, RUNNING, DONE, BROKEN = "waiting", "running", "done", "broken"


def begin(version: ListVersion, now: datetime) -> Rescreening:
    """Have the worker hold past records against a version, in the caller's transaction."""
    basis = retrospective_basis(version.roll_id, timezone.localdate(now))
    days = retrospective_days(basis)
    return Rescreening.objects.create(
        version=version,
        basis=basis.rows[0].id if basis and days else "",
        days=days,
        until=now,
    )


def basis_of(job: Rescreening) -> LegalRow | None:
    """The rule row by which a re-screening looks back."""
    return legal_book().row(job.basis) if job.basis else None


def step() -> bool:
    """Do one part of the re-screening that waits longest; False while batches wait, or nothing does."""
    if Work.objects.exists():
        return False
    job = (
        Rescreening.objects.filter(state__in=(WAITING, RUNNING))
        .select_related("version")
        .order_by("id")
        .first()
    )
    if job is None:
        return False
    try:
        part(job)
    except OperationalError:
        raise
    except Exception as trouble:
        log.exception("re-screening %s broke", job.pk)
        told = f"{type(trouble).__name__}: {trouble}"[:500]
        mine = Rescreening.objects.filter(pk=job.pk, moves=job.moves)
        mine.update(state=BROKEN, trouble=told, moves=job.moves + 1)
    return True


def again(job: Rescreening) -> None:
    """Go on with one that broke, from where it stood."""
    Rescreening.objects.filter(pk=job.pk, state=BROKEN).update(state=RUNNING, trouble="")


def part(job: Rescreening) -> None:
    """Do the next part; nothing is written where another worker was first."""
    if job.total is None:
        touched = _of_open_alerts(job.version)
        _written(job, touched, state=RUNNING, total=_span(job).count() if job.days else 0)
        return
    rows = _span(job).order_by("id")
    if job.reached:
        rows = rows.filter(id__gt=uuid.UUID(job.reached))
    ids = [str(i) for i in rows.values_list("id", flat=True)[:AT_ONCE]] if job.days else []
    if not ids:
        _written(job, (), state=DONE, done_at=timezone.now())
        return
    _written(job, hit_among(ids, lists_of(job.version)), reached=ids[-1], seen=job.seen + len(ids))


def _written(job: Rescreening, again: Sequence[str], **columns: object) -> None:
    """Write a part under its fence, with the records that it sends down the road again."""
    with transaction.atomic():
        mine = Rescreening.objects.filter(pk=job.pk, moves=job.moves)
        if mine.update(moves=job.moves + 1, hit=job.hit + len(again), **columns) and again:
            enqueue(again, urgent=False)


def _span(job: Rescreening) -> QuerySet[Record]:
    """The records that the window reaches: ids sort by receipt, and none is received before it occurs."""
    since = job.until - timedelta(days=job.days + 1)
    return Record.objects.filter(
        id__gte=_at(since), id__lte=_at(job.until, last=True), occurred_at__gte=since, worked=True
    )


def _at(moment: datetime, *, last: bool = False) -> uuid.UUID:
    """The least (or the last) id of a moment."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | ((1 << 80) - 1 if last else 0))


_made: dict[tuple[uuid.UUID, str], Lists] = {}


def lists_of(version: ListVersion) -> Lists:
    """What a version adds or changes, as lists of its own; the last one made is kept."""
    key = (version.pk, version.state)
    made = _made.get(key)
    if made is None:
        rows = []
        for change in version.changes.exclude(after=None).iterator(chunk_size=2000):
            row = listing(version.roll_id, change.entity_id, change.after or {})
            row.since = version.decided_at or timezone.now()
            rows.append(row)
        made = alone(rows)
        _made.clear()
        _made[key] = made
    return made


def hit_among(ids: Sequence[str], lists: Lists) -> list[str]:
    """Those of the records that these entries hit, under the law of their list."""
    hit = {record for record, each in screened(ids, lists).items() if each}
    if lists.documents:
        posts = places()
        for view in bare_views(ids):
            entities = tuple(KINDS[view.kind].entities(view.body))
            if listed_documents(lists, entities, Held.of(view, posts)):
                hit.add(view.id)
    return [each for each in ids if each in hit]


def screened(ids: Sequence[str], lists: Lists) -> dict[str, list[Said]]:
    """What these entries say of records, without those that a person has ruled out."""
    views = bare_views(ids)
    entities = {v.id: tuple(KINDS[v.kind].entities(v.body)) for v in views}
    links = Link.objects.filter(
        record__in=[uuid.UUID(i) for i in ids], verdict=1, undone_at__isnull=True
    )
    bearers = {str(r): str(i) for r, i in links.values_list("record_id", "identity_id")}
    return screen(views, entities, bearers, lists)


def _of_open_alerts(version: ListVersion) -> list[str]:
    """Records whose open alert rests on an entry of this list that changed or went."""
    open_ones = Alert.objects.filter(state="open")
    rows = Finding.objects.filter(alert__in=open_ones, withdrawn_at=None).exclude(alert=None)
    found: dict[str, set[str]] = {}
    for row in rows.iterator(chunk_size=2000):
        entry = str(said_of(row).data.get("entry", ""))
        roll, _, entity_id = entry.partition(":")
        if roll == version.roll_id:
            found.setdefault(entity_id, set()).add(str(row.record_id))
    return sorted(
        {r for part in _chunks(sorted(found)) for entity_id in _touched(version, part)
         for r in found[entity_id]}
    )  # fmt: skip


def _touched(version: ListVersion, entities: Sequence[str]) -> Iterable[str]:
    old = version.changes.exclude(before=None).filter(entity_id__in=entities)
    return old.values_list("entity_id", flat=True)


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + 500] for start in range(0, len(items), 500))
