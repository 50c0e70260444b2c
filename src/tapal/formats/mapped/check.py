"""Whether a mapping can bring records of a kind in: what is wrong with it, each by its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity
from tapal.core.profiles import Field, body_fields
from tapal.core.text import Text
from tapal.formats.mapped import table
from tapal.formats.mapped.cells import is_dates
from tapal.formats.mapped.shape import leaves
from tapal.formats.mapped.table import NUMBER, POST, READS, TARGETS, Column, plain


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that must be mended. `place` is a column's heading or a path."""

    place: str
    text: Text


def fields_of(kind: Kind) -> Mapping[str, Field]:
    """The fields that a mapping may fill: all marked ones but those that only this house writes."""
    closed = kind.mapped.closed if kind.mapped else ()
    shapes = leaves(kind.model)
    return {
        path: field
        for path, field in body_fields(kind.model).items()
        if field.sensitivity is not Sensitivity.WITHHELD
        and not shapes[path].table
        and not any(path == c or path.startswith(f"{c}.") for c in closed)
    }


def targets(kind: Kind) -> tuple[str, ...]:
    """All that a column may fill."""
    return (*TARGETS, *fields_of(kind))


def check(mapping: table.Mapping, kind: Kind, posts: Mapping[str, object]) -> list[Wrong]:
    """All that is wrong with a mapping; nothing for one that may be tried and put in force."""
    return list(_wrong(mapping, kind, posts))


def _wrong(mapping: table.Mapping, kind: Kind, posts: Mapping[str, object]) -> Iterator[Wrong]:
    if kind.mapped is None:
        yield Wrong("kind", Text("Jenis catatan ini tidak menerima pemetaan.", "No such kind."))
        return
    fields = fields_of(kind)
    if not mapping.system.strip() or len(mapping.system) > 40:
        yield Wrong(
            "system",
            Text(
                "Sebut sistem asalnya (1-40 huruf).",
                "Name the system it comes from (1-40 letters).",
            ),
        )
    if mapping.decimal not in (".", ","):
        yield Wrong(
            "decimal",
            Text("Tanda desimal: titik atau koma.", "The decimal mark is a point or a comma."),
        )
    if len(mapping.columns) > table.MAX_COLUMNS or len(mapping.constants) > table.MAX_CONSTANTS:
        yield Wrong("columns", Text("Kolomnya terlalu banyak.", "There are too many columns."))
        return
    twice = Counter(plain(column.heading) for column in mapping.columns)
    for column in mapping.columns:
        if twice[plain(column.heading)] > 1:
            yield Wrong(column.heading, Text("Judul ini berulang.", "This heading stands twice."))
        yield from _column(column, fields, posts)
    for path, value in mapping.constants.items():
        yield from _constant(path, value, fields, posts)
    filled = {c.path for c in mapping.columns} | set(mapping.constants)
    for path in kind.mapped.needed:
        if path not in filled:
            said = Text(
                "Tidak ada kolom untuk {f}, yang harus ada.",
                "No column fills {f}, which must be there.",
            )
            yield Wrong(path, said.fill(f=fields[path].label if path in fields else path))
    if mapping.joined and not mapping.of_path(NUMBER):
        yield Wrong(
            NUMBER,
            Text(
                "Baris hanya dapat digabung bila ada kolom nomor pengirim.",
                "Rows can be joined only by a column with the sender's number.",
            ),
        )


def _column(
    column: Column, fields: Mapping[str, Field], posts: Mapping[str, object]
) -> Iterator[Wrong]:
    where = column.heading
    if not plain(column.heading) or len(column.heading) > table.MAX_LENGTH or "\0" in where:
        yield Wrong(
            where,
            Text("Judul kolom kosong atau terlalu panjang.", "A heading is empty or too long."),
        )
    if column.path and column.path not in fields and column.path not in TARGETS:
        said = Text(
            "Bidang {p} tidak ada atau tertutup.", "There is no field {p}, or it is closed."
        )
        yield Wrong(where, said.fill(p=column.path[: table.MAX_LENGTH]))
    if column.reads not in READS:
        yield Wrong(where, Text("Cara membacanya tidak dikenal.", "How it is read is not known."))
    if not is_dates(column.dates):
        said = Text(
            "Susunan tanggal “{d}” tidak dikenal: hari dahulu, bulan dahulu, atau pola"
            " seperti DD.MM.YYYY HH:mm.",
            "The order of dates “{d}” is not known: day first, month first, or a pattern"
            " such as DD.MM.YYYY HH:mm.",
        )
        yield Wrong(where, said.fill(d=column.dates[:40]))
    if len(column.codes) > table.MAX_CODES or any(
        max(len(a), len(b)) > table.MAX_LENGTH for a, b in column.codes.items()
    ):
        yield Wrong(where, Text("Tabel kodenya terlalu besar.", "Its table of codes is too large."))
    allowed = posts if column.path == POST else _codes(fields.get(column.path))
    bad = [code for code in column.codes.values() if allowed is not None and code not in allowed]
    if bad:
        said = Text("Kode tidak dikenal di bidang ini: {c}.", "No codes of this field: {c}.")
        yield Wrong(where, said.fill(c=", ".join(bad[:5])))


def _constant(
    path: str, value: str, fields: Mapping[str, Field], posts: Mapping[str, object]
) -> Iterator[Wrong]:
    if path != POST and path not in fields:
        said = Text(
            "Bidang {p} tidak ada atau tertutup.", "There is no field {p}, or it is closed."
        )
        yield Wrong(path, said.fill(p=path[: table.MAX_LENGTH]))
        return
    allowed = posts if path == POST else _codes(fields[path])
    if not value or len(value) > table.MAX_LENGTH or (allowed is not None and value not in allowed):
        said = Text(
            "Nilai tetap “{v}” tidak dikenal di bidang ini.",
            "The constant “{v}” is not known in this field.",
        )
        yield Wrong(path, said.fill(v=value[:60]))


def _codes(field: Field | None) -> Mapping[str, object] | None:
    return field.codes if field else None
