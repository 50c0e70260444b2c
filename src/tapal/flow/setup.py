"""Setting a home up: tables, reference data. A fresh home works after `ensure_ready`."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import JSONField, Value

from tapal import data
from tapal.flow import procedures, profiles
from tapal.flow.reference import bump, forget
from tapal.kinds import KINDS
from tapal.store.models import Agency, Cursor, LegalRow, Place, Roll

SEEDED = "seeded"
FILES = ("agencies.csv", "posts.csv", "lists.csv")


def ensure_ready() -> None:
    """Make the tables and load the reference data where that was not done, or was done by an older package.

    Rows that officers have edited are theirs: a seed is added when it is new and never overwrites.
    """
    if _is_ready():
        return
    with _alone(Path(settings.TAPAL_HOME) / "setup.lock"):
        if not _is_ready():
            for database in ("default", "access"):
                call_command("migrate", database=database, verbosity=0, interactive=False)
            seed()
    forget()


def _is_ready() -> bool:
    try:
        row = Cursor.objects.filter(name=SEEDED).first()
    except (OperationalError, ProgrammingError):
        return False
    return row is not None and row.data.get("package") == fingerprint()


def fingerprint() -> str:
    """A hash of the schema's and the seeds' versions: a change of either sets a home up anew."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(json.dumps(data.table(name), sort_keys=True).encode())
    digest.update(json.dumps(legal_seeds(), sort_keys=True).encode())
    for name, xml in sorted(procedures.seeds().items()):
        digest.update(name.encode() + xml)
    digest.update(json.dumps(data.document(profiles.FILE), sort_keys=True).encode())
    migrations = Path(__file__).parent.parent / "store" / "migrations"
    digest.update(",".join(sorted(p.name for p in migrations.glob("0*.py"))).encode())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time; a killed holder leaves the lock free."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@transaction.atomic
def seed() -> None:
    """Load the reference data that is not there yet."""
    Agency.objects.bulk_create(map(_agency, data.table("agencies.csv")), ignore_conflicts=True)
    Place.objects.bulk_create(map(_place, data.table("posts.csv")), ignore_conflicts=True)
    LegalRow.objects.bulk_create(map(_legal, legal_seeds()), ignore_conflicts=True)
    Roll.objects.bulk_create(map(_roll, data.table("lists.csv")), ignore_conflicts=True)
    procedures.seed()
    bump()
    profiles.seed()
    Cursor.objects.update_or_create(name=SEEDED, defaults={"data": {"package": fingerprint()}})
    bump()


def legal_seeds() -> list[dict[str, str]]:
    """The legal rows that ship: those that several kinds ask for, early warning's, each kind's own."""
    found = data.table("legal_rows.csv") + data.table("signal_rows.csv")
    for kind in KINDS.values():
        if kind.legal is not None:
            with kind.legal.open(encoding="utf-8", newline="") as rows:
                found += csv.DictReader(rows)
    return found


def day(text: str) -> date | None:
    """A date of a reference file; nothing is an open end."""
    return date.fromisoformat(text) if text else None


def _agency(row: dict[str, str]) -> Agency:
    return Agency(
        code=row["code"],
        name_id=row["name_id"],
        name_en=row["name_en"],
        role=row["role"],
        parent=row["parent"],
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        successor=row["successor"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _place(row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        province=row["province"],
        regency=row["kabupaten"],
        district=row["kecamatan"],
        neighbour=row["neighbour"],
        counterpart=row["counterpart"],
        zone=row["tz"],
        lat=_number(row["lat"]),
        lon=_number(row["lon"]),
        precision_km=_number(row["precision_km"]),
        opening_hours=row["opening_hours"],
        opening_confidence=row["opening_hours_confidence"],
        status=row["status"],
    )


def _legal(row: dict[str, str]) -> LegalRow:
    # A required value that was not found is JSON's null: SQL's would be refused, and the row lost.
    value: Any = json.loads(row["value"])  # Any: JSON
    if value is None:
        value = Value(None, JSONField())
    return LegalRow(
        id=row["id"],
        topic=row["topic"],
        selector=json.loads(row["selector"] or "{}"),
        value=value,
        unit=row["unit"],
        citation=row["citation"],
        source=row["source"],
        confidence=row["confidence"],
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        note=row["note"],
    )


def _roll(row: dict[str, str]) -> Roll:
    return Roll(
        code=row["code"],
        label_id=row["label_id"],
        label_en=row["label_en"],
        direction=row["direction"],
        subject=row.get("subject") or "persons",
        authority=row["authority"],
        never_matches_citizens=row["never_matches_citizens"] == "true",
        legal_basis=row["legal_basis"],
        confidence=row["confidence"],
    )
