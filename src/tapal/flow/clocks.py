"""Clocks of work: how long a task may wait, by its rule row and the hours of its post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tapal.core.hours import open_minutes_after
from tapal.core.legal import LegalBook
from tapal.core.record import Place
from tapal.flow.reference import legal_book, places

OPEN_MINUTES = "open minutes"
"""The unit of a clock that stands still while the post is closed."""


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
    """Posts are asked for only by a clock that stands still while one is closed."""
    settled = book.settle("task.minutes", since.date(), task=name)
    value = settled.values[0] if settled else None
    if value is None:
        return None
    minutes, row = int(value), settled.rows[0]
    post = posts().get(place) if row.unit == OPEN_MINUTES else None
    if post is not None:
        return open_minutes_after(since, minutes, post.opening_hours, post.zone)
    return since + timedelta(minutes=minutes)
