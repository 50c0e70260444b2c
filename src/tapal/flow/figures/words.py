"""An answer in words: places, agencies, codes and rules by their names, a kept-back number as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tapal.core.text import Text, same
from tapal.flow import reference
from tapal.flow.figures.question import Answer, Column
from tapal.flow.finding_words import label_of
from tapal.kinds import KINDS
from tapal.store.models import Agency

NOTHING = Text("tidak disebut", "not stated")
NUMBERS = frozenset({"number", "minutes", "percent"})
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


# Any: a value as Python has it.
@dataclass(frozen=True, slots=True)
class Cell:
    """One value of an answer: as data and in words. A number that is kept back has no data."""

    value: Any
    text: Text
    kept_back: bool = False

    @property
    def number(self) -> bool:
        return isinstance(self.value, int | float)

    @property
    def plain(self) -> str:
        """A number as machines read it, whatever the language."""
        return repr(self.value)


def table(answer: Answer, zone: str) -> list[list[Cell]]:
    """The rows of an answer, each cell in words; moments in a zone."""
    columns = answer.question.columns
    cells = {
        name
        for head, beside in answer.question.disclosure.cells.items()
        for name in (head, *beside)
    }
    return [
        [
            _cell(answer, column, row.get(column.name), column.name in cells, zone)
            for column in columns
        ]
        for row in answer.rows
    ]


def _cell(answer: Answer, column: Column, value: Any, counted: bool, zone: str) -> Cell:
    if value is None and column.type in NUMBERS:
        if counted and column.type == "number":
            return Cell(None, _fewer(answer.smallest), True)
        return Cell(None, same("–"))
    if column.type == "minutes":
        value = round(value)
    elif column.type == "percent":
        value = round(value, 1)
    elif column.type == "number":
        value = int(value)
    return Cell(value, _said(column, value, zone))


def _fewer(smallest: int | None) -> Text:
    return same("–") if smallest is None else Text(f"di bawah {smallest}", f"under {smallest}")


def _said(column: Column, value: Any, zone: str) -> Text:
    if value in (None, ""):
        return NOTHING
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, date):
        return same(f"{value:%d-%m-%Y}")
    if column.type == "hour":
        return Text(f"{value:02}.00", f"{value:02}:00")
    if column.type in NUMBERS:
        return _number(value)
    return _named(column, str(value))


def _named(column: Column, value: str) -> Text:
    if column.type == "place":
        place = reference.places().get(value)
        return same(place.name if place else value)
    if column.type == "agency":
        return _agencies().get(value) or same(value)
    if column.type == "kind":
        return KINDS[value].label if value in KINDS else same(value)
    if column.type == "rule":
        return label_of(value)
    return code_said(column.path, value)


def code_said(path: str, value: str) -> Text:
    """A body's value in words: what a code stands for, and what nobody stated."""
    if not value:
        return NOTHING
    return next((words[value] for words in _codes(path) if value in words), same(value))


def _codes(path: str) -> Iterator[Mapping[str, Text]]:
    for kind in KINDS.values():
        mark = kind.fields.get(path)
        if mark is not None and mark.codes:
            yield mark.codes


def _number(value: int | float) -> Text:
    english = f"{value:,}"
    return Text(english.translate(str.maketrans(",.", ".,")), english)


def _moment(value: datetime, zone: str) -> Text:
    there = value.astimezone(ZoneInfo(zone))
    name = ZONES.get(zone, zone)
    return Text(f"{there:%d-%m-%Y %H.%M} {name}", f"{there:%d-%m-%Y %H:%M} {name}")


_agencies = reference.cached(
    lambda: {a.code: Text(a.name_id, a.name_en) for a in Agency.objects.all()}
)


def source(answer: Answer, zone: str) -> Text:
    """Where an answer comes from and up to when it knows: it stands under every figure.

    Not up to which event: the log's numbers count what is hidden, too.
    """
    known = _agencies()
    named = [known.get(code) or same(code) for code in answer.agencies]
    return Text(
        "Sumber: {agencies}; kejadian s.d. {moment}.",
        "Source: {agencies}; events up to {moment}.",
    ).fill(agencies=_joined(named), moment=_moment(answer.window.as_of, zone))


def kept_back(answer: Answer) -> Text | None:
    """That numbers are missing, and why; None where none is."""
    if not answer.hidden:
        return None
    if answer.smallest is None:
        return Text(
            "Batas jumlah terkecil belum diisi: tidak ada jumlah yang disebut.",
            "The smallest count is not entered: no count is told.",
        )
    return Text(
        "Jumlah di bawah {k} tidak disebut, kadang bersama yang terkecil berikutnya.",
        "Counts under {k} are not told, at times with the next smallest.",
    ).fill(k=answer.smallest)


def _joined(names: list[Text]) -> Text:
    if not names:
        return Text("tidak ada yang boleh dihitung", "nothing that may be counted")
    return Text(", ".join(n.id for n in names), ", ".join(n.en for n in names))
