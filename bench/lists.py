"""How fast a change of a list goes live: `python -m bench.lists [SIZE] [CHANGES] [--home FOLDER]`.

Makes a list of SIZE invented entries, puts a version with CHANGES changes in force as a second person
does, and waits until it is asked, while another thread goes on asking. Prints the seconds of each step,
by the clock and of CPU of its thread, the look-ups meanwhile, and whether the bar is met. Importing and
indexing 200,000 entries takes some minutes: with `--home` they are kept, and the next run changes them again.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench import home
from tapal.engines.screening import Query

T = TypeVar("T")
SIZE, CHANGES = 200_000, 1_000
WORDS = 30_000
ROLL = "sanctions"
BAR_SECONDS = 1.0
QUERY = Query("Person", ("KALO BERE",), birth_date="1980-01-01")


def main() -> int:
    """Measure it; 1 where the bar is missed."""
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("size", type=int, nargs="?", default=SIZE)
    parse.add_argument("changes", type=int, nargs="?", default=CHANGES)
    parse.add_argument("--home", type=Path, help="a folder in which the list is kept")
    given = parse.parse_args()
    if given.home is None:
        home.fresh()
    else:
        given.home.mkdir(parents=True, exist_ok=True)
        home.open_home(given.home)
    return 0 if measure(given.size, given.changes) else 1


def measure(size: int, changes: int) -> bool:
    """Import where there is no list yet, draft, publish, take over. Whether it was live in time."""
    from tapal.core.actions import Actor
    from tapal.flow import lists
    from tapal.store.models import Roll

    both = frozenset({lists.EDIT, lists.APPROVE})
    operator, second = (Actor("0", f"BENCH-{n}", "Bench", "", None, both) for n in (1, 2))
    turn = Roll.objects.get(pk=ROLL).version
    if not turn:
        turn, first = 1, table(size, changes, 0)
        took("import", lambda: lists.import_list(first, actor=operator, roll=ROLL))
    took("index", ask)
    later = table(size, changes, turn)
    made, _ = took("draft", lambda: lists.draft((later,), actor=operator, roll=ROLL))
    row = made.versions[0]
    print(f"{row.added} added, {row.changed} changed, {row.removed} removed")
    with Asking() as asking:
        _, publishing = took("publish", lambda: lists.publish(row.pk, actor=second))
        _, taking = took("take over", wait_for_it)
    held = publishing + taking < BAR_SECONDS
    print(f"{asking.said()}; live in {publishing + taking:.2f} s (bar {BAR_SECONDS:.0f}):", end=" ")
    print("met" if held else "MISSED")
    return held


def took(name: str, step: Callable[[], T]) -> tuple[T, float]:
    """Do a step and print its seconds; what it gave, and those by the clock."""
    start, spent = time.perf_counter(), time.thread_time()
    found = step()
    clock, cpu = time.perf_counter() - start, time.thread_time() - spent
    print(f"{name}: {clock:.2f} s, {cpu:.2f} s of CPU", flush=True)
    return found, clock


def ask() -> None:
    """One look-up as the road makes it."""
    from tapal.flow.listed import current

    current().index.match(QUERY)


def wait_for_it() -> None:
    """Ask until the newest state of the lists answers, whichever thread takes it over."""
    from tapal.flow.listed import LISTS, current
    from tapal.flow.reference import version

    while current().position < version(LISTS):
        time.sleep(0.001)
    ask()


class Asking:
    """A thread that asks the lists on and on."""

    def __init__(self) -> None:
        self.spent: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def said(self) -> str:
        """How many look-ups went on meanwhile, and how long the slowest took."""
        held = sorted(self.spent)
        middle, last = 1000 * held[len(held) // 2], 1000 * held[-1]
        return f"{len(held)} look-ups meanwhile, median {middle:.1f} ms, slowest {last:.0f} ms"

    def _run(self) -> None:
        ask()
        while not self._stop.is_set():
            start = time.perf_counter()
            ask()
            self.spent.append(time.perf_counter() - start)


def table(size: int, changes: int, turn: int) -> bytes:
    """A list as CSV: each turn so many entries are changed, added or removed, one in five each of the last two."""
    chance = random.Random(7)
    words = [
        "".join(chance.choices("abdegiklmnoprstu", k=chance.randint(4, 8))) for _ in range(WORDS)
    ]
    lines = ["id,name,dob,nationality"]
    for n in range(size):
        name = " ".join(chance.choices(words, k=chance.choice((2, 3, 3, 4))))
        year, month = 1940 + chance.randrange(65), chance.randint(1, 12)
        place = n / changes if changes else 1.0
        if place < 0.6:
            year -= turn % 30
        elif place < 1.0 and (place < 0.8) == (turn % 2 == 0):
            continue
        lines.append(f"B-{n},{name.upper()},{year}-{month:02}-11,TLS")
    return "\n".join(lines).encode()


if __name__ == "__main__":
    sys.exit(main())
