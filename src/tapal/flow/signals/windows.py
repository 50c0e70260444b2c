"""The outbreaks that an analyst knows of, as the CSV that he hands in with a proposal."""

from __future__ import annotations

from datetime import date

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.storable import storable
from tapal.kinds import KINDS

COLUMNS = ("since", "until", "place", "signal", "series")
LARGEST_BYTES = 1_000_000
MOST = 2_000
GZIP = b"\x1f\x8b"


def windows_of(raw: bytes) -> list[dict[str, str]]:
    """The rows of a CSV of windows: `since,until[,place][,signal][,series]`.

    Raises Rejected, naming the line, for a day, a post or a signal that is none.
    """
    from tapal.engines.signals.pool_files import rows_in

    if len(raw) > LARGEST_BYTES:
        raise _refused("outbreaks", "Berkasnya terlalu besar.", "The file is too large.")
    if raw[:2] == GZIP:  # it may hold more than the machine
        raise _refused("outbreaks", "Berkasnya termampatkan.", "The file is compressed.")
    rows = rows_in(raw, "outbreaks")
    if not rows or any(name not in rows[0] for name in COLUMNS[:2]) or len(rows) > MOST:
        raise _refused(
            "outbreaks",
            f"Kolom since dan until diperlukan, dengan 1 sampai {MOST} baris.",
            f"The columns since and until are needed, with 1 to {MOST} rows.",
        )
    return [_window(line, row) for line, row in enumerate(rows, 2)]


def _window(line: int, row: dict[str, str]) -> dict[str, str]:
    told = {name: storable((row.get(name) or "").strip()) for name in COLUMNS}
    where = f"outbreaks:{line}"
    try:
        backwards = date.fromisoformat(told["until"]) < date.fromisoformat(told["since"])
    except ValueError:
        backwards = True
    if backwards:
        raise _refused(
            where,
            f"Baris {line}: since dan until harus hari (2026-03-01) dan berurutan.",
            f"Row {line}: since and until must be days (2026-03-01), in this order.",
        )
    if told["place"] and told["place"] not in reference.places():
        raise _refused(
            where,
            f"Baris {line}: tidak ada pos {told['place']}.",
            f"Row {line}: there is no post {told['place']}.",
        )
    known = {signal.name for kind in KINDS.values() for signal in kind.signals}
    if told["signal"] and told["signal"] not in known:
        raise _refused(
            where,
            f"Baris {line}: tidak ada sinyal {told['signal']}.",
            f"Row {line}: there is no signal {told['signal']}.",
        )
    return told


def _refused(place: str, said_id: str, said_en: str) -> Rejected:
    mend = Text("Perbaiki berkas itu.", "Mend that file.")
    return Rejected(Text(said_id, said_en), mend, place=place)
