"""Identifiers that sort by time and tell no count."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0


def uuid7() -> uuid.UUID:
    """A fresh UUID version 7: 48 bits of milliseconds, 74 random bits (RFC 9562, 5.7).

    Within one process the time part never runs backwards, also when the clock is set back.
    """
    global _last_ms
    with _lock:
        _last_ms = max(_last_ms, time.time_ns() // 1_000_000)
        ms = _last_ms
    value = (ms << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
