"""Read UN/EDIFACT interchanges as they come from the wire, reporting faults instead of raising.

`read(data)` yields segments and problems in the order of the bytes; `messages(data)` groups
them by UNH..UNT. Neither raises on any input. Tokens are cut on bytes, so offsets are true byte
offsets, and decoded afterwards by the charset that UNB names.

Source: ISO 9735 (syntax versions 1 to 4), UN/EDIFACT service segments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tapal.formats.edifact_separators import (
    CHARSETS,
    DEFAULT,
    Separators,
    interchange_starts,
)

_TAGS = """
ADR AGR AJT ALC ALI APP APR ARD ARR ASI ATT AUT BAS BGM BII BUS CAV CCD CCI CDI CDS CDV CED CIN
CLA CLI CMP CNI CNT COD COM COT CPI CPS CPT CST CTA CUX DAM DFN DGS DII DIM DLI DLM DMS DOC DRD
DSG DSI DTM EDT EFI ELM ELU ELV EMP EQA EQD EQN ERC ERP EVE EVT FCA FII FNS FNT FOR FSQ FTX GDS
GEI GID GIN GIR GOR GPO GRU HAN HYN ICD IDE IFD IHC IMD IND INP INV IRQ LAN LIN LOC MEA MEM MKS
MOA MSG MTD NAD NAT PAC PAI PAS PCC PCD PCI PDI PER PGI PIA PNA POC PRC PRI PRV PSD PTY PYT QRS
QTY QUA QVR RCS REL RFF RJL RNG ROD RSL RTE SAL SCC SCD SEG SEL SEQ SFI SGP SGU SPR SPS STA STC
STG STS TAX TCC TDT TEM TMD TMP TOD TPL TRU TSR UNA UNB UNE UNG UNH UNS UNT UNZ VLI
"""
DIRECTORY_TAGS = frozenset(_TAGS.split())
"""Tags that may be recognised after a line break where a terminator was lost."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands; reads as its tag and its number among its kind, "NAD 7"."""

    tag: str
    ordinal: int  # among the segments with this tag in the whole input, from 1
    position: int  # among all segments of the whole input, from 1
    offset: int  # of the first byte
    line: int  # from 1; CR, LF and CR LF each end a line

    def __str__(self) -> str:
        return f"{self.tag} {self.ordinal}"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `elements[i][j]` is component j of element i, both from 0, tag excluded."""

    tag: str
    elements: tuple[tuple[str, ...], ...]
    place: Place
    repeats: tuple[tuple[int, tuple[str, ...]], ...] = ()  # (element, components) after the first

    def get(self, element: int, component: int = 0) -> str:
        """Return a component without outer blanks, "" where it is absent."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component].strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of syntax: a code, its place, and what was expected and found."""

    code: str
    place: Place
    expected: str = ""
    found: str = ""


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
    rb"(?:\A|[^A-Za-z0-9\s]\s*|\s)(?=UN[GH][^A-Za-z0-9\s])|\A\s*(?=[A-Z]{3}\+)"
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TAG = re.compile(rb"[A-Z][A-Z0-9]{2}")


def read(data: bytes) -> Iterator[Segment | Problem]:
    """Yield every segment and every fault of syntax, in order; never raises."""
    counter = _Counter(data)
    starts = list(interchange_starts(data))
    if not starts:
        yield from _read_headless(data, counter)
        return
    if data[: starts[0][0]].strip():
        yield Problem("text_before_interchange", counter.here(0, "UNB"), found=_show(data, 0))
    for index, (offset, body, separators, codes) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else len(data)
        for code in codes:
            yield Problem(code, counter.here(offset, "UNA"), found=_show(data, offset))
        yield from _Checker(counter).run(_segments(data, body, end, separators, counter))


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


def _read_headless(data: bytes, counter: _Counter) -> Iterator[Segment | Problem]:
    """Read a file that has lost its UNB, with the default separators."""
    found = _FIRST_HEADER.search(data)
    if found is None:
        yield Problem("not_edifact", counter.here(0, "UNB"), "UNB", _show(data, 0))
        return
    yield Problem("unb_missing", counter.here(found.end(), "UNB"), "UNB", _show(data, found.end()))
    segments = _segments(data, found.end(), len(data), DEFAULT, counter)
    yield from _Checker(counter, framed=False).run(segments)


class _Counter:
    """Numbers segments and lines in one pass over the input."""

    def __init__(self, data: bytes) -> None:
        self._ends = _LINE_END.finditer(data)
        self._next = next(self._ends, None)
        self._line = 1
        self._position = 0
        self._tags: Counter[str] = Counter()

    def line(self, offset: int) -> int:
        while self._next is not None and self._next.end() <= offset:
            self._line += 1
            self._next = next(self._ends, None)
        return self._line

    def count(self, tag: str, offset: int) -> Place:
        self._position += 1
        self._tags[tag] += 1
        return Place(tag, self._tags[tag], self._position, offset, self.line(offset))

    def here(self, offset: int, tag: str) -> Place:
        """Name a place that is no segment of its own, or the segment that is still to come."""
        return Place(tag, self._tags[tag] + 1, self._position + 1, offset, self.line(offset))


