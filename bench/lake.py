"""How fast the lake's named questions are.

Run `python -m bench.lake`; `--full` fills the lake with a million records. Prints the time of each
question of the dashboard from a compacted lake, for an auditor at all posts and for one post: cold is the
first asking of a process, warm the median of nine; nothing is remembered between them but open files.
CPU does not grow when others use the machine. The bar is 300 ms. Also how long building takes, per
million events, and what lies on the disk.
Persons are made up: there are none.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import home

SMALL, FULL = 50_000, 1_000_000
COMMIT = 20_000
BAR_MS = 300.0
ASKED = 9
DAYS = 365
END = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLACES = [f"PLBN-{n:02}" for n in range(1, 19)]
STATES = ("IDN", "TLS", "MYS", "PNG", "AUS", "CHN", "USA", "PHL", "IND", "GBR")
WAYS, MODES = ("entry", "exit"), ("foot", "car", "bus", "motorcycle", "boat")
REASONS = ("list_match:local", "overstay", "document_expired", "impossible_journey")


# Any: a row's values as the lake's columns take them.
def rows_of(number: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """So many records of a year, a tenth of them consignments; one in ten with an alert and its end,
    one in fifty with a task, one in twenty revised."""
    seq = 0
    for subject in range(number):
        at = END - timedelta(seconds=DAYS * 86_400 * (1 - subject / number))
        place = dice.choice(PLACES)
        for told in _story(subject, at, place, dice):
            seq += 1
            yield {**told, "seq": seq}


def _story(subject: int, at: datetime, place: str, dice: random.Random) -> Iterator[dict[str, Any]]:
    goods = subject % 10 == 0
    kind, owner = ("phyto", "BARANTIN") if goods else ("crossing", "IMI")
    body = _goods(dice) if goods else _person(dice)
    yield {**_event("record.received", subject, at, place, owner, kind), **body}
    if subject % 20 == 1:
        later = at + timedelta(hours=2)
        changed = {**body, "f_direction": dice.choice(WAYS)}
        told = _event("record.revised", subject, later, place, owner, kind)
        yield {**told, **changed, "local_day": (at + timedelta(hours=8)).date()}
    if subject % 10 == 3:
        yield from _alert(subject, at, place, dice)
    if subject % 50 == 7:
        due = {"name": "examine", "due_at": at + timedelta(minutes=30)}
        yield {**_event("task.opened", subject, at, place, owner, kind), **due}
        if dice.random() < 0.8:
            done = at + timedelta(minutes=dice.randrange(90))
            yield {**_event("task.closed", subject, done, place, owner, kind), **due}


def _alert(subject: int, at: datetime, place: str, dice: random.Random) -> Iterator[dict[str, Any]]:
    reason = {"name": dice.choice(REASONS)}
    yield {**_event("alert.opened", subject, at, place, "IMI", "crossing"), **reason}
    taken = at + timedelta(minutes=dice.randrange(1, 60))
    yield {**_event("alert.taken", subject, taken, place, "IMI", "crossing"), **reason}
    if dice.random() < 0.9:
        end = _event(
            "alert.closed", subject, taken + timedelta(minutes=9), place, "IMI", "crossing"
        )
        yield {**end, **reason, "outcome": dice.choice(("true", "false", "explained"))}


def _event(
    type_: str, subject: int, at: datetime, place: str, owner: str, kind: str
) -> dict[str, Any]:
    there = at + timedelta(hours=8)
    return {
        "month": f"{at:%Y-%m}",
        "type": type_,
        "at": at,
        "node": "bench",
        "scope": f"{owner}|{kind}|2",
        "owner": owner,
        "kind": kind,
        "sensitivity": 2,
        "place": place,
        "subject": subject * 2_654_435_761 % 2**62,
        "occurred_at": at,
        "occurred_known": True,
        "received_at": at,
        "local_day": there.date(),
        "local_hour": there.hour,
    }


def _person(dice: random.Random) -> dict[str, Any]:
    return {
        "f_direction": dice.choice(WAYS),
        "f_capture": "form" if dice.random() < 0.8 else "carrier_list",
        "f_mode": dice.choice(MODES),
        "f_person__nationality": dice.choice(STATES),
        "f_person__sex": dice.choice("MF"),
        "f_document__document_class": dice.choice(("passport", "border_pass")),
    }


def _goods(dice: random.Random) -> dict[str, Any]:
    return {
        "f_statement": "certificate" if dice.random() < 0.7 else "inspection",
        "f_direction": dice.choice(("import", "export")),
        "f_state": dice.choice(("open", "held", "released", "refused")),
        "f_items__net_weight__value": [dice.randrange(10**9) for _ in range(3)],
        "f_items__commodity": ["seed", "fruit"],
    }


def fill(folder: Path, number: int) -> tuple[int, float]:
    """Write the lake commit by commit and compact it; gives how many events and CPU seconds."""
    from tapal.engines.lake.table import LakeTable, Mark
    from tapal.flow.lake_rows import all_columns

    made = LakeTable(folder, all_columns())
    batch: list[dict[str, Any]] = []
    events, spent = 0, 0.0

    def commit() -> None:
        nonlocal spent
        start = time.process_time()
        made.append(batch, Mark(events, str(events), END.isoformat()))
        spent += time.process_time() - start
        batch.clear()

    for row in rows_of(number, random.Random(20261124)):
        batch.append(row)
        events += 1
        if len(batch) == COMMIT:
            commit()
    if batch:
        commit()
    start = time.process_time()
    made.known_until(END.isoformat())
    made.compact(END)
    return events, spent + time.process_time() - start


def measure(
    folder: Path, place: str | None
) -> Iterator[tuple[str, tuple[float, float, float], int]]:
    """Each question's name with its milliseconds cold, warm and of CPU, and how many rows it gave."""
    from tapal.engines.lake.ask import Allowed, LakeReader
    from tapal.flow.figures import QUESTIONS, Window
    from tapal.flow.figures.door import expression_of
    from tapal.flow.lake_rows import all_columns

    scopes = frozenset({"IMI|crossing|2", "BARANTIN|phyto|2"})
    window = Window(date(2025, 11, 25), date(2026, 11, 24), END)
    reader = LakeReader(folder, all_columns())
    reader.run(lambda events: events.limit(1))
    for name, question in QUESTIONS.items():
        ask = expression_of(question, (Allowed(scopes, place),), window)
        times, spent = [], []
        for _ in range(ASKED + 1):
            start, cpu = time.perf_counter(), time.process_time()
            rows = reader.run(ask)
            times.append((time.perf_counter() - start) * 1000)
            spent.append((time.process_time() - cpu) * 1000)
        warm, cpu_warm = statistics.median(times[1:]), statistics.median(spent[1:])
        yield name, (times[0], warm, cpu_warm), len(rows)


def main() -> int:
    """Fill, measure, print; the exit code is 1 when a question is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    home.fresh()
    number, slow = FULL if given.full else SMALL, 0
    with tempfile.TemporaryDirectory(prefix="tapal-lake-") as scratch:
        folder = Path(scratch)
        events, spent = fill(folder, number)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        per_million = spent * 1e6 / events
        print(f"{number:,} records, {events:,} events: {per_million:.1f} CPU s a million events")
        print(f"on the disk, with what compaction replaced: {size / 1e6:.0f} MB")
        print(f"{'':28}{'cold ms':>9}{'warm ms':>9}{'CPU ms':>9}{'rows':>6}   bar {BAR_MS:.0f} ms")
        for where in (None, "PLBN-11"):
            print(f"a year, {where or 'all posts'}")
            for name, (cold, warm, cpu), rows in measure(folder, where):
                over = warm > BAR_MS
                slow += over
                said = "OVER" if over else "ok"
                print(f"  {name:26}{cold:9.0f}{warm:9.0f}{cpu:9.0f}{rows:6}   {said}")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
