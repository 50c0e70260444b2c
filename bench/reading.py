"""How fast the reading door is with many records: lists, counts and searches for three readers.

    python bench/reading.py [--records 1000000] [--url postgresql://…] [--home FOLDER] [--keep]

Fills a store of its own with synthetic rows by plain inserts, then prints, for an officer with 300
agreements, one with a single agreement and an auditor, the server time of each page before and
after ANALYZE. Persons are made up.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 880
OWNERS = 300
LEVELS = (0, 1, 2)
PLACES = [f"PLBN-{n:02d}" for n in range(1, 19)]
GIVEN = "MARIA JOSE YOHANES THERESIA DOMINGOS FRANSISKA AGUSTINUS SITI BUDI DEWI PETRUS YAKOB"
SYLLABLES = "SO A RES PE REI RA DA COS TA BE TE LU AN WAL LY HAR TO NO NA HAK MA LI EK SE RAN"


def main() -> int:
    """Fill, ask, print."""
    options = _options()
    if options.url:
        os.environ["TAPAL_DATABASE_URL"] = options.url
    home = Path(options.home or tempfile.mkdtemp(prefix="tapal-bench-"))
    os.environ["TAPAL_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tapal.web.settings"
    import django

    django.setup()
    try:
        _run(options.records)
    finally:
        if not (options.keep or options.home):
            shutil.rmtree(home, ignore_errors=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--url", default=os.environ.get("TAPAL_DATABASE_URL", ""))
    parser.add_argument("--home", default="")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def _run(number: int) -> None:
    from django.db import connection

    from tapal.flow.setup import ensure_ready
    from tapal.store.models import Record

    _add_kind()
    ensure_ready()
    started = time.perf_counter()
    if Record.objects.count() < number:
        with _open_wall():
            _fill(number)
        print(
            f"{number} records filled in {time.perf_counter() - started:.0f} s ({connection.vendor})"
        )
    for analysed in (False, True):
        if analysed:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            # SQLite reads its statistics when a connection opens.
            connection.close()
        print(
            f"\n{'after' if analysed else 'before'} ANALYZE"
            f"{'':25}median ms   p99 ms  cold ms   CPU ms"
        )
        for name, reader in _readers().items():
            _measure(name, reader)


# --- the store ------------------------------------------------------------------------------


def _add_kind() -> None:
    """A kind with the fields that the questions are about."""
    from bench.bench_kind import BENCH
    from tapal import kinds

    kinds.KINDS["bench"] = BENCH  # type: ignore[index]


@contextmanager
def _open_wall() -> Iterator[None]:
    """COPY does not pass row-level security; the wall stands again before anything is measured."""
    from django.db import connection

    def turn(way: str) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for table in ("store_record", "store_key"):
                    cursor.execute(f"ALTER TABLE {table} {way} ROW LEVEL SECURITY")

    turn("DISABLE")
    yield
    turn("ENABLE")


def _fill(number: int) -> None:
    from django.db import transaction

    from tapal.store.models import Agency, Agreement, Scope

    with transaction.atomic():
        Agency.objects.bulk_create(
            [
                Agency(
                    code=f"OWN{n}",
                    name_id=f"o{n}",
                    name_en=f"o{n}",
                    role="bench",
                    confidence="unchecked",
                )
                for n in range(OWNERS)
            ],
            ignore_conflicts=True,
        )
        Scope.objects.bulk_create(
            [
                Scope(owner_id=f"OWN{n}", kind="bench", sensitivity=level)
                for n in range(OWNERS)
                for level in LEVELS
            ]
        )
        for taker, givers in (("DJBC", range(OWNERS)), ("BARANTIN", [7])):
            Agreement.objects.bulk_create(
                [_agreement(taker, n, index) for index, n in enumerate(givers)]
            )
    scopes = {
        (owner, level): number
        for number, owner, level in Scope.objects.values_list("id", "owner_id", "sensitivity")
    }
    dice = random.Random(20260601)
    for start in range(0, number, 20_000):
        _insert(list(_rows(dice, scopes, min(20_000, number - start))))


def _agreement(taker: str, giver: int, index: int) -> Any:
    from tapal.store.models import Agreement

    places = None if index % 3 else PLACES[: 1 + index % 5]
    since = "2024-06-17T00:00:00+00:00" if index % 10 == 9 else None
    return Agreement(
        code=f"{taker}-{giver}",
        title_id="a",
        title_en="a",
        giver_id=f"OWN{giver}",
        taker_id=taker,
        purpose="border_control",
        clauses=[
            {
                "kinds": ["bench"],
                "max_sensitivity": "restricted",
                "fields": ["way", "document.*", "person.*"],
                "places": places,
                "occurred_after": since,
            }
        ],
        valid_from=START.date(),
    )


def _rows(dice: random.Random, scopes: dict[Any, int], count: int) -> Iterator[tuple[Any, ...]]:
    """(id, scope, owner, level, place, at, body, number, name): every owner as busy as its rank."""
    for _ in range(count):
        owner = f"OWN{min(int(dice.expovariate(1 / 60)), OWNERS - 1)}"
        level = dice.choice(LEVELS)
        family = "".join(dice.choice(SYLLABLES.split()) for _ in range(3))
        name = f"{dice.choice(GIVEN.split())} {family}"
        number = f"{dice.choice('ABCX')}{dice.randrange(10**7):07d}"
        at = START + timedelta(seconds=dice.randrange(DAYS * 86_400))
        body = (
            f'{{"way": "entry", "document": {{"number": "{number}"}}, "person": {{"name": "{name}",'
            ' "born": "1988-02-14"}, "note": "' + "x" * 200 + '"}'
        )
        yield (
            uuid.UUID(int=dice.getrandbits(128)),
            scopes[owner, level],
            owner,
            level,
            dice.choice(PLACES),
            at,
            body,
            f"{dice.choice(('IDN', 'TLS', 'MYS', 'PNG'))}:{number}",
            name,
        )


def _insert(rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    from tapal.store.models import Message
    from tapal.store.queries.names import index_names

    postgres = connection.vendor == "postgresql"
    message, _ = Message.objects.get_or_create(
        sha256="0" * 64, agency_id="DJBC", defaults={"size": 0, "received_at": START}
    )
    columns = (
        "id, scope_id, kind, owner, place, sensitivity, occurred_at, occurred_known, occurred_text,"
        " received_at, message_id, source_place, schema, first_revision, revision, body, registers,"
        " conflicting, weight, worked"
    )

    def ident(value: uuid.UUID) -> Any:
        return value if postgres else value.hex

    def moment(value: datetime) -> Any:
        return value if postgres else str(value.replace(tzinfo=None))

    made = ident(message.id)
    values = [
        (
            ident(i),
            scope,
            "bench",
            owner,
            place,
            level,
            moment(at),
            True,
            "",
            moment(at),
            made,
            "",
            1,
            ident(i),
            ident(i),
            body,
            "{}",
            False,
            0,
            True,
        )
        for i, scope, owner, level, place, at, body, _, _ in rows
    ]
    keys = [("document", number, ident(i)) for i, *_, number, _ in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        if postgres:
            _copy(cursor, "store_record", columns, values)
            _copy(cursor, "store_key", "type, value, record_id", keys)
        else:
            marks = ", ".join(["%s"] * 20)
            cursor.executemany(f"INSERT INTO store_record ({columns}) VALUES ({marks})", values)
            cursor.executemany(
                "INSERT INTO store_key (type, value, record_id) VALUES (%s, %s, %s)", keys
            )
        index_names([(r[0], r[1], r[8]) for r in rows])


def _copy(cursor: Any, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


# --- the readers and their questions ----------------------------------------------------------


def _readers() -> dict[str, Any]:
    from tapal.core.actions import Actor

    powers = frozenset({"record.read"})
    oversees = frozenset({"oversight.read", "access.read"})
    return {
        "300 agreements": (Actor("1", "B-1", "B", "DJBC", None, powers), "border_control"),
        "1 agreement": (Actor("2", "B-2", "B", "BARANTIN", None, powers), "border_control"),
        "auditor": (Actor("3", "B-3", "B", "BNPP", None, oversees), "oversight"),
    }


def _measure(name: str, reader: Any) -> None:
    from tapal.core.marking import Purpose
    from tapal.flow.share import open_door

    actor, purpose = reader

    def door() -> Any:
        return open_door(actor, Purpose(purpose))

    deep = None
    for _ in range(99):
        deep = door().records(before=deep).next or deep
    middle = START + timedelta(days=DAYS // 2, hours=7)
    dice = random.Random(1)
    questions: dict[str, Callable[[], Any]] = {
        "list, first page": lambda: door().records(),
        "list, hundredth page": lambda: door().records(before=deep),
        "list, one post": lambda: door().records(place="PLBN-11"),
        "list, up to a day": lambda: door().records(until=middle),
        "count": lambda: door().count(),
        "count since a day": lambda: door().count(since=middle),
        "search, whole number": lambda: door().search(f"X{dice.randrange(10**7):07d}"),
        "search, beginning": lambda: door().search(f"X{dice.randrange(10**4):04d}"),
        "search, short beginning": lambda: door().search("X123"),
        "search, full name": lambda: door().search(
            f"MARIA {''.join(dice.choices(SYLLABLES.split(), k=3))}"
        ),
        "search, frequent name": lambda: door().search("MARIA"),
        "search, nothing": lambda: door().search("ZZZZZZZ"),
    }
    for question, ask in questions.items():
        times = []
        worked = 0.0
        for _ in range(61):
            busy = time.process_time()
            begun = time.perf_counter()
            ask()
            times.append((time.perf_counter() - begun) * 1000)
            worked += (time.process_time() - busy) * 1000
        cold, warm = times[0], sorted(times[1:])
        p99 = warm[int(len(warm) * 0.99) - 1]
        print(
            f"{name:16}{question:24}{statistics.median(warm):9.1f}{p99:9.1f}{cold:9.1f}"
            f"{worked / 61:9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    sys.exit(main())
