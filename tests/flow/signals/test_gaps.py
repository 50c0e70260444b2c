"""From the lake: a closed post, a silent one and a quiet one are told apart, and late reports are reckoned."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray

from tapal.core.kind import Period
from tapal.flow import lake, take
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn, take_and_read
from tapal.flow.signals import counts, lists
from tapal.flow.signals.counts import Held, last_period
from tapal.kinds import KINDS
from tapal.store.models import SignalList
from tests.flow.signals.conftest import FLY, crossings, hand, hand_inspections, inspected

pytestmark = pytest.mark.django_db(databases=["default", "access"])

QUIET, SILENT, CLOSED = "PLBN-11", "PLBN-12", "PLBN-13"
WEEKS = 40


Clock = Callable[[date], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Lets messages be received at noon of a day."""

    def stand(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        monkeypatch.setattr(take, "timezone", SimpleNamespace(now=lambda: noon))

    return stand


def row(held: Held | None, signal: str, place: str) -> tuple[NDArray[np.float64], Any]:
    """A series' counts and what they are held against."""
    assert held is not None and held.counts.watch.exposure is not None
    (at,) = [n for n, line in enumerate(held.lines) if (line.signal, line.place) == (signal, place)]
    return held.counts.watch.counts[at], held.counts.watch.exposure[at]


@pytest.fixture
def posts(home: Path) -> date:
    """Three posts with two inspections a week, one of eight with a pest; in the last four weeks one
    inspects and finds nothing, one tells nothing at all, one receives certificates and inspects none."""
    make_demo_officers()
    last = last_period(timezone.now(), Period.WEEK)
    for number, place in enumerate((QUIET, SILENT, CLOSED)):
        text = ""
        for back in range(WEEKS, -1, -1):
            day = last - timedelta(days=7 * back)
            if back < 4 and place != QUIET:
                continue
            pests = (FLY,) if back >= 4 and back % 4 == 0 else ()
            text += inspected(day, 10 + number, *pests)
            text += inspected(day + timedelta(days=2), 20 + number)
        hand_inspections(text, place)
    for back in range(4):
        hand(crossings(last - timedelta(days=7 * back), 3, post=CLOSED), CLOSED)
    lake.build()
    return last


def test_zero_missing_and_closed_are_three_things(posts: date) -> None:
    held = counts.read("BARANTIN", Period.WEEK)
    quiet, under = row(held, "phyto_pest_found", QUIET)
    assert quiet[-4:].tolist() == [0, 0, 0, 0] and under[-4:].tolist() == [2, 2, 2, 2]
    for place in (SILENT, CLOSED):
        # Another agency's crossings there are no report of quarantine's.
        silent, _ = row(held, "phyto_pest_found", place)
        assert np.isnan(silent[-4:]).all() and np.isfinite(silent[:-4]).all()


def test_a_post_that_tells_something_but_inspects_nothing_was_closed(
    posts: date, clock: Clock
) -> None:
    """Certificates alone: the post told of something, its denominator is zero, silence is no good news."""
    for back in range(4):
        clock(posts - timedelta(days=7 * back - 1))
        certificate(f"PG/PC/{back}", CLOSED)
    lake.build()
    found, under = row(counts.read("BARANTIN", Period.WEEK), "phyto_pest_found", CLOSED)
    assert found[-4:].tolist() == [0, 0, 0, 0] and under[-4:].tolist() == [0, 0, 0, 0]
    lists.make()
    made = SignalList.objects.get(owner="BARANTIN", period="week")
    named = {each["place"] for alarm in made.alarms for each in alarm["series"]}
    assert CLOSED not in named and SILENT not in named
    assert made.unjudged >= 4, "neither a closed nor a silent post is judged"


def certificate(number: str, post: str) -> None:
    """A paper certificate, not inspected: it came when the post received it."""
    sample = KINDS["phyto"].samples / "phyto_paper" / "banana_suckers.json"
    given = {**json.loads(sample.read_text(encoding="utf-8")), "certificate_number": number}
    take_and_read(
        json.dumps(given).encode(), HandIn("paper.json", "BARANTIN", post, None, "KRT-0001")
    )


def test_late_reports_are_learned_from_the_posts_own_past(home: Path, clock: Clock) -> None:
    """Of ten a day six are told the same day and four the next: yesterday is held against six."""
    make_demo_officers()
    last = last_period(timezone.now(), Period.DAY)
    for back in range(40, -1, -1):
        day = last - timedelta(days=back)
        clock(day)
        late = crossings(day - timedelta(days=1), 4, start=6) if back < 40 else ""
        hand(crossings(day, 6) + late)
        hand(crossings(day, 10, post="PLBN-12"), "PLBN-12")
    lake.build()
    held = counts.read("IMI", Period.DAY)
    came, share = row(held, "entries", "PLBN-11")
    assert came[-3:].tolist() == [10, 10, 6]
    assert share[-1] == pytest.approx(0.6, abs=0.05) and share[-2] == pytest.approx(1, abs=0.02)
    prompt, whole = row(held, "entries", "PLBN-12")
    assert prompt[-1] == 10 and whole[-1] == pytest.approx(1, abs=0.02)


def test_twice_of_what_should_be_told_by_now_is_an_alarm(home: Path, clock: Clock) -> None:
    """Eighteen told by now are thirty in the end; a post that tells all at once has just eighteen."""
    make_demo_officers()
    last = last_period(timezone.now(), Period.DAY)
    for back in range(60, -1, -1):
        day = last - timedelta(days=back)
        clock(day)
        late = crossings(day - timedelta(days=1), 7, start=8) if back < 60 else ""
        hand(crossings(day, 8 if back else 20) + late)
        hand(crossings(day, 15 if back else 20, post="PLBN-18"), "PLBN-18")
    lake.build()
    lists.make()
    made = SignalList.objects.get(owner="IMI", period="day")
    (alarm,) = made.alarms
    assert alarm["places"] == ["PLBN-11"], "twenty are no surprise where twenty are all"
    assert alarm["series"][0]["due"] == pytest.approx(8, abs=1)
