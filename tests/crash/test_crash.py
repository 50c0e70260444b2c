"""Kill -9 at random moments of intake and work, and a step that outlives its lease."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crash.moments import BY_ROLE, OF_CASES, OF_LISTS, OF_OUTBOX, OF_RUNS, OF_SIGNALS

pytestmark = pytest.mark.crash

ROOT = Path(__file__).resolve().parents[2]
SEED = os.environ.get("TAPAL_CRASH_SEED", "2026")
POSTGRES = os.environ.get("TAPAL_DATABASE_URL", "").startswith("postgres")
# Each kill on PostgreSQL costs the server a connection as well: fewer show the same.
KILLS = 50 if POSTGRES else 200
SLEEPS = ("taken and acknowledged, not yet read", "claimed", "judged")


def run(module: str, *arguments: str) -> dict[str, Any]:
    """Run one of the drivers; gives what it printed."""
    environ = {k: v for k, v in os.environ.items() if k not in ("TAPAL_HOME", "TAPAL_LOG")}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.crash.{module}", *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout, done.stderr[-4000:]
    return dict(json.loads(done.stdout))


def test_nothing_is_lost_and_nothing_doubled() -> None:
    told = run("killing", "--seed", SEED, "--kills", str(KILLS), "--a-store", "40")
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= KILLS
    # Named moments of each role were among them, and there was something to lose.
    for role, moments in BY_ROLE.items():
        assert any(told["kills"].get(moment) for moment in moments), role
    assert min(told[each] for each in ("records", "alerts", "edits", "runs", "steps")) > 0


def test_no_step_of_a_procedure_is_lost_or_doubled_and_no_timer_missed_or_fired_twice() -> None:
    told = run("killing", "--seed", SEED, "--kills", str(KILLS), "--a-store", "50", "--runs")
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= KILLS
    for role, moments in OF_RUNS.items():
        assert any(told["kills"].get(moment) for moment in moments), role
    assert told["steps"] > KILLS // 2 and told["runs"] > 25
    assert told["taken_back"] > KILLS // 20 and told["migrated"] > KILLS // 50


def test_no_retrospective_hit_is_lost_or_doubled() -> None:
    told = run("rescreening_killing", "--seed", SEED, "--kills", str(max(30, KILLS // 4)))
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= max(30, KILLS // 4)
    for role, moments in OF_LISTS.items():
        assert any(told["kills"].get(moment) for moment in moments), role
    assert told["hits"] > 10 and told["alerts"] > 10, "nothing in the past could be lost"


def test_no_notice_and_no_answer_is_lost_or_made_twice() -> None:
    told = run("outbox_killing", "--seed", SEED, "--kills", str(max(25, KILLS // 4)))
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= max(25, KILLS // 4)
    assert any(told["kills"].get(moment) for moment in OF_OUTBOX["sender"])
    assert told["changes"] > 50 and told["answers"] > 3 and told["again"] > 0


@pytest.mark.skipif(POSTGRES, reason="its lock on PostgreSQL: tests/flow/signals/test_at_once.py")
def test_no_alarm_of_the_night_is_lost_or_doubled() -> None:
    # Each costs a night's lists.
    told = run("signals_killing", "--seed", SEED, "--kills", "8")
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= 8
    assert any(told["kills"].get(moment) for moment in OF_SIGNALS["lister"])
    assert told["alarms"] >= 3 and told["alerts"] >= 3, "nothing of the night could be lost"


def test_no_act_of_a_case_is_half_done() -> None:
    told = run("case_killing", "--seed", SEED, "--kills", "24")
    assert told["problems"] == []
    assert sum(told["kills"].values()) >= 24
    assert sum(told["kills"].get(moment, 0) for moment in OF_CASES["clerk"]) > 2
    assert told["acknowledged"] > 5 and told["files"] > 1


@pytest.mark.parametrize("moment", SLEEPS)
def test_who_sleeps_past_his_lease_doubles_nothing(moment: str) -> None:
    told = run("stopping", moment)
    assert told["problems"] == []
    assert told["records"] > 0
    assert told["overtaken"]
