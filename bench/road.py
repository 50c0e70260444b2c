"""The road from bytes to numbered events: records a CPU second in a small store and in a full one.

Run `python -m bench.road`; `--full` fills the store with a million records, `--profiles` puts five risk
profiles of twenty rows in force before. Listings come from the
shared reference data (TAPAL_SHARED, or ../shared beside the checkout) where it is there, else they
are made up. On SQLite, in a temporary folder.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path

from bench import home, traffic

ROOT = Path(__file__).resolve().parent.parent
LISTINGS = 20_000
ROWS_A_MESSAGE = 1000
# Records: the whole store, and of them how many are measured at its beginning and at its end.
MODEST = (50_000, 5_000)
FULL = (1_000_000, 100_000)
# Crossings from so late in the table that nothing measured is about the same people.
WARM_UP = 900_000
BARS = {True: 600, False: 1000}
STEADY = 0.70
RSS_MB = 250


@dataclass(slots=True)
class Spent:
    """CPU seconds of a stretch of the road, by step."""

    read: float = 0.0
    work: float = 0.0
    number: float = 0.0

    def rate(self, records: int) -> float:
        """Records a CPU second over all steps."""
        return records / (self.read + self.work + self.number)


def intake(first: int, records: int) -> Spent:
    """Bring crossings in, message by message, each worked and its events numbered before the next."""
    from tapal.flow.intake import HandIn, take_and_read
    from tapal.flow.sequence import number_all
    from tapal.flow.work import work_all

    spent = Spent()
    for start in range(first, first + records, ROWS_A_MESSAGE):
        data = traffic.table(start, min(ROWS_A_MESSAGE, first + records - start))
        began = time.process_time()
        reading = take_and_read(data, HandIn(source=f"bench-{start}"))
        read = time.process_time()
        done = work_all()
        worked = time.process_time()
        number_all()
        spent.number += time.process_time() - worked
        spent.work += worked - read
        spent.read += read - began
        bad = [item for item in reading.items if item.status != "record"]
        if bad or done.records < len(reading.items):
            raise SystemExit(f"bench.road: {len(bad)} items were refused, {done.records} worked")
    return spent


def listings() -> bytes:
    """Twenty thousand entries of a list, as CSV."""
    shared = Path(os.environ.get("TAPAL_SHARED") or ROOT.parent / "shared")
    given = shared / "data/screening/entities.csv.gz"
    if given.is_file():
        return gzip.decompress(given.read_bytes())
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["id", "schema", "name", "dob", "nationality", "doc_number", "gender"])
    for number in range(LISTINGS):
        surname, given_names, sex, born, state, _, document, *_ = traffic.traveller(-1 - number)
        name = f"{given_names} {surname}".strip()
        table.writerow([f"L{number}", "Person", name, born, state, document, sex])
    return out.getvalue().encode()


def bring_lists() -> None:
    """Import the listings by a process of its own, as `tapal lists import` is one beside the worker."""
    command = "import django; django.setup(); from bench import road; road.import_lists()"
    subprocess.run([sys.executable, "-c", command], check=True, cwd=ROOT)


def import_lists() -> None:
    """Import the listings into the home that the environment names."""
    from tapal.core.actions import Actor
    from tapal.flow.lists import EDIT, import_list

    clerk = Actor("0", "BENCH-0", "Bench", "", None, frozenset({EDIT}))
    made = import_list(listings(), actor=clerk, roll="sanctions", shape="csv")
    if made.versions[0].added < LISTINGS:
        raise SystemExit(f"bench.road: only {made.versions[0].added} listings came in")


def bring_profiles() -> None:
    """Put five profiles of twenty rows in force for the owner of what comes in."""
    from datetime import timedelta

    from django.utils import timezone

    from bench.profiles import table
    from tapal.core.profiles import Row, Verdict
    from tapal.flow.profiles.live import CURSOR
    from tapal.flow.reference import bump
    from tapal.store.models import Finding, Profile, Record

    # One profile's last row fits Malaysians who come in: so that there is something to write, too.
    fits = Row((("MYS",), ("entry",), None, None, None), Verdict.LOOK)
    some = replace(table(20), rows=(*table(19).rows, fits))
    now = timezone.now()
    owner, said = Record.objects.values_list("owner", flat=True)[0], {"id": "Uji", "en": "Bench"}
    Profile.objects.bulk_create(
        Profile(name=f"bench-{n}", version=1, owner_id=owner, kind="crossing", label=said, ground=said,
                table=(table(20) if n else some).json(), sensitivity=1, sha256="", state="in_force", changed_at=now,
                in_force_at=now, valid_to=(now + timedelta(days=30)).date())
        for n in range(5)
    )  # fmt: skip
    bump(CURSOR)
    intake(WARM_UP + ROWS_A_MESSAGE, ROWS_A_MESSAGE)
    if not Finding.objects.filter(rule="profile_hit").exists():
        raise SystemExit("bench.road: no profile said anything")


def measure(whole: int, part: int, screening: bool) -> bool:
    """Measure one store; prints each bar and what was reached. True when all hold."""
    home.fresh()
    if screening:
        bring_lists()
    from tapal.flow import listed

    # As the worker does before its first batch.
    listed.make_ready()
    intake(WARM_UP, ROWS_A_MESSAGE)
    if "--profiles" in sys.argv:
        bring_profiles()
    first = intake(0, part)
    began = time.monotonic()
    for _ in home.multiply((whole - part) // part - 1):
        pass
    filled = time.monotonic() - began
    last = intake(part, part)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'with' if screening else 'without'} screening (filled in {filled:.0f} s)")
    for name, spent in (("first", first), ("last", last)):
        steps = "  ".join(
            f"{f.name} {getattr(spent, f.name) / part * 1e6:.0f}" for f in fields(Spent)
        )
        print(f"  {name} {part:,}: {spent.rate(part):.0f} records/CPU s   (us a record: {steps})")
    return all(
        [
            held("records/CPU s, last", last.rate(part), BARS[screening]),
            held("last to first", last.rate(part) / first.rate(part), STEADY),
            held("peak RSS MB", rss, RSS_MB, most=True),
        ]
    )


def held(name: str, value: float, bar: float, *, most: bool = False) -> bool:
    """Print a bar and what was reached; True when it holds."""
    good = value <= bar if most else value >= bar
    sign = "<=" if most else ">="
    print(f"  {name:<22} {value:>9.2f}  {sign} {bar:<7g} {'held' if good else 'NOT HELD'}")
    return good


def main() -> int:
    """Measure with and without screening, each in a process of its own."""
    whole, part = FULL if "--full" in sys.argv else MODEST
    for way in ("--with", "--without"):
        if way in sys.argv:
            return 0 if measure(whole, part, way == "--with") else 1
    print(f"The road, {whole:,} records in the store", flush=True)
    codes = [
        subprocess.run([sys.executable, "-m", "bench.road", way, *sys.argv[1:]]).returncode
        for way in ("--with", "--without")
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
