"""Where this node keeps its state and its databases, read from the environment."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def home() -> Path:
    """The folder that holds all state: `TAPAL_HOME`, else `./var`. It is made when it is not there."""
    # Whatever is made here from now on, databases and raw messages alike, is its owner's alone.
    os.umask(0o077)
    folder = Path(os.environ.get("TAPAL_HOME", "var")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The signing key, from `TAPAL_SECRET_KEY` or made once and kept readable by its owner only."""
    if given := os.environ.get("TAPAL_SECRET_KEY"):
        return given
    kept = folder / "secret.key"
    if not kept.exists():
        made = folder / f".secret-{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        with made.open("w") as out:
            out.write(secrets.token_urlsafe(48))
            out.flush()
            # Before it has its name: a power cut must not leave a node with an empty key.
            os.fsync(out.fileno())
        # Two processes may start at once: the first link wins and both read the same key.
        with contextlib.suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text()


def vendor() -> str:
    """The sort of database, as Django calls it."""
    return "postgresql" if os.environ.get("TAPAL_DATABASE_URL") else "sqlite"


# Any: Django's settings are a nested dictionary of mixed values.
def databases(folder: Path) -> dict[str, dict[str, Any]]:
    """SQLite files in the home folder, or PostgreSQL where `TAPAL_DATABASE_URL` names one.

    `access` is a file (or a connection) of its own, so a look never waits behind bulk intake.
    """
    if url := os.environ.get("TAPAL_DATABASE_URL"):
        return {"default": _postgres(url), "access": _postgres(url)}
    return {
        "default": _sqlite(folder / "tapal.sqlite3"),
        "access": _sqlite(folder / "access.sqlite3"),
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: in simulated power cuts NORMAL lost acknowledged transactions, FULL none.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            " PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=8000; PRAGMA mmap_size=0;",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,
    }
