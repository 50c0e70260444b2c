"""Hold what the closing segments of an interchange say against what was there.

Source: ISO 9735 (UNB..UNZ, UNG..UNE, UNH..UNT).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tapal.formats.edifact_segments import Numbering, Place, Problem, Segment


class Envelopes:
    """Compares what the closing segments say with what was there."""

    def __init__(self, counter: Numbering, *, framed: bool = True) -> None:
        self._counter = counter
        self._framed = framed
        self._open: dict[str, Segment] = {}  # by opening tag: UNB, UNG, UNH
        self._count: Counter[str] = Counter()  # segments since UNH, messages, groups
        self._last: Place | None = None
        self._told = False  # that segments stand outside a message: once is enough

    def run(self, items: Iterator[Segment | Problem]) -> Iterator[Segment | Problem]:
        for item in items:
            if isinstance(item, Segment):
                yield from self._before(item)
                self._last = item.place
            yield item
        yield from self._left_open(("UNH", "UNG", "UNB"))

    def _before(self, segment: Segment) -> Iterator[Problem]:
        self._count["segments"] += 1
        match segment.tag:
            case "UNB":
                self._open["UNB"] = segment
            case "UNG":
                yield from self._left_open(("UNH", "UNG"))
                self._open["UNG"] = segment
                self._count["groups"] += 1
                self._count["group_messages"] = 0
            case "UNH":
                yield from self._left_open(("UNH",))
                self._open["UNH"] = segment
                self._count["segments"] = 1
                self._count["messages"] += 1
                self._count["group_messages"] += 1
            case "UNT":
                yield from self._close(segment, "UNH", self._count["segments"], 0)
            case "UNE":
                yield from self._left_open(("UNH",))
                yield from self._close(segment, "UNG", self._count["group_messages"], 4)
            case "UNZ":
                yield from self._left_open(("UNH", "UNG"))
                total = self._count["groups"] or self._count["messages"]
                yield from self._close(segment, "UNB", total, 4)
            case _ if "UNH" not in self._open and self._framed:
                if not self._told:
                    yield Problem("unh_missing", segment.place, "UNH", segment.tag)
                self._told = True

    def _close(
        self, segment: Segment, opening: str, count: int, reference: int
    ) -> Iterator[Problem]:
        opened = self._open.pop(opening, None)
        name = segment.tag.lower()
        if opened is None:
            if self._framed or opening == "UNH":
                yield Problem(f"{opening.lower()}_missing", segment.place, opening, segment.tag)
            return
        said = segment.get(0)
        if said.lstrip("0") != str(count).lstrip("0"):
            yield Problem(f"{name}_count", segment.place, str(count), said)
        wanted = opened.get(reference)
        if segment.get(1) != wanted:
            yield Problem(f"{name}_reference", segment.place, wanted, segment.get(1))

    def _left_open(self, tags: Sequence[str]) -> Iterator[Problem]:
        closing = {"UNH": "UNT", "UNG": "UNE", "UNB": "UNZ"}
        for tag in tags:
            opened = self._open.pop(tag, None)
            if opened is not None:
                place = self._last or opened.place
                yield Problem(f"{closing[tag].lower()}_missing", place, closing[tag])