def _segments(
    data: bytes, start: int, end: int, separators: Separators, counter: _Counter
) -> Iterator[Segment | Problem]:
    codec = "ascii"
    finished = False
    for offset, raw, terminated in _cut(data, start, end, separators):
        text = raw.strip(b" \t\r\n\x00\x02\x03\x1a\x01\x04")
        if not text:
            continue
        offset += raw.find(text)
        tag = text[:3].decode("latin-1")
        if finished or not _begins_segment(text, separators):
            code = "text_after_interchange" if finished else "not_a_segment"
            yield Problem(code, counter.here(offset, "text"), found=_show(text, 0))
            continue
        place = counter.count(tag, offset)
        if tag == "UNB":
            codec = CHARSETS.get(text[4:8].decode("latin-1"), "ascii")
        yield from _one_segment(text, tag, place, separators, codec)
        if not terminated:
            yield Problem("terminator_missing", place, separators.terminator, _show(text[-12:], 0))
        finished = tag == "UNZ"


def _begins_segment(text: bytes, separators: Separators) -> bool:
    """Tell whether a tag and a separator (or nothing) stand at the start."""
    after = text[3:4].decode("latin-1")
    return bool(_TAG.match(text)) and after in ("", separators.element, separators.component)


def _one_segment(
    text: bytes, tag: str, place: Place, separators: Separators, codec: str
) -> Iterator[Segment | Problem]:
    if b"\r" in text or b"\n" in text:
        # Type B transport wraps at 69 characters, anywhere in the data.
        text = text.replace(b"\r", b"").replace(b"\n", b"")
        yield Problem("line_break_in_segment", place)
    try:
        decoded = text.decode(codec)
    except UnicodeDecodeError:
        decoded, used = _decode(text)
        yield Problem("charset", place, expected=codec, found=used)
    elements, repeats = _split(decoded[3:], separators)
    yield Segment(tag, tuple(elements[1:]), place, tuple(repeats))


def _decode(text: bytes) -> tuple[str, str]:
    """Decode what the named charset cannot: UTF-8 where it is valid, else Latin-1 (total)."""
    try:
        return text.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return text.decode("latin-1"), "latin-1"


def _cut(
    data: bytes, start: int, end: int, separators: Separators
) -> Iterator[tuple[int, bytes, bool]]:
    """Cut at unreleased terminators, and at line breaks that clearly begin a new segment.

    Yields (offset, bytes, whether a terminator closed it). Linear in the size of the input.
    """
    parts = [rb"(?P<end>" + re.escape(separators.terminator.encode("latin-1")) + rb")"]
    if separators.terminator != "\n":
        element = re.escape(separators.element.encode("latin-1"))
        parts.append(rb"(?P<new>[\r\n]\s{0,8}(?=(?P<tag>[A-Z]{3})" + element + rb"))")
    if separators.release:
        release = re.escape(separators.release.encode("latin-1"))
        parts.insert(0, rb"(?P<skip>" + release + rb"(?s:.))")
    position = start
    for match in re.compile(b"|".join(parts)).finditer(data, start, end):
        if match.lastgroup == "skip":
            continue
        if match.group("end") is not None:
            yield position, data[position : match.start()], True
            position = match.end()
        elif match.group("tag").decode("latin-1") in DIRECTORY_TAGS:
            if data[position : match.start()].strip():
                yield position, data[position : match.start()], False
            position = match.end()
    if position < end:
        yield position, data[position:end], False


def _split(
    text: str, separators: Separators
) -> tuple[list[tuple[str, ...]], list[tuple[int, tuple[str, ...]]]]:
    """Split a segment's text (after its tag) into elements and components, undoing releases."""
    elements: list[tuple[str, ...]] = []
    repeats: list[tuple[int, tuple[str, ...]]] = []
    components: list[str] = []
    value: list[str] = []
    repeating = False

    def close(as_repeat: bool) -> None:
        components.append("".join(value))
        if as_repeat:
            repeats.append((len(elements) - 2, tuple(components)))
        else:
            elements.append(tuple(components))
        components.clear()
        value.clear()

    characters = iter(text)
    for character in characters:
        if character == separators.release:
            value.append(next(characters, ""))
        elif character == separators.element:
            close(repeating)
            repeating = False
        elif character == separators.component:
            components.append("".join(value))
            value.clear()
        elif separators.repetition and character == separators.repetition:
            close(repeating)
            repeating = True
        else:
            value.append(character)
    close(repeating)
    return elements, repeats


class _Checker:
    """Compares what the closing segments say with what was there."""

    def __init__(self, counter: _Counter, *, framed: bool = True) -> None:
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


def _show(data: bytes, offset: int) -> str:
    """Show the first characters of a faulty stretch, printable, for a message."""
    text = data[offset : offset + 40].decode("latin-1")
    return "".join(c if c.isprintable() else "·" for c in text)
