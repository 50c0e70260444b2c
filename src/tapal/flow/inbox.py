"""The watched folder: files put into `TAPAL_HOME/inbox/AGENCY/POST/` are handed in and moved away.

A folder may be left out: `inbox/AGENCY/file` has no post, `inbox/file` neither. A folder
`mapping-NAME` within names the saved mapping that reads its tables. What is handed in
goes to `inbox-done`, what nothing could be made of to `inbox-refused`, each beside a `.json` report.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import shutil
import signal
import stat
import time
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from tapal.core.errors import TapalError
from tapal.core.text import Text
from tapal.flow.intake import BadHandIn, HandIn, Overtaken
from tapal.flow.mapped import PREFIX
from tapal.flow.report import hand_in, report

log = logging.getLogger(__name__)

# A file that was written to in the last seconds may still be growing.
SETTLED_SECONDS = 2.0
# One that somebody has open for writing waits so long after its last change, and no longer: some network
# folders call every file open.
OPEN_SECONDS = 300.0
# What is longer would not fit beside everything else in a post's memory.
LONGEST = 256 * 1024 * 1024
_MAPPING = "mapping-"
# Files that could not be put away, as they were: they wait until they change.
_stuck: dict[Path, int] = {}


class _Growing(TapalError):
    """The file is still being written: it waits for another round."""


def folder() -> Path:
    """The watched folder, made when it is not there."""
    place = Path(settings.TAPAL_HOME) / "inbox"
    place.mkdir(parents=True, exist_ok=True)
    return place


def sweep() -> int:
    """Hand in every settled file; returns how many. Names that begin with a dot are left alone.

    A file that cannot be put away is told of once, stays where it is and stops no other.
    """
    place, done = folder(), 0
    for path in sorted(place.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(place).parts):
            continue
        try:
            found = path.lstat()
            if _settled(found) and _stuck.get(path) != found.st_mtime_ns:
                _take(path)
                done += 1
        except (FileNotFoundError, _Growing):
            continue
        except OSError:
            log.exception("inbox: %s cannot be put away and stays where it is", path.name)
            _stuck[path] = found.st_mtime_ns
    return done


def _settled(found: os.stat_result) -> bool:
    """True for a file, or a link that stands for one, that has been quiet."""
    sort = stat.S_IFMT(found.st_mode)
    quiet = time.time() - found.st_mtime >= SETTLED_SECONDS
    return sort in (stat.S_IFREG, stat.S_IFLNK) and quiet


def _take(path: Path) -> None:
    given = _given(path)
    try:
        told = report(hand_in(_read(path), given), path.name, "id")
    except BadHandIn as wrong:
        _put_away(path, "inbox-refused", {"reason": wrong.text.json()})
        return
    except (OperationalError, Overtaken, _Growing, FileNotFoundError):
        # Not the file's fault: it waits for the next round.
        raise
    except Exception as trouble:
        log.exception("inbox: %s could not be handed in", path.name)
        why = getattr(trouble, "strerror", None) or type(trouble).__name__
        _put_away(path, "inbox-refused", {"reason": _UNREAD.fill(why=why).json()})
        return
    good = told["records"] or told["known"]
    _put_away(path, "inbox-done" if good else "inbox-refused", told)


_UNREAD = Text(
    "Berkas tidak dapat diserahkan ({why}). Periksa berkas dan izinnya, lalu taruh lagi.",
    "The file could not be handed in ({why}). Look at it and its permissions, and put it in again.",
)
_LINK = Text(
    "Ini tautan, bukan berkas: taruh berkasnya sendiri.",
    "This is a link, not a file: put the file itself in.",
)
_LONG = Text(
    "Berkas lebih dari {n} MB: bagilah, atau serahkan dengan tapal intake.",
    "The file is longer than {n} MB: part it, or hand it in with tapal intake.",
).fill(n=LONGEST // 1024 // 1024)


def _given(path: Path) -> HandIn:
    way = path.relative_to(folder()).parts[:-1]
    parts = [part for part in way if not part.startswith(_MAPPING)]
    mapping = next((p.removeprefix(_MAPPING) for p in way if p.startswith(_MAPPING)), None)
    return HandIn(
        source=path.name,
        agency=parts[0] if parts else None,
        post=parts[1] if len(parts) > 1 else None,
        format=f"{PREFIX}{mapping}" if mapping else None,
        by="inbox",
    )


def _read(path: Path) -> bytes:
    """The bytes of a file that nobody is writing; a link is not followed: it may lead anywhere.

    Raises _Growing, BadHandIn, OSError.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as wrong:
        if wrong.errno == errno.ELOOP:
            raise BadHandIn(_LINK) from wrong
        raise
    with open(handle, "rb") as file:
        before = os.fstat(handle)
        if before.st_size > LONGEST:
            raise BadHandIn(_LONG)
        if _being_written(handle) and time.time() - before.st_mtime < OPEN_SECONDS:
            raise _Growing
        data = file.read(LONGEST + 1)
        after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _Growing
    return data


def _being_written(handle: int) -> bool:
    """Whether somebody has the file open for writing, as far as the system tells: a lease is refused then."""
    try:
        # A lease that is broken in this moment sends a signal: one that is ignored by default.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as wrong:
        return wrong.errno == errno.EAGAIN
    return False


def _put_away(path: Path, where: str, told: object) -> None:
    place = Path(settings.TAPAL_HOME) / where / timezone.now().strftime("%Y-%m-%d")
    place.mkdir(parents=True, exist_ok=True)
    final = place / path.name
    count = 1
    while os.path.lexists(final):
        final = place / f"{path.stem}-{count}{path.suffix}"
        count += 1
    # A name may hold bytes that are no text: they are shown as question marks.
    final.with_name(final.name + ".json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace"
    )
    # The inbox may be a disk or a share of its own.
    shutil.move(path, final)
    log.info("inbox: %s -> %s", path.name, where)
