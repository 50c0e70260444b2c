"""Kill -9 who works on cases, two at once, again and again, and look at the store and its files.

    python -m tests.crash.case_killing --seed 1 --kills 50

Prints one JSON object: kills by how they came, acts that were acknowledged, and every broken promise.
"""
# Not in the order of the alphabet: the first import of ours starts Django.
# ruff: noqa: I001

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

# First: it names the home and the lease, and starts Django.
from tests.crash.command import options
from tests.crash.killing import ask, fork, stores_of
from tests.crash import moments

from django.db import OperationalError

from tapal.core.cases import STEPS, CaseOutcome
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import cases, setup
from tapal.flow.cases.attachments import whole
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn
from tapal.flow.officers import actor_of
from tapal.flow.records import told
from tapal.flow.report import hand_in
from tapal.flow.share import Door, open_door
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Attachment, Case, CaseEntry, EventContent, Officer, Record
from tests.crash.stores import Stores

CLERKS = ("imi.motaain.kepala", "imi.motaain.ttd")
LONGEST_SECONDS = 0.3
PATIENCE_SECONDS = 5
MOST_CASES = 6
MOMENTS = moments.OF_CASES["clerk"]
PERSON = """\
name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,direction,post,time,mode
"SOARES, MARIA",F,1988-02-14,TLS,passport,C0123456,TLS,2025-06-30,entry,PLBN-11,2026-11-24T08:12:00,foot
"""
# How an entry's own line is told again, and what makes a case open or offered once more.
_AGAIN = {"case.removed", "case.restored"}


def work(username: str, seed: str, mouth: int) -> None:
    """A clerk does one act after another; the line of each is acknowledged when it has returned."""
    rng = random.Random(seed)
    officer = Officer.objects.get(username=username)
    while True:
        actor = actor_of(officer, "PLBN-11")
        try:
            made = act(rng, open_door(actor, purposes_of(actor)[0]))
        except (Denied, Missing, Rejected, OperationalError):
            continue
        if made is not None:
            os.write(mouth, f"{made.pk}\n".encode())


def act(rng: random.Random, door: Door) -> CaseEntry | None:
    """Something that a clerk may do to some case; gives the line that it made, where it made one."""
    actor, held = door.actor, list(Case.objects.values_list("pk", flat=True))
    if len(held) < MOST_CASES and (not held or rng.random() < 0.05):
        record = Record.objects.values_list("pk", flat=True)[0]
        cases.open_with("Kurir", "record", record, door=door, sealed=rng.random() < 0.3)
        return None
    case, number = rng.choice(held), rng.random()
    if number < 0.3:
        return cases.write(case, "note", f"catatan {rng.random()}", actor=actor)
    if number < 0.6:
        return cases.attach(case, "surat.pdf", f"%PDF-{rng.randint(1, 20)}".encode(), actor=actor)
    if number < 0.75:
        lines = CaseEntry.objects.filter(case=case).exclude(sort__in=STEPS)
        line = rng.choice(list(lines))
        change = cases.take_out if line.undone_at is None else cases.restore
        return change(case, line.pk, door=door)
    if number < 0.85:
        cases.add_member(
            case, *rng.choice([("IMI-0003", "IMI"), ("KRT-0002", "BARANTIN")]), actor=actor
        )
    elif number < 0.9:
        cases.offer(case, "BARANTIN", "ambil alih", actor=actor)
    elif number < 0.95:
        cases.withdraw(case, actor=actor)
    elif Case.objects.get(pk=case).state == "open":
        cases.close(case, CaseOutcome.UNFOUNDED, "bukan", actor=actor)
    else:
        cases.reopen(case, "ada lagi", actor=actor)
    return None


def problems(acknowledged: set[str]) -> list[str]:
    """Everything that is wrong with the cases of this store."""
    return [*_lines(acknowledged), *_files(), *_states()]


def _lines(acknowledged: set[str]) -> Iterator[str]:
    """What was acknowledged is there; each line is told once, and taken out as often as it is told."""
    lines = {str(e.pk): e for e in CaseEntry.objects.all()}
    if gone := acknowledged - lines.keys():
        yield f"{len(gone)} acknowledged lines are gone"
    made: Counter[str] = Counter()
    turned: Counter[str] = Counter()
    rows = EventContent.objects.filter(event__type__startswith="case.")
    for type_, content in rows.values_list("event__type", "content"):
        if entry := told(content).get("entry"):
            (turned if type_ in _AGAIN else made)[entry] += 1
    for pk, line in lines.items():
        if line.sort != "opened" and made[pk] != 1:
            yield f"line {pk} ({line.sort}) is told {made[pk]} times"
        if (turned[pk] % 2 == 1) != (line.undone_at is not None):
            yield f"line {pk} was turned {turned[pk]} times and is taken out: {line.undone_at}"
    if strange := made.keys() - lines.keys():
        yield f"{len(strange)} lines are told and not there"


