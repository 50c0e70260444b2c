"""Numba behind one typed door; each compiled function keeps its plain Python as `.py_func`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile on first call and keep the machine code on disk for the next process."""
    return cast(F, numba.njit(cache=True)(function))
