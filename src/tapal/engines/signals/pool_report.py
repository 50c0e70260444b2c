"""The list of a week as rows, as JSON and as pictures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.explain import explain, window
from tapal.engines.signals.plot import Picture, svg
from tapal.engines.signals.pool import (
    Alarm,
    PoolSettings,
    Verdict,
    prepare,
    upper_bounds,
)
from tapal.engines.signals.pool_files import Counts

COLUMNS = (
    "rank",
    "week",
    "since",
    "places",
    "series",
    "observed",
    "expected",
    "p",
    "q",
    "share",
    "last",
    "upper",
    "streams",
)
Form = Literal["svg", "png"]
# How many points a picture shows.
SHOWN = 104


def rows(verdict: Verdict, counts: Counts) -> list[dict[str, str]]:
    """One row for each series of each alarm; counts and expectations are those of the window."""
    found = []
    for alarm in verdict.alarms:
        for member in alarm.members:
            came, due, _ = window(member, alarm.began)
            values: tuple[object, ...] = (
                alarm.rank,
                counts.labels[alarm.week],
                counts.labels[max(alarm.week - alarm.began, 0)],
                "|".join(alarm.places),
                counts.watch.names[member.series],
                f"{came:g}",
                f"{due:.6g}",
                f"{alarm.p:.3g}",
                f"{alarm.q:.3g}",
                f"{member.share:.3f}",
                "NA" if math.isnan(member.observed[-1]) else f"{member.observed[-1]:g}",
                f"{member.upper:g}",
                "|".join(f"{name}:{part:.2f}" for name, part in alarm.streams if part > 0),
            )
            found.append(dict(zip(COLUMNS, map(str, values), strict=True)))
    return found


def as_json(verdict: Verdict, counts: Counts, level: float) -> dict[str, Any]:  # Any: JSON
    """The list as one object: its own figures, then the alarms with their sentences."""
    return {
        "week": counts.labels[verdict.week],
        "level": level,
        "units": verdict.units,
        "series": verdict.series,
        "unjudged": verdict.silent_for,
        "false_alarms_at_most": round(verdict.false_alarms, 4),
        "alarms": [_alarm(alarm, counts) for alarm in verdict.alarms],
    }


def _alarm(alarm: Alarm, counts: Counts) -> dict[str, Any]:  # Any: JSON
    members = []
    for member in alarm.members:
        came, due, points = window(member, alarm.began)
        members.append(
            {
                "series": counts.watch.names[member.series],
                "observed": came,
                "expected": round(due, 4),
                "points": points,
                "share": round(member.share, 4),
                "upper": member.upper,
            }
        )
    return {
        "rank": alarm.rank,
        "p": alarm.p,
        "q": alarm.q,
        "since": counts.labels[max(alarm.week - alarm.began, 0)],
        "places": list(alarm.places),
        "streams": {name: round(part, 4) for name, part in alarm.streams},
        "series": members,
        "text": [text.json() for text in explain(alarm, counts.watch, counts.labels)],
    }


def pictures(
    verdict: Verdict,
    counts: Counts,
    settings: PoolSettings,
    folder: Path,
    language: str,
    form: Form = "svg",
) -> list[Path]:
    """One picture for each series of each alarm, named by rank and series number."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(alarm, member.series) for alarm in verdict.alarms for member in alarm.members]
    if not wanted:
        return []
    first = max(0, verdict.week - SHOWN + 1)
    points = np.arange(first, verdict.week + 1)
    chosen = np.array(sorted({series for _, series in wanted}))
    means, bounds = history(counts, settings, chosen, points)
    at = {int(series): i for i, series in enumerate(chosen)}
    written = []
    for alarm, series in wanted:
        picture = Picture(
            title=f"{alarm.rank}. {counts.watch.names[series]}",
            labels=counts.labels[first : verdict.week + 1],
            observed=counts.watch.counts[series, points].tolist(),
            expected=means[at[series]].tolist(),
            upper=bounds[at[series]].tolist(),
            alarms=range(verdict.week - alarm.began - first, verdict.week - first + 1),
        )
        path = folder / f"{alarm.rank:03d}-{series}.{form}"
        path.write_bytes(drawn(picture, language, form))
        written.append(path)
    return written


def drawn(picture: Picture, language: str, form: Form) -> bytes:
    """The picture in one of its forms. Raises Rejected where a PNG cannot be written here."""
    if form == "svg":
        return svg(picture, language).encode()
    from tapal.engines.signals.plot_png import png

    return png(picture, language)


def history(
    counts: Counts,
    settings: PoolSettings,
    chosen: NDArray[np.int64],
    points: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expectations and bounds of some series, each point foretold from before it; NaN where none."""
    watch = counts.watch.only(chosen)
    judged = prepare(watch, points, settings)
    means = judged.expectation.mean[:, :, -1]
    bounds = upper_bounds(means, judged.dispersion, settings.upper)
    known = judged.expectation.known
    return np.where(known, means, np.nan), np.where(known, bounds, np.nan)
