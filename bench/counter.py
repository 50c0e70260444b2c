"""The counter's answer while bulk intake runs: a scan handed in, stored, screened, assessed, told.

Run `python -m bench.counter`; `--full` waits for a thousand travellers and fills the store with a
million records first. On SQLite, in a temporary folder.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench import home, road, traffic
from tapal.formats.mrz_writer import Values, compose

BAR_MS = 300
TRAVELLERS = (200, 1000)
RECORDS = (5_000, 1_000_000)
# A traveller steps up this often; an officer needs longer, so this is the harder case.
EVERY_SECONDS = 0.15
BULK = "--bulk"


def scan(number: int) -> bytes:
    """The machine readable zone of a traveller's passport."""
    surname, given, sex, born, state, _, document, _, expires = traffic.traveller(number)
    values = Values(
        layout="TD3",
        document_code="P",
        issuing_state=state,
        document_number=document,
        nationality=state,
        birth=born[2:].replace("-", ""),
        sex=sex,
        expiry=expires[2:].replace("-", ""),
        primary_identifier=surname,
        secondary_identifier=given,
    )
    return compose(values).encode()


def bulk(folder: str) -> None:
    """Bring tables in until killed: read by a process that is not the counter's."""
    home.open_home(Path(folder))
    first = 400_000
    while True:
        road.intake(first, road.ROWS_A_MESSAGE)
        first += road.ROWS_A_MESSAGE


def answers(travellers: range) -> list[float]:
    """Milliseconds from the scan to the answer, its write included, traveller by traveller."""
    from tapal.flow.counter import answer_now
    from tapal.flow.intake import HandIn
    from tapal.flow.report import report
    from tapal.store.models import Record

    taken: list[float] = []
    for number in travellers:
        data = scan(number)
        began = time.perf_counter()
        reading = answer_now(data, HandIn(source="counter", post="PLBN-11", by="IMI-1"))
        told = report(reading, "counter", "id")
        taken.append((time.perf_counter() - began) * 1000)
        if told["records"] != 1 or not Record.objects.get(pk=reading.items[0].id).worked:
            raise SystemExit(f"bench.counter: traveller {number} got no answer")
        time.sleep(max(0.0, EVERY_SECONDS - taken[-1] / 1000))
    return taken


def measure(travellers: int, records: int) -> bool:
    """Measure with and without bulk beside it; prints each bar and what was reached. True when it holds."""
    folder = home.fresh()
    from tapal.store.models import Record

    road.bring_lists()
    road.intake(0, min(records, 5_000))
    for _ in home.multiply(records // 5_000 - 1):
        pass
    answers(range(travellers, travellers + 5))  # to warm up
    print(f"The counter, {records:,} records in the store", flush=True)
    before = Record.objects.count()
    command = [sys.executable, "-m", "bench.counter", BULK, str(folder)]
    with subprocess.Popen(command, env=os.environ | {"TAPAL_HOME": str(folder)}) as beside:
        try:
            while Record.objects.count() < before + road.ROWS_A_MESSAGE:
                time.sleep(0.1)
            began = time.monotonic()
            taken = sorted(answers(range(travellers)))
            rate = (Record.objects.count() - before) / (time.monotonic() - began)
        finally:
            beside.kill()
    p99 = taken[int(len(taken) * 0.99) - 1]
    middle = statistics.median(taken)
    print(
        f"  beside {rate:.0f} records/s of bulk: median {middle:.0f} ms, longest {taken[-1]:.0f} ms"
    )
    return road.held("answer at p99, ms", p99, BAR_MS, most=True)


def main() -> int:
    """Measure, or be the bulk beside the counter."""
    if BULK in sys.argv:
        bulk(sys.argv[sys.argv.index(BULK) + 1])
    size = 1 if "--full" in sys.argv else 0
    return 0 if measure(TRAVELLERS[size], RECORDS[size]) else 1


if __name__ == "__main__":
    sys.exit(main())
