"""Dates and times as tables of the region write them: day first, by words, as ISO 8601, by a spreadsheet.

A month first is read only where the table shows that it writes so; two-digit years are not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Order = Literal["day", "month", "unclear"]
"""What stands first in dates like 03/04/1980; "unclear" where a table shows both."""
_FEW = 20
"""So many dates of one order make one of the other a slip of the pen."""

_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/., ]*([a-z]+)[-/., ]*(\d{4})")
_WORDED_MONTH_FIRST = re.compile(r"([a-z]+)[-/., ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
_WEEKDAY = re.compile(r"[a-z']+, *")
_MIDNIGHT = re.compile(r"[t ]0{1,2}[:.]00(?:[:.]00(?:\.0+)?)?z?$")
_CLOCK = re.compile(
    r"(?P<day>.+?)[t, ]+(?:(?:pukul|jam|pkl\.?) *)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)? *(?P<half>[ap])?\.?(?:m\.?)?"
)
_ISO_CLOCK = re.compile(r"\d[T ]\d|:")
CLOCK_ALONE = re.compile(
    r"(?:(?:pukul|jam|pkl\.?) *)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})? *(?:[ap]\.?m\.?)?", re.IGNORECASE
)
"""A time of day without its day."""
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_SERIAL_START = datetime(1899, 12, 30)

_MONTHS = (
    "january januari jan",
    "february februari feb peb pebruari",
    "march maret mar mrt",
    "april apr",
    "may mei",
    "june juni jun",
    "july juli jul",
    "august agustus aug agu agt ags",
    "september sep sept",
    "october oktober oct okt",
    "november nov nop nopember",
    "december desember dec des",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}


def table_date(text: str, order: Order = "day") -> str:
    """An ISO date, perhaps partial. Raises ValueError for what is no date, or could be two."""
    given = _WEEKDAY.sub("", _MIDNIGHT.sub("", text.strip().lower()), count=1)
    if match := _YEAR_FIRST.fullmatch(given):
        return iso(*(int(part or 0) for part in match.groups()))
    if match := _NUMBERS.fullmatch(given):
        first, second, year = map(int, match.groups())
        day, month = _day_and_month(first, second, order)
        return iso(year, month, day)
    if match := _COMPACT.fullmatch(given):
        return iso(*map(int, match.groups()))
    if match := _WORDED.fullmatch(given):
        return iso(int(match[3]), _month(match[2]), int(match[1]))
    if match := _WORDED_MONTH_FIRST.fullmatch(given):
        return iso(int(match[3]), _month(match[1]), int(match[2]))
    raise ValueError(f"{text!r} is no date")


def table_time(text: str, order: Order = "day") -> tuple[datetime, bool]:
    """A time: ISO 8601, or a date with a clock time; and whether it had a clock time at all.

    Raises ValueError.
    """
    try:
        return datetime.fromisoformat(text), bool(_ISO_CLOCK.search(text))
    except ValueError:
        match = _CLOCK.fullmatch(text.strip().lower())
        if match is None:
            return datetime.fromisoformat(_whole(table_date(text, order))), False
        day = datetime.fromisoformat(_whole(table_date(match["day"], order)))
        time = day.replace(
            hour=_hour(int(match["hour"]), match["half"]),
            minute=int(match["minute"]),
            second=int(match["second"] or 0),
        )
        return time, True


def _whole(day: str) -> str:
    if len(day) < len("2026-01-01"):
        raise ValueError(f"{day} is no whole date")
    return day


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24, from one of 12 where it says which half of the day. Raises ValueError."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} is no hour of twelve")
    return hour % 12 + (12 if half == "p" else 0)


def serial_time(text: str) -> datetime | None:
    """The time that a spreadsheet's day number stands for (1 January 1900 is 1), None for no such one.

    Only numbers of five digits (1927 to 2173) are taken.
    """
    if not _SERIAL.fullmatch(text.strip()):
        return None
    days = float(text.strip().replace(",", "."))
    return (_SERIAL_START + timedelta(days=days) + timedelta(milliseconds=500)).replace(
        microsecond=0
    )


@dataclass(slots=True)
class Shown:
    """What the dates of a column show of their order, counted as they pass."""

    dates: int = 0
    day: int = 0
    month: int = 0

    def add(self, text: str) -> None:
        """Count a cell."""
        self.dates += bool(text)
        if match := _NUMBERS.match(text.strip()):
            first, second = int(match[1]), int(match[2])
            self.day += first > 12 >= second
            self.month += second > 12 >= first

    @property
    def order(self) -> Order | None:
        """The column's order; None where every date could be read either way."""
        if not self.day and not self.month:
            return None
        if min(self.day, self.month) * _FEW > max(self.day, self.month):
            return "unclear"
        return "day" if self.day > self.month else "month"


def _day_and_month(first: int, second: int, order: Order) -> tuple[int, int]:
    if order == "unclear":
        if first <= 12 and second <= 12 and first != second:
            raise ValueError(f"{first} and {second}: day and month cannot be told apart")
        return (first, second) if first > 12 else (second, first)
    return (first, second) if order == "day" else (second, first)


def _month(word: str) -> int:
    if word not in _MONTH:
        raise ValueError(f"{word!r} is no month")
    return _MONTH[word]


def iso(year: int, month: int = 0, day: int = 0) -> str:
    """Write a date of which month and day may be unknown (0); raises ValueError if it is none."""
    if not 1850 <= year <= 2200:
        raise ValueError(f"year {year}")
    if not month:
        return f"{year:04}"
    if not day:
        return date(year, month, 1).isoformat()[:7]
    return date(year, month, day).isoformat()
