"""The fields of one machine readable zone whose lines are known, its check digits and its faults.

Source: ICAO Doc 9303 parts 3 to 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tapal.formats.mrz_layout import Layout, check_digit
from tapal.formats.mrz_ocr import suggest_alpha, suggest_checked, suggest_digits

DATE_FIELDS = ("birth", "expiry")
ALPHA_FIELDS = ("document_code", "issuing_state", "nationality", "name")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document or a line stands in the input; reads as "MRZ 3" or "line 7"."""

    ordinal: int  # among the documents, from 1; 0 for a line that is no document
    line: int  # of the first line, from 1

    def __str__(self) -> str:
        return f"MRZ {self.ordinal}" if self.ordinal else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Check:
    """One check digit: over which field, what it must be and what stands there."""

    field: str
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the standard says; `suggestion` may say what was perhaps printed."""

    code: str
    place: Place
    field: str = ""
    value: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A zone as read. Fillers are removed from values; dates stay YYMMDD as printed."""

    layout: str
    lines: tuple[str, ...]
    place: Place
    document_code: str
    issuing_state: str
    document_number: str
    nationality: str
    birth: str
    sex: str  # M, F, "" for unspecified, or what was read
    expiry: str
    primary_identifier: str
    secondary_identifier: str
    optional: str
    optional_2: str = ""  # TD1's second optional field
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def valid(self) -> bool:
        """True when every check digit holds."""
        return all(check.ok for check in self.checks)


def parse(
    layout: Layout, lines: Sequence[str], *, place: Place, codes: Sequence[str] = ()
) -> Document:
    """Read one zone whose lines have the layout's width; `codes` were seen while finding it."""
    fields = layout.fields(lines)
    number, optional, number_check = document_number(layout, fields)
    name = fields["name"]
    primary, secondary = _names(name)
    checks = tuple(check_digits(layout, lines, fields, number, number_check))
    problems = [Problem(code, place) for code in codes]
    problems += _problems(fields, name, primary, checks, place, number)
    return Document(
        layout=layout.name,
        lines=tuple(lines),
        place=place,
        document_code=fields["document_code"].rstrip("<"),
        issuing_state=fields["issuing_state"].rstrip("<"),
        document_number=number,
        nationality=fields["nationality"].rstrip("<"),
        birth=fields["birth"],
        sex=fields["sex"].strip("<"),
        expiry=fields["expiry"],
        primary_identifier=primary,
        secondary_identifier=secondary,
        optional=optional,
        optional_2=fields.get("optional_2", "").strip("<"),
        checks=checks,
        problems=tuple(problems),
    )


def document_number(layout: Layout, fields: dict[str, str]) -> tuple[str, str, str]:
    """Return (number, optional data, check digit), joining a number longer than nine characters.

    Then "<" stands for the check digit, and the rest of the number with its own check digit
    begins the optional field, up to the first filler (9303-5 and -6, note j).
    """
    number, digit = fields["document_number"], fields["document_number_check"]
    optional = fields["optional"]
    overflow = optional.split("<", 1)[0]
    if layout.long_numbers and digit == "<" and number[-1] != "<" and len(overflow) > 1:
        rest = optional[len(overflow) :].strip("<")
        return number + overflow[:-1], rest, overflow[-1]
    return number.rstrip("<"), optional.strip("<"), digit


def check_digits(
    layout: Layout,
    lines: Sequence[str],
    fields: dict[str, str],
    number: str,
    number_digit: str,
) -> Iterator[Check]:
    expected = check_digit(number)
    if len(number) > 9 and number_digit == check_digit(f"{number[:9]}<{number[9:]}"):
        # Part 11 appendix D leaves the "<" at position 10 out; some issuers count it.
        expected = number_digit
    yield Check("document_number", expected, number_digit)
    for name in DATE_FIELDS:
        yield Check(name, check_digit(fields[name]), fields[f"{name}_check"])
    if "optional_check" in fields:
        expected, found = check_digit(fields["optional"]), fields["optional_check"]
        # An empty personal number may have "<" or "0" (9303-4, data element 12).
        if found == "<" and not fields["optional"].strip("<"):
            expected = "<"
        yield Check("optional", expected, found)
    if layout.composite:
        composite = "".join(lines[row][start:end] for row, start, end in layout.composite)
        yield Check("composite", check_digit(composite), fields["composite_check"])


def _names(name: str) -> tuple[str, str]:
    """Split at the first double filler; without one there is a primary identifier only."""
    primary, _, secondary = name.rstrip("<").lstrip("<").partition("<<")
    return _spaced(primary), _spaced(secondary)


def _spaced(text: str) -> str:
    return " ".join(part for part in text.split("<") if part)


def _problems(
    fields: dict[str, str],
    name: str,
    primary: str,
    checks: Sequence[Check],
    place: Place,
    number: str,
) -> Iterator[Problem]:
    for field in ALPHA_FIELDS:
        value = fields[field]
        if any(c.isdigit() for c in value):
            yield Problem("not_alphabetic", place, field, value, suggest_alpha(value))
    for field in DATE_FIELDS:
        value = fields[field]
        if not re.fullmatch(r"[0-9<]{6}", value):
            yield Problem("not_numeric", place, field, value, suggest_digits(value))
    if fields["sex"] not in "MF<":
        yield Problem("sex_code", place, "sex", fields["sex"])
    if not primary:
        yield Problem("name_missing", place, "name", name)
    elif name[0] == "<":
        yield Problem("name_starts_with_filler", place, "name", name)
    if name[-1] != "<":
        yield Problem("name_may_be_truncated", place, "name", name)
    if name.strip("<").count("<<") > 1:
        yield Problem("name_extra_separator", place, "name", name)
    for check in checks:
        if not check.ok:
            value = number if check.field == "document_number" else fields.get(check.field, "")
            yield Problem("check_digit", place, check.field, value, _suggestion(check, value))


def _suggestion(check: Check, value: str) -> str:
    """What was perhaps printed, where one reading makes the check digit right."""
    if check.field in DATE_FIELDS:
        digits = suggest_digits(value)
        right = digits and check_digit(digits) == suggest_digits(check.found)
        return digits if right and digits != value else ""
    return suggest_checked(value, check.found) if value else ""
