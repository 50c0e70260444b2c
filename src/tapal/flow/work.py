"""The worker: claims stored batches and takes them through link, screen, assess and alert.

A claim is a conditional update with a lease; the claim's attempt number is a fence: the
transaction that writes the results takes the work row away under just that claim, so a worker
that outlived its lease writes nothing (without the fence 335 of 20,000 were doubled).
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from tapal.core.errors import TapalError
from tapal.core.finding import Finding as Said
from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow import alert, assess, findings, link, profiles, records, screen, tasks
from tapal.flow.bulk import insert_objects
from tapal.flow.gather import Gathered, gather
from tapal.flow.reference import scope_number
from tapal.kinds import KINDS
from tapal.store.models import Finding, Record, Work
from tapal.store.queries.names import forget_names, index_names

log = logging.getLogger(__name__)

LEASE_SECONDS = float(os.environ.get("TAPAL_LEASE_SECONDS", "60"))
# A batch that broke this often is taken apart; a single record that did is set aside with a task.
ATTEMPTS = 3
# How often a batch is judged again at once because another worker's results changed its ground.
ROUNDS = 5


class Fenced(TapalError):
    """The claim is no longer ours: somebody else does, or did, this work."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch in hand."""

    work: int
    claimant: str
    attempt: int
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What working a batch did."""

    records: int = 0
    findings: int = 0
    alerts: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.records + other.records,
            self.findings + other.findings,
            self.alerts + other.alerts,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the stages say about a batch, before anything is written."""

    gathered: Gathered
    linked: link.Linked
    said: dict[str, list[Said]]
    names: list[tuple[str, int, str]]


