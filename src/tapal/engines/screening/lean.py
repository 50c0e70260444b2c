"""Keep the compiler out of the way: let another process compile, and let go of what loading touched.

Loading compiled loops runs over some 100 MB of the compiler's own file; no question needs them again.
Mapped pages count as this process's memory (RSS) until the system is short and takes them: on a
post's small machine it is better to let go of them at once. What is called all the same is read from the
file again.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

from tapal.engines.machine_code import Loops

_LIBRARY = "libllvmlite"
_SMAPS = Path("/proc/self/smaps")
MADV_DONTNEED = 4

LOOPS = Loops("tapal.engines.screening", Path(__file__).parent)
prepare = LOOPS.prepare
prepared = LOOPS.prepared


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
