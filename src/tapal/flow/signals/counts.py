"""The declared signals of one agency as count series, from the lake.

A period in which the agency told of nothing at all at a post is missing, not zero: the post was cut
off, or had not begun. One whose denominator is zero was closed. What came in late is reckoned: a
period is held against the share that is reported by now, learned from each post's own delays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from math import inf
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tapal.core.distance import distance_km
from tapal.core.kind import Kind, Period, Signal
from tapal.flow import lake, reference
from tapal.flow.lake_rows import CAPITAL, all_columns
from tapal.kinds import KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tapal.engines.lake.ask import LakeReader
    from tapal.engines.signals.pool_files import Counts

STEP = {Period.DAY: 1, Period.WEEK: 7}
YEAR_DAYS = 365.2425
LONGEST_YEARS = 6
LONGEST_DELAY = 12
"""Periods after which a record that comes is taken to be as late as any."""
LEARNED_FROM = 30
"""Records below which a post's delays teach nothing: all is taken to be reported."""
ROAD_FACTOR, ROAD_KMH = 1.4, 30.0
"""How far a road goes beyond the straight line, and how fast a border road is: own working values."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series: a declared signal of an agency at a post, split by body values.

    `level` is the highest sensitivity of any record that was counted.
    """

    kind: str
    signal: str
    place: str
    split: tuple[str, ...]
    level: int

    @property
    def name(self) -> str:
        """The series' name, stable from night to night."""
        return "|".join((self.kind, self.signal, self.place, *self.split))


@dataclass(frozen=True, slots=True)
class Held:
    """An agency's series of one period with their counts; `until` is the last period's first day."""

    owner: str
    period: Period
    lines: tuple[Line, ...]
    counts: Counts
    until: date
    position: int

    def only(self, signal: str = "", name: str = "*") -> Held | None:
        """The series of one declared signal, or whose name fits a pattern; None where there are none."""
        import numpy as np

        kept = [
            at
            for at, line in enumerate(self.lines)
            if signal in ("", line.signal) and fnmatchcase(line.name, name)
        ]
        if not kept:
            return None
        lines = tuple(self.lines[at] for at in kept)
        return replace(self, lines=lines, counts=self.counts.only(np.array(kept)))


# Any: a row's values as Python has them.
Row = Mapping[str, Any]
Split = tuple[str, ...]


def declared(period: Period) -> list[tuple[Kind, Signal]]:
    """The signals of all kinds that are counted over such a period."""
    return [(k, s) for k in KINDS.values() for s in k.signals if s.period is period]


def owners() -> list[str]:
    """The agencies of which the lake holds records."""
    rows = _reader().run(lambda events: events.select("owner").distinct())
    return sorted(row["owner"] for row in rows)


def last_period(as_of: datetime, period: Period) -> date:
    """The first day of the last period that was over in the capital; a week begins on Sunday."""
    today = as_of.astimezone(ZoneInfo(CAPITAL)).date()
    if period is Period.DAY:
        return today - timedelta(days=1)
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    return sunday - timedelta(days=7)


def read(owner: str, period: Period, *, until: date | None = None) -> Held | None:
    """An agency's series up to the last period that is over, or to `until`; None where it has none.

    Raises FileNotFoundError without a lake.
    """
    reader = _reader()
    held = reader.manifest()
    if held is None or held.as_of is None:
        raise FileNotFoundError(lake.folder())
    last = last_period(held.as_of, period)
    last = min(last, _begin(until, period)) if until else last
    found = _Gathered(owner, period, last, reader)
    if not found.lines:
        return None
    return Held(owner, period, tuple(found.lines), found.counts(), last, held.position)


def _begin(day: date, period: Period) -> date:
    return day if period is Period.DAY else day - timedelta(days=(day.weekday() + 1) % 7)