def _files() -> Iterator[str]:
    """No line of a file without its whole bytes, and no file's line without its file."""
    for held in Attachment.objects.select_related("entry"):
        if whole(held.entry.case_id, held.sha256) is None:
            yield f"the bytes of {held.pk} are not whole"
    bare = CaseEntry.objects.filter(sort="file", attachment__isnull=True).count()
    if bare:
        yield f"{bare} lines of files without a file"


def _states() -> Iterator[str]:
    told_of: dict[str, Counter[str]] = defaultdict(Counter)
    rows = EventContent.objects.filter(event__type__startswith="case.")
    for type_, subject in rows.values_list("event__type", "event__subject"):
        told_of[subject][type_] += 1
    for case in Case.objects.all():
        seen = told_of[str(case.pk)]
        if (seen["case.closed"] > seen["case.reopened"]) != (case.state == "closed"):
            yield f"case {case.pk} is {case.state} after {dict(seen)}"
        answered = seen["case.withdrawn"] + seen["case.declined"] + seen["case.handed_over"]
        if (seen["case.offered"] > answered) != bool(case.offered_to):
            yield f"case {case.pk} is offered to {case.offered_to!r} after {dict(seen)}"
        # Opened from a record: neither stands without the other.
        if not CaseEntry.objects.filter(case=case, sort="record").exists():
            yield f"case {case.pk} was opened without what it was opened from"


def under_fire(stores: Stores, rng: random.Random, kills: int) -> tuple[Counter[str], set[str]]:
    """Two clerks at once, each killed at a named moment or at any; what they had acknowledged."""
    died: Counter[str] = Counter()
    acknowledged: set[str] = set()
    while died.total() < kills:
        alive = []
        for username in CLERKS:
            ear, mouth = os.pipe()
            least = sorted(MOMENTS, key=lambda moment: (died[moment], rng.random()))
            moment = least[0] if rng.random() < 0.8 else ""
            seed, times = str(rng.random()), rng.randint(1, 2)

            def clerk(
                username: str = username, moment: str = moment, seed: str = seed,
                times: int = times, mouth: int = mouth,
            ) -> None:  # fmt: skip
                stores.open("store")
                if moment:
                    moments.arm(moment, times, signal.SIGKILL)
                work(username, seed, mouth)

            alive.append((fork(clerk), moment, ear))
            os.close(mouth)
        # From the first that has done something, or died, on: on a busy machine that takes a while.
        select.select([ear for _, _, ear in alive], [], [], PATIENCE_SECONDS)
        time.sleep(rng.uniform(0.02, LONGEST_SECONDS))
        for pid, moment, ear in alive:
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if not os.WIFSIGNALED(status):
                raise SystemExit(f"case_killing: a clerk ended with {status}")
            died[moment if ended and moment else "at random"] += 1
            with os.fdopen(ear) as said:
                # The last line may be cut: it was not acknowledged.
                acknowledged |= {line for line in said.read().split("\n") if len(line) == 36}
    return died, acknowledged


def main() -> int:
    """Kill until the number is reached; prints what was found."""
    given = options(50, a_store=None).parse_args()
    stores = stores_of()

    def make() -> None:
        stores.open("template")
        setup.ensure_ready()
        make_demo_officers()
        hand_in(PERSON.encode(), HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001"))

    ask(make)
    stores.copy("store")
    died, acknowledged = under_fire(stores, random.Random(given.seed), given.kills)

    def look() -> dict[str, Any]:
        stores.open("store")
        return {
            "cases": Case.objects.count(),
            "lines": CaseEntry.objects.count(),
            "files": Attachment.objects.count(),
            "problems": problems(acknowledged),
        }

    seen = ask(look)
    told_now = {"kills": dict(died), "acknowledged": len(acknowledged), **seen}
    print(json.dumps(told_now, indent=1))
    for name in ("store", "template"):
        stores.drop(name)
    return 1 if seen["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
