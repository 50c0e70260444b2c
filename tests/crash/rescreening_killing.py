"""Kill -9 who puts lists in force and who re-screens the past, again and again, and look at the store.

    python -m tests.crash.rescreening_killing --seed 1 --kills 100

What one quiet run finds in the past is the truth; every store under fire must come to the same.
Prints one JSON object: kills by how they came, stores, hits, alerts, and every broken promise.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

# First: it names the home and the lease, and starts Django.
from tests.crash.command import options
from tests.crash.killing import BASE, PATIENCE_SECONDS, Message, ask, fork, stores_of
from tests.crash import moments, roles

from django.db import OperationalError
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.engines.screening import load_loops
from tapal.core.errors import Rejected
from tapal.flow import lists, setup, work
from tapal.flow.lists import rescreening
from tapal.flow.sequence import number_events
from tapal.simulation.plan import Plan, simulate
from tapal.store.models import Alert, Finding, ListVersion, Rescreening, Work
from tests.crash.stores import Stores
from tests.crash.truth import problems

T = TypeVar("T")
AT_ONCE = 20
LONGEST_SECONDS = 0.25
POWERS = frozenset({lists.EDIT, lists.APPROVE})
CLERK, SECOND = (Actor(f"{n}", f"SETUP-{n}", "Clerk", "", None, POWERS) for n in (1, 2))
# Hits nobody: without any list there is no past that was screened, and all of it would go again.
NOBODY = b"list,id,schema,name\nsanctions,S-0,Person,NOBODY AT ALL\n"


@dataclass
class Fire:
    """One store under fire, until its lists are in force and its past is screened, or kills are out."""

    name: str
    rng: random.Random
    stores: Stores
    alive: dict[int, tuple[str, str]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def burn(self, most: int) -> None:
        """Keep a second person and two workers going, and kill one after the other."""
        while self.kills.total() < most and not self._over():
            there = Counter(role for role, _ in self.alive.values())
            for role in (Counter(("second", "screener", "screener")) - there).elements():
                self._start(role)
            time.sleep(self.rng.uniform(0.02, LONGEST_SECONDS))
            self._reap()
            if self.alive and self.rng.random() < 0.5:
                self._kill(self.rng.choice(sorted(self.alive)))
        for pid in list(self.alive):
            self._kill(pid)

    def end(self) -> None:
        """Let one second person and one worker come to the end in peace."""
        acts: tuple[Callable[[], None], ...] = (put_in_force, lambda: screen_past(last=True))
        for act in acts:
            pid = fork(lambda act=act: self._within(act))  # type: ignore[misc]
            until = time.monotonic() + PATIENCE_SECONDS
            while not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if time.monotonic() > until:
                    self.failed.append("did not end in peace")
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.02)
            if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) > 0:
                self.failed.append("failed in peace")

    def _over(self) -> bool:
        return bool(ask(lambda: self._within(is_over)))

    def _within(self, act: Callable[[], T]) -> T:
        self.stores.open(self.name)
        return act()

    def _start(self, role: str) -> None:
        moment = self.rng.choice(moments.OF_LISTS[role]) if self.rng.random() < 0.7 else ""
        times = self.rng.randint(1, 3)

        def act() -> None:
            self.stores.open(self.name)
            if moment:
                moments.arm(moment, times, signal.SIGKILL)
            put_in_force() if role == "second" else screen_past(last=False)

        self.alive[fork(act)] = (role, moment)

    def _kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.alive[pid] = (self.alive[pid][0], "")
        self._wait(pid)

    def _reap(self) -> None:
        for pid in list(self.alive):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self._wait(pid)

    def _wait(self, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        role, armed = self.alive.pop(pid)
        if os.WIFSIGNALED(status):
            self.kills[armed or f"{role} at random"] += 1
        elif os.WEXITSTATUS(status):
            self.failed.append(f"{role} ended with {os.WEXITSTATUS(status)}")


def put_in_force() -> None:
    """The second person puts every draft in force that waits."""
    for row in ListVersion.objects.filter(state="draft").order_by("id"):
        while True:
            try:
                lists.publish(row.pk, actor=SECOND)
            except Rejected:
                pass  # another was first
            except OperationalError:
                continue  # SQLite has one writer
            break


def screen_past(*, last: bool) -> None:
    """Screen the past and work what it sends on, for ever; with `last` until nothing is left."""
    name = work.claimant_name()
    while True:
        try:
            did = work.work_one(name) is not None
            did |= rescreening.step()
            did |= number_events(200) > 0
        except OperationalError:
            continue
        if last and not did and is_over():
            return


def is_over() -> bool:
    """Whether every draft is in force, every re-screening done and every hit worked."""
    waiting = ListVersion.objects.filter(state="draft").exists()
    going = Rescreening.objects.exclude(state="done").exists()
    return not waiting and not going and not Work.objects.exists()


def prepare(seed: str) -> tuple[Stores, list[Message]]:
    """The template: a day that was screened against nobody, and drafts of the real lists."""
    start = timezone.localdate() - timedelta(days=20)
    plan = simulate(1, 0.1, seed, BASE / "day", start=start)
    messages = [(m.agency, m.post, plan.path(m)) for m in plan.messages]
    stores = stores_of()
    ask(lambda: _template(stores, plan, messages))
    return stores, messages


def _template(stores: Stores, plan: Plan, messages: list[Message]) -> None:
    stores.open("template")
    setup.ensure_ready()
    lists.import_list(NOBODY, actor=CLERK)
    with Path(os.devnull).open("w") as nobody:
        roles.hand_in(messages, nobody.fileno())
    roles.hurry()
    roles.run_worker(True)
    lists.draft((plan.watchlist.read_bytes(),), actor=CLERK)


def look(stores: Stores, name: str, messages: list[Message]) -> dict[str, Any]:
    """What the past brought, and what is wrong with the store."""
    stores.open(name)
    said = Finding.objects.filter(rule__in=("list_match", "document_reported_lost"))
    jobs = Rescreening.objects.select_related("version").order_by("version__roll_id")
    return {
        "found": sorted(map(list, _text(said.values_list("record_id", "rule", "about")))),
        "alerts": sorted(map(list, _text(Alert.objects.values_list("record_id", "reason")))),
        "jobs": [[j.version.roll_id, j.state, j.seen, j.total, j.hit] for j in jobs],
        "problems": problems(messages),
    }


def _text(rows: Any) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in rows]


def main() -> int:
    """Kill until the number is reached; prints what was found."""
    given = options(100).parse_args()
    rescreening.AT_ONCE = AT_ONCE
    # Once, here: a fork that loads them itself is killed before it works.
    load_loops()
    stores, messages = prepare(given.seed)
    kills: Counter[str] = Counter()
    wrong: list[str] = []
    told: dict[str, Any] = {}
    names = ["quiet"]
    while not told or kills.total() < given.kills:
        name = names[-1]
        stores.copy(name)
        fire = Fire(name, random.Random(f"{given.seed}:{name}"), stores)
        if told:
            fire.burn(min(given.a_store, given.kills - kills.total()))
        fire.end()
        seen = ask(lambda name=name: look(stores, name, messages))  # type: ignore[misc]
        wrong += [f"{name}: {each}" for each in (*fire.failed, *seen.pop("problems"))]
        told = told or seen
        wrong += [f"{name}: other {key}" for key in seen if seen[key] != told[key]]
        kills += fire.kills
        stores.drop(name)
        names.append(f"store{len(names)}")
    stores.drop("template")
    counts = {"hits": len(told["found"]), "alerts": len(told["alerts"]), "jobs": told["jobs"]}
    print(json.dumps({"kills": dict(kills), "stores": len(names) - 1, **counts, "problems": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
