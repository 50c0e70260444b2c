"""Who sees an alarm: the reading door to the lists of early warning, and the trace it leaves.

An alarm is there for who may be told all that it was counted from (`share/counted.py`). Under the
purpose of the desk he could count the records themselves; who asks for statistics or oversight gets
small counts kept back as in the figures.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.core.errors import Denied, Missing
from tapal.core.kind import Period
from tapal.core.mandates import OVERSEE, READ_STATISTICS
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.figures.disclosure import NEVER, small
from tapal.flow.figures.door import smallest_cell
from tapal.flow.figures.question import Window
from tapal.flow.share import access, compile, purposes
from tapal.flow.share.counted import counts_open
from tapal.flow.signals.counts import STEP
from tapal.store.models import Agency, SignalList

SUBJECT = "signals"
KEPT_BACK = Text(
    "Jumlahnya terlalu kecil untuk disebut kepada pembaca statistik.",
    "Its counts are too small to be told to a reader of statistics.",
)


# Any: JSON of a stored alarm.
@dataclass(frozen=True, slots=True)
class SeenSeries:
    """One series of an alarm as the reader may see it; None where a number is missing or kept back."""

    label: Text
    kind: str
    signal: str
    place: str
    split: tuple[str, ...]
    came: float | None
    due: float | None
    points: int
    share: float
    bound: float | None
    labels: tuple[date, ...]
    observed: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SeenAlarm:
    """One line of the list. `alert` is the alert that it opened, whether or not the reader sees that.

    What a fixed rule alone says has no chance: `p` and `q` are None.
    """

    list_id: uuid.UUID
    subject: str
    owner: str
    period: Period
    until: date
    since: date
    rank: int
    p: float | None
    q: float | None
    places: tuple[str, ...]
    text: tuple[Text, ...]
    streams: tuple[tuple[Text, float], ...]
    series: tuple[SeenSeries, ...]
    alert: str | None
    by_rule: bool = False
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class SeenList:
    """Of what a reader's alarms are a part; only its owner is told how many series there are."""

    owner: str
    period: Period
    until: date
    made_at: datetime
    level: float
    units: int | None
    series: int | None
    unjudged: int | None
    unruled: int | None
    alarms: tuple[SeenAlarm, ...] = field(default=())


def may_run(actor: Actor) -> str:
    """The agency whose signals of all posts an actor may judge; leaves a trace. Raises Denied."""
    if READ_STATISTICS not in actor.powers or actor.post is not None:
        access.note(actor, Purpose.STATISTICS, access.DENIED, subject=SUBJECT)
        raise Denied
    purposes.must_cover(actor, Purpose.STATISTICS, timezone.now())
    access.note(actor, Purpose.STATISTICS, access.EXPORT, subject=SUBJECT, owner=actor.agency)
    return actor.agency


@dataclass(frozen=True, slots=True)
class SignalsDoor:
    """The lists for one actor and the purpose of his desk, as clauses stand at one moment."""

    actor: Actor
    purpose: Purpose
    reach: Reach
    statistics: Reach | None
    now: datetime

    def lists(self) -> list[SeenList]:
        """Each agency's newest lists with the alarms that the reader may be told, and one trace."""
        found = [seen for row in _newest() if (seen := self._list(row)) is not None]
        self._note(access.LIST, "", sum(len(each.alarms) for each in found))
        return found

    def alarm(self, list_id: uuid.UUID | str, subject: str) -> SeenAlarm:
        """One alarm. Raises Missing, hidden and absent alike."""
        row = SignalList.objects.filter(pk=list_id).first()
        told = next((a for a in row.alarms if a["subject"] == subject), None) if row else None
        seen = self._alarm(row, told) if row and told else None
        if seen is None:
            self._note(access.DENIED, subject, 0)
            raise Missing
        self._note(access.READ, subject, 1, seen.owner)
        return seen

    def _list(self, row: SignalList) -> SeenList | None:
        """A list, None where it would tell that there is one: to others than the owner by its alarms."""
        alarms = tuple(seen for told in row.alarms if (seen := self._alarm(row, told)) is not None)
        own = row.owner_id in compile.agencies_on(compile.today(self.now)).owners(self.actor.agency)
        if not own and not alarms:
            return None
        return SeenList(
            row.owner_id,
            Period(row.period),
            row.until,
            row.made_at,
            row.setting["level"],
            row.units if own else None,
            row.series if own else None,
            row.unjudged if own else None,
            row.ruled.get("unknown", 0) if own else None,
            alarms,
        )

    def _alarm(self, row: SignalList, told: Mapping[str, Any]) -> SeenAlarm | None:
        if counts_open(self.reach, told["counted"]):
            return _seen(row, told)
        if self.statistics is not None and counts_open(self.statistics, told["counted"]):
            smallest = smallest_cell(Window(row.until, row.until, row.made_at))
            return _without_small(_seen(row, told), smallest)
        return None

    def _note(self, act: str, question: str, count: int, owner: str = "") -> None:
        clauses = (clause.code for clause in self.reach.clauses)
        access.note(
            self.actor, self.purpose, act, subject=SUBJECT, owner=owner, question=question,
            clauses=clauses, count=count,
        )  # fmt: skip


