"""Working days: Monday to Friday without the public holidays that are entered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tapal.core.legal import LegalBook

HOLIDAYS: Final = "calendar.public_holidays"
# The western zone, where a place does not say: the earliest wall clock of the three.
DEFAULT_ZONE: Final = "Asia/Jakarta"


def end_of_working_day(issued: datetime, days: int, zone: ZoneInfo, legal: LegalBook) -> datetime:
    """The last second of the n-th working day after the day of issue.

    Working days are Monday to Friday without the recorded public holidays; where none are
    recorded, the end may in law be later, never earlier.
    """
    day = issued.astimezone(zone).date()
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day.isoformat() not in _holidays(legal, day):
            days -= 1
    return datetime.combine(day, time(23, 59, 59), zone)


def _holidays(legal: LegalBook, day: date) -> frozenset[str]:
    listed = (v for v in legal.settle(HOLIDAYS, day).values if isinstance(v, list))
    return frozenset(str(one) for days in listed for one in days)


def holidays_entered(legal: LegalBook, day: date) -> bool:
    """Whether the public holidays of that time are held: without them a clock may end too early."""
    return any(isinstance(value, list) for value in legal.settle(HOLIDAYS, day).values)
