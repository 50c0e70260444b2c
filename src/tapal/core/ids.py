"""Identifiers that sort by time and tell no count."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_last_tail = 0
_TAIL_BITS = 74


def uuid7() -> uuid.UUID:
    """A fresh UUID version 7: 48 bits of milliseconds, 74 random bits (RFC 9562, 5.7 and 6.2).

    Within one process each sorts after the one before, also within a millisecond (by a random
    step) and when the clock is set back; no count can be read from it.
    """
    global _last_ms, _last_tail
    with _lock:
        now = time.time_ns() // 1_000_000
        tail = int.from_bytes(os.urandom(10), "big") >> (80 - _TAIL_BITS)
        if now <= _last_ms:
            now = _last_ms
            tail = _last_tail + 1 + int.from_bytes(os.urandom(5), "big")
            if tail >> _TAIL_BITS:
                now, tail = now + 1, tail & ((1 << _TAIL_BITS) - 1)
        _last_ms, _last_tail = now, tail
    low = tail & ((1 << 62) - 1)
    return uuid.UUID(int=now << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | low)
