"""The language of this request, and how numbers, days and times are said in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation

from tapal.core.text import Text

# The zone's own name is written beside each time of a post.
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
    "UTC": "UTC",
}


def language() -> str:
    """`id` or `en`."""
    return "en" if (translation.get_language() or "id").startswith("en") else "id"


def say(text: Text) -> str:
    """The sentence in the language of this request."""
    return text.say(language())


def say_day(day: date) -> str:
    """A day as it is written here: 14-02-1988."""
    return day.strftime("%d-%m-%Y")


def say_time(when: datetime, zone: str, *, day: bool = True) -> str:
    """A moment in a post's zone, the zone written: 24-11-2026 09.14 WITA (English 09:14)."""
    there = when.astimezone(zone_of(zone))
    clock = there.strftime("%H:%M" if language() == "en" else "%H.%M")
    name = ZONE_NAMES.get(zone) or there.tzname() or zone
    return f"{say_day(there.date())} {clock} {name}" if day else f"{clock} {name}"


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; without one, UTC."""
    return ZoneInfo(name or "UTC")


def say_number(value: int | float) -> str:
    """A number with the thousands marked as in this language: 1.234,5 (English 1,234.5)."""
    text = f"{value:,}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def say_span(span: timedelta) -> str:
    """A length of time in its largest fitting unit: 3 jam, 12 menit."""
    minutes = int(abs(span).total_seconds() // 60)
    for size, text in (
        (1440, Text("{n} hari", "{n} days")),
        (60, Text("{n} jam", "{n} hours")),
        (1, Text("{n} menit", "{n} minutes")),
    ):
        if minutes >= size:
            return singular(say(text.fill(n=minutes // size)), minutes // size)
    return say(Text("kurang dari semenit", "less than a minute"))


def singular(words: str, count: int) -> str:
    """English says 1 day, not 1 days."""
    return words[:-1] if count == 1 and language() == "en" else words


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC)
