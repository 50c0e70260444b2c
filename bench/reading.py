"""How fast the reading door is: lists, counts and searches for three readers.

Run `python -m bench.reading`; `--full` fills the store with a million records. `--url postgresql://…`
reads from PostgreSQL (TAPAL_DATABASE_URL does too), `--home FOLDER` keeps the store and uses it again.

For an officer with 300 agreements, one with a single agreement and an auditor, and for an officer of the
busiest agency at his tasks, cases, profiles and map, it prints the server
time of each page before and after ANALYZE: median and p99 warm, and cold, which is a new connection
with nothing remembered (on SQLite nor in the system's cache of files). CPU is that of this process
and of its PostgreSQL server process, where that runs on the same machine: unlike the times it does
not grow when others use the machine. Persons are made up.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import reading_store, reading_work
from bench.road import held

if TYPE_CHECKING:
    from tapal.core.actions import Actor
    from tapal.flow.share import Door

RECORDS = {False: 50_000, True: 1_000_000}
# With two hundred samples two are longer than the p99.
SAMPLES = {False: 100, True: 200}
MEDIAN_MS, COUNT_MS, P99_MS, COLD_MS = 50, 100, 200, 1000
DEEP = 100
Ask = Callable[[], object]
Open = Callable[[], "Door"]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one question."""

    question: str
    median: float
    p99: float
    cold: float
    cpu: float


