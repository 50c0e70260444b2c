"""Kill -9 who writes and sends notices and answers, again and again, and look at what was received.

    python -m tests.crash.outbox_killing --seed 1 --kills 100

All that is to be told lies in the template; what the feed tells in peace is the truth. Every store under
fire must have told exactly that: each change at least once, each under one notice, each answer whole.
Prints one JSON object: kills by how they came, stores, changes, answers, repeats, every broken promise.
"""
# Not in the order of the alphabet: the first import of ours starts Django.
# ruff: noqa: I001

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

os.environ["TAPAL_HOOK_NETWORKS"] = "127.0.0.0/8"

# First: it names the home and the lease, and starts Django.
from tests.crash.command import options
from tests.crash.killing import BASE, PATIENCE_SECONDS, ask, fork, stores_of
from tests.crash import moments, roles

from django.db import OperationalError

from tapal.core.marking import Purpose
from tapal.flow import lists, outbox, setup
from tapal.flow.answering import keep_answers
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn, take_and_read
from tapal.flow.officers import actor_of
from tapal.flow.outbox import sending, waits, writing
from tapal.flow.sequence import number_events
from tapal.kinds import KINDS
from tapal.store.models import Notice, Officer, Reply, ReplyDue, Subscription
from tests.crash.rescreening_killing import CLERK, NOBODY
from tests.crash.stores import Stores

ACCOUNT, POST, FLIGHTS = "imi.motaain", "PLBN-11", 20
TAKEN = BASE / "taken.jsonl"


