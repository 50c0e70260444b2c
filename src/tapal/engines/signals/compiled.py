"""Numba behind one typed door.

The machine code is kept on disk for the next process. Where no folder can be written for it (a
read-only installation without a home), it is made anew in each process, which costs seconds:
`kept` tells, so that a caller can take its numpy twin.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from tapal.engines.machine_code import Loops

F = TypeVar("F", bound=Callable[..., object])

LOOPS = Loops("tapal.engines.signals", Path(__file__).parent)


def compiled(function: F) -> F:
    """The function in machine code, made at its first call."""
    return _compile(function, {})


def borrowed(function: F) -> F:
    """Like `compiled`, for what makes no array: those given are borrowed, not counted at each use."""
    return _compile(function, {"_nrt": False})


def summing(function: F) -> F:
    """Like `borrowed`, with sums taken in the order that is fastest: the last digit may differ.

    Nothing divided by zero is an infinity there.
    """
    how = {"_nrt": False, "fastmath": {"reassoc", "nsz"}, "error_model": "numpy"}
    return _compile(function, how)


def _compile(function: F, how: dict[str, object]) -> F:
    # All is said, for Numba hands a caller's options down to what it calls where they are not.
    usual = {"_nrt": True, "fastmath": False, "error_model": "python"}
    return cast(F, LOOPS.compile(function, **{**usual, **how}))


def kept(function: Callable[..., object]) -> bool:
    """Whether the function's machine code is kept for the next process."""
    stats = getattr(function, "stats", None)
    return bool(stats and stats.cache_path)
