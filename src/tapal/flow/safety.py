"""Whether this node is set up safely: its files, keys, network, clock and backups."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tapal.core.text import Text
from tapal.flow import clock
from tapal.flow.backup import last_made
from tapal.flow.sign import Grade, Sign
from tapal.store.models import Message

LEAST_FREE_BYTES = 2_000_000_000
LEAST_KEY = 32
LEAST_LETTERS = 10
"""A signing key of fewer characters, or fewer different ones, was typed and not drawn."""
BACKUP_SOON, BACKUP_LATE = timedelta(days=2), timedelta(days=7)
PRIVATE = (
    "tapal.sqlite3", "access.sqlite3", "raw", "attachments", "secret.key", "pack.key", "packs",
)  # fmt: skip


def setup_signs() -> Iterator[Sign]:
    """Everything about the set-up that makes this node safe or unsafe."""
    yield from _files()
    yield _secret()
    yield from _network()
    yield _clock()
    yield _backup()


def _files() -> Iterator[Sign]:
    home = Path(settings.TAPAL_HOME)
    yield Sign(
        Text("Folder TAPAL_HOME", "Folder TAPAL_HOME"),
        oct(stat.S_IMODE(home.stat().st_mode)),
        "bad" if _open_to_others(home) else "good",
        Text("Jalankan chmod 700 pada folder itu.", "Run chmod 700 on that folder."),
    )
    open_ones = ", ".join(name for name in PRIVATE if _open_to_others(home / name))
    yield Sign(
        Text("Berkas hanya untuk pemiliknya", "Files are their owner's alone"),
        open_ones or "-",
        "bad" if open_ones else "good",
        Text(
            "Jalankan chmod -R go= pada nama itu di TAPAL_HOME.",
            "Run chmod -R go= on them in TAPAL_HOME.",
        ),
    )
    free = shutil.disk_usage(home).free
    yield Sign(
        Text("Ruang disk tersisa", "Free disk space"),
        f"{free / 1e9:.1f} GB",
        "good" if free > LEAST_FREE_BYTES else "bad",
        Text("Kosongkan disk atau tambah ruang.", "Free the disk or add space."),
    )


def _open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _secret() -> Sign:
    key = str(settings.SECRET_KEY)
    weak = len(key) < LEAST_KEY or len(set(key)) < LEAST_LETTERS or "insecure" in key
    given = "TAPAL_SECRET_KEY" in os.environ
    return Sign(
        Text("Kunci rahasia", "Secret key"),
        "TAPAL_SECRET_KEY" if given else "secret.key",
        "bad" if weak else "good",
        Text(
            "Kunci itu mudah ditebak: hapus, maka simpul membuat yang baru. Kunci program dan rahasia "
            "webhook lalu harus diberikan lagi.",
            "That key can be guessed: take it away, and the node draws a new one. Keys of programs and "
            "secrets of webhooks must then be given again.",
        ),
    )


def _network() -> Iterator[Sign]:
    hosts = [h for h in settings.ALLOWED_HOSTS if h not in ("localhost", "127.0.0.1", "[::1]")]
    listens = os.environ.get("TAPAL_HOST", "")
    reached = [*hosts, *([listens] if listens and not is_own(listens) else [])]
    yield Sign(
        Text("Kuki hanya lewat TLS", "Cookies over TLS only"),
        ", ".join(reached) or "localhost",
        "bad" if reached and not settings.SESSION_COOKIE_SECURE else "good",
        Text("Layani lewat TLS dan set TAPAL_TLS=1.", "Serve through TLS and set TAPAL_TLS=1."),
    )
    yield Sign(
        Text("Nama simpul disebut satu per satu", "Host names are named one by one"),
        ", ".join(settings.ALLOWED_HOSTS),
        "bad" if "*" in settings.ALLOWED_HOSTS else "good",
        Text("Tulis nama-namanya dalam TAPAL_HOSTS.", "Name them in TAPAL_HOSTS."),
    )
    yield Sign(
        Text("Mode lacak", "Debug mode"),
        str(settings.DEBUG),
        "bad" if settings.DEBUG else "good",
        Text("Matikan DEBUG.", "Turn DEBUG off."),
    )


def is_own(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _clock() -> Sign:
    now = timezone.now()
    name, seen = Text("Jam", "Clock"), f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if (known := clock.stands_before(now)) is not None:
        mend = Text(
            "Jam berada sebelum {t} UTC, yang sudah tercatat: setel jam dan jam papan induk.",
            "It stands before {t} UTC, which was already recorded: set it, and the board's clock.",
        ).fill(t=f"{known:%Y-%m-%d %H:%M:%S}")
        return Sign(name, seen, "bad", mend)
    mend = Text(
        "Tidak ada server waktu: cocokkan jam dengan tangan, setiap hari.",
        "No time server holds it: compare it by hand, every day.",
    )
    return Sign(name, seen, "soon" if clock.synchronised() is False else "good", mend)


def _backup() -> Sign:
    made = last_made()
    # Their ids begin with their time. What a node without a message holds is soon made again.
    since = made or Message.objects.order_by("id").values_list("received_at", flat=True).first()
    return Sign(
        Text("Cadangan terakhir", "Last backup"),
        "-" if made is None else made.isoformat(timespec="minutes"),
        "good" if since is None else _age_of_backup(since),
        Text(
            "Jalankan tapal backup setiap hari, ke disk lain.",
            "Run tapal backup every day, onto another disk.",
        ),
    )


def _age_of_backup(since: datetime) -> Grade:
    age = timezone.now() - since
    return "bad" if age > BACKUP_LATE else "soon" if age > BACKUP_SOON else "good"
