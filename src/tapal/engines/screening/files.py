"""Screening from file to file: the public commands `tapal screen` and `tapal screen pairs`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.screening import evidence
from tapal.engines.screening import features as f
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.doubts import of_listing, unread
from tapal.engines.screening.index import Index, similar_names
from tapal.engines.screening.judge import ALERT_SCORE, points
from tapal.engines.screening.model import Hit, Listed, Query
from tapal.engines.screening.names import family
from tapal.engines.screening.segment import code
from tapal.engines.screening.tables import Row, Table, plain, reading, writing
from tapal.engines.screening.weights import FAMILIES, shipped
from tapal.engines.screening.word_table import Ints
from tapal.formats.listing_csv import Fault, ListingRow, partial_date, read

HITS = ("query_id", "rank", "entity_id", "score", "band", "reasons")
MOST = 10
"""Hits told of a query."""


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


def read_list(path: Path) -> tuple[Index, int, tuple[Fault, ...]]:
    """The index of a list file (CSV, plain or gzip), how often it repeats an id, and the faults in it."""
    faults: list[Fault] = []
    known: Counter[str] = Counter()

    def rows() -> Iterator[Listed]:
        for item in read(path.read_bytes()):
            if isinstance(item, Fault):
                faults.append(item)
                continue
            faults.extend(of_listing(item))
            known[item.entity_id] += 1
            if known[item.entity_id] > 1:
                faults.append(_twice(item))
            yield listed(item)

    index = Index.build(rows())
    return index, max(known.values(), default=1), tuple(faults)


def _twice(row: ListingRow) -> Fault:
    said = Text("Nomor pengenal “{n}” sudah dipakai baris lain: keduanya disaring.",
                "The id “{n}” is another row's already: both are screened.")  # fmt: skip
    return Fault(f"{row.place}, id", said.fill(n=row.entity_id[:60]), _OWN_ID, taken=True)


def run_screen(
    list_csv: Path | str, queries_csv: Path | str, out_csv: Path | str, *, language: str = "en"
) -> Outcome:
    """Screen each query against the list and write the hits, at most 10 a query, best first.

    `reasons` are sentences in `language`, parted by ` | `. Raises Rejected where the queries lack
    a needed column or the output is one of the inputs, OSError where a file cannot be opened.
    """
    with (
        reading(queries_csv, ("query_id", "name")) as table,
        writing(out_csv, list_csv, queries_csv) as target,
    ):
        index, copies, found = read_list(Path(list_csv))
        if not len(index):
            raise _empty(found)
        faults, seen = list(found), set[str]()
        asked = written = 0
        out = csv.writer(target, lineterminator="\n")
        out.writerow(HITS)
        for row in table:
            if isinstance(row, Fault):
                faults.append(row)
                continue
            faults += _doubts(row, table, seen)
            if not _askable(row, table):
                continue
            asked += 1
            hits = index.match(_query(row), limit=MOST * min(copies, MOST))
            for rank, hit in enumerate(_once(hits), 1):
                reasons = " | ".join(r.say(language) for r in hit.reasons)
                who = hit.listed.entity_id
                out.writerow((row.get("query_id"), rank, who, hit.score, hit.band.value, reasons))
                written += 1
    return Outcome(asked, written, tuple(faults))


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """The best of them, each entry once."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.listed.entity_id, hit)
    return list(best.values())[:MOST]


def _askable(row: Row, table: Table) -> bool:
    """The query says whose answer it wants and whom to look for, and its cells stand in their columns."""
    asked = row.get("name").strip() or row.get("doc_number").strip()
    return bool(row.get("query_id").strip() and asked and not row.spilt(table.columns))


def _doubts(row: Row, table: Table, seen: set[str]) -> Iterator[Fault]:
    """What is wrong with a query."""
    key = row.get("query_id").strip()
    place = f"query {key[:80]}" if key else row.place
    yield from row.faults(place, table.columns)
    if not key or not (row.get("name").strip() or row.get("doc_number").strip()):
        said = Text("Pertanyaan ini tanpa nomor, atau tanpa nama dan dokumen.",
                    "This query has no id, or neither name nor document.")  # fmt: skip
        yield Fault(place, said, _FILL)
    if key and key in seen:
        said = Text("Nomor ini ada dua kali: hasilnya tercampur.",
                    "This id stands twice: its hits cannot be told apart.")  # fmt: skip
        yield Fault(place, said, _OWN_ID, taken=True)
    seen.add(key)
    if _askable(row, table):
        yield from unread(row, place, ("name",), ("dob",), ("nationality",))


_FILL = Text("Isi lalu kirim ulang.", "Fill it in and send again.")
_OWN_ID = Text("Beri setiap baris nomor sendiri.", "Give each row an id of its own.")


def _empty(faults: Sequence[Fault]) -> Rejected:
    """A list of nobody would leave everybody silent: the first fault in it, or that it is empty."""
    if faults:
        return Rejected(faults[0].reason, faults[0].mend, place=f"list, {faults[0].place}")
    return Rejected(
        Text("Daftar ini tidak berisi satu entri pun.", "This list holds no entry."),
        Text("Pilih berkas daftar yang berisi.", "Choose a list file that holds entries."),
        place="list",
    )


def run_pairs(in_csv: Path | str, out_csv: Path | str) -> Outcome:
    """Score each pair of names and write the same rows with `score` and `match`.

    Raises Rejected where a needed column is missing or the output is the input, OSError where a
    file cannot be opened.
    """
    count, faults = 0, list[Fault]()
    with (
        reading(in_csv, ("schema", "name1", "name2")) as table,
        writing(out_csv, in_csv) as target,
    ):
        kept = [n for n, c in enumerate(table.columns) if plain(c) not in ("score", "match")]
        out = csv.writer(target, lineterminator="\n")
        out.writerow([*(table.columns[n] for n in kept), "score", "match"])
        for row in table:
            if isinstance(row, Fault):
                faults.append(row)
                continue
            faults += row.faults(row.place, table.columns)
            faults += unread(
                row, row.place, ("name1", "name2"), ("dob1", "dob2"), ("country1", "country2")
            )
            score = pair_score(row.values)
            matched = "true" if score >= ALERT_SCORE else "false"
            cells = [row.cells[n] if n < len(row.cells) else "" for n in kept]
            out.writerow([*cells, score, matched])
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
    found = points(log(kept / (1 - kept)) + weight * min(1.0, 2 * kept))
    return max(score, found) if weight > 0 else found


def _countries(text: str) -> Ints:
    found = {alpha3(c) for c in text.replace(";", "|").split("|")}
    return np.array([code(c) for c in found if c], np.int32)


def _day(text: str | None) -> int:
    written = partial_date(text or "")
    return evidence.day(written) if written else 0


def _query(row: Row) -> Query:
    number = row.get("doc_number")
    return Query(
        schema=row.get("schema") or "Person",
        names=(row.get("name"),) if row.get("name") else (),
        birth_date=partial_date(row.get("dob")),
        nationalities=tuple(n for c in row.get("nationality").split("|") if (n := c.strip())),
        documents=((number, None),) if number else (),
        gender=row.get("gender") or None,
    )
