"""What the readers of this kind share: notes while reading, dates, local times, places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.reading import ReadContext, Rejection
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.formats.table_dates import Order, table_time
from tapal.kinds.crossing.codes import plain

ZONE_UNKNOWN = "unknown"
"""Stands in the body where the sender's local time has no known zone."""


@dataclass(slots=True)
class Notes:
    """What was seen while one person was read: findings, and texts that could not be used."""

    findings: list[Finding] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def note(
        self,
        rule: str,
        text: Text,
        *fields: str,
        weight: Weight = Weight.NOTE,
        compared: tuple[Compared, ...] = (),
        about: str = "",
    ) -> None:
        """Add a finding of the reading."""
        self.findings.append(Finding(rule, weight, text, fields, compared, about=about))

    def cannot_read(
        self, path: str, raw: str, label: Text, *, weight: Weight = Weight.LOOK
    ) -> None:
        """Keep what the sender wrote at a path where it makes no sense, and say so."""
        raw = clean(raw)
        # The same field may be unreadable twice: neither is lost.
        free = (f"{path} {n}" if n > 1 else path for n in count(1))
        about = next(name for name in free if self.unread.get(name, raw) == raw)
        self.unread[about] = raw
        text = Text(
            "{label_id} tidak terbaca: “{raw}”. Nilai aslinya disimpan; lengkapi dari dokumen.",
            "{label_en} cannot be read: “{raw}”. It is kept as sent; complete it from the document.",
        )
        self.note(
            "value_unreadable",
            text.fill(label_id=label.id, label_en=label.en, raw=raw[:60]),
            "unread",
            weight=weight,
            about=about,
        )


def clean(text: str) -> str:
    """A text without control characters and half characters, which no database takes.

    Blanks of other sorts (tabs, those that do not break) part words as a blank does.
    """
    if text.isprintable():
        return text.strip()
    whole = text.encode("utf-8", "replace").decode("utf-8")
    plain = (c if c.isprintable() or c == "\n" else " " if c.isspace() else "" for c in whole)
    return "".join(plain).strip()


# Any: JSON.
def clean_all(value: Any) -> Any:
    """The same for every text in a JSON value."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_all(each) for each in value]
    if isinstance(value, dict):
        return {clean(str(name)): clean_all(each) for name, each in value.items()}
    return value


def not_taken(place: str, raw: str, why: str) -> Rejection:
    """A person whose values do not fit the body."""
    return Rejection(
        place,
        Text("Isian tidak sesuai: {why}.", "The values do not fit: {why}.").fill(why=why),
        Text("Perbaiki isian itu lalu kirim lagi.", "Mend the values and send again."),
        raw,
    )


def no_name(place: str, raw: str) -> Rejection:
    """A person without a name cannot be screened nor found again."""
    return Rejection(
        place,
        Text("Orang ini tidak bernama.", "This person has no name."),
        Text(
            "Isi nama utama (primary identifier) seperti pada dokumen, lalu kirim lagi.",
            "Give the primary identifier as on the document and send again.",
        ),
        raw,
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written, its zone (a name, an offset or "unknown"), and the instant if certain."""

    local: str
    zone: str
    at: datetime | None


def moment(local: datetime, zone: str) -> Moment:
    """Fix a local time in a zone; without a usable zone there is no instant.

    Aware times keep their own offset.
    """
    text = local.replace(tzinfo=None).isoformat(timespec="minutes")
    if local.second:
        text = local.replace(tzinfo=None).isoformat(timespec="seconds")
    if local.tzinfo is not None:
        return Moment(text, zone or _offset(local.utcoffset()), _instant(local))
    known = _zone(zone)
    if known is None:
        return Moment(text, ZONE_UNKNOWN, None)
    return Moment(text, zone, _instant(local.replace(tzinfo=known)))


@lru_cache(maxsize=64)
def _offset(size: timedelta | None) -> str:
    """An offset from UTC as it is written: "+0900"."""
    return datetime(2000, 1, 1, tzinfo=timezone(size or timedelta())).strftime("%z")


def _instant(aware: datetime) -> datetime | None:
    """The instant in UTC; None at the ends of the calendar, where there is none."""
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None


# Written on forms and in tables of the region.
_ABBREVIATIONS = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def zone_name(text: str) -> str:
    """An IANA name for a zone as written, "" when it is none."""
    name = _ABBREVIATIONS.get(text.strip().upper(), text.strip())
    return name if _zone(name) else ""


_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


def _zone(name: str) -> tzinfo | None:
    if match := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-size if match[1] == "-" else size) if size < timedelta(days=1) else None
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


_DAY_ALONE = Text(
    "Hanya tanggal lintas yang disebut; jamnya tidak diketahui.",
    "Only the day of the crossing is given; its hour is not known.",
)


def when(
    given: str, written_zone: str, post_zone: str, notes: Notes, order: Order = "day"
) -> Moment:
    """When a crossing was, at the written zone, else the post's.

    A day without an hour stays a day in the body; its instant is the day's beginning, for order
    only. Raises ValueError for what is no time.
    """
    local, clock = table_time(given, order)
    found = moment(local, written_zone or ("" if local.tzinfo else post_zone))
    if clock:
        return found
    notes.note("time_is_a_day", _DAY_ALONE, "local_time")
    return replace(found, local=local.date().isoformat())


def tell_unknown_zone(notes: Notes, local: str) -> None:
    """Say that a local time could not be fixed."""
    text = Text(
        "Waktu setempat {local} tanpa zona waktu yang diketahui; saat pastinya tidak dihitung.",
        "Local time {local} has no known zone; its exact instant is not computed.",
    )
    notes.note("zone_unknown", text.fill(local=local), "local_time", "zone")


def post_of(text: str, context: ReadContext) -> Place | None:
    """The post that a text names: its id, its name, or words of only one name ("Motaain")."""
    given = text.strip()
    if given in context.places:
        return context.places[given]
    words = set(plain(given).split())
    if not words:
        return None
    named = [(set(plain(p.name).split()), p) for p in context.places.values()]
    whole = [place for known, place in named if known == words]
    part = [place for known, place in named if words <= known]
    found = whole or part
    return found[0] if len(found) == 1 else None
