"""The worker's sign of life: a small file that it writes and everybody reads."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from django.conf import settings

BEAT_SECONDS = 30.0
"""A worker that gave no sign for longer is not there."""


def beat(name: str) -> None:
    """Leave a sign of life. On a full disk there is none, which says enough: the worker goes on."""
    path = _path()
    # Two workers may serve one home.
    aside = path.with_suffix(f".{os.getpid()}")
    try:
        aside.write_text(json.dumps({"worker": name, "at": time.time()}))
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)


def last_beat() -> float | None:
    """When the worker last gave a sign of life, in seconds since 1970; None when it never did."""
    try:
        at: float = json.loads(_path().read_text())["at"]
    except (OSError, ValueError, KeyError):
        return None
    return at


def beating() -> bool:
    """True while a worker is there; a clock that was set back makes none of it."""
    at = last_beat()
    return at is not None and abs(time.time() - at) < BEAT_SECONDS


def _path() -> Path:
    return Path(settings.TAPAL_HOME) / "worker.beat"
