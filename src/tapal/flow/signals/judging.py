"""One agency's list of a period: judged by the engine, told in both languages, as plain JSON."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tapal.core.kind import PLACE, Period
from tapal.core.text import Text, same
from tapal.flow import reference
from tapal.flow.figures.words import code_said
from tapal.flow.signals.counts import STEP, Held, Line
from tapal.flow.signals.settings import Setting
from tapal.kinds import KINDS

if TYPE_CHECKING:
    from tapal.engines.signals.pool import Alarm, Member, PoolSettings, Verdict
    from tapal.engines.signals.pool_files import Counts

SHOWN = 104
"""Points that a picture shows."""
PERIODS = {Period.DAY: Text("hari", "days"), Period.WEEK: Text("minggu", "weeks")}


# Any: JSON.
@dataclass(frozen=True, slots=True)
class Judged:
    """A list before it is stored."""

    held: Held
    units: int
    series: int
    unjudged: int
    alarms: list[dict[str, Any]]
    ruled: dict[str, int] = field(default_factory=dict)
    """How many answers the fixed rules gave, and how many of them could not be judged."""


def judge(held: Held, setting: Setting) -> Judged:
    """The list of the last period that is over."""
    from tapal.engines.signals import pool
    from tapal.engines.signals.pool_files import pool_settings
    from tapal.engines.signals.weekday import with_daily_effect

    week = len(held.counts.labels) - 1
    counts = with_daily_effect(held.counts, week)
    settings = pool_settings(counts, setting.level, setting.within)
    verdict = pool.judge(counts.watch, week, settings)
    return Judged(
        held,
        verdict.units,
        verdict.series,
        verdict.silent_for,
        _told(held, counts, verdict, settings),
    )


def _told(
    held: Held, counts: Counts, verdict: Verdict, settings: PoolSettings
) -> list[dict[str, Any]]:
    chosen = sorted({m.series for alarm in verdict.alarms for m in alarm.members})
    drawn = pictures(counts, settings, chosen)
    return [_alarm(held, counts, alarm, drawn) for alarm in verdict.alarms]


def pictures(
    counts: Counts, settings: PoolSettings, chosen: list[int]
) -> dict[int, dict[str, list[float | None]]]:
    """What is drawn of some series, up to the last point: counts, expectations and bounds."""
    import numpy as np

    from tapal.engines.signals.pool_report import history

    if not chosen:
        return {}
    last = len(counts.labels) - 1
    points = np.arange(max(0, last - SHOWN + 1), last + 1)
    means, bounds = history(counts, settings, np.array(chosen), points)
    return {
        series: {
            "observed": _numbers(counts.watch.counts[series, points].tolist()),
            "expected": _numbers(means[at].tolist()),
            "upper": _numbers(bounds[at].tolist()),
        }
        for at, series in enumerate(chosen)
    }


def _alarm(
    held: Held, counts: Counts, alarm: Alarm, pictures: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    since = held.until - timedelta(days=STEP[held.period] * alarm.began)
    return {
        "subject": subject_of(held, (held.lines[i] for i in alarm.unit)),
        "rank": alarm.rank,
        "p": alarm.p,
        "q": alarm.q,
        "began": alarm.began,
        "since": since.isoformat(),
        "places": list(alarm.places),
        "text": [text.json() for text in sentences(held, counts, alarm)],
        "streams": [
            {"label": _stream(held, name).json(), "share": round(part, 4)}
            for name, part in alarm.streams
            if part > 0
        ],
        "series": [_member(held, alarm, m) | pictures[m.series] for m in alarm.members],
        "counted": counted(held, (held.lines[i] for i in alarm.unit)),
    }


def _member(held: Held, alarm: Alarm, member: Member) -> dict[str, Any]:
    from tapal.engines.signals.explain import window

    line = held.lines[member.series]
    came, due, points = window(member, alarm.began)
    return {
        "kind": line.kind,
        "signal": line.signal,
        "place": line.place,
        "split": list(line.split),
        "label": label_of(line).json(),
        "came": came,
        "due": round(due, 4),
        "points": points,
        "share": round(member.share, 4),
        "bound": member.upper if math.isfinite(member.upper) else None,
    }


def sentences(held: Held, counts: Counts, alarm: Alarm) -> list[Text]:
    """What the alarm says, with series, posts and streams by their names."""
    from tapal.engines.signals.explain import explain

    labels = [date.fromisoformat(text).strftime("%d-%m-%Y") for text in counts.labels]
    said = {}
    for language in ("id", "en"):
        names = tuple(label_of(line).say(language) for line in held.lines)
        streams = tuple((_stream(held, n).say(language), part) for n, part in alarm.streams)
        named = replace(alarm, places=tuple(map(place_name, alarm.places)), streams=streams)
        said[language] = explain(named, replace(counts.watch, names=names), labels)
    return [Text(a.id, b.en) for a, b in zip(said["id"], said["en"], strict=True)]


def label_of(line: Line) -> Text:
    """A series in words: what is counted, at which post, of what."""
    kind = KINDS[line.kind]
    signal = kind.signal(line.signal)
    if signal is None:
        return same(line.name)
    paths = [path for path in signal.by if path != PLACE]
    parts = [code_said(path, value) for path, value in zip(paths, line.split, strict=True)]
    told = [signal.label, same(place_name(line.place)), *parts]
    return Text(", ".join(t.id for t in told), ", ".join(t.en for t in told))


def subject_of(held: Held, unit: Iterable[Line]) -> str:
    """What the alarms of one unit are about, from night to night: its hazard and its first post."""
    lines = list(unit)
    signals = [KINDS[line.kind].signal(line.signal) for line in lines]
    family = min((s.family or s.name) for s in signals if s)
    place = min(line.place for line in lines)
    told = f"{held.owner}|{held.period}|{family}|{place}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def counted(held: Held, unit: Iterable[Line]) -> dict[str, Any]:
    """What the numbers of an alarm were counted from, for the reading door."""
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for line in unit:
        kind = KINDS[line.kind]
        signal = kind.signal(line.signal)
        under = kind.signal(signal.denominator) if signal and signal.denominator else None
        fields = {path for s in (signal, under) if s for path in s.fields}
        part = parts.setdefault(
            (line.kind, line.place),
            {"kind": line.kind, "place": line.place, "level": 0, "fields": []},
        )
        part["level"] = max(part["level"], line.level)
        part["fields"] = sorted({*part["fields"], *fields})
    return {"owner": held.owner, "since": held.counts.labels[0], "parts": list(parts.values())}


def stream_of(line: Line) -> Text:
    """In whom or what a series shows."""
    signal = KINDS[line.kind].signal(line.signal)
    return signal.stream if signal else same("")


def _stream(held: Held, name: str) -> Text:
    streams = map(stream_of, held.lines)
    return next((stream for stream in streams if stream.en == name), same(name))


def place_name(code: str) -> str:
    """A post's name, its code where it has none."""
    known = reference.places().get(code)
    return known.name if known else code


def _numbers(values: Iterable[float]) -> list[float | None]:
    return [round(v, 4) if math.isfinite(v) else None for v in values]