def claimant_name() -> str:
    """A name for this worker that no other process has, also after a restart."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:8]}"


def claim(claimant: str, *, only: int | None = None) -> Claim | None:
    """Take the next batch, urgent ones first; None when nothing waits.

    The lease is wall-clock time: one that lies more than a lease ahead was written before the
    clock was set back and counts as run out. Correctness never rests on it, only on the fence.
    """
    now = time.time()
    free = Work.objects.filter(lease_until__lt=now) | Work.objects.filter(
        lease_until__gt=now + 2 * LEASE_SECONDS
    )
    if only is not None:
        free = free.filter(pk=only)
    for row in free.order_by("-urgent", "lease_until", "id")[:5]:
        got = Work.objects.filter(pk=row.pk, attempt=row.attempt, claimant=row.claimant).update(
            claimant=claimant, attempt=F("attempt") + 1, lease_until=now + LEASE_SECONDS
        )
        if got:
            return Claim(row.pk, claimant, row.attempt + 1, tuple(row.records))
    return None


def work_one(claimant: str, *, only: int | None = None) -> Done | None:
    """Claim and work one batch; None when nothing waits. A failure leaves it visible for retry."""
    held = claim(claimant, only=only)
    if held is None:
        return None
    try:
        return work(held)
    except Fenced:
        log.warning("work %s was taken over", held.work)
        return Done()
    except Exception as trouble:
        log.exception("work %s failed", held.work)
        give_back(held, trouble)
        return Done()


def work(held: Claim) -> Done:
    """Judge a claimed batch and write the results under the fence. Raises Fenced."""
    for _ in range(ROUNDS):
        judged = judge(held.records)
        intern_scopes(judged)
        try:
            with transaction.atomic():
                _pass_fence(held)
                link.make_sure(judged.linked)
                return write(judged)
        except (link.Overlapping, IntegrityError) as other:
            overlap = other
            log.info("work %s met another worker's: judged again", held.work)
    raise overlap


def judge(ids: Sequence[str]) -> Judged:
    """Everything that the stages say about these records; reads only."""
    gathered = gather(ids)
    entities = gathered.entities
    linked = link.link(gathered.views, entities, gathered.worked)
    screened = screen.screen(gathered.views, entities, linked.identities)
    assessed = assess.assess(gathered)
    said: dict[str, list[Said]] = defaultdict(list)
    for part in (linked.findings, screened, assessed):
        for record_id, each in part.items():
            said[record_id] += each
    for record_id, each in profiles.judge(gathered, said).items():
        said[record_id] += each
    names = [
        (v.id, gathered.scopes[v.id], name)
        for v in gathered.views
        for entity in entities[v.id]
        for name in entity.properties.get("name", ())
    ]
    return Judged(gathered, linked, said, names)


def intern_scopes(judged: Judged) -> None:
    """Make the scopes that alerts may need before the transaction, so that a rollback keeps them."""
    for view in judged.gathered.views:
        if any(s.weight >= Weight.ALERT for s in judged.said[view.id]):
            for level in Sensitivity:
                scope_number(view.owner, view.kind, int(level))


def _pass_fence(held: Claim) -> None:
    gone, _ = Work.objects.filter(
        pk=held.work, claimant=held.claimant, attempt=held.attempt
    ).delete()
    if not gone:
        raise Fenced(str(held.work))


def write(judged: Judged) -> Done:
    """Write what the stages said, in the caller's transaction; what no longer holds is withdrawn.

    Records that a late one of these overtook are queued to be judged again, once: a record that is
    judged again overtakes nothing. Raises link.Overlapping.
    """
    _hold_records(judged.gathered)
    link.write(judged.linked)
    forget_names(judged.gathered.worked)
    index_names(judged.names)
    rows, new, kept = _merge_findings(judged)
    opened = alert.open_alerts(alert.raised(judged.gathered.views, rows, judged.linked.identities))
    insert_objects(new)
    _tie(kept)
    _mark_worked(judged, rows)
    if judged.gathered.overtaken:
        records.enqueue(sorted(judged.gathered.overtaken), urgent=False)
    return Done(len(judged.gathered.views), len(new), opened)


def _hold_records(gathered: Gathered) -> None:
    """Lock the batch's records. Raises link.Overlapping where one was worked since it was judged.

    A record can lie in two batches at once: one that is late or edited is queued again while its
    first batch is in hand. Who comes second would link and index it a second time.
    """
    # Records before alerts, as everybody locks them (flow/held.py).
    ids = [view.id for view in gathered.views]
    rows = Record.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id")
    worked = {str(id_) for id_, worked in rows.values_list("id", "worked") if worked}
    if not worked <= gathered.worked:
        raise link.Overlapping


Rows = dict[str, list[Finding]]


def _merge_findings(judged: Judged) -> tuple[Rows, list[Finding], list[Finding]]:
    """The findings that hold for each record; of them the new ones, and those kept from before.

    What was said before and does not hold any more is withdrawn, not erased. What the reader said
    when the message came stays: no rule can say it again.
    """
    now = timezone.now()
    before = {
        (str(f.record_id), f.rule, f.about): f
        for f in Finding.objects.filter(record__in=[v.id for v in judged.gathered.views])
    }
    fresh: dict[tuple[str, str, str], Finding] = {}
    kept: dict[tuple[str, str, str], Finding] = {}
    for view in judged.gathered.views:
        for said in judged.said[view.id]:
            row = findings.finding_row(uuid.UUID(view.id), said, KINDS[view.kind], now)
            key = (view.id, row.rule, row.about)
            if key in before:
                kept[key] = _renewed(before[key], row)
            else:
                fresh.setdefault(key, row)
    for key, row in before.items():
        if row.data.get("reading"):
            if row.withdrawn_at is None:
                kept[key] = row
        elif key not in kept and row.withdrawn_at is None:
            Finding.objects.filter(pk=row.pk).update(withdrawn_at=now)
    rows: Rows = defaultdict(list)
    for key, row in (*kept.items(), *fresh.items()):
        rows[key[0]].append(row)
    return rows, list(fresh.values()), list(kept.values())


def _renewed(before: Finding, row: Finding) -> Finding:
    """The row of a finding that still holds, with what it says today."""
    changed = (before.text, before.data, before.weight) != (row.text, row.data, row.weight)
    if changed or before.withdrawn_at is not None:
        before.text, before.data, before.weight = row.text, row.data, row.weight
        before.withdrawn_at = None
        before.save(update_fields=["text", "data", "weight", "withdrawn_at"])
    return before


def _tie(kept: list[Finding]) -> None:
    for row in kept:
        if row.alert_id is not None:
            Finding.objects.filter(pk=row.pk, alert__isnull=True).update(alert=row.alert_id)


def _mark_worked(judged: Judged, rows: Rows) -> None:
    by_weight: dict[int, list[str]] = defaultdict(list)
    for view in judged.gathered.views:
        by_weight[max((f.weight for f in rows.get(view.id, ())), default=0)].append(view.id)
    for weight, ids in by_weight.items():
        Record.objects.filter(pk__in=ids).update(worked=True, weight=weight)


def give_back(held: Claim, trouble: Exception) -> None:
    """After a failure: leave the batch for retry, take a batch that keeps failing apart, and set a
    single record that keeps failing aside with a task for a person."""
    told = f"{type(trouble).__name__}: {trouble}"[:2000]
    with transaction.atomic():
        mine = Work.objects.filter(pk=held.work, claimant=held.claimant, attempt=held.attempt)
        # A trouble of the database is not the batch's: it waits, and is not taken apart for it.
        if held.attempt < ATTEMPTS or isinstance(trouble, OperationalError):
            mine.update(lease_until=time.time() + 2 ** min(held.attempt, 6), trouble=told)
        elif len(held.records) > 1:
            if mine.delete()[0]:
                for record_id in held.records:
                    Work.objects.create(records=[record_id], at=timezone.now(), trouble=told)
        elif mine.delete()[0]:
            _set_aside(held.records[0], told)


def _set_aside(record_id: str, told: str) -> None:
    record = Record.objects.get(pk=record_id)
    tasks.open_task(
        tasks.Wanted(
            name="record_not_worked",
            label=Text("Catatan gagal diproses", "Record could not be worked"),
            text=Text(
                "Catatan ini tersimpan tetapi belum disaring dan dinilai: {t}. Periksa dengan tangan.",
                "This record is stored but was not screened or assessed: {t}. Check it by hand.",
            ).fill(t=told),
            power="record.write",
            sensitivity=Sensitivity(record.sensitivity),
        ),
        record=record,
        actor="system",
    )


def work_all(claimant: str | None = None) -> Done:
    """Work until nothing waits."""
    name, total = claimant or claimant_name(), Done()
    while (done := work_one(name)) is not None:
        total += done
    return total
