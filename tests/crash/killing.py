"""Kill processes of the road at random and at named moments, again and again, and then look at the store.

    python -m tests.crash.killing --seed 1 --kills 200 [--a-store 20] [--runs]

With `--runs` all is handed in before, and who is killed moves procedures: a worker, or an officer
who answers, takes answers back, signs newer versions and moves running cases to them.

Prints one JSON object: kills by how they came, stores, records, alerts, and every broken promise.
The programs are loaded once; each process is a fork that opens the store for itself.
"""
# Django is started before what needs it is imported.
# ruff: noqa: E402

from __future__ import annotations

import atexit
import faulthandler
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["TAPAL_LEASE_SECONDS"] = "0.4"
BASE = Path(tempfile.mkdtemp(prefix="tapal-crash-"))
# In this process alone: forks end without it.
atexit.register(shutil.rmtree, BASE, ignore_errors=True)
os.environ["TAPAL_HOME"] = str(BASE / "template")
os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"

import django

django.setup()

# After Django is started: these import its models.
from tapal.core.actions import Actor
from tapal.engines.screening import load_loops
from tapal.flow import lists, setup
from tapal.simulation.plan import simulate
from tapal.store.models import Alert, Event, Finding, Record, Run
from tests.crash import leading, moments, roles
from tests.crash.command import options
from tests.crash.stores import Databases, Files, Stores
from tests.crash.truth import problems

PATIENCE_SECONDS = 90
Message = tuple[str, str, Path]


@dataclass
class Process:
    """A forked process: its role, the pipe on which it acknowledges."""

    pid: int
    role: str
    pipe: int
    armed: str


