"""Kill -9 who makes the lists of early warning, at random and between their steps, and look at the store.

    python -m tests.crash.signals_killing --seed 1 --kills 50

What one quiet night lists is the truth; every store under fire must come to the same alarms, each with
one alert and one finding. Prints one JSON object: kills by how they came, stores, and what is wrong.
"""
# Not in the order of the alphabet: the first import of ours starts Django.
# ruff: noqa: I001

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any

# First: it names the home and starts Django.
from tests.crash.command import options
from tests.crash.killing import ask, fork, stores_of
from tests.crash import moments

import numpy as np
from django.utils import timezone

from tapal.core.kind import Period

# Loaded here once, not used here: forks must not inherit its threads.
from tapal.engines.lake import ask as asking, table, tally
from tapal.engines.signals import pool, pool_report, rule_files
from tapal.flow import finding_words, lake, setup
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.signals import lists
from tapal.flow.signals.counts import last_period
from tapal.store.models import Alert, Cursor, Event, Finding, SignalList
from tests.crash.stores import Stores
from tests.flow.signals.conftest import FLY, crossings, hand, hand_inspections, inspected

AT_ONCE = 2
LONGEST_SECONDS = 2.0
LOADED = (asking, table, tally, pool_report, rule_files)
PATIENCE_SECONDS = 90
RANDOM = "at random"
DAYS, WEEKS = 45, 30


def template(stores: Stores) -> None:
    """Crossings with a surge on their last day and inspections with a regulated pest, in the lake."""
    stores.open("template")
    setup.ensure_ready()
    make_demo_officers()
    day, week = (last_period(timezone.now(), period) for period in Period)
    text = "".join(crossings(day - timedelta(days=back), 4 + back % 2) for back in range(1, DAYS))
    hand(text + crossings(day, 30))
    free = "".join(inspected(week - timedelta(days=7 * back), 1) for back in range(1, WEEKS))
    hand_inspections(free + inspected(week, 1, FLY))
    hand_inspections(inspected(week, 2, FLY), "PLBN-12")
    lake.build()


def warm() -> None:
    """Load the loops here, once: a fork that loads them itself is killed before it works."""
    counts = np.random.default_rng(1).poisson(4.0, (3, 60)).astype(float)
    pool.judge(pool.Watch(("a", "b", "c"), counts))


def look(stores: Stores, name: str) -> dict[str, Any]:
    """What stands in a store, and what is wrong with it."""
    stores.open(name)
    wrong, told = [], []
    for row in SignalList.objects.order_by("owner", "period", "until"):
        for alarm in row.alarms:
            told.append(
                [str(row.owner_id), row.period, alarm["subject"], alarm["alert"] is not None]
            )
            about = f"{alarm['subject']}:{row.until}"
            said = Finding.objects.filter(rule=finding_words.SIGNAL)
            rows = list(said.filter(about__in=(about, f"{about}:fixed")))
            if [str(f.alert_id) for f in rows] != [alarm["alert"]]:
                wrong.append(f"{about}: {len(rows)} findings, alert {alarm['alert']}")
    alerts = Alert.objects.filter(reason__startswith="signal:")
    wrong += [f"{a.reason} was joined {a.count} times" for a in alerts if a.count != 1]
    for each in alerts:
        opened = Event.objects.filter(type="alert.opened", subject=str(each.id)).count()
        if opened != 1:
            wrong.append(f"{each.reason}: the log opens it {opened} times")
    if not Cursor.objects.filter(name=lists.CURSOR).exists():
        wrong.append("the night is not marked as done")
    return {
        "alarms": sorted(told),
        "alerts": sorted([a.owner, a.reason, a.subject] for a in alerts),
        "lists": SignalList.objects.count(),
        "problems": wrong,
    }


class Fire:
    """One store under fire: makers that are killed one after the other, two at once."""

    def __init__(self, name: str, rng: random.Random, stores: Stores) -> None:
        self.name, self.rng, self.stores = name, rng, stores
        self.alive: dict[int, str] = {}
        self.kills: Counter[str] = Counter()
        self.failed: list[str] = []

    def burn(self, most: int) -> None:
        """Keep makers going and kill them until so many kills came."""
        while self.kills.total() < most:
            while len(self.alive) < AT_ONCE:
                self._start(armed=self.rng.random() < 0.6)
            time.sleep(self.rng.uniform(0.05, LONGEST_SECONDS))
            self._reap()
            # Who is to die between two steps is left to come that far.
            loose = [pid for pid, moment in self.alive.items() if moment == RANDOM]
            if loose and self.rng.random() < 0.5:
                pid = self.rng.choice(loose)
                os.kill(pid, signal.SIGKILL)
                self._wait(pid)

    def end(self) -> None:
        """Let one maker come to the end in peace, the others gone."""
        for pid in list(self.alive):
            os.kill(pid, signal.SIGKILL)
            self._wait(pid)
        self._start(armed=False)
        until = time.monotonic() + PATIENCE_SECONDS
        while self.alive:
            self._reap()
            if time.monotonic() > until:
                self.failed.append("did not end in peace")
                for pid in list(self.alive):
                    os.kill(pid, signal.SIGKILL)
                    self._wait(pid)
            time.sleep(0.02)

    def _start(self, *, armed: bool) -> None:
        moment = self.rng.choice(moments.OF_SIGNALS["lister"]) if armed else ""
        times = self.rng.randint(1, 4)

        def act() -> None:
            self.stores.open(self.name)
            if moment:
                moments.arm(moment, times, signal.SIGKILL)
            lists.make()

        self.alive[fork(act)] = moment or RANDOM

    def _reap(self) -> None:
        for pid in list(self.alive):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self._wait(pid)

    def _wait(self, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        moment = self.alive.pop(pid)
        if os.WIFSIGNALED(status):
            self.kills[moment] += 1
        elif os.WEXITSTATUS(status):
            self.failed.append(f"a maker ended with {os.WEXITSTATUS(status)}")


def main() -> int:
    """Kill until the number is reached; prints what was found."""
    given = options(50, a_store=10).parse_args()
    warm()
    stores = stores_of()
    ask(lambda: template(stores))
    kills: Counter[str] = Counter()
    wrong: list[str] = []
    told: dict[str, Any] = {}
    number = 0
    while not told or kills.total() < given.kills:
        name = f"store{number}"
        stores.copy(name)
        fire = Fire(name, random.Random(f"{given.seed}:{name}"), stores)
        if told:
            fire.burn(min(given.a_store, given.kills - kills.total()))
        fire.end()
        seen = ask(lambda name=name: look(stores, name))  # type: ignore[misc]
        wrong += [f"{name}: {each}" for each in (*fire.failed, *seen.pop("problems"))]
        told = told or seen
        wrong += [f"{name}: other {key}" for key in seen if seen[key] != told[key]]
        kills += fire.kills
        stores.drop(name)
        number += 1
    stores.drop("template")
    counts = {key: len(told[key]) for key in ("alarms", "alerts")}
    print(json.dumps({"kills": dict(kills), "stores": number, **counts, "problems": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
