"""How many runs of the shipped procedures a minute go from their beginning to their end on one core.

Run `python -m bench.procedures`; `--full` takes a thousand runs, else two hundred. Every move is saved
as on the road: a transaction that writes the run, its tasks, the alert and the events. SQLite in a
temporary folder, with a record for each run and their events numbered. In the same store the answers
are by chance of a fixed seed; a run that waits for time alone is woken as the worker does.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from bench import home, road

BAR, SMALL, FULL, SEED = 1_000, 200, 1_000, 2026
MOST_MOVES = 60
REASONS = (
    "list_match:sanctions",
    "document_expired",
    "minor_without_guardian_evidence",
    "listed_pest_found",
    "act:receive_fear",
    "hand:degraded.declare",
)


# Any: models, whose classes are there only after Django was started.
def begin(record: Any, reason: str) -> Any:
    """Begin a procedure as its reason begins it."""
    from tapal.core.finding import Weight
    from tapal.flow import alert, runs
    from tapal.flow.records import view_of
    from tapal.store.models import Finding, Procedure, Run

    sort, _, name = reason.partition(":")
    if sort == "act":
        return runs.begin_by_act(record, name, "BENCH-1")
    if sort == "hand":
        row = Procedure.objects.get(name="list_outage", state="in_force")
        return runs.begin_by_hand(row.id, actor=officer(record.owner, 1))
    found = Finding(
        record=record,
        rule=sort,
        reason=reason,
        weight=int(Weight.ALERT),
        sensitivity=record.sensitivity,
        text={"id": "x", "en": "x"},
        data={"data": {"entry": f"sanctions:{record.id}"}},
        at=record.received_at,
    )
    raised = alert.Raised(view_of(record), str(record.id), reason, [found])
    alert.open_alerts([raised])
    found.save(force_insert=True)
    return Run.objects.get(alert=found.alert)


@lru_cache(maxsize=64)
def officer(agency: str, number: int) -> Any:
    """An officer of an agency who may do any step, at no post of his own."""
    from tapal.core.actions import Actor
    from tapal.flow.officers import roles

    powers = frozenset(power for role in roles().values() for power in role.powers)
    return Actor(str(number), f"{agency}-{number}", "Bench", agency, None, powers)


def walk(run: Any, chance: random.Random) -> int:
    """Answer whatever waits until the run has ended; returns the moves that it made."""
    from tapal.flow import answer
    from tapal.store.models import Task

    for move in range(MOST_MOVES):
        task = (
            Task.objects.filter(run=run, state="open")
            .select_related("run__procedure")
            .order_by("id")
            .first()
        )
        if task is not None:
            _answer(task, chance, move)
        run.refresh_from_db(fields=["status", "due_at", "moves"])
        if run.status != "running":
            return int(run.moves)
        if task is None or move == MOST_MOVES // 2:
            _let_time_pass(run)
            answer._wake(run.pk, _now())
    raise SystemExit(f"bench.procedures: {run.procedure.name} has not ended in {MOST_MOVES} moves")


def _answer(task: Any, chance: random.Random, move: int) -> None:
    from tapal.core.errors import Rejected
    from tapal.flow import answer
    from tapal.flow.diagrams import form_of

    said = {f.name: _said(f, chance) for f in form_of(task)}
    for turn in range(3):
        try:
            answer.answer(task.id, said, actor=officer(task.owner, (move + turn) % 3))
            return
        except Rejected:
            continue  # four eyes: another officer does it
    raise SystemExit(f"bench.procedures: nobody may answer {task.name}")


def _said(field: Any, chance: random.Random) -> Any:
    if field.type == "choice":
        return chance.choice(field.options).value
    return {"yes_no": chance.choice(("yes", "no")), "number": 1, "date": "2026-03-02"}.get(
        field.type, "seen at the counter"
    )


def _let_time_pass(run: Any) -> None:
    """Put the clocks of a run back, so that its next timer has run out."""
    from tapal.engines import procedures as engine
    from tapal.store.models import Run

    run.refresh_from_db()
    if run.due_at is not None and run.due_at > _now():
        earlier = run.due_at - _now() + timedelta(seconds=1)
        state = engine.set_back(run.state, earlier)
        Run.objects.filter(pk=run.pk).update(state=state, due_at=run.due_at - earlier)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def measure(records: Sequence[Any]) -> bool:
    """Take each record's run to its end; prints the bar and what was reached."""
    from tapal.flow.sequence import number_all
    from tapal.store.models import Run

    chance, moves, ends = random.Random(SEED), 0, Counter[str]()
    wall, cpu = time.monotonic(), time.process_time()
    for number, record in enumerate(records):
        run = begin(record, REASONS[number % len(REASONS)])
        moves += walk(run, chance)
        ends[f"{run.procedure.name} {run.status}"] += 1
    number_all()
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    bad = Run.objects.exclude(status="done").values_list("procedure__name", "trouble")
    for name, trouble in bad:
        print(f"  {name} did not end: {trouble}")
    print(f"{len(records)} runs of {len(REASONS)} procedures, {moves} saved moves,"
          f" {cpu / moves * 1000:.1f} ms of CPU a move; {len(records) / wall * 60:,.0f} a minute by"
          " the clock")  # fmt: skip
    return road.held("runs a minute of CPU", len(records) / cpu * 60, BAR) and not bad


def main() -> int:
    """Make a store with so many records, and measure."""
    wanted = FULL if "--full" in sys.argv else SMALL
    home.fresh()
    road.intake(0, wanted)
    from tapal.store.models import Record

    return 0 if measure(list(Record.objects.order_by("id")[:wanted])) else 1


if __name__ == "__main__":
    sys.exit(main())