@dataclass
class Round:
    """One store under fire."""

    name: str
    rng: random.Random
    messages: Sequence[Message]
    stores: Stores
    alive: list[Process] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    kills: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    of_runs: bool = False

    def fire(self, kills: int) -> None:
        """Keep all roles going and kill one after the other."""
        if self.of_runs:
            self._start("hand", armed=False)
            self._see_end()
        while self.kills.total() < kills:
            self._start_missing(armed=True)
            # A step and its timer take longer than a batch: who moves runs lives a little longer.
            time.sleep(self.rng.uniform(0.01, 0.3 if self.of_runs else 0.15))
            self._reap()
            at_hand = [p for p in self.alive if not p.armed or self._met(p.role)]
            if at_hand and self.rng.random() < 0.5:
                victim = self.rng.choice(at_hand)
                os.kill(victim.pid, signal.SIGKILL)
                victim.armed = ""
                self._wait(victim)

    def finish(self) -> None:
        """Kill the rest, then let the road end in peace."""
        for process in list(self.alive):
            os.kill(process.pid, signal.SIGKILL)
            process.armed = ""
            self._wait(process)
        # One after the other: a worker that finds nothing left must not end before all is handed in.
        for role in ("hand", "last"):
            self._start(role, armed=False)
            self._see_end()

    def _see_end(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while self.alive and time.monotonic() < end:
            self._reap()
            time.sleep(0.02)
        for process in list(self.alive):
            self.failed.append(f"{process.role} did not end")
            # Let it say on the standard error where it hangs.
            os.kill(process.pid, signal.SIGUSR1)
            time.sleep(0.5)
            os.kill(process.pid, signal.SIGKILL)
            self._wait(process)

    def _start_missing(self, *, armed: bool) -> None:
        there = Counter(process.role for process in self.alive)
        wanted = ["worker", "worker", "officer"]
        if len(self.acknowledged) < len(self.messages):
            wanted.append("hand")
        for role, count in (Counter(wanted) - there).items():
            for _ in range(count):
                self._start(role, armed=armed)

    def _start(self, role: str, *, armed: bool) -> None:
        known = self._moments(role)
        moment = self._rare(known) if armed and self.rng.random() < 0.7 else ""
        times = self.rng.randint(1, 4)
        seed = str(self.rng.random())
        unsent = [m for m in self.messages if m[2].name not in self.acknowledged]
        ear, mouth = os.pipe()
        officer = leading.lead_some if self.of_runs else roles.decide_some

        def act() -> None:
            self.stores.open(self.name)
            roles.hurry()
            if moment:
                moments.arm(moment, times, signal.SIGKILL)
            {
                "hand": lambda: roles.hand_in(unsent, mouth),
                "worker": lambda: roles.run_worker(False),
                "last": lambda: roles.run_worker(True),
                "officer": lambda: officer(seed),
            }[role]()

        self.alive.append(Process(fork(act), role, ear, moment))
        os.close(mouth)

    def _moments(self, role: str) -> Sequence[str]:
        return moments.of_runs(role) if self.of_runs else moments.BY_ROLE.get(role, ())

    def _met(self, role: str) -> bool:
        """Whether one of this role has died at a moment of its own; until then chance spares the armed."""
        return any(self.kills[moment] for moment in self._moments(role))

    def _rare(self, known: Sequence[str]) -> str:
        """One of the moments at which the fewest have died."""
        by_kills = sorted(known, key=lambda moment: (self.kills[moment], self.rng.random()))
        return self.rng.choice(by_kills[: (len(known) + 1) // 2])

    def _reap(self) -> None:
        for process in list(self.alive):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self._wait(process)

    def _wait(self, process: Process) -> None:
        _, status = os.waitpid(process.pid, 0)
        self.alive.remove(process)
        with os.fdopen(process.pipe) as ear:
            self.acknowledged |= set(ear.read().split("\n")) - {""}
        if os.WIFSIGNALED(status):
            self.kills[process.armed or "at random"] += 1
        elif os.WEXITSTATUS(status):
            self.failed.append(f"{process.role} ended with {os.WEXITSTATUS(status)}")


def fork(act: Callable[[], object]) -> int:
    """Run `act` in a process of its own; gives its number. It ends with 1 after an exception."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    try:
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ask(act: Callable[[], Any]) -> Any:
    """What `act` returns in a process of its own, through JSON."""
    ear, mouth = os.pipe()
    pid = fork(lambda: os.fdopen(mouth, "w").write(json.dumps(act())))
    os.close(mouth)
    with os.fdopen(ear) as answer:
        text = answer.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit("killing: a process that only looks has failed")
    return json.loads(text)


def stores_of() -> Stores:
    """Where this run's stores lie, the template's among them: databases, or files where none is named."""
    url = os.environ.get("TAPAL_DATABASE_URL", "")
    if not url:
        return Files(BASE)
    databases = Databases(BASE, url)
    databases.create()
    return databases


def prepare(seed: str) -> tuple[Stores, list[Message]]:
    """The template store with its lists, and the messages of a day."""
    plan = simulate(1, 0.25, seed, BASE / "day")
    stores = stores_of()

    def make() -> None:
        stores.open("template")
        setup.ensure_ready()
        clerk = Actor("1", "IMI-1", "Clerk", "", None, frozenset({lists.EDIT}))
        lists.import_list(plan.watchlist.read_bytes(), actor=clerk)

    ask(make)
    return stores, [(m.agency, m.post, plan.path(m)) for m in plan.messages]


def look(stores: Stores, name: str, messages: Sequence[Message]) -> dict[str, Any]:
    """Count what is in a store and find what is wrong with it."""
    stores.open(name)
    return {
        "records": Record.objects.count(),
        "findings": Finding.objects.count(),
        "alerts": Alert.objects.count(),
        "events": Event.objects.count(),
        "runs": Run.objects.count(),
        "steps": Event.objects.filter(type="run.moved").count(),
        "taken_back": Event.objects.filter(type="run.taken_back").count(),
        "migrated": Event.objects.filter(type="run.migrated").count(),
        "edits": Event.objects.filter(type="record.revised").count(),
        "problems": problems(messages),
    }


def main() -> int:
    """Kill until the number is reached; prints what was found."""
    parser = options(200)
    parser.add_argument("--runs", action="store_true")
    given = parser.parse_args()
    # Once, here: a fork that loads them itself is killed before it works.
    load_loops()
    stores, messages = prepare(given.seed)
    total: Counter[str] = Counter()
    kills: Counter[str] = Counter()
    wrong: list[str] = []
    while kills.total() < given.kills:
        name = f"store{total['stores']}"
        stores.copy(name)
        rng = random.Random(f"{given.seed}:{name}")
        order = rng.sample(messages, len(messages))
        fire = Round(name, rng, order, stores, of_runs=given.runs)
        fire.fire(min(given.a_store, given.kills - kills.total()))
        fire.finish()
        seen = ask(lambda name=name, order=order: look(stores, name, order))  # type: ignore[misc]
        wrong += [f"{name}: {each}" for each in (*fire.failed, *seen.pop("problems"))]
        kills += fire.kills
        total.update({**seen, "stores": 1})
        stores.drop(name)
    print(json.dumps({"kills": dict(kills), **total, "problems": wrong}, indent=1))
    stores.drop("template")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