@dataclass
class Fire:
    """One store under fire: two senders, killed one after the other."""

    name: str
    rng: random.Random
    stores: Stores
    alive: dict[int, str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def burn(self, most: int) -> None:
        """Until so many were killed, or nothing is left to tell."""
        while self.kills.total() < most and not ask(lambda: self._within(nothing_left)):
            while len(self.alive) < 2:
                self._start()
            time.sleep(self.rng.uniform(0.02, 0.3))
            for pid in list(self.alive):
                if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    self._wait(pid)
            if self.alive and self.rng.random() < 0.5:
                victim = self.rng.choice(sorted(self.alive))
                os.kill(victim, signal.SIGKILL)
                self.alive[victim] = ""
                self._wait(victim)
        for pid in list(self.alive):
            os.kill(pid, signal.SIGKILL)
            self.alive[pid] = ""
            self._wait(pid)

    def end(self) -> None:
        """Let one sender come to the end in peace."""
        pid = fork(lambda: self._within(lambda: send(last=True)))
        until = time.monotonic() + PATIENCE_SECONDS
        while not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if time.monotonic() > until:
                self.failed.append("did not end in peace")
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            self.failed.append("failed in peace")

    # Any: whatever the act gives.
    def _within(self, act: Any) -> Any:
        self.stores.open(self.name)
        return act()

    def _start(self) -> None:
        named = self.rng.random() < 0.7
        moment = self.rng.choice(moments.OF_OUTBOX["sender"]) if named else ""
        times = self.rng.randint(1, 3)

        def act() -> None:
            self.stores.open(self.name)
            if moment:
                moments.arm(moment, times, signal.SIGKILL)
            send(last=False)

        self.alive[fork(act)] = moment

    def _wait(self, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        armed = self.alive.pop(pid)
        if os.WIFSIGNALED(status):
            self.kills[armed or "sender at random"] += 1
        elif os.WEXITSTATUS(status):
            self.failed.append(f"a sender ended with {os.WEXITSTATUS(status)}")


def send(*, last: bool) -> None:
    """What the worker's thread does, for ever; with `last` until nothing is left."""
    # Small notices and short waits: there is always one half told.
    writing.AT_ONCE = 2
    setattr(sending, "LEASE", timedelta(seconds=0.4))  # noqa: B010
    waits.FIRST_SECONDS = waits.LONGEST_SECONDS = 0.05
    waits.FAILURES = 1_000
    writer = writing.Writer()
    while True:
        try:
            did = number_events(200) + keep_answers() + writer.step() + outbox.send_due(2)
            if last and not did and nothing_left():
                return
        except OperationalError:
            continue  # SQLite has one writer


def nothing_left() -> bool:
    """True when every answer is given and every notice that was written is sent."""
    waits_still = ReplyDue.objects.exists() or Notice.objects.filter(state="waiting").exists()
    return not waits_still and Reply.objects.count() == FLIGHTS


@contextmanager
def receiving() -> Iterator[str]:
    """A receiver in a process of its own, which writes down whatever it takes before it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Taking)
    pid = fork(server.serve_forever)
    server.server_close()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Take a notice; one in ten is refused, as targets do."""
        whole = int(self.headers["Content-Length"])
        body = self.rfile.read(whole)
        if len(body) < whole:
            return  # its sender was killed in the middle: no target takes half a message
        refused = random.random() < 0.1
        if not refused:
            row = {
                "id": self.headers["webhook-id"],
                "at": self.path,
                "body": body.decode("latin-1"),
            }
            with TAKEN.open("a") as file:
                file.write(json.dumps(row) + "\n")
        self.send_response(503 if refused else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def prepare(stores: Stores, url: str) -> set[str]:
    """The template, with two subscriptions and all that is to be told; gives the ids of its changes."""
    return set(ask(lambda: _template(stores, url)))


def _template(stores: Stores, url: str) -> list[str]:
    stores.open("template")
    setup.ensure_ready()
    make_demo_officers()
    lists.import_list(NOBODY, actor=CLERK)
    officer = Officer.objects.get(username=ACCOUNT)
    actor = actor_of(officer, POST, agency="IMI")
    for path, carrier in (("/changes", ""), ("/answers", "AIRLINE")):
        wish = outbox.Wish("webhook", url + path, Purpose.BORDER_CONTROL, carrier=carrier)
        outbox.subscribe(officer, actor, wish, by="TEST")
    flight = (KINDS["crossing"].samples / "paxlst" / "flight_d02b.edi").read_bytes()
    for n in range(FLIGHTS):
        one = flight.replace(b"AL260310001", f"AL2603100{n:02}".encode())
        one = one.replace(b"C0123456", f"C01234{n:02}".encode()).replace(b"E12345678", b"E%d" % n)
        take_and_read(one, HandIn(f"flight{n}.edi", "IMI", POST))
    roles.hurry()
    roles.run_worker(True)
    held = Subscription.objects.get(carrier="")
    found: list[str] = []
    cursor = held.cursor
    while True:
        page = writing.door_for(held).changes(cursor=cursor, limit=200)
        found += [change.id for change in page.rows]
        if not page.rows or page.next is None:
            return found
        cursor = page.next


def look(stores: Stores, name: str, truth: set[str]) -> dict[str, Any]:
    """What was received, and what is wrong with it."""
    stores.open(name)
    rows = [json.loads(line) for line in TAKEN.read_text().splitlines()]
    wrong = [f"left {n.state}" for n in Notice.objects.exclude(state__in=("sent", "void"))]
    wrong += [f"void: {n.trouble}" for n in Notice.objects.filter(state="void")]
    by_notice: dict[str, set[str]] = {}
    for row in rows:
        by_notice.setdefault(row["id"], set()).add(row["body"])
    wrong += [f"notice {i} told two things" for i, b in by_notice.items() if len(b) > 1]
    told = Counter(
        item["id"]
        for i, bodies in by_notice.items()
        for body in bodies
        if not body.startswith("UNA")
        for item in json.loads(body)["data"]["items"]
    )
    wrong += [f"lost {each}" for each in truth - set(told)]
    wrong += [f"not to be told: {each}" for each in set(told) - truth]
    wrong += [f"in two notices: {each}" for each, n in told.items() if n > 1]
    answers = [body for b in by_notice.values() for body in b if body.startswith("UNA")]
    kept = sorted(row.sha256 for row in Reply.objects.all())
    if sorted(hashlib.sha256(a.encode("latin-1")).hexdigest() for a in answers) != kept:
        wrong.append("answers received are not those that were made")
    if len(kept) != FLIGHTS:
        wrong.append(f"{len(kept)} answers to {FLIGHTS} lists")
    return {"answers": len(answers), "again": len(rows) - len(by_notice), "problems": wrong}


def main() -> int:
    """Kill until the number is reached; prints what was found."""
    given = options(100).parse_args()
    stores = stores_of()
    kills: Counter[str] = Counter()
    wrong: list[str] = []
    answers = again = count = 0
    with receiving() as url:
        truth = prepare(stores, url)
        while kills.total() < given.kills:
            name, count = f"store{count}", count + 1
            TAKEN.write_text("")
            stores.copy(name)
            fire = Fire(name, random.Random(f"{given.seed}:{name}"), stores)
            fire.burn(min(given.a_store, given.kills - kills.total()))
            fire.end()
            seen = ask(lambda name=name: look(stores, name, truth))  # type: ignore[misc]
            wrong += [f"{name}: {each}" for each in (*fire.failed, *seen["problems"])]
            answers, again = answers + seen["answers"], again + seen["again"]
            kills += fire.kills
            stores.drop(name)
    stores.drop("template")
    told = {"stores": count, "changes": len(truth), "answers": answers, "again": again}
    print(json.dumps({"kills": dict(kills), **told, "problems": wrong[:20]}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
