"""Cut an UN/EDIFACT interchange into segments, each with its place; faults are told, not raised.

Tokens are cut on bytes, so offsets are true byte offsets, and decoded afterwards by the charset
that UNB names.

Source: ISO 9735, syntax versions 1 to 4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tapal.formats.edifact_separators import CHARSETS, Separators

_TAGS = """
ADR AGR AJT ALC ALI APP APR ARD ARR ASI ATT AUT BAS BGM BII BUS CAV CCD CCI CDI CDS CDV CED CIN
CLA CLI CMP CNI CNT COD COM COT CPI CPS CPT CST CTA CUX DAM DFN DGS DII DIM DLI DLM DMS DOC DRD
DSG DSI DTM EDT EFI ELM ELU ELV EMP EQA EQD EQN ERC ERP EVE EVT FCA FII FNS FNT FOR FSQ FTX GDS
GEI GID GIN GIR GOR GPO GRU HAN HYN ICD IDE IFD IHC IMD IND INP INV IRQ LAN LIN LOC MEA MEM MKS
MOA MSG MTD NAD NAT PAC PAI PAS PCC PCD PCI PDI PER PGI PIA PNA POC PRC PRI PRV PSD PTY PYT QRS
QTY QUA QVR RCS REL RFF RJL RNG ROD RSL RTE SAL SCC SCD SEG SEL SEQ SFI SGP SGU SPR SPS STA STC
STG STS TAX TCC TDT TEM TMD TMP TOD TPL TRU TSR UNA UNB UNE UNG UNH UNS UNT UNZ VLI
"""
MOST_BYTES = 10_000
"""A longer segment is cut: the longest of any message has a few thousand."""
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


_LINE_END = re.compile(rb"\r\n|\r|\n")
_TAG = re.compile(rb"[A-Z][A-Z0-9]{2}")


class Numbering:
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

    def foreign(self, offset: int) -> Place:
        """Number a stretch that is no segment, among its like."""
        self._tags["text"] += 1
        line = self.line(offset)
        return Place("text", self._tags["text"], self._position + 1, offset, line)

    def here(self, offset: int, tag: str) -> Place:
        """Name a place that is no segment of its own, or the segment that is still to come."""
        return Place(tag, self._tags[tag] + 1, self._position + 1, offset, self.line(offset))


def segments(
    data: bytes, start: int, end: int, separators: Separators, numbering: Numbering, codec: str = ""
) -> Iterator[Segment | Problem]:
    """Yield the segments of one interchange; a `codec` stands above what UNB names."""
    fixed, codec = bool(codec), codec or "ascii"
    finished = False
    for offset, raw, terminated in _cut(data, start, end, separators):
        text = raw[: MOST_BYTES + 1].strip(b" \t\r\n\x00\x02\x03\x1a\x01\x04")
        if not text:
            continue
        offset += raw.find(text)
        cut, text = len(text) > MOST_BYTES, text[:MOST_BYTES]
        # Type B transport wraps at 69 characters, anywhere in the data, tags not spared.
        whole = text.replace(b"\r", b"").replace(b"\n", b"")
        tag = whole[:3].decode("latin-1")
        if finished or not _begins_segment(whole, separators):
            code = "text_after_interchange" if finished else "not_a_segment"
            yield Problem(code, numbering.foreign(offset), found=show(text, 0))
            continue
        place = numbering.count(tag, offset)
        if tag == "UNB" and not fixed:
            codec = CHARSETS.get(whole[4:8].decode("latin-1"), "ascii")
        if cut:
            yield Problem("segment_too_long", place, str(MOST_BYTES), str(len(raw)))
        if len(whole) < len(text):
            yield Problem("line_break_in_segment", place)
        yield from _one_segment(whole, tag, place, separators, codec)
        if not terminated:
            yield Problem("terminator_missing", place, separators.terminator, show(text[-12:], 0))
        finished = tag == "UNZ"


def _begins_segment(text: bytes, separators: Separators) -> bool:
    """Tell whether a tag and a separator (or nothing) stand at the start."""
    after = text[3:4].decode("latin-1")
    return bool(_TAG.match(text)) and after in ("", separators.element, separators.component)


def _one_segment(
    text: bytes, tag: str, place: Place, separators: Separators, codec: str
) -> Iterator[Segment | Problem]:
    decoded, used = _decode(text, codec)
    if used != codec:
        yield Problem("charset", place, expected=codec, found=used)
    elements, repeats = _split(decoded[3:], separators)
    yield Segment(tag, tuple(elements[1:]), place, tuple(repeats))


def _decode(text: bytes, codec: str) -> tuple[str, str]:
    """Decode by the named charset, and tell by which one it was read.

    What the charset cannot hold is read as UTF-8 where it is valid, else as Latin-1 (total). A
    charset of one byte a letter reads anything, so there valid UTF-8 outside ASCII counts as such.
    """
    if text.isascii() and codec != "iso2022_jp":
        return text.decode("ascii"), codec
    for each in ("utf-8", codec) if codec.startswith("iso8859") else (codec, "utf-8"):
        try:
            return text.decode(each), each
        except UnicodeDecodeError:
            continue
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


def show(data: bytes, offset: int) -> str:
    """Show the first characters of a faulty stretch, printable, for a message."""
    text = data[offset : offset + 40].decode("latin-1")
    return "".join(c if c.isprintable() else "·" for c in text)
