"""Answers as files: one table as CSV, XLSX or Parquet, several as one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tapal.flow.figures import words
from tapal.flow.figures.question import Answer

if TYPE_CHECKING:
    from tapal.engines.lake.sheets import Sheet

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def exported(answers: Sequence[Answer], form: str, language: str, zone: str) -> bytes:
    """A file of one of `TYPES`; of several answers only a workbook. Raises KeyError for another form."""
    from tapal.engines.lake import sheets

    parts = [sheet(answer, language, zone, data=form == "parquet") for answer in answers]
    if form == "xlsx":
        return sheets.xlsx_file(parts)
    make = {"csv": sheets.csv_file, "parquet": sheets.parquet_file}[form]
    return make(parts[0])


def sheet(answer: Answer, language: str, zone: str, *, data: bool = False) -> Sheet:
    """An answer as a table; with `data` codes stay codes and a kept-back number is nothing."""
    from tapal.engines.lake.sheets import Sheet

    question = answer.question
    notes = [question.sentence, words.source(answer, zone), words.kept_back(answer)]
    return Sheet(
        name=question.name,
        title=question.label.say(language),
        notes=[days(answer), *(note.say(language) for note in notes if note)],
        names=[column.name for column in question.columns],
        headings=[column.label.say(language) for column in question.columns],
        rows=[
            [cell.value if data else _written(cell, language) for cell in row]
            for row in words.table(answer, zone)
        ],
    )


def days(answer: Answer) -> str:
    """The days that were asked about."""
    return f"{answer.window.since:%d-%m-%Y} – {answer.window.until:%d-%m-%Y}"


# Any: a value as Python has it.
def _written(cell: words.Cell, language: str) -> Any:
    plain = cell.number or (isinstance(cell.value, date) and not hasattr(cell.value, "hour"))
    return cell.value if plain else cell.text.say(language)
