"""A table of either sort, delimited text or workbook, read by the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from tapal.formats import delimited, workbook
from tapal.formats.delimited import IsHeading, Manner, Problem, Row


def read(data: bytes, is_heading: IsHeading | None = None) -> Iterator[Row | Problem]:
    """The rows below the headings with what is wrong with the table. Never raises."""
    yield from (workbook if workbook.looks_like(data) else delimited).read(data, is_heading)


def manner(data: bytes, is_heading: IsHeading | None = None) -> Manner:
    """How the table is written; of a workbook the sheet's name stands for the charset's."""
    if not workbook.looks_like(data):
        return delimited.manner(data, is_heading)
    sheet, titles, row = workbook.headings(data, is_heading)
    return Manner(f"XLSX: {sheet}" if sheet else "XLSX", "", titles, row)
