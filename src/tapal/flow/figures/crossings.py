"""How many people cross, when, of which nationality, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.figures.question import Column, Disclosure, Question, Rows, Window

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table

# What makes a record a person's crossing, and tells it from a carrier's announcement of one.
FIELDS = ("direction", "capture", "person.nationality")
ANNOUNCED = "carrier_list"
MOST_NATIONALITIES = 40

_ENTRIES = Column("entries", Text("Masuk", "Entries"))
_EXITS = Column("exits", Text("Keluar", "Exits"))
_BOTH = Disclosure({"entries": (), "exits": ()})
_HOW = Text(
    "Tiap perlintasan yang dicatat di pos, menurut hari dan jam pos itu; daftar penumpang yang baru"
    " diumumkan pengangkut tidak dihitung.",
    "Each crossing recorded at a post, by that post's day and hour; what a carrier only announced"
    " is not counted.",
)


def _by(rows: Table, column: str, name: str) -> Table:
    crossed = rows.filter((rows.f_capture != ANNOUNCED) & rows.f_direction.isin(("entry", "exit")))
    return crossed.group_by(**{name: crossed[column]}).aggregate(
        entries=(crossed.f_direction == "entry").sum(),
        exits=(crossed.f_direction == "exit").sum(),
    )


def by_day(rows: Table, window: Window) -> Table:
    """Entries and exits of each day."""
    return _by(rows, "local_day", "day").order_by("day")


def by_hour(rows: Table, window: Window) -> Table:
    """Entries and exits of each hour of the day, over all days of the window."""
    return _by(rows, "local_hour", "hour").order_by("hour")


def by_nationality(rows: Table, window: Window) -> Table:
    """Entries and exits by nationality, the most frequent first."""
    found = _by(rows, "f_person__nationality", "nationality")
    order = (found.entries + found.exits).desc()
    return found.order_by(order, found.nationality).limit(MOST_NATIONALITIES)


def by_post(rows: Table, window: Window) -> Table:
    """Entries and exits by post, the busiest first."""
    found = _by(rows, "place", "place")
    return found.order_by((found.entries + found.exits).desc(), found.place)


QUESTIONS = (
    Question(
        "crossings_by_day",
        Text("Berapa orang melintas tiap hari?", "How many people cross each day?"),
        _HOW,
        Rows.RECORDS,
        by_day,
        (Column("day", Text("Hari", "Day"), "day"), _ENTRIES, _EXITS),
        _BOTH,
        FIELDS,
        "line",
        ("entries", "exits"),
    ),
    Question(
        "crossings_by_hour",
        Text("Jam berapa pos paling ramai?", "At what hour are posts busiest?"),
        _HOW,
        Rows.RECORDS,
        by_hour,
        (Column("hour", Text("Jam", "Hour"), "hour"), _ENTRIES, _EXITS),
        _BOTH,
        FIELDS,
        "bar",
        ("entries", "exits"),
    ),
    Question(
        "crossings_by_nationality",
        Text("Warga negara mana yang melintas?", "Of which nationality are those who cross?"),
        _HOW,
        Rows.RECORDS,
        by_nationality,
        (
            Column(
                "nationality",
                Text("Kewarganegaraan", "Nationality"),
                "code",
                "person.nationality",
            ),
            _ENTRIES,
            _EXITS,
        ),
        _BOTH,
        FIELDS,
        "bar",
        ("entries", "exits"),
    ),
    Question(
        "crossings_by_post",
        Text("Pos mana yang paling ramai?", "Which post is busiest?"),
        _HOW,
        Rows.RECORDS,
        by_post,
        (Column("place", Text("Pos", "Post"), "place"), _ENTRIES, _EXITS),
        _BOTH,
        FIELDS,
        "bar",
        ("entries", "exits"),
    ),
)