def main() -> int:
    """Fill, ask, print. The exit code is 1 when a bar is not held."""
    options = _options()
    if options.url:
        os.environ["TAPAL_DATABASE_URL"] = options.url
    home = Path(options.home or tempfile.mkdtemp(prefix="tapal-bench-"))
    os.environ["TAPAL_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"
    import django

    django.setup()
    try:
        return 0 if _run(options.records or RECORDS[options.full], SAMPLES[options.full]) else 1
    finally:
        if not options.home:
            shutil.rmtree(home, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--url", default="")
    parser.add_argument("--home", default="")
    return parser.parse_args()


def _run(number: int, samples: int) -> bool:
    from django.db import connection

    from tapal.flow.setup import ensure_ready
    from tapal.store.models import Record

    reading_store.add_kind()
    ensure_ready()
    form = (
        "the full form" if number >= RECORDS[True] else "the small form: --full for the bars' own"
    )
    print(f"Reading, {number:,} records in the store ({connection.vendor}, {form})", flush=True)
    started = time.monotonic()
    if not Record.objects.exists():
        reading_store.fill(number)
        reading_work.fill(number)
        print(f"  filled in {time.monotonic() - started:.0f} s", flush=True)
    elif Record.objects.count() != number:
        raise SystemExit("bench.reading: there are other records in this store")
    found = [t for analysed in (False, True) for t in _measure_all(analysed, samples)]
    counts = [t for t in found if t.question.startswith("count")]
    pages = [t for t in found if t not in counts]
    return all(
        [
            held("longest median, ms", max(t.median for t in pages), MEDIAN_MS, most=True),
            held("median of counts, ms", max(t.median for t in counts), COUNT_MS, most=True),
            held("longest p99, ms", max(t.p99 for t in found), P99_MS, most=True),
            held("longest cold, ms", max(t.cold for t in found), COLD_MS, most=True),
        ]
    )


def _measure_all(analysed: bool, samples: int) -> Iterator[Times]:
    from django.db import connection

    if analysed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(
        f"\n{'after' if analysed else 'before'} ANALYZE, {samples} samples"
        f"\n{'':42}median ms   p99 ms  cold ms   CPU ms"
    )
    for name, actor, purpose in _readers():
        asked = _work(actor, purpose) if actor.agency == reading_work.BUSIEST else None
        for question, ask in asked or _questions(actor, purpose):
            times = _measure(question, ask, samples)
            print(
                f"{name:16}{question:26}{times.median:9.1f}{times.p99:9.1f}{times.cold:9.1f}"
                f"{times.cpu:9.1f}",
                flush=True,
            )
            yield times


def _work(actor: Actor, purpose: str) -> Iterator[tuple[str, Ask]]:
    from tapal.core.marking import Purpose
    from tapal.flow.share import open_door

    yield from reading_work.questions(lambda: open_door(actor, Purpose(purpose)))


def _readers() -> Iterator[tuple[str, Actor, str]]:
    from tapal.core.actions import Actor

    powers = frozenset({"record.read"})
    oversees = frozenset({"oversight.read", "access.read"})
    yield "300 agreements", Actor("1", "B-1", "B", "DJBC", None, powers), "border_control"
    yield "1 agreement", Actor("2", "B-2", "B", "BARANTIN", None, powers), "border_control"
    yield "auditor", Actor("3", "B-3", "B", "BNPP", None, oversees), "oversight"
    yield "at work", reading_work.officer(), "border_control"


def _questions(actor: Actor, purpose: str) -> Iterator[tuple[str, Ask]]:
    from tapal.core.marking import Purpose
    from tapal.flow.share import open_door

    def door() -> Door:
        return open_door(actor, Purpose(purpose))

    page, before = _deep(lambda before: door().records(before=before).next)
    turned, after = _deep(lambda before: door().alerts(state="open", before=before).next)
    middle = reading_store.START + timedelta(days=reading_store.DAYS // 2, hours=7)
    dice = random.Random(1)
    yield "list, first page", lambda: door().records()
    yield f"list, page {page}", lambda: door().records(before=before)
    yield "list, one post", lambda: door().records(place="PLBN-11")
    yield "list, up to a day", lambda: door().records(until=middle)
    yield "alerts, first page", lambda: door().alerts(state="open")
    yield f"alerts, page {turned}", lambda: door().alerts(state="open", before=after)
    yield "alerts of all states", lambda: door().alerts(state=None)
    yield "count", lambda: door().count()
    yield "count since a day", lambda: door().count(since=middle)
    yield "search, whole number", lambda: door().search(f"X{dice.randrange(10**7):07d}")
    yield "search, beginning", lambda: door().search(f"X{dice.randrange(10**4):04d}")
    yield "search, short beginning", lambda: door().search("X123")
    yield "search, full name", lambda: door().search(f"MARIA {reading_store.family(dice)}")
    yield "search, frequent name", lambda: door().search("MARIA")
    yield "search, nothing", lambda: door().search("ZZZZZZZ")


def _deep(turn: Callable[[str | None], str | None]) -> tuple[int, str | None]:
    """The hundredth page, or the last where there are fewer: its number, and what to ask it with."""
    before, number = None, 1
    while number < DEEP and (following := turn(before)):
        before, number = following, number + 1
    return number, before


def _measure(question: str, ask: Ask, samples: int) -> Times:
    _forget()
    cold = _milliseconds(ask)
    busy = _cpu()
    warm = sorted(_milliseconds(ask) for _ in range(samples))
    cpu = (_cpu() - busy) / samples
    # The smallest that at least 99 of 100 do not exceed.
    return Times(question, statistics.median(warm), warm[math.ceil(samples * 0.99) - 1], cold, cpu)


def _milliseconds(ask: Ask) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def _forget() -> None:
    """Nothing is remembered: as for the first who asks after a start."""
    from django.db import connections

    from tapal.flow import reference
    from tapal.store.queries import keys

    reference.forget()
    keys.forget()
    for alias in connections:
        connection = connections[alias]
        connection.close()
        if connection.vendor == "sqlite":
            with open(connection.settings_dict["NAME"], "rb") as kept:
                os.fsync(kept.fileno())
                os.posix_fadvise(kept.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _cpu() -> float:
    """CPU milliseconds of this process and of the server's process that answers it."""
    from django.db import connection

    spent = time.process_time() * 1000
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        if told.exists():
            spent += int(told.read_text().split()[0]) / 1e6
    return spent


if __name__ == "__main__":
    sys.exit(main())