def open_signals(actor: Actor, purpose: Purpose, *, now: datetime | None = None) -> SignalsDoor:
    """The lists for an actor and his desk's purpose. Raises Denied for a purpose that nothing covers."""
    moment = now or timezone.now()
    purposes.must_cover(actor, purpose, moment)
    wider = next(
        (
            asked
            for power, asked in (
                (READ_STATISTICS, Purpose.STATISTICS),
                (OVERSEE, Purpose.OVERSIGHT),
            )
            if power in actor.powers and asked is not purpose
        ),
        None,
    )
    statistics = compile.reach_of(actor, wider, moment) if wider else None
    # Whose desk itself is for statistics counts nothing one by one.
    if purpose in (Purpose.STATISTICS, Purpose.OVERSIGHT):
        statistics = compile.reach_of(actor, purpose, moment)
        return SignalsDoor(actor, purpose, Reach.of((), statistics.scopes), statistics, moment)
    return SignalsDoor(actor, purpose, compile.reach_of(actor, purpose, moment), statistics, moment)


def _newest() -> Iterator[SignalList]:
    for owner in Agency.objects.order_by("code").values_list("code", flat=True):
        for period in Period:
            row = SignalList.objects.filter(owner=owner, period=period).order_by("-until").first()
            if row is not None:
                yield row


def _seen(row: SignalList, told: Mapping[str, Any]) -> SeenAlarm:
    period = Period(row.period)
    return SeenAlarm(
        list_id=row.id,
        subject=told["subject"],
        owner=row.owner_id,
        period=period,
        until=row.until,
        since=date.fromisoformat(told["since"]),
        rank=told["rank"],
        p=told["p"],
        q=told["q"],
        places=tuple(told["places"]),
        text=tuple(Text.of(text) for text in told["text"]),
        streams=tuple((Text.of(s["label"]), s["share"]) for s in told["streams"]),
        series=tuple(_series(each, row.until, period) for each in told["series"]),
        alert=told["alert"],
        by_rule="rules" in told,
    )


def _series(told: Mapping[str, Any], until: date, period: Period) -> SeenSeries:
    points = len(told["observed"])
    step = timedelta(days=STEP[period])
    return SeenSeries(
        label=Text.of(told["label"]),
        kind=told["kind"],
        signal=told["signal"],
        place=told["place"],
        split=tuple(told["split"]),
        came=told["came"],
        due=told["due"],
        points=told["points"],
        share=told["share"],
        bound=told["bound"],
        labels=tuple(until - step * back for back in range(points - 1, -1, -1)),
        observed=tuple(told["observed"]),
        expected=tuple(told["expected"]),
        upper=tuple(told["upper"]),
    )


def _without_small(alarm: SeenAlarm, smallest: int) -> SeenAlarm:
    """The alarm for who counts nobody one by one: small counts, and sentences with them, kept back."""
    series = tuple(_hidden(each, alarm, smallest) for each in alarm.series)
    if not any(each.hidden or each.came is None for each in series):
        return alarm
    return replace(alarm, series=series, text=(KEPT_BACK,), kept_back=True)


def _hidden(series: SeenSeries, alarm: SeenAlarm, smallest: int) -> SeenSeries:
    """One series with its small counts kept back, in the window and over all that is shown.

    Each time the hidden ones are together no less than the smallest that is told.
    """
    inside = [n for n, day in enumerate(series.labels) if day >= alarm.since]
    counts = [int(v or 0) for v in series.observed]
    hidden = set(small(counts, smallest)) | {
        inside[n] for n in small([counts[n] for n in inside], smallest)
    }
    few = smallest == NEVER or 0 < (series.came or 0) < smallest
    observed = tuple(None if n in hidden else v for n, v in enumerate(series.observed))
    return replace(
        series,
        observed=observed,
        came=None if few else series.came,
        hidden=frozenset(hidden),
    )


def ranked(lists: Sequence[SeenList]) -> list[SeenAlarm]:
    """All alarms by chance of some lists as one, the likeliest first."""
    alarms = [(a.q, a.p or 0.0, a) for each in lists for a in each.alarms if a.q is not None]
    return [a for _, _, a in sorted(alarms, key=lambda each: (*each[:2], each[2].subject))]


def by_rule(lists: Sequence[SeenList]) -> list[SeenAlarm]:
    """The alarms that fixed rules alone raise."""
    return [a for each in lists for a in each.alarms if a.q is None]
