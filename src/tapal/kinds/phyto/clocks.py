"""Days and clocks: local days at the post, working days after a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tapal.core.legal import LegalBook, Settled
from tapal.core.record import Place, RecordView
from tapal.core.working_days import DEFAULT_ZONE, end_of_working_day
from tapal.formats.sps import Moment


def zone_of(place: str | None, places: Mapping[str, Place]) -> ZoneInfo:
    """The wall clock of a post."""
    held = places.get(place or "")
    return ZoneInfo(held.zone if held and held.zone else DEFAULT_ZONE)


def arrival_day(record: RecordView, places: Mapping[str, Place]) -> date:
    """The local day on which the statement reached the post."""
    return record.received_at.astimezone(zone_of(record.place, places)).date()


def day_of(text: str | None, zone: ZoneInfo | None = None) -> date | None:
    """The day of a date or time as sent, a time with an offset at the zone given; None if unreadable."""
    value = Moment(text).value if text else None
    if isinstance(value, datetime) and value.tzinfo and zone:
        value = value.astimezone(zone)
    return value.date() if isinstance(value, datetime) else value


def instant(text: str | None) -> datetime | None:
    """An aware time; None for a date, for a time without zone and for what cannot be read."""
    value = Moment(text).value if text else None
    return value if isinstance(value, datetime) and value.tzinfo else None


def shown(day: date | datetime | None) -> str:
    """A day as people of the region write it."""
    return f"{day:%d-%m-%Y}" if day else "-"


def single(settled: Settled) -> object | None:
    """The one value on which the rows agree; None without rows, in dispute, or not yet entered."""
    return settled.values[0] if len(settled.values) == 1 else None


def clock_due(
    topic: str, issued: datetime, zone: ZoneInfo, legal: LegalBook
) -> tuple[datetime | None, Settled]:
    """When a clock of working days runs out, with the rows that say so."""
    settled = legal.settle(topic, issued.astimezone(zone).date())
    days = single(settled)
    whole = isinstance(days, int) and not isinstance(days, bool)
    due = end_of_working_day(issued, days, zone, legal) if isinstance(days, int) and whole else None
    return due, settled
