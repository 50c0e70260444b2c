"""Screening from file to file: the public commands `tapal screen` and `tapal screen pairs`."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from math import log
from pathlib import Path
from typing import TextIO

import numpy as np

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.screening import evidence
from tapal.engines.screening import features as f
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.index import Index, similar_names
from tapal.engines.screening.judge import ALERT_SCORE, points
from tapal.engines.screening.model import Listed, Query
from tapal.engines.screening.names import family
from tapal.engines.screening.segment import code
from tapal.engines.screening.weights import FAMILIES, shipped
from tapal.engines.screening.word_table import Ints
from tapal.formats.listing_csv import Fault, ListingRow, partial_date, read

HITS = ("query_id", "rank", "entity_id", "score", "band", "reasons")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run read and wrote; `faults` are rows of the input that were not or not fully read."""

    read: int
    written: int
    faults: tuple[Fault, ...] = ()


def listed(row: ListingRow) -> Listed:
    """The screening entry of a list's row."""
    return Listed(
        entity_id=row.entity_id,
        schema=row.schema,
        names=row.names,
        aliases=row.aliases,
        birth_dates=row.birth_dates,
        nationalities=row.nationalities,
        documents=row.documents,
        gender=row.gender,
        list_code=row.list_code,
    )


def read_list(path: Path) -> tuple[Index, tuple[Fault, ...]]:
    """The index of a list file (CSV, plain or gzip) and the faults in it."""
    faults: list[Fault] = []

    def rows() -> Iterator[Listed]:
        for item in read(path.read_bytes()):
            if isinstance(item, Fault):
                faults.append(item)
            else:
                yield listed(item)

    return Index.build(rows()), tuple(faults)


def run_screen(
    list_csv: Path | str, queries_csv: Path | str, out_csv: Path | str, *, language: str = "en"
) -> Outcome:
    """Screen each query against the list and write the hits, at most 10 a query, best first.

    `reasons` are sentences in `language`, parted by ` | `. Raises Rejected where the queries lack
    a needed column, OSError where a file cannot be opened.
    """
    index, found = read_list(Path(list_csv))
    if not len(index):
        raise _empty(found)
    faults = list(found)
    asked = written = 0
    with _reading(queries_csv) as source, _writing(out_csv) as target:
        out = csv.writer(target, lineterminator="\n")
        out.writerow(HITS)
        reader = _reader(source, ("query_id", "name"))
        for row in _readable(reader):
            if isinstance(row, Fault):
                faults.append(row)
                continue
            asked += 1
            faults += _garbled(row, f"query {row['query_id'][:80]}")
            for rank, hit in enumerate(index.match(_query(row)), 1):
                reasons = " | ".join(r.say(language) for r in hit.reasons)
                who = hit.listed.entity_id
                out.writerow((row["query_id"], rank, who, hit.score, hit.band.value, reasons))
                written += 1
    return Outcome(asked, written, tuple(faults))


def _empty(faults: Sequence[Fault]) -> Rejected:
    """A list of nobody would leave everybody silent: the first fault in it, or that it is empty."""
    if faults:
        return Rejected(faults[0].reason, faults[0].mend, place=f"list, {faults[0].place}")
    return Rejected(
        Text("Daftar ini tidak berisi satu entri pun.", "This list holds no entry."),
        Text("Pilih berkas daftar yang berisi.", "Choose a list file that holds entries."),
        place="list",
    )


def _garbled(row: dict[str, str], place: str) -> Iterator[Fault]:
    """A fault where bytes of a row are no UTF-8: they were read as a mark in their place."""
    if any(isinstance(value, str) and "\ufffd" in value for value in row.values()):
        yield Fault(
            place,
            Text("Ada huruf yang tidak terbaca sebagai UTF-8.", "Some letters are not UTF-8."),
            Text("Simpan berkasnya sebagai UTF-8.", "Save the file as UTF-8."),
            taken=True,
        )
    if any(isinstance(value, str) and "\n" in value for value in row.values()):
        yield Fault(
            place,
            Text("Satu sel berisi beberapa baris: baris lain mungkin tertelan.",
                 "A cell holds several lines: it may have swallowed other rows."),
            _CLOSE,
        )  # fmt: skip


_CLOSE = Text("Tutup tanda kutipnya.", "Close the quotation mark.")


