"""A store to read from: made-up rows of three hundred agencies by plain inserts, with their agreements.

The rows lie in no order of time, as many agencies' records do; one in ten has a finding and an
alert, every other one of those open.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 880
OWNERS = 300
LEVELS = (0, 1, 2)
PLACES = [f"PLBN-{n:02d}" for n in range(1, 19)]
GIVEN = "MARIA JOSE YOHANES THERESIA DOMINGOS FRANSISKA AGUSTINUS SITI BUDI DEWI PETRUS YAKOB"
SYLLABLES = "SO A RES PE REI RA DA COS TA BE TE LU AN WAL LY HAR TO NO NA HAK MA LI EK SE RAN"
BATCH = 20_000
ALERT_EVERY = 10

_COLUMNS = (
    "id, scope_id, kind, owner, place, sensitivity, occurred_at, occurred_known, occurred_text,"
    " received_at, message_id, source_place, schema, first_revision, revision, body, registers,"
    " conflicting, weight, worked"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One record to be; every owner is as busy as its rank."""

    id: uuid.UUID
    scope: int
    owner: str
    level: int
    place: str
    at: datetime
    issuer: str
    number: str
    name: str

    @property
    def body(self) -> str:
        return (
            f'{{"way": "entry", "document": {{"number": "{self.number}"}}, "person":'
            f' {{"name": "{self.name}", "born": "1988-02-14"}}, "note": "{"x" * 200}"}}'
        )


def add_kind() -> None:
    """A kind with the fields that the questions are about."""
    from bench.bench_kind import BENCH
    from tapal import kinds

    kinds.KINDS["bench"] = BENCH  # type: ignore[index]


def fill(number: int) -> None:
    """Agencies, scopes, agreements and so many records."""
    from django.db import connection, transaction

    from tapal.store.models import Scope

    with transaction.atomic():
        _agree()
    scopes = {
        (owner, level): number
        for number, owner, level in Scope.objects.values_list("id", "owner_id", "sensitivity")
    }
    dice = random.Random(20260601)
    with _open_wall():
        for start in range(0, number, BATCH):
            rows = list(_rows(dice, scopes, min(BATCH, number - start)))
            with transaction.atomic():
                _insert(rows)
                _alert(rows[::ALERT_EVERY])
    if connection.vendor == "postgresql":
        # What the server's own cleaner does within a minute, too late for the first questions: filling
        # folds the tallies batch by batch. It makes no statistics.
        with connection.cursor() as cursor:
            for table in ("record", "key", "name", "finding", "alert", "tally", "tally_month"):
                cursor.execute(f"VACUUM store_{table}")


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


def _agree() -> None:
    from tapal.store.models import Agency, Agreement, Scope

    owners = [f"OWN{n}" for n in range(OWNERS)]
    Agency.objects.bulk_create(
        Agency(code=code, name_id=code, name_en=code, role="bench", confidence="unchecked")
        for code in owners
    )
    Scope.objects.bulk_create(
        Scope(owner_id=code, kind="bench", sensitivity=level) for code in owners for level in LEVELS
    )
    for taker, givers in (("DJBC", range(OWNERS)), ("BARANTIN", [7])):
        Agreement.objects.bulk_create(
            _agreement(taker, giver, index) for index, giver in enumerate(givers)
        )


# Any: a model, whose class is there only after Django was started.
def _agreement(taker: str, giver: int, index: int) -> Any:
    """One in three is for some posts only, one in ten from a day on."""
    from tapal.store.models import Agreement

    terms = {
        "kinds": ["bench"],
        "max_sensitivity": "restricted",
        "fields": ["way", "document.*", "person.*"],
        "places": None if index % 3 else PLACES[: 1 + index % 5],
        "occurred_after": "2024-06-17T00:00:00+00:00" if index % 10 == 9 else None,
    }
    return Agreement(
        code=f"{taker}-{giver}",
        title_id="a",
        title_en="a",
        giver_id=f"OWN{giver}",
        taker_id=taker,
        purpose="border_control",
        clauses=[terms],
        valid_from=START.date(),
    )


def _rows(dice: random.Random, scopes: dict[tuple[str, int], int], count: int) -> Iterator[_Row]:
    for _ in range(count):
        owner = f"OWN{min(int(dice.expovariate(1 / 60)), OWNERS - 1)}"
        level = dice.choice(LEVELS)
        yield _Row(
            id=uuid.UUID(int=dice.getrandbits(128)),
            scope=scopes[owner, level],
            owner=owner,
            level=level,
            place=dice.choice(PLACES),
            at=START + timedelta(seconds=dice.randrange(DAYS * 86_400)),
            issuer=dice.choice(("IDN", "TLS", "MYS", "PNG")),
            number=f"{dice.choice('ABCX')}{dice.randrange(10**7):07d}",
            name=f"{dice.choice(GIVEN.split())} {family(dice)}",
        )


def family(dice: random.Random) -> str:
    """A family name of three syllables."""
    return "".join(dice.choices(SYLLABLES.split(), k=3))


def _insert(rows: list[_Row]) -> None:
    from django.db import connection

    from tapal.store.models import Message
    from tapal.store.queries.names import index_names

    postgres = connection.vendor == "postgresql"
    message, _ = Message.objects.get_or_create(
        sha256="0" * 64, agency_id="DJBC", defaults={"size": 0, "received_at": START}
    )

    # Any: an id and a moment as the database keeps them.
    def ident(value: uuid.UUID) -> Any:
        return value if postgres else value.hex

    def moment(value: datetime) -> Any:
        return value if postgres else str(value.replace(tzinfo=None))

    made = ident(message.id)

    # Any: a row as the database keeps it.
    def record(row: _Row) -> tuple[Any, ...]:
        mine, at = ident(row.id), moment(row.at)
        said = (mine, row.scope, "bench", row.owner, row.place, row.level, at, True, "", at)
        return (*said, made, "", 1, mine, mine, row.body, "{}", False, 0, True)

    records = [record(row) for row in rows]
    keys = [("document", f"{r.issuer}:{r.number}", ident(r.id)) for r in rows]
    put = _copy if postgres else _insert_many
    put("store_record", _COLUMNS, records)
    put("store_key", "type, value, record_id", keys)
    index_names([(r.id, r.scope, r.name) for r in rows])


def _copy(table: str, columns: str, rows: list[Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert_many(table: str, columns: str, rows: list[Any]) -> None:
    from django.db import connection

    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _alert(rows: list[_Row]) -> None:
    from tapal.store.models import Alert, Finding

    alerts = [
        Alert(
            scope_id=row.scope,
            kind="bench",
            owner=row.owner,
            place=row.place,
            sensitivity=row.level,
            reason="reason",
            subject=str(row.id),
            open_key=str(row.id) if number % 2 else None,
            record_id=row.id,
            weight=2,
            state="open" if number % 2 else "closed",
            opened_at=row.at,
            last_at=row.at,
            due_at=row.at + timedelta(hours=1 + number % 48),
        )
        for number, row in enumerate(rows)
    ]
    Alert.objects.bulk_create(alerts)
    told = {"compared": [], "cites": [], "rests_on": [], "disputed": False, "data": {}}
    Finding.objects.bulk_create(
        Finding(
            record_id=alert.record_id,
            alert=alert,
            rule="bench",
            reason="reason",
            weight=2,
            sensitivity=1,
            text={"id": "kalimat", "en": "sentence"},
            # Half of them tell of a person, which an auditor may not read.
            data={**told, "fields": [("way", "document.number")[number // 2 % 2]], "score": None},
            at=alert.opened_at,
        )
        for number, alert in enumerate(alerts)
    )
