"""Compile every loop of early warning once and keep it: `python -m tapal.engines.signals.loops`."""

from __future__ import annotations

import numpy as np

from tapal.engines.signals.compiled import LOOPS
from tapal.engines.signals.flexible import Flexible, expect
from tapal.engines.signals.glr import Glr, glr
from tapal.engines.signals.pool import Watch, judge
from tapal.engines.signals.series import Panel, Series

POINTS = 280


def compile_all() -> None:
    """Judge two short histories by what uses every loop."""
    counts = np.tile(np.array([3.0, 4.0, 5.0, 4.0]), (2, POINTS // 4))
    counts[:, -1] = 40.0
    judge(Watch(("a", "b"), counts))
    expect(Panel(counts), [POINTS - 1], Flexible())
    for alpha in (0.0, 0.1):
        glr(Series(counts[0]), [POINTS - 2, POINTS - 1], Glr(ret="cases", alpha=alpha))


if __name__ == "__main__":
    compile_all()
    LOOPS.prepared()
