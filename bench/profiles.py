"""How many decisions a second a profile's table makes: plain, and with 200 rows; no database."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tapal.core.legal import LegalBook
from tapal.core.marking import Sensitivity
from tapal.core.profiles import (
    Case,
    Column,
    Operator,
    Ready,
    Row,
    Table,
    Verdict,
    body_fields,
    context_fields,
    make_ready,
)
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context
from tapal.kinds.crossing.model import Crossing

BAR, RECORDS, SECONDS = 78_000, 1_000, 2.0
COLUMNS = (
    Column("person.nationality", Operator.ANY_OF),
    Column("direction", Operator.ANY_OF),
    Column("context.hour", Operator.BETWEEN),
    Column("document.expires", Operator.DAYS_AHEAD),
    Column("stay.permitted_days", Operator.AT_LEAST),
)
STATES = ("TLS", "MYS", "PNG", "PHL", "AUS", "SGP", "THA", "CHN", "IND", "NLD")


def table(rows: int) -> Table:
    """Rows that ask in turn of all five fields."""
    return Table(
        COLUMNS,
        tuple(
            Row(
                (
                    (STATES[n % 10],),
                    ("entry",) if n % 2 else None,
                    (str(n % 24), str((n + 6) % 24)) if n % 3 else None,
                    (str(10 + n % 90),),
                    (str(n % 30),) if n % 5 else None,
                ),
                Verdict.LOOK,
            )
            for n in range(rows)
        ),
    )


def cases() -> list[Case]:
    """Crossings of many nationalities, hours and documents."""
    post = Place("P", "Post", zone="Asia/Makassar", neighbour="TLS")
    found = []
    for n in range(RECORDS):
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=37 * n)
        body: dict[str, Any] = {
            "direction": "entry" if n % 3 else "exit",
            "person": {"nationality": STATES[n * 7 % 10]},
            "document": {"expires": str((at + timedelta(days=n * 13 % 900)).date())},
            "stay": {"permitted_days": n % 60},
        }
        view = RecordView("r", "k", "A", "P", at, at, Sensitivity.INTERNAL, body)
        found.append(Case(view, Context(at, LegalBook(()), places={"P": post})))
    return found


def rate(ready: Ready, subjects: list[Case]) -> tuple[float, float, int]:
    """Decisions a CPU second over records never seen and seen again, and how many were marked."""
    start = time.process_time()
    marked = sum(ready.decide(case) is not None for case in subjects)
    first = len(subjects) / (time.process_time() - start)
    done, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        for case in subjects:
            ready.decide(case)
        done += len(subjects)
    return first, done / (time.process_time() - start), marked


def main() -> None:
    """Print each table's rate beside the peer's figure."""
    fields = {**body_fields(Crossing), **context_fields({})}
    subjects = cases()
    for rows in (10, 200):
        first, again, marked = rate(make_ready(table(rows), fields), subjects)
        print(f"{rows} rows, 5 columns: {first:,.0f} decisions/s on values never seen, {again:,.0f} on"
              f" values that come again; {marked} of {RECORDS} marked;"
              f" the peer figure is {BAR:,}")  # fmt: skip


if __name__ == "__main__":
    main()
