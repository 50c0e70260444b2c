"""Numba behind one typed door.

The machine code is kept on disk for the next process. Where no folder can be written for it (a
read-only installation without a home), the plain Python function stays: compiling anew in every
process would cost a person seconds. `kept` tells, so that a caller can take its numpy twin.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function in machine code, made at its first call; as it is where none can be kept."""
    try:
        return cast(F, numba.njit(cache=True)(function))
    except RuntimeError:
        return function


def kept(function: Callable[..., object]) -> bool:
    """Whether `compiled` gave machine code."""
    return hasattr(function, "py_func")
