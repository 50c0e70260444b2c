"""What a table must be before it may hold for anybody: whole, lawful, and not resting on descent alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tapal.core.errors import Rejected
from tapal.core.marking import Sensitivity
from tapal.core.profiles.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    OPERATORS,
    Field,
    Table,
    Verdict,
)
from tapal.core.profiles.typed import operand_of, shown
from tapal.core.text import Text, same


@dataclass(frozen=True, slots=True)
class Bounds:
    """What law and practice set: fields that are no ground, fields that are none by themselves.

    Both are patterns of paths (`protection.*`). None where no rule row says which: no table then
    may hold.
    """

    forbidden: tuple[str, ...] | None
    not_alone: tuple[str, ...] | None


def named(path: str, patterns: Iterable[str]) -> bool:
    """True for a path that one of the patterns names."""
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def usable(fields: Mapping[str, Field], bounds: Bounds, highest: Sensitivity) -> dict[str, Field]:
    """The fields that somebody who reads up to a level may build a profile of."""
    return {
        name: field
        for name, field in fields.items()
        if field.sensitivity <= highest
        and bounds.forbidden is not None
        and not named(name, bounds.forbidden)
    }


def level_of(table: Table, fields: Mapping[str, Field]) -> Sensitivity:
    """How far up one must read to see a table: to its strictest field, restricted at least."""
    levels = [fields[c.field].sensitivity for c in table.columns if c.field in fields]
    return max([Sensitivity.RESTRICTED, *levels])


def check_columns(table: Table, fields: Mapping[str, Field]) -> None:
    """Raises Rejected for columns of no usable field, of an operator it has not, twice, or too many."""
    if len(table.columns) > MAX_COLUMNS:
        raise _refused(
            f"Paling banyak {MAX_COLUMNS} kolom.", f"At most {MAX_COLUMNS} columns.", "columns"
        )
    if len(set(table.columns)) < len(table.columns):
        raise _refused("Satu kolom ada dua kali.", "A column stands there twice.", "columns")
    for column in table.columns:
        field = fields.get(column.field)
        if field is None:
            raise Rejected(
                Text("Bidang {f} tidak boleh dipakai.", "The field {f} may not be used.").fill(
                    f=column.field[:60]
                ),
                Text("Pilih bidang dari daftar.", "Choose a field of the list."),
                place="columns",
            )
        if column.operator not in OPERATORS[field.sort]:
            raise Rejected(
                Text("{f} tidak dapat ditanya “{o}”.", "{f} cannot be asked “{o}”.").fill(
                    f=field.label, o=column.operator.label
                ),
                Text("Pilih pertanyaan lain.", "Choose another question."),
                place="columns",
            )


def check_rows(table: Table, fields: Mapping[str, Field]) -> None:
    """Raises Rejected for too many rows, cells beside the columns, and operands that cannot be read."""
    if len(table.rows) > MAX_ROWS:
        raise _refused(f"Paling banyak {MAX_ROWS} baris.", f"At most {MAX_ROWS} rows.", "rows")
    for number, row in enumerate(table.rows, 1):
        if len(row.cells) != len(table.columns):
            raise _refused("Baris {n} tidak lengkap.", "Row {n} is not whole.", "rows", number)
        for column, cell in zip(table.columns, row.cells, strict=True):
            field = fields[column.field]
            if cell is None:
                continue
            if operand_of(field, column.operator, shown(field, column.operator, cell)) != cell:
                raise _refused("Isi baris {n} rusak.", "Row {n} is broken.", "rows", number)


def check_whole(table: Table, fields: Mapping[str, Field], bounds: Bounds) -> None:
    """What a table that is to be in force must be besides. Raises Rejected."""
    if bounds.forbidden is None or bounds.not_alone is None:
        raise _refused(
            "Baris aturan tentang bidang terlarang belum ada.",
            "The rule row on forbidden fields is not there.",
            "law",
        )
    check_columns(table, fields)
    check_rows(table, fields)
    if not any(row.verdict is not Verdict.PASS for row in table.rows):
        raise _refused("Tidak ada baris yang menandai.", "No row marks anything.", "rows")
    for number, row in enumerate(table.rows, 1):
        asked = [
            c.field for c, cell in zip(table.columns, row.cells, strict=True) if cell is not None
        ]
        if not asked:
            raise _refused("Baris {n} tidak menanya apa pun.", "Row {n} asks nothing.", "rows",
                           number)  # fmt: skip
        if row.verdict is not Verdict.PASS and all(named(f, bounds.not_alone) for f in asked):
            names = [fields[f].label for f in dict.fromkeys(asked)]
            raise Rejected(
                Text(
                    "Baris {n} hanya berdasar {f}: itu saja bukan alasan.",
                    "Row {n} rests on {f} alone: that by itself is no ground.",
                ).fill(n=number, f=_listed(names)),
                Text("Tambah syarat lain pada baris itu.", "Add another condition to that row."),
                place="rows",
            )


def _listed(names: list[Text]) -> Text:
    return (
        Text(", ".join(n.id for n in names), ", ".join(n.en for n in names)) if names else same("")
    )


def _refused(said_id: str, said_en: str, place: str, n: int = 0) -> Rejected:
    return Rejected(
        Text(said_id, said_en).fill(n=n),
        Text("Perbaiki tabelnya.", "Mend the table."),
        place=place,
    )
