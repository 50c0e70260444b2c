"""Dates and times of DTM segments, each read by its own format code.

Source: UN/EDIFACT code list 2379 (date or time or period format code).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

# Code to (pattern of strptime, digits, whether a three-character zone follows).
_FORMATS: dict[str, tuple[str, int, bool]] = {
    "2": ("%d%m%y", 6, False),
    "3": ("%m%d%y", 6, False),
    "4": ("%d%m%Y", 8, False),
    "101": ("%y%m%d", 6, False),
    "102": ("%Y%m%d", 8, False),
    "201": ("%y%m%d%H%M", 10, False),
    "202": ("%y%m%d%H%M%S", 12, False),
    "203": ("%Y%m%d%H%M", 12, False),
    "204": ("%Y%m%d%H%M%S", 14, False),
    "205": ("%Y%m%d%H%M", 12, True),
    "301": ("%y%m%d%H%M", 10, True),
    "302": ("%y%m%d%H%M%S", 12, True),
    "303": ("%Y%m%d%H%M", 12, True),
    "304": ("%Y%m%d%H%M%S", 14, True),
}
# Senders often leave the code out: the length then tells, as the passenger list guide uses it.
_BY_LENGTH = {6: "101", 8: "102", 10: "201", 12: "203", 14: "204"}
_PARTIAL = {"602": re.compile(r"(\d{4})"), "610": re.compile(r"(\d{4})(\d{2})")}
# Periods: the digits of each end; a hyphen may stand between.
_PERIODS = {"717": ("101", 6), "718": ("102", 8), "711": ("102", 8)}
_UNKNOWN_PARTS = re.compile(r"(\d{2}|\d{4})(\d{2})00")
_CENTURY_CODES = frozenset({"2", "3", "101", "201", "202", "301", "302"})


def read_time(value: str, code: str, near: date) -> datetime:
    """A date and time; aware only where the format carries a zone. Two-digit years lie near a day.

    Raises ValueError for an unknown format code, or a moment that does not exist.
    """
    known = _FORMATS.get(code or _BY_LENGTH.get(len(value), ""))
    if known is None:
        raise ValueError(f"format code {code!r}")
    pattern, digits, zoned = known
    text, zone = value[:digits], value[digits:]
    if not (text.isascii() and text.isdigit() and len(text) == digits) or (zone and not zoned):
        raise ValueError(f"{value!r} does not fit format {code}")
    found = datetime.strptime(text, pattern)
    if (code or _BY_LENGTH[len(value)]) in _CENTURY_CODES:
        found = _in_century(found, near)
    return found.replace(tzinfo=_offset(zone)) if zone else found


def read_day(value: str, code: str, near: date, *, past: bool = False, last: bool = False) -> str:
    """An ISO date, partial for the formats of a year or a month; `past` for a date of birth.

    A birth lies in the latest century not after `near`; a month or day of 00 is unknown. Of a period
    (717, 718) the first day counts, with `last` the last one. Raises ValueError.
    """
    if code in _PERIODS:
        value, code = _end_of_period(value, code, last=last)
    if (code or _BY_LENGTH.get(len(value))) in ("101", "102") and value.endswith("00"):
        return _partial(value, near, past=past)
    if code in _PARTIAL:
        match = _PARTIAL[code].fullmatch(value)
        if match is None:
            raise ValueError(f"{value!r} does not fit format {code}")
        return "-".join(match.groups())
    found = read_time(value, code, near).date()
    if past and found > near and (code or _BY_LENGTH.get(len(value))) in _CENTURY_CODES:
        found = found.replace(year=found.year - 100)
    return found.isoformat()


def _end_of_period(value: str, code: str, *, last: bool) -> tuple[str, str]:
    inner, digits = _PERIODS[code]
    plain = value.replace("-", "")
    if len(plain) != 2 * digits:
        raise ValueError(f"{value!r} does not fit format {code}")
    return (plain[digits:] if last else plain[:digits]), inner


def _partial(value: str, near: date, *, past: bool) -> str:
    """A date whose day, or month and day, are written 00: known in part."""
    match = _UNKNOWN_PARTS.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no date")
    year, month = match.groups()
    whole = read_day(f"{year}{month if month != '00' else '01'}01", "", near, past=past)
    return whole[:4] if month == "00" else whole[:7]


def _in_century(found: datetime, near: date) -> datetime:
    year = near.year // 100 * 100 + found.year % 100
    if year - near.year > 50:
        year -= 100
    elif near.year - year >= 50:
        year += 100
    return found.replace(year=year)


def _offset(zone: str) -> timezone:
    if zone.upper() in ("UTC", "GMT", "Z"):
        return timezone(timedelta(0))
    match = re.fullmatch(r"([+-])(\d{2})(?::?(\d{2}))?", zone)
    if match is None:
        raise ValueError(f"zone {zone!r}")
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if size > timedelta(hours=14):
        raise ValueError(f"zone {zone!r}")
    return timezone(-size if match[1] == "-" else size)
