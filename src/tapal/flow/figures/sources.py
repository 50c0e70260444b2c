"""How fresh each source is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.figures.question import Column, Disclosure, Question, Rows, Window

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table


def freshness(rows: Table, window: Window) -> Table:
    """By agency, kind and post: when it was last heard, and how long before the lake's end that was."""
    heard = rows.group_by("owner", "kind", "place").aggregate(last=rows.received_at.max())
    return (
        heard.mutate(age=heard.last.delta(window.as_of, unit="minute").abs())
        .order_by("last", "owner", "kind", "place")
        .limit(200)
    )


QUESTIONS = (
    Question(
        "source_freshness",
        Text("Sumber mana yang lama tidak terdengar?", "Which source has long been silent?"),
        Text(
            "Kapan catatan terakhir diterima dari tiap instansi, jenis dan pos, yang paling lama"
            " dahulu.",
            "When the last record of each agency, kind and post was received, the oldest first.",
        ),
        Rows.ARRIVALS,
        freshness,
        (
            Column("owner", Text("Instansi", "Agency"), "agency"),
            Column("kind", Text("Jenis", "Kind"), "kind"),
            Column("place", Text("Pos", "Post"), "place"),
            Column("last", Text("Terakhir diterima", "Last received"), "moment"),
            Column("age", Text("Umur (menit)", "Age (minutes)"), "minutes"),
        ),
        Disclosure({}, why="It tells when a source was heard, and counts nobody."),
    ),
)