def run_pairs(in_csv: Path | str, out_csv: Path | str) -> Outcome:
    """Score each pair of names and write the same rows with `score` and `match`.

    Raises Rejected where a needed column is missing, OSError where a file cannot be opened.
    """
    count, faults = 0, list[Fault]()
    with _reading(in_csv) as source, _writing(out_csv) as target:
        reader = _reader(source, ("schema", "name1", "name2"))
        columns = reader.fieldnames or ()
        kept = [c for c in columns if c not in ("score", "match")]
        out = csv.writer(target, lineterminator="\n")
        out.writerow([*kept, "score", "match"])
        for row in _readable(reader):
            if isinstance(row, Fault):
                faults.append(row)
                continue
            faults += _garbled(row, f"line {reader.line_num}")
            score = pair_score(row)
            matched = "true" if score >= ALERT_SCORE else "false"
            out.writerow([*(row[c] for c in kept), score, matched])
            count += 1
    return Outcome(count, count, tuple(faults))


def pair_score(row: dict[str, str]) -> float:
    """How likely two described persons, firms or ships are one, 0 to 1."""
    kind = family(row["schema"])
    score = similar_names(row["name1"], row["name2"], row["schema"])
    model, which = shipped(), FAMILIES.index(kind)
    days = (_day(row.get(column, "")) for column in ("dob1", "dob2"))
    date = f.compare_days(*days) if kind == "person" else f.DATE_UNKNOWN
    ours, theirs = (_countries(row.get(column) or "") for column in ("country1", "country2"))
    country = f.compare_sets(ours, theirs, 0, len(theirs))
    weight = float(model.weight[which, f.DATE, date] + model.weight[which, f.COUNTRY, country])
    if not weight or not score > 0:
        return score
    kept = min(max(score, 0.001), 0.999)
    # Other evidence counts only as far as the names leave room for doubt.
    return points(log(kept / (1 - kept)) + weight * min(1.0, 2 * kept))


def _countries(text: str) -> Ints:
    found = {alpha3(c) for c in text.replace(";", "|").split("|") if c.strip()}
    return np.array([code(c) for c in found], np.int32)


def _day(text: str | None) -> int:
    written = partial_date(text or "")
    return evidence.day(written) if written else 0


def _query(row: dict[str, str]) -> Query:
    born = partial_date(row.get("dob") or "")
    nationality, number = row.get("nationality") or "", row.get("doc_number") or ""
    return Query(
        schema=row.get("schema") or "Person",
        names=(row["name"],) if row["name"] else (),
        birth_date=born,
        nationalities=tuple(n for c in nationality.split("|") if (n := c.strip())),
        documents=((number, None),) if number else (),
        gender=row.get("gender") or None,
    )


def _need(columns: Sequence[str], needed: tuple[str, ...]) -> None:
    missing = [c for c in needed if c not in columns]
    if missing:
        names = ", ".join(missing)
        raise Rejected(
            Text(f"Kolom tidak ada: {names}.", f"Columns are missing: {names}."),
            Text(
                "Tulis nama kolom di baris pertama.",
                "Name the columns in the first line.",
            ),
            place="line 1",
        )


def _reader(source: TextIO, needed: tuple[str, ...]) -> csv.DictReader[str]:
    """Rows by column; comma, semicolon or tab part them, as the first line shows. Raises Rejected."""
    lines = _lines(source)
    head = next(lines, "")
    reader = csv.DictReader(
        chain((head,), lines), restval="", delimiter=max(",;\t", key=head.count)
    )
    try:
        _need(list(reader.fieldnames or ()), needed)
    except csv.Error as error:
        raise Rejected(_NO_CSV, _CLOSE, place="line 1") from error
    return reader


def _readable(reader: csv.DictReader[str]) -> Iterator[dict[str, str] | Fault]:
    """The rows, and a fault for what is none: those after it are still read."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Fault(f"line {reader.reader.line_num}", _NO_CSV, _CLOSE)


_NO_CSV = Text(
    "Baris ini tidak terbaca sebagai CSV, atau satu selnya terlalu panjang.",
    "This line cannot be read as CSV, or a cell is too long.",
)


def _lines(source: TextIO) -> Iterator[str]:
    """The lines of a file; one that is packed and broken says where. Raises Rejected."""
    number = 0
    try:
        for line in source:
            number += 1
            yield line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Rejected(
            Text("Berkas gzip ini terpotong atau rusak.", "This gzip file is cut short or broken."),
            Text("Buat atau kirim berkasnya lagi.", "Make or send the file again."),
            place=f"line {number + 1}",
        ) from error


@contextmanager
def _reading(path: Path | str) -> Iterator[TextIO]:
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        inner = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(inner, encoding="utf-8-sig", errors="replace", newline="") as text:
            yield text


@contextmanager
def _writing(path: Path | str) -> Iterator[TextIO]:
    if str(path).endswith(".gz"):
        with gzip.open(path, "wt", encoding="utf-8", newline="") as text:
            yield text
    else:
        with open(path, "w", encoding="utf-8", newline="") as text:
            yield text
