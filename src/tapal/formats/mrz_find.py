"""Find machine readable zones in lines of text: which lines make one, and of which layout.

Whole lines, lines that lost fillers or got too many, zones without line breaks and zones whose
fillers came as blanks are found; what was done to make them fit is told by a code.

Source: ICAO Doc 9303 part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tapal.formats.mrz_fields import check_digits, document_number
from tapal.formats.mrz_layout import Layout, layouts_for
from tapal.formats.utf16 import as_utf8

MOST_CHARACTERS = 20_000
"""A longer line is no stream of zones that lost its breaks."""
MOST_SHIFTED = 4
"""More fillers than this, lost or added inside a line, leave no trust in what stands around them."""
MOST_DIGITS = 3
"""A name has no more of them, even one badly read."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_ENUMERATED = re.compile(r"^\s*\d{1,4}[.)]\s+")  # "12. P<IDN…", as a typed list has it
_FILLERS = str.maketrans({"«": "<<", "‹": "<", "〈": "<", "＜": "<"})
_PLAUSIBLE = re.compile(r"[A-Z0-9<]{9,}")
_ZONE_LIKE = re.compile(r"(?=[^<]*<)[A-Z0-9<]{20,}")
_FIRST_LINE = re.compile(r"[PVACI][A-Z<][A-Z<]{3}[A-Z0-9]")
_INNER_FILLERS = re.compile(r"(.*[^<])(<{2,})([A-Z0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the input, cleaned; `spaced` has fillers for its blanks, where it had some."""

    number: int  # from 1
    text: str
    problems: tuple[str, ...] = ()
    spaced: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A zone at the beginning of some lines."""

    layout: Layout
    rows: tuple[str, ...]
    codes: tuple[str, ...]
    used: int  # lines of the input
    rest: str = ""  # of the last of them


@dataclass(frozen=True, slots=True)
class _Taken:
    rows: tuple[str, ...]
    used: int
    padding: int = 0  # fillers put back or left out
    shifted: bool = False  # inside a line
    rest: str = ""


def lines_of(data: bytes) -> list[Line]:
    """The lines that hold something, cleaned of what is no part of a zone; never raises."""
    data = as_utf8(data) or data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    lines = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return [line for number, raw in lines if (line := _line(number, raw)).text]


def _line(number: int, raw: str) -> Line:
    clean = _ENUMERATED.sub("", _CONTROL.sub("", raw)).strip("\"'")
    codes = []
    line = clean.translate(_FILLERS)
    if line != clean:
        codes.append("filler_replaced")
    if line != line.upper() and line.isascii():
        line = line.upper()
        codes.append("lower_case")
    spaced = ""
    if " " in line.strip() or "\t" in line.strip():
        # Blanks at the end count as well: they tell a visa of format A from one of format B.
        spaced, line = line.lstrip().replace(" ", "<"), re.sub(r"[ \t]", "", line)
    return Line(number, line.strip(), tuple(codes), spaced)


def best(lines: Sequence[Line]) -> Found | None:
    """The zone that explains the coming lines best: most digits right, fewest fillers changed."""
    if len(lines[0].text) > MOST_CHARACTERS:
        return None
    chosen: tuple[tuple[bool, int, int, int], Found] | None = None
    for variant, code in _variants(lines):
        if not _PLAUSIBLE.match(variant[0].text):
            continue
        for layout in layouts_for(variant[0].text[0]):
            taken = _take(layout, variant)
            rank = _rank(layout, taken) if taken else None
            if taken and rank and (chosen is None or rank > chosen[0]):
                chosen = rank, _found(layout, taken, variant, code)
    return chosen[1] if chosen else None


def _variants(lines: Sequence[Line]) -> Iterator[tuple[Sequence[Line], str]]:
    """The lines without their blanks, and with fillers in place of them."""
    blanks = any(line.spaced for line in lines)
    yield lines, "blanks_removed" if blanks else ""
    if blanks:
        yield [replace(each, text=each.spaced or each.text) for each in lines], "blanks_as_fillers"


def _found(layout: Layout, taken: _Taken, lines: Sequence[Line], code: str) -> Found:
    used = lines[: taken.used]
    codes = dict.fromkeys(each for line in used for each in line.problems)
    if code and any(line.spaced for line in used):
        codes[code] = None
    if taken.padding:
        codes["fillers_shifted" if taken.shifted else "padded"] = None
    if taken.used < layout.rows or taken.rest:
        codes["line_breaks_missing"] = None
    return Found(layout, taken.rows, tuple(codes), taken.used, taken.rest)


def lost(lines: Sequence[Line]) -> int:
    """How many of the coming lines make one zone that cannot be read, 1 where they make none."""
    if not _ZONE_LIKE.fullmatch(lines[0].text):
        return 1
    most = 3 if len(lines[0].text) < 33 else 2
    count = 1
    while count < min(most, len(lines)):
        text = lines[count].text
        if not _ZONE_LIKE.fullmatch(text) or _FIRST_LINE.match(text):
            break
        if best(lines[count : count + 3]) is not None:
            break
        count += 1
    return count


def zone_like(data: bytes) -> bool:
    """True where a line looks like one of a zone, whether or not the zone can be read."""
    return any(_ZONE_LIKE.fullmatch(line.text) and "<<" in line.text for line in lines_of(data))


def _take(layout: Layout, lines: Sequence[Line]) -> _Taken | None:
    """Take the layout's rows: whole lines, lines whose fillers are too few or many, one long line."""
    first = lines[0].text
    size = layout.rows * layout.width
    if len(first) >= size and _PLAUSIBLE.fullmatch(first[:size]):
        text, rest = first[:size], first[size:]
        rows = tuple(text[i : i + layout.width] for i in range(0, size, layout.width))
        ok = not rest or (len(rest) >= layout.width and _PLAUSIBLE.fullmatch(rest))
        return _Taken(rows, 1, rest=rest) if ok else None
    if len(lines) < layout.rows:
        return None
    given = [line.text for line in lines[: layout.rows]]
    if any(not _PLAUSIBLE.fullmatch(row + "<<<") for row in given):
        return None
    if layout.rows == 3 and _begins_a_card(given[2]):
        return None
    fit: list[str] = []
    shifted = False
    for row, least in zip(given, layout.least, strict=True):
        fitted = _padded(row, least, layout.width)
        if not fitted:
            fitted, shifted = _shifted(row, layout.width), True
        if not fitted:
            return None
        fit.append(fitted)
    changed = sum(abs(layout.width - len(row)) for row in given)
    return _Taken(tuple(fit), layout.rows, changed, shifted)


def _begins_a_card(text: str) -> bool:
    """True for a line in the place of a name that is the first line of the next card."""
    return bool(_FIRST_LINE.match(text)) and sum(c.isdigit() for c in text) > MOST_DIGITS


def _padded(row: str, least: int, width: int) -> str:
    """The row with fillers added or left out at its end, "" where that does not make it fit."""
    fits = least <= len(row) <= width + MOST_SHIFTED and not row[width:].strip("<")
    return row[:width].ljust(width, "<") if fits else ""


def _shifted(row: str, width: int) -> str:
    """The row with its last run of fillers made longer or shorter, "" where that cannot be."""
    match = _INNER_FILLERS.fullmatch(row)
    missing = width - len(row)
    if match is None or abs(missing) > MOST_SHIFTED or len(match[2]) + missing < 1:
        return ""
    return match[1] + "<" * (len(match[2]) + missing) + match[3]


def _rank(layout: Layout, taken: _Taken) -> tuple[bool, int, int, int] | None:
    """How well the rows fit the layout; None where too little speaks for them."""
    good, total = _agreement(layout, taken.rows)
    if taken.padding and not good:
        return None
    if taken.shifted and (good < total or not layout.composite):
        return None
    if good < 2 and not _looks_right(layout, taken.rows):
        return None
    return good == total > 0, -taken.padding, good - total, good


def _agreement(layout: Layout, rows: Sequence[str]) -> tuple[int, int]:
    fields = layout.fields(rows)
    number, _, digit = document_number(layout, fields)
    every = check_digits(layout, rows, fields, number, digit)
    checks = [check for check in every if check.found != "<"]  # an empty field proves nothing
    return sum(check.ok for check in checks), len(checks)


def _looks_right(layout: Layout, rows: Sequence[str]) -> bool:
    """With no check digit right, or one by chance, ask at least for dates that are mostly digits."""
    fields = layout.fields(rows)
    dates = fields["birth"] + fields["expiry"]
    return sum(c.isdigit() or c in "<OILZSBGDQ" for c in dates) == len(dates)
