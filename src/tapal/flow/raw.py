"""The bytes of every message, under their SHA-256, safe on the disk before anything is acknowledged."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from pathlib import Path

from django.conf import settings

# No writing of one message takes this long: what lies aside longer has lost its writer.
ASIDE_SECONDS = 3600.0
# Where the files of cases lie, a folder for each case, so that none tells of another's bytes.
ATTACHMENTS = "attachments"


def folder() -> Path:
    """Where the bytes lie: `TAPAL_HOME/raw`, in 256 folders by the first two digits."""
    return Path(settings.TAPAL_HOME) / "raw"


def path_of(sha256: str) -> Path:
    """The file that holds the bytes with this hash."""
    return folder() / sha256[:2] / sha256


def keep(data: bytes) -> str:
    """Store the bytes and return their SHA-256 in hexadecimal.

    The file is written aside, synced, renamed, and each folder up to the home folder is synced: after the
    return a power cut cannot take it away. Bytes that are already there are not written again.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    write_once(path_of(sha256), data)
    return sha256


def write_once(final: Path, data: bytes) -> None:
    """Put bytes under a name two folders below the home folder; what is there already stays."""
    # A name appears only by the rename, so a file that is there is whole.
    if not final.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        aside = final.with_name(f".{final.name}.{secrets.token_hex(4)}")
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(final)
    # Also when it was there: whoever put it there may have died before this point.
    for place in (final.parent, final.parent.parent, final.parent.parent.parent):
        sync_folder(place)


def fetch(sha256: str) -> bytes:
    """The bytes with this hash. Raises FileNotFoundError."""
    return path_of(sha256).read_bytes()


def sweep() -> int:
    """Take away the halves that a kill left aside; nothing was acknowledged of them. Returns how many."""
    oldest, gone = time.time() - ASIDE_SECONDS, 0
    home = Path(settings.TAPAL_HOME)
    for half in (*folder().glob("??/.*"), *(home / ATTACHMENTS).glob("*/.*")):
        try:
            if half.stat().st_mtime < oldest:
                half.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # it got its name just now
    return gone


def sync_folder(place: Path) -> None:
    """Bring a folder's own entries to the disk: a file that was renamed into it stays there."""
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
