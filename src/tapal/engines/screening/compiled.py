"""Numba behind one typed door, for loops over words, postings and candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from tapal.engines.screening.lean import LOOPS, let_go

let_go()

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile on first use, without the interpreter lock, and keep the machine code on disk.

    Where no folder can be written the code is compiled in each process anew.
    """
    return cast(F, _compile(function, _nrt=True))


def borrowed(function: F) -> F:
    """Like `compiled`, for what makes no array: those given are borrowed, not counted at each use."""
    return cast(F, _compile(function, _nrt=False))


def inlined(function: F) -> F:
    """Like `compiled`, but written into its callers: a call that passes many arrays counts each."""
    return cast(F, _compile(function, inline="always"))


def _compile(function: object, **how: str | bool) -> Any:
    return LOOPS.compile(function, nogil=True, **how)
