"""A cell read as what its column says: text, code, number, day, time or list."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from tapal.core.mapped import Mapped
from tapal.core.profiles import Field
from tapal.core.profiles.table import Sort
from tapal.core.text import Text
from tapal.formats.mapped.table import DATES, Column, Mapping, plain
from tapal.formats.table_dates import serial_time, table_date, table_time

Value = str | list[str]
_EMPTY = frozenset({"", "-", "--", "---", "–", "—", "n/a", "#n/a", "#ref!", "#value!", "#null!",
                    "null", "(null)", "nan"})  # fmt: skip
_AS_TEXT = re.compile(r"=\"(.*)\"")
_APOSTROPHE = re.compile(r"'(?=[0-9=+\-])")
_BETWEEN = re.compile(r"\s*[;|\n]\s*")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_TOKENS = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_TOKEN = re.compile("YYYY|MM|DD|HH|mm|ss")
_MAC_DAYS = 1462
"""Days between the two calendars of spreadsheets."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a cell is read by besides its column. `old_mac`: the workbook counts days from 1904."""

    kind: Mapped
    mapping: Mapping
    old_mac: bool = False


class Unread(ValueError):
    """A cell that is not what its column says; `text` tells why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def said(cell: str, path: str = "") -> str:
    """A cell without what a spreadsheet puts around a text, "" for its signs of nothing."""
    text = cell.strip()
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
        text = text.encode("utf-8", "replace").decode("utf-8")
    # There are people called Null, so a name's column keeps the word.
    if text.casefold() in _EMPTY and not (path.endswith("identifier") and text.isalpha()):
        return ""
    if match := _AS_TEXT.fullmatch(text):
        return match[1].strip()
    return _APOSTROPHE.sub("", text, count=1) if text.startswith("'") else text


def sort_of(column: Column, field: Field | None, mapped: Mapped) -> str:
    """How a column's cells are read: as it says, else as its field is."""
    if column.reads:
        return column.reads
    if column.path in mapped.times:
        return "time"
    if column.path in mapped.days or (field and field.sort is Sort.DAY):
        return "day"
    return field.sort.value if field else "text"


def read(text: str, column: Column, field: Field | None, around: Around) -> Value:
    """A filled cell as the value of its field. Raises Unread."""
    if text == "#FORMULA!":
        raise Unread(Text("rumus tanpa hasil tersimpan", "a formula saved without its result"))
    if _ROUNDED.fullmatch(text):
        raise Unread(Text("angka dibulatkan lembar kerja", "a number that a spreadsheet rounded"))
    if column.codes and (code := by_table(text, column)) is not None:
        return code
    way = sort_of(column, field, around.kind)
    if way == "list":
        return [
            _coded(part, column.path, field, around.kind) for part in _BETWEEN.split(text) if part
        ]
    return _READ[way](text, column, field, around)


def by_table(text: str, column: Column) -> str | None:
    """What the column's own table of words says of a cell."""
    if text in column.codes:
        return column.codes[text]
    key = plain(text)
    return next((code for word, code in column.codes.items() if plain(word) == key), None)


def _as_text(text: str, column: Column, field: Field | None, around: Around) -> str:
    return _coded(text, column.path, field, around.kind) if field and field.codes else text


def _as_code(text: str, column: Column, field: Field | None, around: Around) -> str:
    return _coded(text, column.path, field, around.kind)


def _coded(text: str, path: str, field: Field | None, kind: Mapped) -> str:
    """The code that a word means: the code itself, its word in either language, or the kind's own reading."""
    if field is None or not field.codes:
        return text
    code = kind.code(path, text)
    if code is None and text in field.codes:
        return text
    if code is None:
        code = next((c for c, words in field.codes.items()
                     if plain(text) in (plain(c), plain(words.id), plain(words.en))), None)  # fmt: skip
    if code is None:
        raise Unread(Text("kode tidak dikenal di bidang ini", "no code of this field"))
    return code


def _as_number(text: str, column: Column, field: Field | None, around: Around) -> str:
    plain_number = re.sub(r"[ \u00a0]", "", text)
    thousands = "," if around.mapping.decimal == "." else "."
    groups = (
        rf"-?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(around.mapping.decimal)}\d+)?"
    )
    if re.fullmatch(groups, plain_number):
        plain_number = plain_number.replace(thousands, "")
    plain_number = plain_number.replace(around.mapping.decimal, ".")
    if not re.fullmatch(r"-?\d{1,15}(?:\.\d{1,12})?", plain_number, re.ASCII):
        raise Unread(Text("bukan angka", "no number"))
    return re.sub(r"\.0+$", "", plain_number)


def _as_day(text: str, column: Column, field: Field | None, around: Around) -> str:
    try:
        if column.dates not in DATES:
            return _by_pattern(text, column.dates).date().isoformat()
        return table_date(text, "month" if column.dates == "month" else "day")
    except (ValueError, OverflowError):
        serial = day_number(text, around.old_mac)
        if serial is None:
            raise Unread(
                Text("bukan tanggal menurut susunannya", "no date of that order")
            ) from None
        return serial.date().isoformat()


def _as_time(text: str, column: Column, field: Field | None, around: Around) -> str:
    try:
        if column.dates not in DATES:
            local, clock = _by_pattern(text, column.dates), "HH" in column.dates
        else:
            local, clock = table_time(text, "month" if column.dates == "month" else "day")
    except (ValueError, OverflowError):
        serial = day_number(text, around.old_mac)
        if serial is None:
            raise Unread(Text("bukan waktu menurut susunannya", "no time of that order")) from None
        local, clock = serial, serial.time() != datetime.min.time()
    return local.isoformat(timespec="seconds") if clock else local.date().isoformat()


def _by_pattern(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, _strptime(pattern))


@lru_cache(maxsize=256)
def _strptime(pattern: str) -> str:
    """A pattern such as DD.MM.YYYY HH:mm as Python writes it. Raises ValueError for what is none."""
    if "YYYY" not in pattern or "%" in pattern or len(pattern) > 40:
        raise ValueError(f"{pattern!r} is no pattern of a date")
    rest = _TOKEN.sub("", pattern)
    if (
        any(c.isalpha() and c not in "T" for c in rest)
        or "DD" not in pattern
        or "MM" not in pattern
    ):
        raise ValueError(f"{pattern!r} is no pattern of a date")
    return _TOKEN.sub(lambda match: _TOKENS[match[0]], pattern)


def is_dates(dates: str) -> bool:
    """Whether this is an order or a pattern of dates."""
    try:
        return dates in DATES or bool(_strptime(dates))
    except ValueError:
        return False


def day_number(text: str, old_mac: bool) -> datetime | None:
    """The time that a spreadsheet's day number stands for in its calendar, None for no such one."""
    found = serial_time(text)
    return found + timedelta(days=_MAC_DAYS) if found and old_mac else found


Read = Callable[[str, Column, Field | None, Around], Value]
_READ: dict[str, Read] = {
    "text": _as_text,
    "code": _as_code,
    "number": _as_number,
    "day": _as_day,
    "time": _as_time,
}
