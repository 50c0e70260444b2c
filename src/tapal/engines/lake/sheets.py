"""Tables as files: CSV, XLSX and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48
_NAME = 31
"""Excel's longest name of a sheet."""


# Any: a value is a text, a number, a day, a moment or nothing.
@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title, the notes under it, and its columns' names and headings."""

    name: str
    title: str
    notes: Sequence[str]
    names: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def csv_file(sheet: Sheet) -> bytes:
    """A CSV file (UTF-8 with its mark, which spreadsheets look for); notes come last."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(map(_safe, sheet.headings))
    write.writerows([_safe(value) for value in row] for row in sheet.rows)
    write.writerow([])
    write.writerows([[_safe(line)] for line in (sheet.title, *sheet.notes)])
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table; no text in it is ever a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name[:_NAME]), sheet, bold, day)
    return out.getvalue()


def parquet_file(sheet: Sheet) -> bytes:
    """A Parquet file; title and notes are its metadata."""
    columns = {name: [_plain(row[n]) for row in sheet.rows] for n, name in enumerate(sheet.names)}
    table = pa.table(columns).replace_schema_metadata(
        {"title": sheet.title, "notes": "\n".join(sheet.notes)}
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _fill(page: Any, sheet: Sheet, bold: Any, day: Any) -> None:
    page.write_string(0, 0, sheet.title, bold)
    for column, heading in enumerate(sheet.headings):
        page.write_string(2, column, heading, bold)
        widest = max([len(heading), *(len(str(row[column])) for row in sheet.rows)])
        page.set_column(column, column, min(widest, _WIDEST) + 2)
    for line, row in enumerate(sheet.rows, 3):
        for column, value in enumerate(row):
            if isinstance(value, date) and not isinstance(value, datetime):
                page.write_datetime(line, column, datetime.combine(value, datetime.min.time()), day)
            elif isinstance(value, int | float):
                page.write_number(line, column, value)
            elif value is not None:
                page.write_string(line, column, str(value))
    for offset, note in enumerate(sheet.notes, len(sheet.rows) + 4):
        page.write_string(offset, 0, note)


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain(value: Any) -> Any:
    """Numbers, days and moments as they are; whatever else as text."""
    return value if value is None or isinstance(value, int | float | date) else str(value)
