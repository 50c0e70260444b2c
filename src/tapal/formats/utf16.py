"""Text that an editor or a spreadsheet saved as UTF-16, told apart from other bytes.

Source: Unicode, section 23.8 (byte order mark).
"""

from __future__ import annotations

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOKED_AT = 400
"""Bytes at the start that tell UTF-16 without a mark by its zero bytes."""


def as_utf8(data: bytes) -> bytes | None:
    """The same text in UTF-8 without a mark; None for bytes that are no UTF-16.

    Halves of characters become replacement characters.
    """
    codec = _codec(data)
    if codec is None:
        return None
    return data.decode(codec, "replace").removeprefix("\ufeff").encode("utf-8", "replace")


def _codec(data: bytes) -> str | None:
    if data[:2] in _MARKS:
        return _MARKS[data[:2]]
    head = data[:_LOOKED_AT]
    even, odd = head[::2], head[1::2]
    # Letters of the Latin script have a zero byte each, on one side only.
    if len(odd) > 3 and odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    if len(odd) > 3 and even.count(0) > 0.7 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None
