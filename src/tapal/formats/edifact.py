"""Read UN/EDIFACT interchanges as they come from the wire, reporting faults instead of raising.

`read(data)` yields segments and problems in the order of the bytes; `messages(data)` groups
them by UNH..UNT. Neither raises on any input. Tokens are cut on bytes, so offsets are true byte
offsets, and decoded afterwards by the charset that UNB names.

Source: ISO 9735 (syntax versions 1 to 4), UN/EDIFACT service segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tapal.formats.edifact_envelope import Envelopes
from tapal.formats.edifact_segments import (
    Numbering,
    Place,
    Problem,
    Segment,
    segments,
    show,
)
from tapal.formats.edifact_separators import DEFAULT, interchange_starts
from tapal.formats.utf16 import as_utf8

__all__ = ["Message", "Place", "Problem", "Segment", "messages", "read"]


@dataclass(slots=True)
class Message:
    """The segments between UNH and UNT (both excluded) with their envelope and problems."""

    interchange: Segment | None = None  # UNB
    group: Segment | None = None  # UNG
    header: Segment | None = None  # UNH; None for segments that stand outside a message
    segments: list[Segment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    closed: bool = False  # UNT was seen


_FIRST_HEADER = re.compile(
    rb"(?:\A|[^A-Za-z0-9\s]\s*|\s)(?=UN[GH][^A-Za-z0-9\s])|\A(?:\xef\xbb\xbf)?\s*(?=[A-Z]{3}\+)"
)


def read(data: bytes) -> Iterator[Segment | Problem]:
    """Yield every segment and every fault of syntax, in order; never raises."""
    wide = as_utf8(data)
    data, folded = _in_capitals(data if wide is None else wide)
    numbering = Numbering(data)
    starts = list(interchange_starts(data))
    if wide is not None:
        yield Problem("charset", numbering.here(0, "UNB"), "8 bit", "utf-16")
    if folded:
        yield Problem("lower_case", numbering.here(0, "UNB"))
    if not starts:
        yield from _read_headless(data, numbering)
        return
    if data[: starts[0][0]].removeprefix(_MARK).strip():
        yield Problem("text_before_interchange", numbering.here(0, "UNB"), found=show(data, 0))
    codec = "" if wide is None else "utf-8"
    for index, (offset, body, separators, codes) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else len(data)
        for code in codes:
            yield Problem(code, numbering.here(offset, "UNA"), found=show(data, offset))
        found = segments(data, body, end, separators, numbering, codec)
        yield from Envelopes(numbering).run(found)


_MARK = b"\xef\xbb\xbf"


def _in_capitals(data: bytes) -> tuple[bytes, bool]:
    """The bytes in capitals where only these hold an interchange: a gateway may have folded them."""
    if _begins(data):
        return data, False
    folded = data.upper()
    return (folded, True) if _begins(folded) else (data, False)


def _begins(data: bytes) -> bool:
    return next(interchange_starts(data), None) is not None or bool(_FIRST_HEADER.search(data))


def messages(data: bytes) -> Iterator[Message]:
    """Group what `read` yields by message; faults go to the message they stand in."""
    current = Message()
    used = False
    for item in read(data):
        if isinstance(item, Problem):
            current.problems.append(item)
            continue
        if item.tag in ("UNB", "UNG", "UNH") and (used or current.closed):
            yield current
            current = Message(current.interchange, current.group)
            used = False
        if item.tag == "UNB":
            current.interchange, current.group = item, None
        elif item.tag == "UNG":
            current.group = item
        elif item.tag == "UNH":
            current.header, used = item, True
        elif item.tag == "UNT":
            current.closed = True
        elif item.tag not in ("UNE", "UNZ"):
            current.segments.append(item)
            used = True
    if used or current.closed or current.problems or current.interchange:
        yield current


def _read_headless(data: bytes, numbering: Numbering) -> Iterator[Segment | Problem]:
    """Read a file that has lost its UNB, with the default separators."""
    found = _FIRST_HEADER.search(data)
    if found is None:
        yield Problem("not_edifact", numbering.here(0, "UNB"), "UNB", show(data, 0))
        return
    start = found.end()
    yield Problem("unb_missing", numbering.here(start, "UNB"), "UNB", show(data, start))
    items = segments(data, start, len(data), DEFAULT, numbering)
    yield from Envelopes(numbering, framed=False).run(items)
