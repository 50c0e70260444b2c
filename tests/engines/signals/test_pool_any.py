"""Whatever the counts, the pooled list holds numbers, and says nothing of what was not reported."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapal.engines.signals.pool import PoolSettings, Verdict, Watch, judge

Floats = NDArray[np.float64]

FEW_DRAWS = PoolSettings(draws=20)
POINTS = 70
# A series as it may come: a short past, gaps, nothing, the same for ever, huge counts, a closed year.
ODD: dict[str, Floats] = {
    "zeros": np.zeros(POINTS),
    "constant": np.full(POINTS, 7.0),
    "huge": np.full(POINTS, 1e9),
    "never reported": np.full(POINTS, np.nan),
    "short": np.where(np.arange(POINTS) < POINTS - 4, np.nan, 3.0),
    "gappy": np.where(np.arange(POINTS) % 3 == 0, 5.0, np.nan),
    "closed and open again": np.where(abs(np.arange(POINTS) - 40) < 15, 0.0, 30.0),
}


def watch_of(counts: Floats, exposure: Floats | None = None) -> Watch:
    """Series at posts an hour apart, by turns of two streams of one family."""
    many = len(counts)
    places = tuple(f"P{i}" for i in range(many))
    return Watch(
        names=tuple(f"s{i}" for i in range(many)),
        counts=counts,
        exposure=exposure,
        place=places,
        stream=tuple(("people", "animals")[i % 2] for i in range(many)),
        family=("fever",) * many,
        places=places,
        minutes=60.0 * np.abs(np.subtract.outer(np.arange(many), np.arange(many))),
    )


def sound(found: Verdict, unknown: set[int]) -> None:
    """Each number is one, and no alarm names a series of which nothing is known this week."""
    assert ((found.p >= 0) & (found.p <= 1)).all()
    assert found.silent_for >= len(unknown)
    for alarm in found.alarms:
        assert 0 <= alarm.p <= alarm.q <= FEW_DRAWS.level and math.isfinite(alarm.ratio)
        assert all(math.isfinite(share) for _, share in alarm.streams)
        for member in alarm.members:
            assert member.series not in unknown
            assert math.isfinite(member.upper) and 0 <= member.share <= 1 and 0 <= member.p <= 1
            assert all(math.isfinite(one) for one in member.expected)


values = st.one_of(
    st.just(float("nan")), st.integers(0, 3).map(float), st.integers(0, 10**9).map(float)
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(values, min_size=POINTS, max_size=POINTS), min_size=1, max_size=3),
    st.booleans(),
)
def test_any_counts_make_a_list_of_numbers(rows: list[list[float]], closed: bool) -> None:
    counts = np.array(rows)
    exposure = np.full_like(counts, 2.5)
    if closed:
        exposure[0, -1] = 0.0
    found = judge(watch_of(counts, exposure), settings=FEW_DRAWS)
    unknown = set(np.flatnonzero(np.isnan(counts[:, -1])).tolist()) | ({0} if closed else set())
    sound(found, unknown)


@pytest.mark.parametrize("last", [None, 0.0, 40.0, 1e9])
def test_odd_series_stand_beside_each_other(last: float | None) -> None:
    counts = np.array(list(ODD.values()))
    if last is not None:
        counts[:, -1] = np.where(np.isnan(counts[:, -1]), np.nan, last)
    found = judge(watch_of(counts), settings=FEW_DRAWS)
    sound(found, set(np.flatnonzero(np.isnan(counts[:, -1])).tolist()))
    if last is None:
        assert not found.alarms


def reopened() -> Floats:
    """Twelve series of thirty a week, near nothing for sixty weeks."""
    level = np.full(300, 30.0)
    level[200:260] = 0.3
    return np.random.default_rng(11).poisson(level, (12, 300)).astype(float)


def test_a_border_that_opened_again_is_no_alarm_a_quarter_later() -> None:
    counts = reopened()
    assert not judge(watch_of(counts), week=280, settings=PoolSettings()).alarms
    counts[3, 281] = 200.0
    alarms = judge(watch_of(counts), week=281, settings=PoolSettings()).alarms
    assert [member.series for member in alarms[0].members] == [3]


def test_a_border_told_to_be_closed_leaves_no_doubt_behind() -> None:
    """Three times the usual count is seen where the closed weeks are known; else it is not yet."""
    counts = reopened()
    counts[3, 281] = 90.0
    told = np.ones_like(counts)
    told[:, 200:260] = 0.0
    assert not judge(watch_of(counts), week=281, settings=PoolSettings()).alarms
    alarms = judge(watch_of(counts, told), week=281, settings=PoolSettings()).alarms
    assert [member.series for member in alarms[0].members] == [3]
