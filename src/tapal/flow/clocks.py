"""Clocks of work: how long a task may wait, by its rule row and the hours of its post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tapal.core.hours import open_minutes_after
from tapal.core.legal import LegalBook
from tapal.core.record import Place
from tapal.core.working_days import DEFAULT_ZONE, end_of_working_day
from tapal.flow.reference import legal_book, places

OPEN_MINUTES = "open minutes"
"""The unit of a clock that stands still while the post is closed."""
WORKING_DAYS = "working days"
"""The unit of a clock that ends with the last of so many working days after the day it began."""


def due_at(name: str, since: datetime, place: str = "") -> datetime | None:
    """When a task of this name that begins at `since` is due at a place; None where no row sets a clock."""
    return _due(legal_book(), places, name, since, place)


def due_by(
    book: LegalBook, posts: Mapping[str, Place], name: str, since: datetime, place: str = ""
) -> datetime | None:
    """The same by rule rows and posts that the caller holds, for many at once."""
    return _due(book, lambda: posts, name, since, place)


def _due(
    book: LegalBook,
    posts: Callable[[], Mapping[str, Place]],
    name: str,
    since: datetime,
    place: str,
) -> datetime | None:
    """Posts are asked for only by a clock that goes by their hours or days."""
    settled = book.settle("task.minutes", since.date(), task=name)
    value = settled.values[0] if settled else None
    if value is None:
        return None
    amount, unit = int(value), settled.rows[0].unit
    post = posts().get(place) if unit in (OPEN_MINUTES, WORKING_DAYS) else None
    if unit == WORKING_DAYS:
        zone = ZoneInfo(post.zone if post and post.zone else DEFAULT_ZONE)
        return end_of_working_day(since, amount, zone, book)
    if post is not None:
        return open_minutes_after(since, amount, post.opening_hours, post.zone)
    return since + timedelta(minutes=amount)
