"""A report on quality as tables: a workbook with a sheet for each part, or one CSV of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.share.quality import Quality, rows_told

if TYPE_CHECKING:
    from tapal.engines.lake.sheets import Sheet

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEADS = {
    "rejects": (
        Text("Ditolak", "Rejects"),
        (Text("Alasan", "Reason"), Text("Perbaikan", "Mend"), Text("Jumlah", "Count"),
         Text("Masih terbuka", "Open still"), Text("Baris", "Rows")),
    ),
    "findings": (
        Text("Temuan", "Findings"),
        (Text("Temuan", "Finding"), Text("Aturan", "Rule"), Text("Jumlah", "Count"),
         Text("Baris", "Rows")),
    ),
    "fields": (
        Text("Isian", "Fields"),
        (Text("Isian", "Field"), Text("Terisi", "Filled"), Text("Kosong", "Missing"),
         Text("Diragukan", "Doubted"), Text("Dari", "Of")),
    ),
    "timeliness": (
        Text("Ketepatan waktu", "Timeliness"),
        (Text("Diterima", "Received"), Text("Jumlah", "Count")),
    ),
}  # fmt: skip


def exported(told: Quality, form: str, language: str, title: str) -> bytes:
    """A file of one of `TYPES`; the CSV holds the rejects and findings. Raises KeyError for another form."""
    from tapal.engines.lake import sheets

    made = [_sheet(name, told, language, title) for name in _HEADS]
    if form == "xlsx":
        return sheets.xlsx_file(made)
    TYPES[form]
    return sheets.csv_file(_one(told, language, title))


def _rows(name: str, told: Quality, language: str) -> list[tuple[str | int, ...]]:
    if name == "rejects":
        return [
            (r.reason.say(language), r.mend.say(language), r.count, r.open, rows_told(r.places))
            for r in told.reasons
        ]
    if name == "findings":
        return [
            (f.label.say(language), f.rule, f.count, rows_told(f.places)) for f in told.findings
        ]
    if name == "fields":
        return [(f.label.say(language), f.filled, f.missing, f.doubted, f.of) for f in told.fields]
    return [(text.say(language), count) for text, count in told.delays]


def _sheet(name: str, told: Quality, language: str, title: str) -> Sheet:
    from tapal.engines.lake.sheets import Sheet

    label, heads = _HEADS[name]
    return Sheet(
        name=label.say(language),
        title=f"{title} · {label.say(language)}",
        notes=_notes(told, language),
        names=[str(n) for n in range(len(heads))],
        headings=[head.say(language) for head in heads],
        rows=_rows(name, told, language),
    )


def _one(told: Quality, language: str, title: str) -> Sheet:
    from tapal.engines.lake.sheets import Sheet

    rejected, found = (_HEADS[n][0].say(language) for n in ("rejects", "findings"))
    rows: list[tuple[str | int, ...]] = [
        (rejected, r.reason.say(language), r.count, rows_told(r.places)) for r in told.reasons
    ]
    rows += [(found, f.label.say(language), f.count, rows_told(f.places)) for f in told.findings]
    heads = (Text("Bagian", "Part"), Text("Uraian", "What"), Text("Jumlah", "Count"),
             Text("Baris", "Rows"))  # fmt: skip
    return Sheet(
        name="quality",
        title=title,
        notes=_notes(told, language),
        names=["part", "what", "count", "rows"],
        headings=[head.say(language) for head in heads],
        rows=rows,
    )


def _notes(told: Quality, language: str) -> list[str]:
    sender = told.sender
    counts = Text(
        "{m} kiriman, {n} baris: {r} catatan, {k} sudah dikenal, {x} ditolak.",
        "{m} messages, {n} rows: {r} records, {k} known, {x} rejected.",
    ).fill(m=sender.messages, n=sender.rows, r=sender.records, k=sender.known, x=sender.rejects)
    return [counts.say(language), *(text.say(language) for text in told.whole)]
