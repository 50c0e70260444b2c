"""Workbooks: what a cell shows, both calendars, merged cells, formulas, bombs, and 10,000 broken ones."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tapal.formats import workbook
from tapal.formats.delimited import Problem, Row

Cells = list[list[object]]


def book(*rows: list[object], merge: str = "", mac: bool = False) -> bytes:
    made = openpyxl.Workbook()
    if mac:
        made.epoch = CALENDAR_MAC_1904
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return [dict(i.cells) for i in workbook.read(data) if isinstance(i, Row)]


def codes_of(data: bytes) -> list[str]:
    return [i.code for i in workbook.read(data) if isinstance(i, Problem)]


def test_cells_are_what_they_show() -> None:
    data = book(
        ["a", "b", "c", "d", "e", "f"],
        [date(1988, 2, 14), datetime(2026, 3, 1, 8, 30), time(9, 5), 42.0, 1.5, "0012"],
    )
    assert rows_of(data) == [
        {"a": "1988-02-14", "b": "2026-03-01 08:30:00", "c": "09:05:00", "d": "42", "e": "1.5",
         "f": "0012"}
    ]  # fmt: skip


def test_both_calendars_give_the_same_day() -> None:
    data = book(["lahir"], [date(1988, 2, 14)], mac=True)
    assert rows_of(data) == [{"lahir": "1988-02-14"}]
    assert codes_of(data) == ["calendar_1904"]


def test_a_range_merged_downwards_is_its_value_in_each_row() -> None:
    data = book(["kapal", "nama"], ["KM A", "X"], [None, "Y"], ["KM B", "Z"], merge="A2:A3")
    assert [r["kapal"] for r in rows_of(data)] == ["KM A", "KM A", "KM B"]


def test_a_formula_without_its_result_says_so() -> None:
    assert rows_of(book(["a", "b"], ["x", "=1+1"])) == [{"a": "x", "b": workbook.NO_RESULT}]


def test_headings_are_found_below_a_title_and_on_a_later_sheet() -> None:
    made = openpyxl.Workbook()
    made.active.append(["Sampul"])
    sheet = made.create_sheet("Data")
    sheet.append(["Laporan"])
    sheet.append(["nama", "nomor"])
    sheet.append(["A", 1])
    out = io.BytesIO()
    made.save(out)
    found = list(workbook.read(out.getvalue(), lambda cells: "nama" in cells))
    assert [i.code for i in found if isinstance(i, Problem)] == ["other_sheets", "title"]
    assert [str(i.place) for i in found if isinstance(i, Row)] == ["row 3"]


def test_a_bomb_costs_nothing() -> None:
    bomb = zipped({"[Content_Types].xml": b"<x/>", "xl/sharedStrings.xml": bytes(80_000_000)})
    assert len(bomb) < 200_000
    assert codes_of(bomb) == ["workbook_too_large"]
    many = zipped({"[Content_Types].xml": b"", **{f"p{n}": b"" for n in range(2_100)}})
    assert codes_of(many) == ["workbook_too_large"]


def test_entities_are_not_unfolded() -> None:
    laughs = b'<!DOCTYPE s [<!ENTITY a "' + b"ha" * 5000 + b'">' + b"".join(
        b'<!ENTITY %s "%s">' % (bytes([97 + n]), b"&%s;" % bytes([96 + n]) * 50) for n in range(1, 7)
    ) + b"]>"  # fmt: skip
    parts = _parts(book(["a"], ["x"]))
    name = "xl/worksheets/sheet1.xml"
    body = parts[name]
    parts[name] = laughs + body.replace(b"<v>", b"<v>&g;")
    assert all(isinstance(i, Problem) for i in workbook.read(zipped(parts))) or rows_of(
        zipped(parts)
    ) in ([], [{"a": "x"}])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 no zip", "workbook_broken"),
        (zipped({"word/document.xml": b"<w/>"}), "no_workbook"),
        (zipped({"[Content_Types].xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "workbook_macros"),
        (zipped({"[Content_Types].xml": b"<x/>"}), "workbook_broken"),
        (book(), "no_heading"),
        (book(["a", "b"]), "no_rows"),
    ],
)
def test_what_is_no_workbook_says_why(data: bytes, code: str) -> None:
    assert code in codes_of(data)


def _parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def test_10_000_broken_workbooks_are_rows_or_problems() -> None:
    chance = random.Random(20261124)
    whole = book(
        ["nama", "lahir", "nomor"], ["A", date(1990, 1, 2), 5], ["B", "=1", None], merge="A2:A3"
    )
    parts = _parts(whole)
    inner = [n for n in parts if n.endswith((".xml", ".rels"))]
    for turn in range(10_000):
        if turn % 2:
            data = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            broken = bytes(data[: chance.randint(1, len(data))] if turn % 5 == 0 else data)
        else:
            name = chance.choice(inner)
            text = bytearray(parts[name])
            for _ in range(chance.randint(1, 8)):
                at = chance.randrange(len(text))
                text[at : at + chance.randint(0, 3)] = chance.choice(
                    [
                        b"<",
                        b">",
                        b"&",
                        b"9" * 20,
                        b"",
                        b'"',
                        b"A1048577",
                        bytes([chance.randrange(256)]),
                    ]
                )
            broken = zipped({**parts, name: bytes(text)})
        found = list(workbook.read(broken))
        assert found and all(str(each.place).startswith("row ") for each in found)
