"""When the lake is tended: hourly, at every 20,000 events, compacted at night; the weekly sheet and
the lists of early warning.

A process of its own does it, of low urgency: what it loads into memory goes when it ends, and the
worker never waits for it.
"""

from __future__ import annotations

import logging
import subprocess
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from tapal.engines.lake import manifest
from tapal.flow import lake
from tapal.flow.apart import command
from tapal.flow.figures import weekly
from tapal.flow.lake_rows import CAPITAL
from tapal.flow.signals import lists
from tapal.store.models import Cursor

log = logging.getLogger(__name__)

HOURLY = timedelta(hours=1)
NIGHT_HOUR = 2
ASK_SECONDS = 20.0
DAY = timedelta(days=1)
PATIENCE_SECONDS = 120
_TAPAL = command()


class Tending:
    """The worker's part: it looks now and then whether something is due, and starts who does it."""

    def __init__(self) -> None:
        self._next = time.monotonic() + ASK_SECONDS
        self._running: subprocess.Popen[bytes] | None = None

    def step(self) -> bool:
        """Start the tending where it is due and not under way; returns whether it was started."""
        if self._running is not None:
            code = self._running.poll()
            if code is None:
                return False
            self._running = None
            if code:
                log.error("tending the lake ended with %s", code)
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + ASK_SECONDS
        if not due(timezone.now()):
            return False
        self._running = subprocess.Popen((*_TAPAL, "lake", "tend"), stdin=subprocess.DEVNULL)
        return True


def due(now: datetime) -> list[str]:
    """What is due at a moment: append, compact, sheet, signals."""
    found = []
    row = Cursor.objects.filter(name=lake.CURSOR).first()
    waits = lake.waiting()
    last = datetime.fromisoformat(row.data["at"]) if row and "at" in row.data else None
    if waits >= lake.COMMIT_EVENTS or (waits and (last is None or now - last >= HOURLY)):
        found.append("append")
    held = manifest.read(lake.folder())
    if held and held.files and _compacted_before(held.compacted_at, last_night(now)):
        found.append("compact")
    if held and held.files and weekly.missing(now):
        found.append("sheet")
    if held and held.files and not lists.made_since(last_night(now)):
        found.append("signals")
    return found


def tend(now: datetime | None = None) -> list[str]:
    """Do what is due; returns what was done."""
    moment = now or timezone.now()
    done = []
    if "append" in due(moment):
        lake.build()
        done.append("append")
    after = due(moment)
    if "compact" in after:
        lake.compact()
        done.append("compact")
    if "sheet" in after:
        # Last week's figures need all of last week.
        lake.build()
        weekly.write(moment)
        done.append("sheet")
    if "signals" in after:
        # The night's lists need all that came until midnight.
        lake.build()
        lists.make()
        done.append("signals")
    return done


def build_now() -> bool:
    """Bring the lake up to now, in a process of its own; False when that did not go well in time."""
    return run_aside("lake", "build")


def run_aside(*command: str) -> bool:
    """Run a command of `tapal` to its end in a process of its own; False when that did not go well."""
    try:
        done = subprocess.run(
            (*_TAPAL, *command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def last_night(now: datetime) -> datetime:
    """The last time that it was two in the morning in the capital."""
    there = now.astimezone(ZoneInfo(CAPITAL))
    night = there.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night <= there else night - timedelta(days=1)


def _compacted_before(text: str, moment: datetime) -> bool:
    return not text or datetime.fromisoformat(text) < moment
