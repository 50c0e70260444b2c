"""Read a list of inspection results: one row for each inspection, or for each pest that it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydantic import ValidationError

from tapal.core.reading import Draft, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import delimited
from tapal.kinds.phyto.complaints import complaint
from tapal.kinds.phyto.forms import InspectionRecord
from tapal.kinds.phyto.inspection_rows import WRITTEN, Row, cleaned, merged, order_of, pests_of
from tapal.kinds.phyto.json_bodies import rejection
from tapal.kinds.phyto.typed_bodies import inspection_body

# Columns by the names that lists carry.
COLUMNS: Final[Mapping[str, str]] = {
    "nomor_sertifikat": "certificate_number",
    "negara_penerbit": "issuing_country",
    "waktu_pemeriksaan": "inspected_at",
    "hasil": "result",
    "cara": "method",
    "contoh": "sampled",
    "laboratorium": "laboratory",
    "catatan": "remarks",
    "petugas": "officer",
    "opt": "pest",
    "kode_eppo": "eppo_code",
    "stadium": "stage",
    "hidup": "alive",
    "kategori": "category",
    "golongan": "group",
    "barang": "item",
    "tanggal_ditemukan": "found",
}
_REQUIRED: Final = ("certificate_number", "issuing_country", "inspected_at", "result")
_HEAD: Final = (*_REQUIRED, "method", "sampled", "laboratory", "remarks", "officer")
_LABELS: Final = {
    name: Text(heading.replace("_", " "), name.replace("_", " "))
    for heading, name in COLUMNS.items()
}


def sniff(data: bytes) -> int:
    """Sure when the headings name a certificate, a time and a result."""
    return 90 if _is_heading(delimited.headings(data, _is_heading)) else 0


def _is_heading(cells: Sequence[str]) -> bool:
    return set(map(_column, cells)).issuperset(_REQUIRED)


def _column(name: str) -> str:
    plain = name.strip().casefold().replace(" ", "_")
    return COLUMNS.get(plain, plain)


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield what is wrong with rows, then a draft for each inspection: rows of one certificate and time."""
    names = set(map(_column, delimited.headings(data, _is_heading)))
    if missing := [name for name in _REQUIRED if name not in names]:
        yield _no_column(missing)
        return
    rows: list[tuple[str, Row]] = []
    for item in delimited.read(data, _is_heading):
        place = str(item.place)
        if isinstance(item, delimited.Problem):
            if item.code in _BROKEN:
                yield rejection(place, _BROKEN[item.code], item.found)
            continue
        row = {_column(name): cell for name, cell in item.cells.items() if cell}
        if item.extra:
            yield rejection(place, _TOO_MANY, ",".join([*row.values(), *item.extra]))
            continue
        rows.append((place, row))
    for group in _grouped(rows):
        yield _inspection(group, context)


def _grouped(rows: list[tuple[str, Row]]) -> Iterable[list[tuple[str, Row]]]:
    """The rows of each inspection: of one certificate at one time."""
    order = order_of(row for _, row in rows)
    groups: dict[tuple[str, ...], list[tuple[str, Row]]] = {}
    for place, row in rows:
        clean = cleaned(row, order)
        key = tuple(clean.get(name, "") for name in _REQUIRED[:3])
        groups.setdefault(key, []).append((place, clean))
    return groups.values()


_TOO_MANY: Final = Text("sel lebih banyak daripada kolom", "more cells than columns")
_BROKEN: Final[Mapping[str, Text]] = {
    "no_rows": Text("tabel tanpa baris", "the table has no rows"),
    "quote_unclosed": Text("tanda kutip tidak ditutup", "a quote is never closed"),
    "row_too_long": Text("baris terlalu panjang", "the row is too long"),
}


def _no_column(missing: list[str]) -> Rejection:
    listed = ", ".join(missing)
    return Rejection(
        place="row 1",
        reason=Text(f"Kolom tidak ada: {listed}", f"Columns are missing: {listed}"),
        mend=Text("Tambahkan kolom itu di baris judul.", "Add them to the heading row."),
    )


def _inspection(rows: list[tuple[str, Row]], context: ReadContext) -> Draft | Rejection:
    place = rows[0][0]
    head, differing = merged(rows, _HEAD, _LABELS)
    given: dict[str, object] = {**head, "pests": pests_of(row for _, row in rows)}
    try:
        record = InspectionRecord.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return rejection(f"{place} {where}", complaint(first), str(head)[:500])
    body, at = inspection_body(record, context)
    text = head["inspected_at"]
    written = rows[0][1][WRITTEN]
    if len(text) <= 10 and body.inspection is not None:
        # A list may know the day only: no time of day is made up.
        told = body.inspection.model_copy(update={"inspected_at": text})
        body, at = body.model_copy(update={"inspection": told}), None
    return Draft(place=place, body=body, occurred_at=at, occurred_text=written, findings=differing)
