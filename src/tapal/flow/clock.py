"""How far the clock of this machine can be believed."""

from __future__ import annotations

import ctypes
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tapal.store.models import Event

SLACK = timedelta(minutes=1)
_NOT_SYNCHRONISED = 5
# `struct timex` of any Linux is smaller; its first word, 0, asks and sets nothing.
_TIMEX_BYTES = 512


def stands_before(now: datetime) -> datetime | None:
    """What this machine already knew and its clock has not reached: the clock was set back, or lost.

    That is the latest change in the log, or the day when this program was installed.
    """
    # Their ids begin with their time: the greatest is the latest, whatever was logged since.
    latest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    known = max(installed, latest or installed)
    return known if known > now + SLACK else None


def synchronised() -> bool | None:
    """Whether a time server holds the clock, as the kernel says; None where it does not say."""
    if not sys.platform.startswith("linux"):
        return None
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else bool(state != _NOT_SYNCHRONISED)
