"""The health of this node: what the machine's page shows and what `tapal check` judges."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth.hashers import check_password
from django.db import connections
from django.db.models import Max
from django.utils import timezone

from tapal.core.mandates import EDIT_MANDATES
from tapal.core.text import Text
from tapal.flow.beat import BEAT_SECONDS, last_beat
from tapal.flow.demo_officers import DEMO_PASSWORD, demo_usernames
from tapal.flow.law import unknown
from tapal.flow.officers import holders
from tapal.flow.safety import setup_signs
from tapal.flow.share.compile import today
from tapal.flow.sign import Grade, Sign
from tapal.store.models import Event, Message, Officer, Reject, Roll, Work

LISTS_SOON, LISTS_LATE = timedelta(hours=24), timedelta(hours=72)
"""After so long without news a list of persons is told to be old, then too old."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits on this node."""

    unread: int
    batches: int
    troubled: int
    unnumbered: int
    rejects: int


def queue() -> Queue:
    """Counts of what waits."""
    return Queue(
        unread=Message.objects.exclude(state="done").count(),
        batches=Work.objects.count(),
        troubled=Work.objects.exclude(trouble="").count(),
        unnumbered=Event.objects.filter(seq__isnull=True).count(),
        rejects=Reject.objects.filter(state="open").count(),
    )


def lists_at() -> datetime | None:
    """When a list was last brought up to date, None when none ever was."""
    at: datetime | None = Roll.objects.aggregate(at=Max("imported_at"))["at"]
    return at


def signs() -> Iterator[Sign]:
    """Everything that makes this node safe or unsafe, worst or best."""
    yield from setup_signs()
    yield from _database()
    yield from _people()
    yield from _law()
    yield from _running()


def _database() -> Iterator[Sign]:
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            level = cursor.fetchone()[0]
            yield Sign(
                Text("Tulis tahan padam listrik", "Writes survive a power cut"),
                f"synchronous={level}",
                "good" if level >= 2 else "bad",
                Text("Kembalikan synchronous=FULL.", "Put synchronous=FULL back."),
            )
            cursor.execute("PRAGMA quick_check(1)")
            told = str(cursor.fetchone()[0])
            yield Sign(
                Text("Berkas basis data utuh", "Database file is whole"),
                told,
                "good" if told == "ok" else "bad",
                Text("Pulihkan dari cadangan terakhir.", "Restore the last backup."),
            )
        else:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            strong = bool(cursor.fetchone()[0])
            yield Sign(
                Text("Peran basis data", "Database role"),
                "superuser" if strong else "application",
                "bad" if strong else "good",
                Text(
                    "Pakai peran tanpa hak super, supaya pengaman baris berlaku.",
                    "Use a role without superuser rights, so that row security holds.",
                ),
            )


def _people() -> Iterator[Sign]:
    demo = Officer.objects.filter(username__in=demo_usernames(), is_active=True)
    # Hashing is slow on purpose: three are enough to tell.
    weak = (o.username for o in demo if check_password(DEMO_PASSWORD, o.password))
    known = list(islice(weak, 3))
    yield Sign(
        Text("Petugas demo", "Demo officers"),
        ", ".join(known) or "-",
        "bad" if known else "good",
        Text(
            "Nonaktifkan petugas demo sebelum dipakai sungguhan.",
            "Deactivate the demo officers before real use.",
        ),
    )
    administrators = len(holders(EDIT_MANDATES, today(timezone.now())))
    yield Sign(
        Text("Pengelola yang dapat saling menyetujui", "Administrators to approve each other"),
        str(administrators),
        "good" if administrators > 1 else "soon",
        Text(
            "Sediakan dua orang, tanpa itu tidak ada mandat baru: tapal officers add --role admin.",
            "Have two, or no new mandate can stand: tapal officers add --role admin.",
        ),
    )


def _law() -> Iterator[Sign]:
    rows = unknown(timezone.localdate())
    named = ", ".join(row.id for row in rows)
    yield Sign(
        Text("Nilai hukum yang belum diketahui", "Legal values not known yet"),
        f"{len(rows)}: {named}" if rows else "0",
        "soon" if rows else "good",
        Text(
            "Cari dan isi nilainya dengan rujukan: Aturan (/aturan/), sebagai wali data. Sampai itu "
            "aturan yang memerlukannya diam.",
            "Find and enter them with their citation: Legal values (/aturan/), as data steward. Until "
            "then the rules that need them are silent.",
        ),
    )


def _running() -> Iterator[Sign]:
    waiting = queue()
    beat = last_beat()
    age = None if beat is None else time.time() - beat
    alive = age is not None and abs(age) < BEAT_SECONDS
    yield Sign(
        Text("Pekerja latar", "Worker"),
        "-" if age is None else f"{age:.0f} s",
        "good" if alive else "soon",
        Text("Jalankan tapal serve.", "Run tapal serve."),
    )
    yield Sign(
        Text("Pekerjaan bermasalah", "Troubled work"),
        str(waiting.troubled),
        "soon" if waiting.troubled else "good",
        Text("Lihat log pekerja.", "Look at the worker's log."),
    )
    yield _lists()
    if os.geteuid() == 0:
        yield Sign(
            Text("Dijalankan sebagai root", "Running as root"),
            "root",
            "soon",
            Text("Pakai pengguna sendiri untuk Tapal.", "Use a user of its own for Tapal."),
        )


def _lists() -> Sign:
    """The newest list, and each that had no news for too long."""
    now, at = timezone.now(), lists_at()
    rolls = Roll.objects.filter(imported_at__lt=now - LISTS_LATE).order_by("code")
    old = ", ".join(rolls.values_list("code", flat=True))
    seen = "-" if at is None else at.isoformat(timespec="minutes")
    grade: Grade = "soon" if at is None or old or now - at > LISTS_SOON else "good"
    if at is not None and now - at > LISTS_LATE:
        grade = "bad"
    return Sign(
        Text("Daftar terakhir diperbarui", "Lists last updated"),
        f"{seen} (> {LISTS_LATE.days} d: {old})" if old else seen,
        grade,
        Text("Impor daftar yang berlaku.", "Import the lists in force."),
    )
