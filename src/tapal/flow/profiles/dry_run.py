"""A profile tried on history: what it would have hit, and what people found of just those records.

The worker counts in small parts, and only while no batch waits; a part that is cut off is done again.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.finding import Compared
from tapal.core.finding import Finding as Said
from tapal.core.mandates import level
from tapal.core.profiles import Case, Explained, compared
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.finding_words import PROFILE_HIT
from tapal.flow.findings import said_of
from tapal.flow.gather import gather
from tapal.flow.profiles import tally
from tapal.flow.profiles.fields import finding_level
from tapal.flow.profiles.life import APPROVE, EDIT, found
from tapal.flow.profiles.live import live
from tapal.kinds import KINDS
from tapal.store.models import DryRun, Finding, Profile, Record, Scope, Work

log = logging.getLogger(__name__)

# So few that a batch which comes meanwhile waits less than a blink.
AT_ONCE = 100
DAYS = (30, 90, 180, 365)


@transaction.atomic
def ask(
    profile_id: uuid.UUID | str, days: int, *, actor: Actor, now: datetime | None = None
) -> DryRun:
    """Ask for a dry run over the last days; one of the same table that waits or runs is given instead.

    Raises Missing, Denied without a power, Rejected for a span that is not among `DAYS`.
    """
    row = found(profile_id, actor=actor, lock=True)
    if not {EDIT, APPROVE} & actor.powers:
        raise Denied
    if days not in DAYS:
        raise Rejected(
            Text("Rentangnya tidak dikenal.", "Unknown span."),
            Text("Pilih dari daftar.", "Choose one of the list."),
            place="days",
        )
    waits = DryRun.objects.filter(
        profile=row, sha256=row.sha256, state__in=("waiting", "running")
    ).first()
    if waits is not None:
        return waits
    moment = now or timezone.now()
    made = DryRun.objects.create(
        profile=row,
        sha256=row.sha256,
        level=int(level(actor.powers)),
        since=moment - timedelta(days=days),
        until=moment,
        asked_by=actor.number,
        asked_at=moment,
    )
    told = {"name": row.name, "version": row.version, "days": days, "sha256": row.sha256}
    record_event("profile.tried", str(row.id), told, actor=actor.number)
    return made


def step() -> bool:
    """Count one part of the dry run that waits longest; False while batches wait, or nothing does."""
    # Whoever asks for a figure waits for whoever stands at the counter.
    if Work.objects.exists():
        return False
    run = DryRun.objects.filter(state__in=("waiting", "running")).order_by("id").first()
    if run is None:
        return False
    try:
        count(run)
    except OperationalError:
        raise
    except Exception as trouble:
        log.exception("dry run %s broke", run.pk)
        told = f"{type(trouble).__name__}: {trouble}"[:500]
        DryRun.objects.filter(pk=run.pk, moves=run.moves).update(state="broken", trouble=told)
    return True


def count(run: DryRun) -> bool:
    """Count the next part; False where the run has ended or another worker was first."""
    profile = run.profile
    if profile.sha256 != run.sha256:
        return _written(run, state="stopped")
    ids, reached = _part(run, profile)
    told: dict[str, Any] = run.tally
    if ids:
        _judge(profile, ids, told)
    if reached is None:
        return _written(run, state="done", tally=told, done_at=timezone.now())
    return _written(run, state="running", tally=told, reached=reached)


# Any: JSON.
def count_aside(run: DryRun) -> dict[str, Any]:
    """Count a whole dry run in this process and write nothing; waits between parts while batches wait."""
    told: dict[str, Any] = {}
    reached: list[str] | None = []
    while reached is not None:
        while Work.objects.exists():
            time.sleep(0.1)
        run.reached = reached
        ids, reached = _part(run, run.profile)
        if ids:
            _judge(run.profile, ids, told)
    return told


# Any: the columns of a dry run, each of its own type.
def _written(run: DryRun, **columns: Any) -> bool:
    """Write a part under the fence; the row in hand follows."""
    mine = DryRun.objects.filter(pk=run.pk, moves=run.moves)
    if not mine.update(moves=run.moves + 1, **columns):
        return False
    run.refresh_from_db()
    return run.state == "running"


def _part(run: DryRun, profile: Profile) -> tuple[list[str], list[str] | None]:
    """The next records in the order of the index, and where to go on; None at the end."""
    scopes = Scope.objects.filter(
        owner=profile.owner_id, kind=profile.kind, sensitivity__lte=run.level
    )
    start = int(run.reached[0]) if run.reached else 0
    for number in scopes.order_by("id").filter(id__gte=start).values_list("id", flat=True):
        rows = Record.objects.filter(
            scope_id=number, occurred_at__gte=run.since, occurred_at__lt=run.until, worked=True
        )
        if profile.place:
            rows = rows.filter(place=profile.place)
        if run.reached and number == start:
            at, last = datetime.fromisoformat(run.reached[1]), run.reached[2]
            rows = rows.filter(occurred_at__lte=at).filter(
                Q(occurred_at__lt=at) | Q(occurred_at=at, id__lt=last)
            )
        part = list(rows.order_by("-occurred_at", "-id").values_list("id", "occurred_at")[:AT_ONCE])
        if part:
            last_id, last_at = part[-1]
            return [str(i) for i, _ in part], [str(number), last_at.isoformat(), str(last_id)]
    return [], None


def _judge(profile: Profile, ids: Sequence[str], told: dict[str, Any]) -> None:
    kind, ready = KINDS[profile.kind], live(profile)
    whole = [uuid.UUID(i) for i in ids]
    gathered, said, alerts = gather(ids), _said(whole), _alerts(whole)
    level_of = finding_level(kind)
    for view in gathered.views:
        case = Case(view, gathered.contexts[view.id], said.get(view.id, ()), level_of)
        number = ready.ready.decide(case)
        if number is not None and ready.ready.table.rows[number].verdict.weight is None:
            number = None
        tally.add(
            told,
            record=view.id,
            at=(view.occurred_at or view.received_at).isoformat(timespec="minutes"),
            place=view.place or "",
            outcome=tally.outcome_of(alerts.get(view.id, ())),
            traits=tally.traits_of(gathered.entities[view.id]),
            row=number,
        )


def _said(ids: Sequence[uuid.UUID]) -> dict[str, tuple[Said, ...]]:
    """What rules found of each record, without what profiles said."""
    found: dict[str, list[Said]] = defaultdict(list)
    rows = Finding.objects.filter(record__in=ids, withdrawn_at=None).exclude(rule=PROFILE_HIT)
    for row in rows:
        found[str(row.record_id)].append(said_of(row))
    return {record: tuple(each) for record, each in found.items()}


def _alerts(ids: Sequence[uuid.UUID]) -> dict[str, list[tuple[str, str]]]:
    """The state and outcome of each record's alerts, those that it joined among them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = Finding.objects.filter(record__in=ids, alert__isnull=False).values_list(
        "record_id", "alert__state", "alert__outcome"
    )
    for record, state, outcome in rows.distinct():
        found[str(record)].append((state, outcome))
    return found


def why(
    profile: Profile, record_id: uuid.UUID | str, *, actor: Actor
) -> tuple[Explained, ...] | None:
    """Each row of a profile's table held against one record, None where it is none of the profile's.

    The page that shows it has opened the record through the reading door before.
    Raises Missing for who may not see the profile.
    """
    found(profile.id, actor=actor)
    gathered = gather([str(record_id)])
    view = next(iter(gathered.views), None)
    if view is None or (view.owner, view.kind) != (profile.owner_id, profile.kind):
        return None
    if profile.place and view.place != profile.place:
        return None
    if view.sensitivity > level(actor.powers):
        raise Missing
    said = _said([uuid.UUID(view.id)]).get(view.id, ())
    case = Case(view, gathered.contexts[view.id], said, finding_level(KINDS[view.kind]))
    return live(profile).ready.explain(case)


def pairs(explained: Explained) -> tuple[Compared, ...]:
    """A row's conditions, each as what is there and what is asked, side by side."""
    return tuple(map(compared, explained.cells))


def newest(profile: Profile) -> DryRun | None:
    """The last dry run of this version, whatever its state."""
    return DryRun.objects.filter(profile=profile).order_by("-id").first()
