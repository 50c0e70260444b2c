"""What became of consignments and their certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.figures.question import Column, Disclosure, Question, Rows, Window

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table

# What makes a record a certified consignment, and tells it from a result of its inspection.
FIELDS = ("statement", "certificate.type_code", "direction", "state")
CERTIFICATE = "certificate"


def by_outcome(rows: Table, window: Window) -> Table:
    """Certified consignments by what was done with them, by direction."""
    certified = rows.filter(rows.f_statement == CERTIFICATE)
    way = certified.f_direction
    return (
        certified.group_by(state=certified.f_state)
        .aggregate(
            imports=(way == "import").fill_null(False).sum(),
            exports=(way == "export").fill_null(False).sum(),
            others=(~way.isin(("import", "export"))).fill_null(True).sum(),
        )
        .order_by("state")
    )


QUESTIONS = (
    Question(
        "consignments_by_outcome",
        Text("Apa akhir kiriman bersertifikat?", "What became of certified consignments?"),
        Text(
            "Sertifikat yang diterima pada hari-hari ini, menurut tindakan karantina sampai waktu"
            " angka ini.",
            "Certificates received on these days, by what quarantine has done up to the time of"
            " these figures.",
        ),
        Rows.RECORDS,
        by_outcome,
        (
            Column("state", Text("Hasil", "Outcome"), "code", "state"),
            Column("imports", Text("Pemasukan", "Imports")),
            Column("exports", Text("Pengeluaran", "Exports")),
            Column("others", Text("Lain", "Other")),
        ),
        # A trader may be one person whom the post knows.
        Disclosure({"imports": (), "exports": (), "others": ()}),
        FIELDS,
        "bar",
        ("imports", "exports", "others"),
    ),
)
