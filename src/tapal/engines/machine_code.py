"""Numba behind one door: an engine's loops, their machine code kept on disk and made before the first call.

Compiling takes half a minute and 400 MB, once for each version of the sources: `prepare` lets another
process do it. Where no folder can be written for the code, it is made by who needs it, in each
process anew.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 300


@lru_cache(maxsize=8)
def sources(folder: Path) -> str:
    """A fingerprint of every source file of a package, and of this one."""
    found = blake2b(digest_size=16)
    for path in (*sorted(folder.glob("*.py")), Path(__file__)):
        found.update(path.read_bytes())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of one package; its module `loops`, when run, calls each once and then `prepared`."""

    package: str
    folder: Path

    def compile(self, function: object, **how: Any) -> Any:  # Any: Numba's options and dispatcher
        """The function in machine code, made at its first call and kept for the next process."""
        import numba

        njit: Any = numba.njit
        try:
            made = njit(cache=True, **how)(function)
        except RuntimeError:
            return njit(**how)(function)
        # Numba keeps code while the function's own file is unchanged; ours calls other files too.
        # With the compiler switched off the function comes back as it is.
        if hasattr(made, "_cache"):
            made._cache._cache_file._source_stamp = sources(self.folder)
        return made

    def prepare(self) -> None:
        """Have the loops compiled and kept by a process of its own, where that was not done yet.

        Who asks while another process compiles waits for that. Where no folder can be written, or
        that process fails, they are compiled by who needs them.
        """
        if self.ready() or self._is_main() or not os.access(self.folder, os.W_OK):
            return
        command = (sys.executable, "-m", f"{self.package}.loops")
        mark = self._mark()
        mark.parent.mkdir(exist_ok=True)
        with (mark.parent / "loops.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.ready():
                return
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    timeout=PATIENCE_SECONDS,
                )

    def _is_main(self) -> bool:
        """Whether this is the process that compiles."""
        spec = sys.modules["__main__"].__spec__
        return spec is not None and spec.name == f"{self.package}.loops"

    def ready(self) -> bool:
        """Whether the loops of these sources are compiled and kept."""
        return self._mark().exists()

    def prepared(self) -> None:
        """Note that the loops of these sources are compiled and kept."""
        mark = self._mark()
        mark.parent.mkdir(exist_ok=True)
        for old in mark.parent.glob("loops-*"):
            old.unlink(missing_ok=True)
        mark.touch()

    def _mark(self) -> Path:
        made = (sources(self.folder), version("numba"), version("numpy"), sys.version)
        name = blake2b(repr(made).encode(), digest_size=12).hexdigest()
        return self.folder / "__pycache__" / f"loops-{name}"
