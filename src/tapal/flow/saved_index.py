"""The index of the lists as files of the home: built by a process of its own, mapped by all.

`TAPAL_HOME/screening/NUMBER-MARK/`: the state of the lists that it holds, and the mark that only this
store's history gives that state, so that a restored store never meets the index of another. It is
derived: whoever deletes it loses a minute.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tapal.engines.screening import Index, OtherRules
from tapal.flow.apart import command

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 600
_COMMAND = command("lists", "index")


def folder() -> Path:
    """Where the saved indexes lie."""
    return Path(settings.TAPAL_HOME) / "screening"


def save(index: Index, number: int, mark: str) -> None:
    """Write the index of state `number`; whole or not at all. Older ones are taken away."""
    final = folder() / f"{number}-{mark or 'none'}"
    aside = folder() / f".{secrets.token_hex(6)}"
    with _alone():
        shutil.rmtree(final, ignore_errors=True)
        for half in folder().glob(".[0-9a-f]*"):
            shutil.rmtree(half, ignore_errors=True)
        index.save(aside)
        _sync(aside)
        aside.rename(final)
        _sync_one(folder())
        for _, _, old in _saved():
            # Who has mapped its files keeps them until he lets go.
            if old != final:
                shutil.rmtree(old, ignore_errors=True)


def newest(mark_of: Callable[[int], str]) -> tuple[int, Index] | None:
    """The newest saved index that is of this store's history and of this version's rules."""
    for number, mark, place in sorted(_saved(), reverse=True):
        if mark != mark_of(number):
            continue
        try:
            return number, Index.load(place)
        except (OtherRules, OSError, ValueError) as wrong:
            log.info("the saved index %s is built anew: %s", place.name, type(wrong).__name__)
    return None


def build_apart() -> bool:
    """Build and save the index in a process of its own; False when that did not go well in time."""
    try:
        done = subprocess.run(
            _COMMAND,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0


def _saved() -> Iterator[tuple[int, str, Path]]:
    for place in folder().glob("[0-9]*-*"):
        number, _, mark = place.name.partition("-")
        if number.isdigit():
            yield int(number), mark, place


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time writes; another one waits."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync(place: Path) -> None:
    for each in [*place.rglob("*"), place]:
        _sync_one(each)


def _sync_one(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
