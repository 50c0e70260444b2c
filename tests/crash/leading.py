"""What officers and shift leaders do while processes are killed: take answers back, move cases to newer versions."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from django.db import OperationalError, transaction
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected, Unavailable
from tapal.core.mandates import ASSIGN_TASKS
from tapal.engines import procedures as engine
from tapal.flow import moving, procedures, takeback
from tapal.flow.reference import bump
from tapal.store.models import Procedure, Run
from tests.crash.roles import answer_one, officer

VERSIONS = 12
"""So many versions of a procedure are signed at most."""
NEW_VERSION = 0.15
CANDIDATES = 40


def lead_some(seed: str) -> None:
    """Answer a step, take the last answer to some run back, move a case: whatever comes to mind."""
    rng = random.Random(seed)
    while True:
        try:
            if rng.random() < NEW_VERSION:
                sign_newer(rng)
            done = answer_one(rng) | take_one_back(rng) | move_one(rng)
        except (Denied, Missing, Rejected, Unavailable, OperationalError):
            continue
        if not done:
            time.sleep(0.02)


def take_one_back(rng: random.Random) -> bool:
    """Take the last answer to some run back, as who gave it; False where there is none."""
    held = Run.objects.filter(last__isnull=False, status__in=("running", "done"))
    runs = [r for r in held.order_by("-id")[:CANDIDATES] if r.last and r.last["move"] == r.moves]
    if not runs:
        return False
    last = rng.choice(runs).last
    assert last is not None
    takeback.take_back(last["task"], actor=officer(*last["by"].split("-")))
    return True


def move_one(rng: random.Random) -> bool:
    """Move a running case to the newest version of its procedure; False where all are there."""
    newest = {p.name: p for p in Procedure.objects.filter(state="in_force").order_by("version")}
    rows = Run.objects.filter(status="running").select_related("procedure")
    behind = [r for r in rows[:CANDIDATES] if newest[r.procedure.name].pk != r.procedure_id]
    if not behind:
        return False
    run = rng.choice(behind)
    leader = officer(run.owner, "1")
    leader = replace(leader, powers=leader.powers | {ASSIGN_TASKS})
    moving.move(run.id, newest[run.procedure.name], actor=leader)
    return True


@transaction.atomic
def sign_newer(rng: random.Random) -> None:
    """Put a newer version of some procedure in force, signed by whose cases run by it."""
    names = Run.objects.values_list("procedure__name", "owner").distinct()
    if not names:
        return
    name, owner = rng.choice(sorted(names))
    row = Procedure.objects.filter(name=name).order_by("-version")[0]
    if row.version >= VERSIONS:
        return
    xml = bytes(row.xml).replace(b'labelEn="', b'labelEn="The ', 1)
    diagram, faults = engine.checked(xml)
    assert diagram is not None and not faults, faults
    made = procedures._new_version(diagram, xml, "X", owner, "")
    made.signatures = [{"agency": owner, "officer": "X", "name": "X", "at": str(timezone.now())}]
    made.save()
    procedures._take_over(made)
    bump(procedures.CURSOR)
