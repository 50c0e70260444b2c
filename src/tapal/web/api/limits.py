"""How often one key may ask: a bucket that fills by itself, held in this process alone.

A node serves its API from one process (`tapal serve`). Where an operator runs more of them, each
counts by itself, and the limit is so many times as high.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

DEFAULT_A_MINUTE = 600
# Buckets that are looked after at once; full ones tell nothing and are let go first.
MOST_BUCKETS = 10_000


@dataclass(slots=True)
class Limits:
    """Buckets by name. Each holds a minute's share at most and fills evenly."""

    a_minute: int
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> int:
        """Seconds to wait before this may be asked, 0 for now."""
        with self._lock:
            now = self.clock()
            left, at = self._left.get(name, (float(self.a_minute), now))
            left = min(float(self.a_minute), left + (now - at) * self.a_minute / 60)
            if left < 1:
                self._left[name] = (left, now)
                return max(1, math.ceil((1 - left) * 60 / self.a_minute))
            if len(self._left) >= MOST_BUCKETS and name not in self._left:
                self._let_go(now)
            self._left[name] = (left - 1, now)
            return 0

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._left.clear()

    def _let_go(self, now: float) -> None:
        """Drop the buckets that are full again."""
        full = [n for n, (left, at) in self._left.items() if left + (now - at) * self.a_minute / 60
                >= self.a_minute]  # fmt: skip
        for name in full or list(self._left)[: MOST_BUCKETS // 2]:
            del self._left[name]


LIMITS = Limits(int(os.environ.get("TAPAL_API_PER_MINUTE", DEFAULT_A_MINUTE)))
