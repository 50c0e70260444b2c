"""Time as a post counts it: minutes while it is open, by its own clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOURS = re.compile(r"^(\d{1,2})[:.](\d{2})\s*-\s*(\d{1,2})[:.](\d{2})$")
# A clock that runs longer than this in open hours is nobody's working value.
_MOST_DAYS = 3_700


def opening(text: str) -> tuple[time, time] | None:
    """Opening and closing time of `08:00-16:00`; None for a post that is always open, or says nothing readable."""
    match = _HOURS.match(text.strip())
    if match is None:
        return None
    h1, m1, h2, m2 = map(int, match.groups())
    if h1 > 23 or h2 > 24 or m1 > 59 or m2 > 59 or (h2 == 24 and m2):
        return None
    opens, closes = time(h1, m1), time(h2 % 24, m2)
    return None if opens == closes else (opens, closes)


def open_minutes_after(since: datetime, minutes: int, hours: str, zone: str) -> datetime:
    """When so many minutes of opening time have passed since an aware instant; in its own time zone.

    A post without readable hours or zone counts round the clock. Hours may run over midnight.
    """
    day = opening(hours)
    where = _zone(zone)
    if day is None or where is None:
        return since + timedelta(minutes=minutes)
    left, now = timedelta(minutes=minutes), since.astimezone(where)
    # The opening of the day before may run over midnight into this one.
    for offset in range(-1, _MOST_DAYS):
        starts, ends = _span(now.date() + timedelta(days=offset), day, where)
        starts = max(starts, since)
        if ends <= starts:
            continue
        if ends - starts >= left:
            return (starts + left).astimezone(since.tzinfo)
        left -= ends - starts
    return since + timedelta(minutes=minutes)


def _span(day: date, hours: tuple[time, time], where: ZoneInfo) -> tuple[datetime, datetime]:
    opens, closes = hours
    last = day if closes > opens else day + timedelta(days=1)
    starts, ends = datetime.combine(day, opens, where), datetime.combine(last, closes, where)
    # In UTC: a difference within one zone would not see its clock change.
    return starts.astimezone(UTC), ends.astimezone(UTC)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