class _Gathered:
    """The tables of one agency's series while they are filled."""

    def __init__(self, owner: str, period: Period, last: date, reader: LakeReader) -> None:
        self.owner, self.period, self.last, self._reader = owner, period, last, reader
        self.step = STEP[period]
        self._told = self._days_told()
        first = min((min(days) for days in self._told.values()), default=last)
        longest = last - timedelta(days=round(LONGEST_YEARS * YEAR_DAYS))
        self.first = self._of(max(first, longest))
        self.points = max(0, self._point(last) + 1)
        self.lines: list[Line] = []
        self._rows: list[NDArray[np.float64]] = []
        self._exposure: list[NDArray[np.float64]] = []
        self._delays: dict[str, dict[str, NDArray[np.float64]]] = {}
        for kind, signal in declared(period):
            self._take(kind, signal)

    def counts(self) -> Counts:
        """The series as the engine takes them."""
        import numpy as np

        from tapal.engines.signals.pool import Watch
        from tapal.engines.signals.pool_files import Counts

        labels = tuple(
            (self.first + timedelta(days=self.step * k)).isoformat() for k in range(self.points)
        )
        streams = [KINDS[x.kind].signal(x.signal) for x in self.lines]
        places = tuple(dict.fromkeys(line.place for line in self.lines))
        watch = Watch(
            names=tuple(line.name for line in self.lines),
            counts=np.array(self._rows),
            exposure=np.array(self._exposure),
            place=tuple(line.place for line in self.lines),
            stream=tuple(s.stream.en if s else "" for s in streams),
            family=tuple((s.family or s.name) if s else "" for s in streams),
            places=places,
            minutes=travel_minutes(places),
        )
        state = np.full((len(self.lines), self.points), np.nan)
        conditions = [
            s.condition_of(line.split) if s else ""
            for s, line in zip(streams, self.lines, strict=True)
        ]
        known = tuple(conditions) if any(conditions) else ()
        return Counts(watch, labels, YEAR_DAYS / self.step, state, known)

    def _take(self, kind: Kind, signal: Signal) -> None:
        import numpy as np

        came, levels = self._series(kind, signal, signal.by)
        if not came:
            return
        under: dict[Split, NDArray[np.float64]] = {}
        if signal.denominator is not None:
            base = kind.signal(signal.denominator)
            assert base is not None  # the contract suite holds it
            under, more = self._series(kind, base, signal.by)
            levels = {key: max(level, more.get(key, 0)) for key, level in levels.items()}
        for key, counts in sorted(came.items()):
            told = self._reported(key[0])
            if not told.any():
                continue
            exposure = self._share(kind, key[0])
            if signal.denominator is not None:
                exposure = exposure * under.get(key, np.zeros(self.points))
            self.lines.append(Line(kind.name, signal.name, key[0], key[1:], levels[key]))
            self._rows.append(np.where(told, counts, np.nan))
            self._exposure.append(exposure)

    def _series(
        self, kind: Kind, signal: Signal, by: Sequence[str]
    ) -> tuple[dict[Split, NDArray[np.float64]], dict[Split, int]]:
        import numpy as np

        from tapal.engines.lake import tally

        rows = self._reader.run(
            lambda events: tally.counted(
                signal, kind.name, by, events.filter(events.owner == self.owner)
            )
        )
        found: dict[Split, NDArray[np.float64]] = defaultdict(lambda: np.zeros(self.points))
        levels: dict[Split, int] = defaultdict(int)
        for row, at in self._inside(rows):
            key = tuple(str(row[f"by_{n}"] or "") for n in range(len(by)))
            found[key][at] += row["n"]
            levels[key] = max(levels[key], row["level"])
        return found, levels

    def _share(self, kind: Kind, place: str) -> NDArray[np.float64]:
        """The share of each period that is reported by now, from the post's own delays."""
        import numpy as np

        if kind.name not in self._delays:
            self._delays[kind.name] = self._shares(kind)
        return self._delays[kind.name].get(place, np.ones(self.points))

    def _shares(self, kind: Kind) -> dict[str, NDArray[np.float64]]:
        import numpy as np

        from tapal.engines.lake import tally
        from tapal.engines.signals.nowcast import reported_share, share_now, triangle

        rows = self._reader.run(
            lambda events: tally.delays(kind.name, events.filter(events.owner == self.owner))
        )
        by_post: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        begun: dict[str, int] = {}
        for row, onset in self._inside(rows):
            told = self._point(row["told"])
            if told < self.points:
                begun[row["post"]] = min(told, begun.get(row["post"], told))
                by_post[row["post"]].append((onset, max(told, onset), row["n"]))
        found = {}
        for place, each in by_post.items():
            # A past that was loaded at once tells nothing of how late reports are.
            learned = [x for x in each if x[0] >= begun[place]]
            if sum(n for _, _, n in learned) < LEARNED_FROM:
                continue
            times = np.array([n for _, _, n in learned])
            started = np.repeat([a for a, _, _ in learned], times) - begun[place]
            told_at = np.repeat([b for _, b, _ in learned], times) - begun[place]
            table = triangle(started, told_at, self.points - begun[place], LONGEST_DELAY)
            found[place] = share_now(reported_share(table), self.points)
        return found

    def _days_told(self) -> dict[str, set[date]]:
        from tapal.engines.lake import tally

        rows = self._reader.run(
            lambda events: tally.reported(events.filter(events.owner == self.owner))
        )
        days: dict[str, set[date]] = defaultdict(set)
        for row in rows:
            if row["day"] <= self.last + timedelta(days=self.step - 1):
                days[row["post"]].add(row["day"])
        return days

    def _reported(self, place: str) -> NDArray[np.bool_]:
        import numpy as np

        told = np.zeros(self.points, dtype=np.bool_)
        for day in self._told.get(place, ()):
            if 0 <= (at := self._point(day)) < self.points:
                told[at] = True
        return told

    def _inside(self, rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
        for row in rows:
            if row["day"] is not None and 0 <= (at := self._point(row["day"])) < self.points:
                yield row, at

    def _of(self, day: date) -> date:
        return _begin(day, self.period)

    def _point(self, day: date) -> int:
        return (day - self.first).days // self.step


def travel_minutes(places: Sequence[str]) -> NDArray[np.float64]:
    """Minutes by road between posts, reckoned from where they lie; out of reach where that is not known."""
    import numpy as np

    known = [reference.places().get(place) for place in places]
    found = np.full((len(places), len(places)), inf)
    for a, one in enumerate(known):
        for b, other in enumerate(known):
            if a == b:
                found[a, b] = 0.0
            elif one and other and (km := distance_km(one, other)) is not None:
                found[a, b] = km * ROAD_FACTOR / ROAD_KMH * 60.0
    return found


def _reader() -> LakeReader:
    from tapal.engines.lake.ask import LakeReader

    return LakeReader(lake.folder(), all_columns())
