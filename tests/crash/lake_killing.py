"""Kill -9 whoever builds and compacts the lake, at random moments, and then look at it.

    python -m tests.crash.lake_killing --seed 1 --kills 60

Prints one JSON object: how often a kill came, rows and records, and every broken promise. On SQLite.
"""
# Django is started before what needs it is imported.
# ruff: noqa: E402

from __future__ import annotations

import atexit
import json
import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

BASE = Path(tempfile.mkdtemp(prefix="tapal-lake-crash-"))
atexit.register(shutil.rmtree, BASE, ignore_errors=True)
os.environ["TAPAL_HOME"] = str(BASE / "home")
os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"
os.environ.pop("TAPAL_DATABASE_URL", None)

import django

django.setup()

from django.db import connections

# Loaded here once, not used here: forks must not inherit its threads.
from tapal.engines.lake import ask, table
from tapal.flow import lake, lake_rows, setup
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.simulation.plan import simulate
from tapal.store.models import Record
from tests.crash.command import options
from tests.crash.killing import fork

COMMIT = 40
LONGEST_SECONDS = 0.6


def build_for_ever() -> None:
    """Build, compact now and then, and throw the lake away once in a while."""
    dice = random.Random(os.getpid())
    while True:
        lake.build(again=dice.random() < 0.02)
        if dice.random() < 0.3:
            lake.compact()


def look() -> dict[str, Any]:
    """Build in peace and compare."""
    lake.build()
    reader = ask.LakeReader(lake.folder(), lake_rows.all_columns())
    (row,) = reader.run(
        lambda events: events.aggregate(rows=events.count(), seqs=events.seq.nunique())
    )
    problems = lake.problems()
    if row["rows"] != row["seqs"]:
        problems.append(f"{row['rows']} rows of {row['seqs']} events")
    records = sum(sums["records"] for sums in lake.totals_of_lake().values())
    if records != Record.objects.count():
        problems.append(f"{records} records of {Record.objects.count()}")
    return {**row, "records": records, "problems": problems}


def killed(act: Any, after: float) -> bool:
    """Run `act` in a fork and kill it after some seconds; whether the kill came in time."""
    connections.close_all()
    pid = fork(act)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def main() -> int:
    """Hand in a day bit by bit, killing the lake's writer all the while; prints what was found."""
    given = options(60, a_store=None).parse_args()
    dice = random.Random(given.seed)
    lake.COMMIT_EVENTS = COMMIT
    assert table.WRITER
    plan = simulate(1, 0.1, given.seed, BASE / "day")
    setup.ensure_ready()
    messages = list(plan.messages)
    kills = 0
    while kills < given.kills or messages:
        if messages:
            each = messages.pop(0)
            hand_in(plan.path(each).read_bytes(), HandIn(each.file, each.agency, each.post))
        kills += killed(build_for_ever, dice.uniform(0.02, LONGEST_SECONDS))
    ear, mouth = os.pipe()
    connections.close_all()
    pid = fork(lambda: os.fdopen(mouth, "w").write(json.dumps(look())))
    os.close(mouth)
    with os.fdopen(ear) as answer:
        found = json.loads(answer.read())
    os.waitpid(pid, 0)
    print(json.dumps({"kills": kills, **found}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
