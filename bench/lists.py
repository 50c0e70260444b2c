"""How fast a change of a list goes live: `python -m bench.lists [SIZE] [CHANGES]`, in a home of its own.

Makes a list of SIZE invented entries, puts a version with CHANGES changes in force as a second person
does, and takes it over, while another thread goes on asking. Prints the seconds of each step and the
slowest look-up meanwhile.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SIZE, CHANGES = 200_000, 1_000
WORDS = 30_000


def main() -> None:
    """Measure it in a fresh home."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    changes = int(sys.argv[2]) if len(sys.argv) > 2 else CHANGES
    with tempfile.TemporaryDirectory(prefix="tapal-bench-") as home:
        os.environ["TAPAL_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")
        import django

        django.setup()
        from tapal.flow.setup import ensure_ready

        ensure_ready()
        measure(size, changes)


def measure(size: int, changes: int) -> None:
    """Import, draft, publish, take over; each with its seconds."""
    from tapal.core.actions import Actor
    from tapal.flow import lists
    from tapal.flow.listed import current

    both = frozenset({lists.EDIT, lists.APPROVE})
    operator, second = (Actor("0", f"BENCH-{n}", "Bench", "", None, both) for n in (1, 2))
    took("import", lambda: lists.import_list(table(size), actor=operator, roll="sanctions"))
    took("index", current)
    made = took(
        "draft", lambda: lists.draft((table(size, changes),), actor=operator, roll="sanctions")
    )
    with Asking() as asking:
        took("publish", lambda: lists.publish(made.versions[0].pk, actor=second))
        took("take over", lambda: (current(), current().index.match(asking.query)))
    print(f"{asking.asked} look-ups meanwhile, the slowest {1000 * asking.slowest:.0f} ms")


def took(name: str, step: Callable[[], T]) -> T:
    """Do a step and print its seconds."""
    start = time.perf_counter()
    found = step()
    print(f"{name}: {time.perf_counter() - start:.2f} s", flush=True)
    return found


class Asking:
    """A thread that asks the lists on and on."""

    def __init__(self) -> None:
        from tapal.engines.screening import Query

        self.query = Query("Person", ("KALO BERE",), birth_date="1980-01-01")
        self.asked, self.slowest = 0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        from tapal.flow.listed import current

        while not self._stop.is_set():
            start = time.perf_counter()
            current().index.match(self.query)
            self.slowest = max(self.slowest, time.perf_counter() - start)
            self.asked += 1


def table(size: int, changed: int = 0) -> bytes:
    """A list as CSV; of the second one so many entries have another birth date."""
    chance = random.Random(7)
    words = [
        "".join(chance.choices("abdegiklmnoprstu", k=chance.randint(4, 8))) for _ in range(WORDS)
    ]
    lines = ["id,name,dob,nationality"]
    for n in range(size):
        name = " ".join(chance.choices(words, k=chance.choice((2, 3, 3, 4))))
        year = 1940 + chance.randrange(65) - (1 if n < changed else 0)
        lines.append(f"B-{n},{name.upper()},{year}-{chance.randint(1, 12):02}-11,TLS")
    return "\n".join(lines).encode()


if __name__ == "__main__":
    main()
