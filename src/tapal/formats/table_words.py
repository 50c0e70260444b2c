"""What is wrong with a whole table or with the form of a row, in words, for every reader of tables."""

from __future__ import annotations

from collections.abc import Mapping

from tapal.core.finding import Finding, Weight
from tapal.core.reading import Rejection
from tapal.core.text import Text
from tapal.formats.delimited import Problem

TABLE: Mapping[str, Text] = {
    "charset": Text(
        "Tabel tidak tertulis dalam UTF-8; dibaca sebagai Windows-1252.",
        "The table is not in UTF-8; it was read as Windows-1252.",
    ),
    "heading_twice": Text(
        "Judul kolom berulang: {found}; kolom pertama yang terisi dipakai.",
        "A heading stands twice: {found}; the first filled column is used.",
    ),
    "title": Text(
        "Di atas judul kolom ada tulisan: {found}.", "Above the headings stands: {found}."
    ),
    "other_sheets": Text(
        "Buku kerja ini punya beberapa lembar; hanya lembar “{found}” yang dibaca.",
        "The workbook has several sheets; only “{found}” was read.",
    ),
    "calendar_1904": Text(
        "Buku kerja ini menghitung hari sejak 1904; tanggalnya dibaca demikian.",
        "The workbook counts its days from 1904; its dates were read so.",
    ),
}
"""Of the whole table: told as a finding."""
ROW: Mapping[str, tuple[Text, Text]] = {
    "no_heading": (
        Text("Tabel kosong atau tanpa baris judul.", "The table is empty or has no headings."),
        Text("Kirim tabel dengan baris judul.", "Send a table with a heading row."),
    ),
    "no_rows": (
        Text("Tabel tanpa satu baris pun.", "The table has no row at all."),
        Text("Kirim tabel dengan isinya.", "Send the table with its rows."),
    ),
    "quote_unclosed": (
        Text("Tanda kutip di baris ini tidak ditutup.", "A quote in this row is never closed."),
        Text("Tutup atau hapus tanda kutipnya.", "Close the quote or take it out."),
    ),
    "row_too_long": (
        Text("Baris ini terlalu panjang.", "This row is too long."),
        Text("Periksa ganti baris dalam berkas.", "Check the line breaks of the file."),
    ),
    "workbook_broken": (
        Text("Buku kerja tidak dapat dibuka: {found}.", "The workbook cannot be opened: {found}."),
        Text("Simpan ulang sebagai XLSX lalu kirim lagi.", "Save it again as XLSX and send it."),
    ),
    "no_workbook": (
        Text("Berkas ZIP ini bukan buku kerja XLSX.", "This ZIP file is no XLSX workbook."),
        Text("Kirim berkas XLSX atau CSV.", "Send an XLSX or a CSV file."),
    ),
    "workbook_too_large": (
        Text(
            "Isi buku kerja sesudah dibuka terlalu besar ({found}).",
            "Unpacked, the workbook is too large ({found}).",
        ),
        Text("Bagi menjadi beberapa berkas.", "Split it into several files."),
    ),
    "workbook_macros": (
        Text("Buku kerja ini memuat makro.", "The workbook holds macros."),
        Text("Simpan sebagai XLSX tanpa makro.", "Save it as XLSX without macros."),
    ),
    "too_many_rows": (
        Text("Lembarnya lebih dari {found} baris.", "The sheet has more than {found} rows."),
        Text("Bagi menjadi beberapa berkas.", "Split it into several files."),
    ),
}
"""Of a row, or of a file that gives none: told as a rejection."""


def finding(problem: Problem) -> Finding:
    """What is wrong with the whole table, by its place. Raises KeyError for a fault of a row."""
    place = str(problem.place)
    text = TABLE[problem.code].fill(found=problem.found)
    name = f"table_{problem.code}"
    return Finding(name, Weight.NOTE, text, about=place, data={"place": place})


def rejection(problem: Problem) -> Rejection:
    """A row that cannot be read. Raises KeyError for a fault of the whole table."""
    reason, mend = ROW[problem.code]
    return Rejection(str(problem.place), reason.fill(found=problem.found), mend, problem.found)
