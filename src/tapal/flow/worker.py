"""The worker's round: number events, work batches, finish broken readings, look into the inbox, tidy."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection
from django.db.models import Q
from django.utils import timezone

from tapal.flow import inbox, listed, profiles, raw
from tapal.flow.answer import wake_due
from tapal.flow.beat import beat
from tapal.flow.cases.scanning import Scanning
from tapal.flow.intake import Overtaken, read
from tapal.flow.lake_clock import Tending
from tapal.flow.lists import rescreening
from tapal.flow.outbox import Sender
from tapal.flow.queued import QUEUED
from tapal.flow.sequence import number_events
from tapal.flow.work import claimant_name, work_one
from tapal.store.models import Message

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.2
# The counter slips in between two bulk batches: SQLite has one writer and no queue.
BREATH_SECONDS = 0.002
# A reading that has not moved for this long has lost its reader.
STALLED = timedelta(seconds=90)
CHECKPOINT_SECONDS = 60.0


class Worker:
    """One worker process. `run` goes on until `stop` says so; each step leaves a consistent store."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._name = claimant_name()
        self._positions: dict[str, int] = {}
        self._left: set[str] = set()
        self._next_sweep = 0.0
        self._next_checkpoint = time.monotonic() + CHECKPOINT_SECONDS
        self._lake = Tending()
        self._scanner = Scanning()

    def make_ready(self) -> None:
        """What comes before a batch is claimed: whoever stands at a counter waits for who holds one."""
        raw.sweep()
        listed.make_ready()

    def run(self) -> None:
        """Go round until stopped. A passing database trouble is logged and tried again."""
        self.make_ready()
        sender = Sender(self._stop)
        sender.start()
        try:
            self._round()
        finally:
            sender.end()

    def _round(self) -> None:
        while not self._stop():
            try:
                busy = self.step()
            except OperationalError:
                log.exception("the database did not answer; trying again")
                connection.close()
                busy = False
            except Overtaken:
                busy = False
            beat(self._name)
            time.sleep(BREATH_SECONDS if busy else IDLE_SECONDS)

    def step(self) -> bool:
        """Do one round; returns whether there was anything to do."""
        worked = work_one(self._name) is not None
        numbered = number_events() > 0
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + 1.0
            worked |= inbox.sweep() > 0
            worked |= self.resume() > 0
            worked |= wake_due() > 0
            self._lake.step()
            self._scanner.step()
            worked |= profiles.expire() > 0
        if not worked:
            numbered |= rescreening.step() or profiles.step()
        if not worked and time.monotonic() >= self._next_checkpoint:
            self._next_checkpoint = time.monotonic() + CHECKPOINT_SECONDS
            checkpoint()
        return worked or numbered

    def resume(self) -> int:
        """Go on with readings that lost their reader, or that were left to us; returns how many."""
        lost = Q(received_at__lt=timezone.now() - STALLED) | Q(state=QUEUED)
        stalled = Message.objects.exclude(state="done").filter(lost)
        resumed = 0
        for message in stalled.exclude(pk__in=self._left).order_by("received_at")[:20]:
            key = str(message.pk)
            if self._positions.get(key) == message.position:
                try:
                    read(message)
                    resumed += 1
                except Overtaken:
                    log.info("message %s is being read elsewhere", key)
                except OperationalError:
                    raise
                except Exception:
                    log.exception("message %s cannot be read; left until the next start", key)
                    self._left.add(key)
            self._positions[key] = message.position
        return resumed


def checkpoint() -> None:
    """Bring SQLite's write-ahead log back to nothing (with two writers it grew to 204 MB)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
