"""Numba behind one typed door.

The machine code is kept on disk for the next process. Where no folder can be written for it (a
read-only installation without a home), it is made anew in each process, which costs seconds:
`kept` tells, so that a caller can take its numpy twin.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function in machine code, made at its first call."""
    try:
        return cast(F, numba.njit(cache=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(function))


def kept(function: Callable[..., object]) -> bool:
    """Whether the function's machine code is kept for the next process."""
    stats = getattr(function, "stats", None)
    return bool(stats and stats.cache_path)
