"""Outbreaks that a person knows of, as windows in a CSV: `since,until[,place][,signal][,series]`.

A row is one outbreak in all series that fit what it fills: `place` and `signal` by name, `series` by
name or pattern. Both days belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.signals.backtest import Outbreak
from tapal.engines.signals.pool_files import Counts, point_of

NEEDED = ("since", "until")
NARROWING = ("place", "signal", "series")


def outbreaks_known(
    rows: Sequence[Mapping[str, str]],
    counts: Counts,
    place: str,
    signals: Sequence[str] = (),
    *,
    must_fit: bool = True,
) -> list[Outbreak]:
    """The outbreaks of a table of windows; `signals` names each series' signal, where it has one.

    Raises Rejected, naming the line, for a window that cannot be read or, where it must, fits no
    series.
    """
    if not rows or any(name not in rows[0] for name in NEEDED):
        raise Rejected(
            Text(
                "Kolom since dan until diperlukan, dengan sedikitnya satu baris.",
                "The columns since and until are needed, with one row at least.",
            ),
            Text("Tambahkan kolom itu.", "Add them."),
            place=place,
        )
    number = {label: at for at, label in enumerate(counts.labels)}
    found = []
    for line, row in enumerate(rows, 2):
        first, last = (point_of(counts, number, (row[name] or "").strip()) for name in NEEDED)
        if first is None or last is None or last < first:
            raise Rejected(
                Text(
                    "since dan until harus hari (2026-03-01) atau nama titik, dan berurutan.",
                    "since and until must be days (2026-03-01) or names of points, in this order.",
                ),
                Text("Perbaiki baris ini.", "Mend this row."),
                place=f"{place}:{line}",
                raw=f"{row['since']},{row['until']}",
            )
        series = _series(row, counts, signals)
        if not series and must_fit:
            raise Rejected(
                Text("Tidak ada deret yang cocok.", "No series fits."),
                Text(
                    "Periksa place, signal, dan series, atau kosongkan.",
                    "Check place, signal and series, or leave them empty.",
                ),
                place=f"{place}:{line}",
            )
        if series:
            found.append(Outbreak(series, first, last))
    return found


def _series(row: Mapping[str, str], counts: Counts, signals: Sequence[str]) -> frozenset[int]:
    wanted = {name: (row.get(name) or "").strip() for name in NARROWING}
    watch = counts.watch
    return frozenset(
        i
        for i, name in enumerate(watch.names)
        if (not wanted["place"] or wanted["place"] == (watch.place[i] if watch.place else name))
        and (not wanted["signal"] or wanted["signal"] == (signals[i] if signals else ""))
        and (not wanted["series"] or fnmatchcase(name, wanted["series"]))
    )
