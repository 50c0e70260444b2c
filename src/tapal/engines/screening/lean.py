"""Keep the compiler out of the way: let another process compile, and let go of what loading touched.

Compiling takes half a minute and 400 MB, once for each version of the sources.

Loading compiled loops runs over some 100 MB of the compiler's own file; no question needs them again.
Mapped pages count as this process's memory (RSS) until the system is short and takes them: on a
post's small machine it is better to let go of them at once. What is called all the same is read from the
file again.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

_LIBRARY = "libllvmlite"
_SMAPS = Path("/proc/self/smaps")
MADV_DONTNEED = 4
_KEPT = Path(__file__).parent / "__pycache__"
PATIENCE_SECONDS = 300


@lru_cache(maxsize=1)
def sources() -> str:
    """A fingerprint of every source file of this package."""
    found = blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def prepare() -> None:
    """Have the loops compiled and kept by a process of its own, where that was not done yet.

    Where no folder can be written, or that process fails, they are compiled by who needs them.
    """
    if not _mark().exists() and os.access(_KEPT.parent, os.W_OK):
        command = (sys.executable, "-m", "tapal.engines.screening.loops")
        with open(os.devnull, "w") as nowhere:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=nowhere, timeout=PATIENCE_SECONDS
            )


def prepared() -> None:
    """Note that the loops of these sources are compiled and kept."""
    _KEPT.mkdir(exist_ok=True)
    for old in _KEPT.glob("loops-*"):
        old.unlink(missing_ok=True)
    _mark().touch()


def _mark() -> Path:
    made = (sources(), version("numba"), version("numpy"), sys.version)
    return _KEPT / f"loops-{blake2b(repr(made).encode(), digest_size=12).hexdigest()}"


def let_go() -> int:
    """Unmap the pages of the compiler's file that were only read; how many bytes of address they span.

    Safe because only mappings are taken that cannot be written and hold not one page of their own
    (`Anonymous: 0 kB`). Does nothing where the system is not Linux.
    """
    if not sys.platform.startswith("linux") or not _SMAPS.exists():
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    spans = list(_only_read(_SMAPS.read_text(encoding="utf-8", errors="replace")))
    return sum(end - at for at, end in spans if madvise(at, end - at, MADV_DONTNEED) == 0)


def _only_read(smaps: str) -> Iterator[tuple[int, int]]:
    """First and last address of each mapping of the library that nobody has written to."""
    span: tuple[int, int] | None = None
    for line in smaps.splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            ours = len(words) > 5 and _LIBRARY in words[5] and "w" not in words[1]
            at, _, end = words[0].partition("-")
            span = (int(at, 16), int(end, 16)) if ours else None
        elif span and words[0] == "Anonymous:" and words[1] == "0":
            yield span
