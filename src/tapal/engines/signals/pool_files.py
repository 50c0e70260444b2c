"""Count series from a CSV file: `series,t,date,observed,state,population`, and how they hang together.

Further columns are `place`, `stream`, `family` and `condition`; travel times come from a second file,
`from,to,minutes`. All series of a run share one calendar; a week without a row is missing, no zero.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.signals.nowcast import reported_share, share_now, triangle
from tapal.engines.signals.pool import PoolSettings, Watch
from tapal.engines.signals.pool_baseline import BaselineSettings

Floats = NDArray[np.float64]

NEEDED = ("series", "observed")
# Points in a year by the commonest step in days between two dates.
YEAR_DAYS = 365.2425


@dataclass(frozen=True, slots=True)
class Counts:
    """A watch with its calendar: what each point is called, and how many are in a year.

    `state` is 1 where a point is known to lie in an outbreak, NaN where nobody said. `condition` is
    what the fixed rules know each series by, empty where they know it by nothing.
    """

    watch: Watch
    labels: tuple[str, ...]
    period: float
    state: Floats
    condition: tuple[str, ...] = ()

    def only(self, series: NDArray[np.int64]) -> Counts:
        """Some of the series, by index, with the travel times of all places."""
        watch = self.watch
        some = [
            tuple(names[at] for at in series.tolist()) if names else ()
            for names in (watch.place, watch.stream, watch.family, self.condition)
        ]
        kept = replace(
            watch.only(series),
            place=some[0],
            stream=some[1],
            family=some[2],
            places=watch.places,
            minutes=watch.minutes,
        )
        return replace(self, watch=kept, state=self.state[series], condition=some[3])


def pool_settings(
    counts: Counts, level: float | None = None, within: float | None = None
) -> PoolSettings:
    """The engine's settings for a calendar; its own level and reach where none are given."""
    plain = PoolSettings(baseline=BaselineSettings(period=counts.period))
    return replace(
        plain,
        level=plain.level if level is None else level,
        within=plain.within if within is None else within,
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, plain or gzip. Raises Rejected where it is no text."""
    return rows_in(path.read_bytes(), str(path))


def rows_in(raw: bytes, place: str) -> list[dict[str, str]]:
    """The rows of a CSV as it came, plain or gzip. Raises Rejected where it is none."""
    try:
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    except (UnicodeDecodeError, OSError, EOFError, csv.Error) as wrong:
        raise Rejected(
            Text("Berkas ini bukan CSV dalam UTF-8.", "This file is no CSV in UTF-8."),
            Text("Simpan sebagai CSV UTF-8.", "Save it as CSV in UTF-8."),
            place=place,
        ) from wrong


def read_counts(path: Path, *, only: str = "*") -> Counts:
    """The series of a file whose names match the pattern `only` (as in a shell).

    Raises Rejected with the place where a row cannot be read, or where calendars do not agree.
    """
    rows = read_rows(path)
    missing = [name for name in NEEDED if rows and name not in rows[0]]
    if not rows or missing or ("date" not in rows[0] and "t" not in rows[0]):
        raise Rejected(
            Text(
                "Kolom series, observed dan date atau t diperlukan.",
                "The columns series, observed and date or t are needed.",
            ),
            Text("Tambahkan kolom itu.", "Add them."),
            place=str(path),
        )
    chosen = [(n, row) for n, row in enumerate(rows, 2) if fnmatchcase(row["series"], only)]
    if not chosen:
        raise Rejected(
            Text("Tidak ada deret dengan nama itu.", "There is no series of that name."),
            Text("Periksa --series.", "Check --series."),
            place=str(path),
        )
    points, labels, period = _calendar(chosen, path)
    return _fill(chosen, points, labels, period, path)


def _fault(path: Path, line: int, column: str, raw: str) -> Rejected:
    return Rejected(
        Text(f"Nilai {column} tidak terbaca.", f"The value of {column} cannot be read."),
        Text("Perbaiki baris ini.", "Mend this row."),
        place=f"{path}:{line}",
        raw=raw,
    )


def _number(path: Path, line: int, column: str, raw: str) -> float:
    """A number of at least zero; nothing and NA are missing."""
    if raw.strip() in ("", "NA", "NaN", "nan"):
        return float("nan")
    try:
        value = float(raw)
    except ValueError:
        raise _fault(path, line, column, raw) from None
    if not 0 <= value < float("inf"):
        raise _fault(path, line, column, raw)
    return value


def _calendar(
    rows: list[tuple[int, dict[str, str]]], path: Path
) -> tuple[list[int], tuple[str, ...], float]:
    """The point of each row, the labels of all points, and the points in a year."""
    if not all(row.get("date") for _, row in rows):
        try:
            ts = [int(row["t"]) for _, row in rows]
        except (KeyError, ValueError):
            raise Rejected(
                Text(
                    "Tidak semua baris bertanggal, dan t tidak terbaca.",
                    "Not every row has a date, and t cannot be read.",
                ),
                Text("Isi date atau t di setiap baris.", "Fill date or t in every row."),
                place=str(path),
            ) from None
        first = min(ts)
        labels = tuple(str(t) for t in range(first, max(ts) + 1))
        return [t - first for t in ts], labels, YEAR_DAYS / 7.0
    days = []
    for line, row in rows:
        try:
            days.append(date.fromisoformat(row["date"]))
        except ValueError:
            raise _fault(path, line, "date", row["date"]) from None
    return _dated(days, path)


def _dated(days: list[date], path: Path) -> tuple[list[int], tuple[str, ...], float]:
    """Points by steps of a month or of so many days from the first day on."""
    held = sorted(set(days))
    gaps = Counter((later - earlier).days for earlier, later in pairwise(held))
    step = gaps.most_common(1)[0][0] if gaps else 7
    if 28 <= step <= 31:
        first = held[0].year * 12 + held[0].month - 1
        points = [day.year * 12 + day.month - 1 - first for day in days]
        labels = tuple(
            f"{(first + k) // 12:04d}-{(first + k) % 12 + 1:02d}" for k in range(max(points) + 1)
        )
        return points, labels, 12.0
    if any((day - held[0]).days % step for day in held):
        raise Rejected(
            Text(
                "Deret dalam berkas ini tidak berlangkah sama.",
                "The series of this file do not keep one step.",
            ),
            Text("Pilih deret dengan --series.", "Choose series with --series."),
            place=str(path),
        )
    points = [(day - held[0]).days // step for day in days]
    labels = tuple((held[0] + timedelta(days=step * k)).isoformat() for k in range(max(points) + 1))
    return points, labels, YEAR_DAYS / step


def _fill(
    rows: list[tuple[int, dict[str, str]]],
    points: list[int],
    labels: tuple[str, ...],
    period: float,
    path: Path,
) -> Counts:
    """The tables of the series, in the order in which the file names them."""
    first: dict[str, dict[str, str]] = {}
    for _, row in rows:
        first.setdefault(row["series"], row)
    number = {name: i for i, name in enumerate(first)}
    shape = (len(first), len(labels))
    counts, exposure, state = (np.full(shape, np.nan) for _ in range(3))
    for (line, row), point in zip(rows, points, strict=True):
        at = number[row["series"]], point
        if not np.isnan(counts[at]):
            raise _fault(path, line, "date" if row.get("date") else "t", row["series"])
        counts[at] = _number(path, line, "observed", row["observed"])
        exposure[at] = _number(path, line, "population", row.get("population") or "")
        state[at] = _number(path, line, "state", row.get("state") or "")
    # A series without any denominator is held against time alone.
    without = np.isnan(exposure).all(axis=1)
    exposure[without] = 1.0
    watch = Watch(
        names=tuple(first),
        counts=counts,
        exposure=None if without.all() else exposure,
        place=_column(first.values(), "place"),
        stream=_column(first.values(), "stream"),
        family=_column(first.values(), "family"),
    )
    return Counts(watch, labels, period, state, _column(first.values(), "condition"))


def _column(rows: Iterable[dict[str, str]], name: str) -> tuple[str, ...]:
    """A column of the series' first rows; nothing where no row fills it."""
    held = tuple(row.get(name) or "" for row in rows)
    if not any(held):
        return ()
    return held


def with_travel(counts: Counts, path: Path) -> Counts:
    """The same with travel times in minutes between places; pairs not named are out of reach."""
    watch = counts.watch
    places = tuple(dict.fromkeys(watch.place or watch.names))
    number = {place: i for i, place in enumerate(places)}
    minutes = np.full((len(places), len(places)), np.inf)
    np.fill_diagonal(minutes, 0.0)
    for line, row in enumerate(read_rows(path), 2):
        a, b = number.get(row.get("from", "")), number.get(row.get("to", ""))
        value = _number(path, line, "minutes", row.get("minutes", ""))
        if a is not None and b is not None and not np.isnan(value):
            minutes[a, b] = min(minutes[a, b], value)
            minutes[b, a] = minutes[a, b] if np.isinf(minutes[b, a]) else minutes[b, a]
    return replace(counts, watch=replace(watch, places=places, minutes=minutes))


def with_delays(counts: Counts, path: Path, week: int, *, longest: int = 12) -> Counts:
    """The same, held against what should have been reported by `week`.

    The file has one row a case, `onset,reported`, as dates or as the file of counts names its
    points. The exposure of the last weeks is lowered to the share that is reported by then.
    """
    number = {label: i for i, label in enumerate(counts.labels)}
    onset, reported = [], []
    for line, row in enumerate(read_rows(path), 2):
        points = [point_of(counts, number, row.get(name, "")) for name in ("onset", "reported")]
        if points[0] is None or points[1] is None:
            raise _fault(path, line, "onset/reported", f"{row.get('onset')},{row.get('reported')}")
        if 0 <= points[0] <= points[1] <= week:
            onset.append(points[0])
            reported.append(points[1])
    table = triangle(np.array(onset, dtype=int), np.array(reported, dtype=int), week + 1, longest)
    share = np.ones(len(counts.labels))
    share[: week + 1] = share_now(reported_share(table), week + 1)
    watch = counts.watch
    base = np.ones_like(watch.counts) if watch.exposure is None else watch.exposure
    return replace(counts, watch=replace(watch, exposure=base * share))


def point_of(counts: Counts, number: dict[str, int], text: str) -> int | None:
    """The point in which a day lies; None where it cannot be told, later days lie after the last."""
    if text in number:
        return number[text]
    try:
        day, first = date.fromisoformat(text), date.fromisoformat(counts.labels[0])
    except ValueError:
        return None
    return int((day - first).days // max(round(YEAR_DAYS / counts.period), 1))
