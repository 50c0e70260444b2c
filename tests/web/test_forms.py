"""Forms made of a model alone: laid out, read back in local writing, complained of in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from django.http import QueryDict
from pydantic import BaseModel, StringConstraints

from tapal.core.finding import Compared
from tapal.core.marking import Mark, Sensitivity
from tapal.core.text import Text, same
from tapal.web import forms
from tapal.web.forms.read import iso_day
from tapal.web.templatetags.words import UNEQUAL, differ


class Row(BaseModel):
    name: Annotated[str, Text("Nama", "Name")]


class Sample(BaseModel):
    colour: Annotated[
        Literal["r", "g"],
        Mark("Warna", "Colour", Sensitivity.OPEN, codes={"r": same("merah"), "g": same("hijau")}),
    ]
    day: Annotated[date | None, Text("Hari", "Day")] = None
    at: Annotated[datetime | None, Text("Waktu", "Time")] = None
    amount: Annotated[Decimal | None, Text("Jumlah", "Amount")] = None
    sure: Annotated[bool, Text("Yakin", "Sure")]
    loud: Annotated[bool, Text("Keras", "Loud")] = False
    note: Annotated[Annotated[str, StringConstraints(max_length=900)] | None, same("Note")] = None
    rows: Annotated[list[Row] | None, Text("Baris", "Rows")] = None
    lines: Annotated[list[str] | None, same("Lines")] = None


def read(query: str) -> tuple[BaseModel | None, dict[str, list[Text]]]:
    """Read a posted form and check it."""
    _, body = forms.answers(QueryDict(query), Sample, zone="Asia/Makassar")
    return forms.check(Sample, body)


def test_each_sort_of_field_is_known() -> None:
    sorts = {e.path: e.sort for e in forms.plan(Sample) if isinstance(e, forms.Field)}
    assert sorts == {
        "colour": "choice", "day": "date", "at": "time", "amount": "number", "sure": "choice",
        "loud": "yes", "note": "area", "lines": "lines",
    }  # fmt: skip


def test_local_writing_is_read() -> None:
    query = "colour=r&sure=true&day=14-02-1988&at=24-11-2026+09.14&amount=1.234,5&lines=a%0D%0Ab"
    checked, errors = read(query)
    assert errors == {}
    assert isinstance(checked, Sample)
    assert checked.day == date(1988, 2, 14)
    assert checked.at is not None and checked.at.isoformat() == "2026-11-24T09:14:00+08:00"
    assert checked.amount == Decimal("1234.5")
    assert checked.lines == ["a", "b"]
    assert checked.loud is False


def test_rows_left_empty_are_left_out() -> None:
    checked, _ = read("colour=g&sure=false&_rows.rows=2&rows.0.name=&rows.1.name=Ana")
    assert isinstance(checked, Sample) and checked.rows is not None
    assert [row.name for row in checked.rows] == ["Ana"]


def test_what_is_wrong_is_said_at_its_place() -> None:
    checked, errors = read("colour=x&day=31-02-1988&amount=many")
    assert checked is None
    assert set(errors) == {"colour", "day", "amount", "sure"}
    assert errors["sure"][0].id == "Wajib diisi."


def test_a_pressed_button_adds_a_row() -> None:
    rows = forms.added_rows(QueryDict("_rows.rows=1&_add=rows"), Sample)
    assert rows == {"rows": 2}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14-02-1988", "1988-02-14"),
        ("1/2/1988", "1988-02-01"),
        ("14021988", "1988-02-14"),
        ("02-1988", "1988-02"),
        ("1988", "1988"),
        ("1988-02-14", "1988-02-14"),
        ("soon", "soon"),
    ],
)
def test_days_as_people_write_them(typed: str, read: str) -> None:
    assert iso_day(typed) == read


def test_the_difference_is_marked() -> None:
    cells = differ(Compared(same("name"), "SOARES", "SUARES", False))
    assert cells.count("<mark>") == 2 and "<mark>O</mark>" in cells
    days = differ(Compared(same("day"), "1988-02-14", "1988-03-14", False))
    assert days == f"<td>14-<mark>02</mark>-1988</td><td>{UNEQUAL} 14-<mark>03</mark>-1988</td>"
    far = differ(Compared(same("name"), "SOARES", "BETE", False))
    assert "<mark>" not in far


def test_a_value_never_becomes_markup() -> None:
    cells = differ(Compared(same("name"), "<b>x", "<b>y", False))
    assert "<b>" not in cells
