"""A mapping proposed from a table's headings and first rows; a person looks at it before it counts."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Final

from tapal.core.kind import Kind
from tapal.formats import tables
from tapal.formats.delimited import IsHeading, Row
from tapal.formats.mapped.check import fields_of
from tapal.formats.mapped.table import IGNORED, NUMBER, POST, Column, plain
from tapal.formats.mapped.table import Mapping as Mapped
from tapal.formats.table_dates import Shown

# More than this is not looked at for the order of dates.
_ROWS: Final = 300
_NEAR: Final = 0.86
"""Likeness of two headings under which neither stands for the other."""
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    POST: ("pos", "nama pos", "kode pos lintas", "tpi", "kode tpi", "nama tpi", "border post", "post", "plbn",
           "pos lintas", "tempat pemeriksaan", "satker", "kantor", "lokasi"),
    NUMBER: ("id", "nomor registrasi", "no registrasi", "no reg", "reg no", "record id", "uuid", "guid",
             "nomor permohonan", "id transaksi", "transaction id", "nomor aju", "no aju", "ref",
             "nomor referensi", "id perlintasan", "id record"),
    IGNORED: ("no", "no urut", "nomor urut", "nomor", "row", "baris"),
}  # fmt: skip


def suggest(data: bytes, kind: Kind, system: str = "") -> Mapped:
    """A mapping of a table's columns to the fields of a kind; what is not recognised is kept aside."""
    known = _known(kind)
    manner = tables.manner(data, _most_known(known))
    shown = {title: Shown() for title in manner.titles if title}
    for row in islice(tables.read(data, lambda found: tuple(found) == manner.titles), _ROWS):
        if isinstance(row, Row):
            for title, cell in row.cells.items():
                shown[title].add(cell)
    columns, taken = [], set[str]()
    for title in dict.fromkeys(filter(plain, manner.titles)):
        path = _path(title, known)
        if path in taken and path not in kind_times(kind):
            path = ""
        taken.add(path)
        dates = "month" if shown[title].order == "month" else "day"
        columns.append(Column(title, path, dates=dates))
    return Mapped(tuple(columns), system=system)


def kind_times(kind: Kind) -> tuple[str, ...]:
    """The paths that two columns, a day and a clock time, fill together."""
    return kind.mapped.times if kind.mapped else ()


def _most_known(known: Mapping[str, str]) -> IsHeading:
    return lambda found: sum(plain(cell) in known for cell in found) >= 2


def _known(kind: Kind) -> dict[str, str]:
    """Paths by the plain headings that mean them, the surest said last."""
    fields, found = fields_of(kind), dict[str, str]()
    ends = Counter(path.rpartition(".")[2] for path in fields)
    for path, field in fields.items():
        end = path.rpartition(".")[2]
        for words in (field.label.id, field.label.en, path, end if ends[end] == 1 else ""):
            found.setdefault(plain(words), path)
    found.pop("", None)
    for path, headings in _OWN.items():
        found |= {plain(heading): path for heading in headings}
    for path, usual in (kind.mapped.headings if kind.mapped else {}).items():
        if path in fields or path in (POST, NUMBER, IGNORED):
            found |= {plain(heading): path for heading in usual}
    return found


def _path(title: str, known: Mapping[str, str]) -> str:
    key = plain(title)
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, 1, _NEAR) if len(key) > 4 else []
    return known[near[0]] if near else ""
