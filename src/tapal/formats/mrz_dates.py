"""Two-digit years of a machine readable zone, given the century that fits.

Source: ICAO Doc 9303 part 3, 4.8: YYMMDD, unknown parts filled with "<".
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_DATE = re.compile(r"([0-9]{2})([0-9]{2}|<<)([0-9]{2}|<<)")
WINDOW_YEARS = 50
"""An expiry lies within this many years of the day it is read."""


def birth_date(text: str, not_after: date) -> str:
    """An ISO 8601 date, perhaps partial ("1985", "1985-03"), in the latest century not after a day.

    Returns "" when unknown. Raises ValueError for a day that does not exist.
    """
    parts = _parts(text)
    if parts is None:
        return ""
    year, month, day = parts
    full = not_after.year // 100 * 100 + year
    earliest = date(full, month or 1, min(day or 1, monthrange(full, month or 1)[1]))
    return _iso(full - 100 if earliest > not_after else full, month, day)


def expiry_date(text: str, near: date) -> str:
    """An ISO 8601 date, perhaps partial, in the century nearest to a day.

    Returns "" when unknown. Raises ValueError for a day that does not exist.
    """
    parts = _parts(text)
    if parts is None:
        return ""
    year, month, day = parts
    full = near.year // 100 * 100 + year
    if full - near.year > WINDOW_YEARS:
        full -= 100
    elif near.year - full >= WINDOW_YEARS:
        full += 100
    return _iso(full, month, day)


def _parts(text: str) -> tuple[int, int, int] | None:
    if not text.strip("<"):
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not YYMMDD")
    year, month, day = (int(part) if part != "<<" else 0 for part in match.groups())
    if (match[2] != "<<" and not 1 <= month <= 12) or (match[3] != "<<" and not 1 <= day <= 31):
        raise ValueError(f"{text!r} names a day that does not exist")
    return year, month, day


def _iso(year: int, month: int, day: int) -> str:
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"{year}-{month}-{day} is a day that does not exist") from error
