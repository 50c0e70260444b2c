"""Files that survive a power cut: synced with their folders, and replaced whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def sync(paths: Iterable[Path]) -> None:
    """Force files, and then the folders that name them, to the disk."""
    folders = set()
    for path in paths:
        _sync(path)
        folders.add(path.parent)
    for folder in folders:
        _sync(folder)


def replace(path: Path, data: bytes) -> None:
    """Write a file whole: a reader sees the old content or the new, also after a power cut."""
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    aside.rename(path)
    _sync(path.parent)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold a lock file; gives False at once where another process holds it."""
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
