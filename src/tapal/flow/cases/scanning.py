"""The virus scanner's part: a program of the operator's choice looks at each file of a case."""

from __future__ import annotations

import logging
import shlex
import subprocess
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tapal.flow.apart import command
from tapal.flow.cases.attachments import CLEAN, REFUSED, WAITING, path_of
from tapal.flow.events import record_event
from tapal.store.models import Attachment

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 120
ASK_SECONDS = 10.0
# How long the worker waits where the scanner itself had trouble.
REST_SECONDS = 300.0
_COMMAND = command("cases", "scan")
# clamdscan's way: 0 clean, 1 found something, anything else is its own trouble.
_VERDICTS = {0: CLEAN, 1: REFUSED}


def scan_waiting() -> bool:
    """Let the scanner look at every file that waits; False where one still waits after it."""
    all_seen = True
    rows = Attachment.objects.filter(scan=WAITING).select_related("entry").order_by("pk")
    for row in rows.iterator(chunk_size=50):
        verdict = _ask(str(path_of(row.entry.case_id, row.sha256)))
        if verdict is None:
            all_seen = False
            continue
        with transaction.atomic():
            if Attachment.objects.filter(pk=row.pk, scan=WAITING).update(
                scan=verdict, scanned_at=timezone.now()
            ):
                told = {"entry": str(row.pk), "verdict": verdict}
                record_event("case.scanned", str(row.entry.case_id), told)
    return all_seen


def _ask(path: str) -> str | None:
    """What the scanner says of one file; None where it cannot say. No log line names the file."""
    words = shlex.split(settings.TAPAL_SCAN_COMMAND)
    if not words:
        return None
    command = [w.replace("{path}", path) for w in words]
    if "{path}" not in settings.TAPAL_SCAN_COMMAND:
        command.append(path)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        log.error("the virus scanner did not answer: %s", type(trouble).__name__)
        return None
    verdict = _VERDICTS.get(done.returncode)
    if verdict is None:
        log.error("the virus scanner ended with %s", done.returncode)
    return verdict


class Scanning:
    """The worker's part: it starts the scan of what waits in a process of its own, and never waits."""

    def __init__(self) -> None:
        self._next = 0.0
        self._running: subprocess.Popen[bytes] | None = None

    def step(self) -> bool:
        """Start a scan where files wait and none is under way; returns whether it was started."""
        if self._running is not None:
            code = self._running.poll()
            if code is None:
                return False
            self._running = None
            self._next = time.monotonic() + (REST_SECONDS if code else ASK_SECONDS)
        if not settings.TAPAL_SCAN_COMMAND or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + ASK_SECONDS
        if not Attachment.objects.filter(scan=WAITING).exists():
            return False
        self._running = subprocess.Popen(_COMMAND, stdin=subprocess.DEVNULL)
        return True
