"""Compose a valid machine readable zone from plain values.

Source: ICAO Doc 9303 part 3 (4.6 names, 6 transliteration), parts 4 to 7 (truncation).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tapal.formats.mrz_layout import BY_NAME, Layout, check_digit

# Part 3 section 6 A: letters that Unicode does not decompose, or that the table spells out.
TRANSLITERATION = {
    "Ä": "AE",
    "Å": "AA",
    "Æ": "AE",
    "Ð": "D",
    "Ö": "OE",
    "Ø": "OE",
    "Ü": "UE",
    "Þ": "TH",
    "Đ": "D",
    "Ħ": "H",
    "Ĳ": "IJ",
    "Ł": "L",
    "Ŋ": "N",
    "Œ": "OE",
    "Ŧ": "T",
    "ẞ": "SS",
    "ı": "I",
    "ĸ": "Q",
}


class MrzError(ValueError):
    """A value cannot stand in the zone; `field` names it."""

    def __init__(self, field: str, value: str, why: str) -> None:
        super().__init__(f"{field}: {value!r} {why}")
        self.field = field
        self.value = value


@dataclass(frozen=True, slots=True)
class Values:
    """What goes into a zone. Dates are YYMMDD, unknown parts "<"; sex is M, F or ""."""

    layout: str
    document_code: str
    issuing_state: str
    document_number: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    primary_identifier: str
    secondary_identifier: str = ""
    optional: str = ""
    optional_2: str = ""


def compose(values: Values) -> str:
    """Return the zone's lines joined by a line feed, every check digit right.

    Raises MrzError for a value that does not fit or has characters outside the zone's alphabet.
    """
    layout = BY_NAME.get(values.layout)
    if layout is None:
        raise MrzError("layout", values.layout, f"is none of {', '.join(BY_NAME)}")
    grid = [["<"] * layout.width for _ in range(layout.rows)]
    fields = _plain_fields(layout, values)
    _number(layout, values, fields)
    fields["name"] = name_field(
        values.primary_identifier, values.secondary_identifier, _width(layout, "name")
    )
    for name in ("birth", "expiry"):
        fields[f"{name}_check"] = check_digit(fields[name])
    if "optional_check" in dict(layout.spans):
        empty = not fields["optional"].strip("<")
        fields["optional_check"] = "<" if empty else check_digit(fields["optional"])
    for name, text in fields.items():
        _put(grid, layout, name, text)
    if layout.composite:
        covered = "".join("".join(grid[r][a:b]) for r, a, b in layout.composite)
        _put(grid, layout, "composite_check", check_digit(covered))
    return "\n".join("".join(row) for row in grid)


def name_field(primary: str, secondary: str, width: int) -> str:
    """Write a name in `width` columns, truncated as 9303 asks when it does not fit.

    Both identifiers stay present, the primary as whole as can be; a truncated field ends in a
    letter, which is how its reader knows. Raises MrzError for an unwritable name.
    """
    first, second = (
        _components("primary_identifier", primary),
        _components("secondary_identifier", secondary),
    )
    if not first:
        raise MrzError("primary_identifier", primary, "must not be empty")
    whole = "<<".join(part for part in ("<".join(first), "<".join(second)) if part)
    if len(whole) <= width:
        return whole.ljust(width, "<")
    return _truncated(first, second, width)


def _truncated(first: list[str], second: list[str], width: int) -> str:
    if not second:
        return _cut("<".join(first), width).ljust(width, "<")
    # The double filler and at least one letter of the secondary identifier need three columns.
    for room in range(width - 3, 0, -1):
        head = "<".join(_shortened(first, room)) + "<<"
        written = head + _cut("<".join(second), width - len(head))
        if len(written) == width:
            return written
    raise MrzError("primary_identifier", " ".join(first), "cannot be truncated")


def _shortened(components: list[str], room: int) -> list[str]:
    """Shorten components from the last on, to their initials at least; then drop them."""
    short = list(components)
    for index in range(len(short) - 1, -1, -1):
        excess = len("<".join(short)) - room
        if excess <= 0:
            return short
        short[index] = short[index][: max(1, len(short[index]) - excess)]
    while len("<".join(short)) > room:
        short.pop()
    return short


def _cut(text: str, width: int) -> str:
    """Cut to a width so that the last character is a letter; may end up one shorter."""
    cut = text[:width]
    if not cut.endswith("<"):
        return cut
    # Take a letter from a component before, to end on the next one's initial.
    parts = [*cut[:-1].split("<"), text[width]]
    for index in range(len(parts) - 2, -1, -1):
        if len(parts[index]) > 1:
            parts[index] = parts[index][:-1]
            return "<".join(parts)
    return cut[:-1]


def transliterate(field: str, text: str) -> str:
    """Write a name in the zone's letters, "<" between its words.

    Raises MrzError for letters that the Latin table does not know: those need the issuing State's
    own table.
    """
    written = []
    for character in unicodedata.normalize("NFC", text).replace("ß", "ẞ").upper():
        plain = TRANSLITERATION.get(character)
        if plain is None:
            base = unicodedata.normalize("NFD", character)[0]
            plain = TRANSLITERATION.get(base, base)
        written.append(plain)
    latin = re.sub(r"['’ʼ`.]", "", "".join(written))
    latin = re.sub(r"[\s,\-–‐/<]+", "<", latin).strip("<")
    if not re.fullmatch(r"[A-Z<]*", latin):
        raise MrzError(field, text, "has characters that the zone cannot hold")
    return latin


def _components(field: str, text: str) -> list[str]:
    return [part for part in transliterate(field, text).split("<") if part]


def _plain_fields(layout: Layout, values: Values) -> dict[str, str]:
    known = dict(layout.spans)
    fields = {
        "document_code": values.document_code,
        "issuing_state": values.issuing_state,
        "nationality": values.nationality,
        "birth": values.birth,
        "sex": values.sex or "<",
        "expiry": values.expiry,
        "optional": values.optional,
        "optional_2": values.optional_2,
    }
    if "optional_2" not in known:
        if values.optional_2:
            raise MrzError("optional_2", values.optional_2, f"has no place in {layout.name}")
        del fields["optional_2"]
    for name, text in fields.items():
        fields[name] = _field(name, text, _width(layout, name))
    for name in ("birth", "expiry"):
        if not re.fullmatch(r"[0-9<]{6}", fields[name]):
            raise MrzError(name, fields[name], "is not YYMMDD")
    if fields["sex"] not in "MF<":
        raise MrzError("sex", values.sex, "is not M, F or empty")
    return fields


def _number(layout: Layout, values: Values, fields: dict[str, str]) -> None:
    """Place the document number; one longer than nine goes on in the optional field."""
    number = _field("document_number", values.document_number, None)
    if not number.strip("<"):
        raise MrzError("document_number", number, "must not be empty")
    digit = check_digit(number)
    if len(number) <= 9:
        fields["document_number"] = number.ljust(9, "<")
        fields["document_number_check"] = digit
        return
    if not layout.long_numbers:
        raise MrzError("document_number", number, f"is longer than 9 in {layout.name}")
    rest = f"{number[9:]}{digit}<{values.optional}".rstrip("<")
    width = _width(layout, "optional")
    fields["document_number"], fields["document_number_check"] = number[:9], "<"
    fields["optional"] = _field("document_number", rest, width)


def _field(name: str, text: str, width: int | None) -> str:
    upper = text.upper().replace(" ", "<")
    if not re.fullmatch(r"[A-Z0-9<]*", upper):
        raise MrzError(name, text, "has characters that the zone cannot hold")
    if width is None:
        return upper
    if len(upper) > width:
        raise MrzError(name, text, f"is longer than {width}")
    return upper.ljust(width, "<")


def _width(layout: Layout, name: str) -> int:
    _, start, end = dict(layout.spans)[name]
    return end - start


def _put(grid: Sequence[list[str]], layout: Layout, name: str, text: str) -> None:
    row, start, end = dict(layout.spans)[name]
    grid[row][start:end] = text
