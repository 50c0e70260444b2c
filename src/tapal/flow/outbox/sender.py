"""The thread of the worker that writes and sends notices: a slow target keeps no record waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import OperationalError, connections

from tapal.flow.answering import keep_answers
from tapal.flow.outbox.sending import send_due
from tapal.flow.outbox.writing import Writer

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0


class Sender:
    """Goes round until `stop` says so; killed at any moment, nothing is lost."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def end(self) -> None:
        """Send nothing more, and wait a moment for what is on its way."""
        self._over.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        writer = Writer()
        while not self._stop() and not self._over.is_set():
            try:
                busy = keep_answers() + writer.step() + send_due() > 0
            except OperationalError:
                log.exception("the database did not answer; trying again")
                connections.close_all()
                busy = False
            except Exception:
                log.exception("the outbox stumbled; what waits is tried again")
                busy = False
            self._over.wait(0.05 if busy else EVERY_SECONDS)
        connections.close_all()
