"""Expectations, evidence and the pooled list: calibrated, robust, and better together."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapal.engines.signals.pool import PoolSettings, Watch, judge, upper_bounds
from tapal.engines.signals.pool_baseline import expect
from tapal.engines.signals.pool_evidence import COURSES, EvidenceSettings, evidence, left
from tapal.engines.signals.pool_groups import (
    SILENT,
    SILENT_RATIO,
    STRENGTH,
    Touch,
    judge_units,
    ratio,
    regions,
    shares,
    units,
)
from tapal.engines.signals.pool_pvalue import p_values
from tapal.engines.signals.pool_single import watch_series
from tapal.engines.signals.pool_spread import settle
from tapal.engines.signals.series import ALARM, NO_RESULT
from tapal.engines.signals.series import SILENT as QUIET

Floats = NDArray[np.float64]
RNG = np.random.default_rng(7)


def seasonal(rng: np.random.Generator, series: int, weeks: int = 264) -> Floats:
    """Counts with a yearly wave around 5."""
    mean = 5.0 * np.exp(0.4 * np.cos(2 * np.pi * np.arange(weeks) / 52.1775))
    return rng.poisson(np.broadcast_to(mean, (series, weeks))).astype(float)


def test_the_expectation_follows_season_and_exposure() -> None:
    rng = np.random.default_rng(1)
    weeks = 264
    exposure = rng.uniform(500, 5000, (40, weeks))
    wave = np.exp(0.5 * np.cos(2 * np.pi * np.arange(weeks) / 52.1775))
    mean = 0.004 * exposure * wave
    found = expect(rng.poisson(mean).astype(float), exposure=exposure)
    error = np.log(found.mean[:, 0, -1] / mean[:, -1])
    assert abs(error.mean()) < 0.03 and error.std() < 0.12


def test_a_border_that_opens_again_comes_back_within_a_quarter() -> None:
    """Near zero for a year, then thirty a week: fifteen weeks on, thirty is no news."""
    rng = np.random.default_rng(2)
    level = np.full(300, 30.0)
    level[200:260] = 0.3
    counts = rng.poisson(level, (20, 300)).astype(float)
    mean = expect(counts, times=np.array([260, 278])).mean[:, :, -1]
    assert mean[:, 0].max() < 20.0
    assert (mean[:, 1] > 18.0).all()


def test_missing_weeks_and_closed_posts_are_no_zeros() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(8.0, (30, 200)).astype(float)
    gappy = counts.copy()
    gappy[:, 100:160] = np.nan
    open_ = np.ones_like(counts)
    open_[:, 100:160] = 0.0
    full, missing = expect(counts), expect(gappy)
    closed = expect(np.where(open_ > 0, counts, 0.0), exposure=open_)
    assert np.abs(np.log(missing.mean[:, 0, -1] / full.mean[:, 0, -1])).max() < 0.3
    assert closed.mean == pytest.approx(missing.mean, rel=1e-9)


def test_a_week_without_report_is_neither_alarm_nor_silence() -> None:
    counts = np.full((2, 120), 4.0)
    counts[0, -1] = np.nan
    counts[1, -1] = 40.0
    assert watch_series(counts).alarm[:, 0].tolist() == [NO_RESULT, ALARM]
    assert watch_series(np.full((1, 12), 4.0)).alarm[0, 0] == NO_RESULT


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.just(float("nan")),
            st.integers(0, 3).map(float),
            st.integers(0, 10**9).map(float),
        ),
        min_size=20,
        max_size=90,
    ),
    st.booleans(),
)
def test_no_series_makes_a_number_that_is_none(values: list[float], closed: bool) -> None:
    counts = np.array([values])
    exposure = np.where(np.arange(counts.size) % 7 == 3, 0.0, 2.5)[None, :] if closed else None
    times = np.arange(counts.size - 3, counts.size)
    found = watch_series(counts, exposure=exposure, times=times)
    assert np.isfinite(found.odds).all() and (found.odds >= 0).all()
    assert np.isfinite(found.expectation.mean).all()
    assert set(np.unique(found.alarm)) <= {ALARM, QUIET, NO_RESULT}
    asked = np.isnan(counts[:, times])
    assert (found.alarm[asked] == NO_RESULT).all()


@pytest.mark.parametrize("value", [0.0, 1.0, 7.0, 1e6])
def test_a_constant_series_raises_no_alarm(value: float) -> None:
    found = watch_series(np.full((1, 264), value), times=np.arange(200, 264))
    assert (found.alarm == QUIET).all()


def test_plain_python_gives_the_numbers_of_the_compiled_code() -> None:
    script = (
        "import numpy as np\n"
        "from tapal.engines.signals.pool_single import watch_series\n"
        "counts = np.random.default_rng(5).poisson(3.0, (2, 70)).astype(float)\n"
        "counts[:, -1] += 9\n"
        "found = watch_series(counts)\n"
        "print(repr(found.odds.tolist()), repr(found.expectation.mean.tolist()))\n"
    )
    outcomes = []
    for off in ("0", "1"):
        told = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        outcomes.append(
            np.array(
                [
                    float(x)
                    for x in told.replace("[", " ").replace("]", " ").replace(",", " ").split()
                ]
            )
        )
    assert outcomes[0] == pytest.approx(outcomes[1], rel=1e-12)


def test_what_says_nothing_has_odds_below_one_and_a_jump_has_high_ones() -> None:
    observed = np.array([[5.0] * 5, [5.0, 5.0, 5.0, 5.0, 25.0], [25.0, 25.0, 5.0, 5.0, 5.0]])
    odds = evidence(observed, np.full((3, 5), 5.0), np.ones(3)).odds
    assert odds[0] < 1.0 < 1e4 < odds[1]
    assert odds[2] < 1.0, "an outbreak that is over raises no alarm"


@pytest.mark.parametrize(("mean", "dispersion"), [(0.5, 1.0), (4.0, 3.0), (50.0, 1.3)])
def test_odds_never_fall_as_this_week_s_count_grows(mean: float, dispersion: float) -> None:
    counts = np.unique(np.geomspace(mean + 1, 1e6, 300).astype(int)).astype(float)
    observed = np.full((counts.size, 5), float(int(mean)))
    observed[:, -1] = counts
    spread = np.full(counts.size, dispersion)
    odds = evidence(observed, np.full(observed.shape, mean), spread).odds
    assert (np.diff(odds) > -1e-9 * odds[1:]).all() and odds[-1] > 1e20


def test_evidence_has_mean_one_by_chance() -> None:
    """Likelihood ratios do; with small outbreaks alone the mean is soon reached."""
    small = EvidenceSettings(sizes=np.array([0.7]), large=np.array([0.5]))
    observed = np.random.default_rng(4).poisson(6.0, (40000, 5)).astype(float)
    found = evidence(observed, np.full((40000, 5), 6.0), np.ones(40000), small)
    assert (found.on + found.over).mean(axis=0) == pytest.approx(np.ones(5), abs=0.03)


def test_a_missing_week_says_nothing() -> None:
    full = np.array([[5.0, 5.0, 5.0, 9.0]])
    gap = np.array([[np.nan, 5.0, 5.0, 5.0, 9.0]])
    narrow = EvidenceSettings(courses=COURSES[:, :4])
    a = evidence(full, np.full((1, 4), 5.0), np.ones(1), narrow)
    b = evidence(gap, np.full((1, 5), 5.0), np.ones(1))
    assert b.on[0, :4] == pytest.approx(a.on[0])


def test_courses_are_shares_and_what_is_left_falls() -> None:
    assert COURSES.sum(axis=1) == pytest.approx(np.ones(3))
    rest = left(COURSES)
    assert rest[:, 0] == pytest.approx(np.ones(3)) and (np.diff(rest, axis=1) <= 0).all()


def test_p_values_agree_with_counting_and_are_calibrated() -> None:
    rng = np.random.default_rng(6)
    mean, phi = np.full((40000, 5), 4.0), np.full(40000, 2.0)
    observed = rng.negative_binomial(4.0, 0.5, (40000, 5)).astype(float)
    odds = evidence(observed, mean, phi).odds
    p = p_values(observed, mean, phi, odds, floor=8.0, draws=200)
    for cut in (0.01, 0.003):
        assert (p <= cut).mean() == pytest.approx(cut, rel=0.25)
    strange = np.array([[4.0, 4.0, 4.0, 4.0, 400.0]])
    far = evidence(strange, mean[:1], phi[:1]).odds
    assert 0.0 < p_values(strange, mean[:1], phi[:1], far)[0] < 1e-9


def test_dispersions_are_drawn_together_where_little_is_known() -> None:
    mean = np.concatenate([np.full((200, 1), 20.0), np.full((5, 1), 0.1)])
    phi = np.concatenate([np.full((200, 1), 2.0), np.ones((5, 1))])
    found = settle(phi, mean, np.full_like(mean, 260.0), np.ones(mean.shape, bool))
    assert found.dispersion[:200] == pytest.approx(phi[:200], rel=0.02)
    assert (found.dispersion[200:] > 1.5).all()
    assert (found.cautious() >= found.dispersion).all()


def test_the_ratio_of_a_p_value_has_mean_one() -> None:
    # By p = u^4 the steep end is drawn out: dp = 4 u^3 du.
    u = (np.arange(200_000) + 0.5) / 200_000
    assert (ratio(u**4) * 4 * u**3).mean() == pytest.approx(1.0, abs=1e-4)
    assert pytest.approx((1 - SILENT**STRENGTH) / (1 - SILENT)) == SILENT_RATIO


def test_regions_hold_posts_within_reach_of_each_other() -> None:
    where = np.array([0.0, 50.0, 100.0, 400.0])
    minutes = np.abs(where[:, None] - where[None, :])
    assert len(set(regions(minutes, 100.0)[:3].tolist())) == 1
    assert len(set(regions(minutes, 60.0)[:3].tolist())) == 2
    assert len(set(regions(np.where(minutes > 0, np.inf, 0.0), 100.0).tolist())) == 4


def test_units_of_chance_are_calibrated_and_weak_neighbours_add_up() -> None:
    rng = np.random.default_rng(8)
    many, size = 1500, 12
    index = np.repeat(np.arange(many), size)
    zero = np.zeros(many * size, dtype=np.int64)
    post = index * 3 + np.tile(np.repeat(np.arange(3), 4), many)
    stream = np.tile(np.arange(4), many * 3)
    parted = units(index, post, stream, zero)
    found = judge_units(rng.random(many * size), parted)
    for cut in (0.05, 0.01):
        assert (found.p <= cut).mean() == pytest.approx(cut, rel=0.35)
    weak = np.ones(size)
    weak[:4] = 0.01
    assert (
        judge_units(weak, parted[:1]).p[0]
        < 2e-3
        < judge_units(np.r_[0.01, np.ones(11)], parted[:1]).p[0]
    )


def test_shares_name_the_touched() -> None:
    zero = np.zeros(6, dtype=np.int64)
    unit = units(zero, np.arange(6), zero, zero)[0]
    share = shares(ratio(np.array([1e-6, 1e-5, 1.0, 1.0, 1.0, 1.0])), unit, Touch())
    assert share[:2].min() > 0.9 and share[2:].max() < 0.5


def test_upper_bounds_are_passed_once_in_a_hundred() -> None:
    rng = np.random.default_rng(9)
    for mean, phi in ((0.3, 1.0), (5.0, 3.0), (200.0, 1.4)):
        bound = upper_bounds(np.array([mean]), np.array([phi]), 0.01)[0]
        rate = rng.gamma(mean / (phi - 1), phi - 1, 200000) if phi > 1 else mean
        assert (rng.poisson(rate, 200000) > bound).mean() <= 0.0115
    assert np.isfinite(upper_bounds(np.array([1e100]), np.array([2.0]), 0.01)[0])


def watch_of(counts: Floats) -> Watch:
    """Two posts an hour apart with two streams each, and two far from all."""
    names = ("a/x", "a/y", "b/x", "b/y", "c/x", "d/x")
    minutes = np.full((4, 4), np.inf)
    minutes[0, 1] = minutes[1, 0] = 60.0
    np.fill_diagonal(minutes, 0.0)
    return Watch(
        names,
        counts,
        place=("a", "a", "b", "b", "c", "d"),
        stream=("x", "y", "x", "y", "x", "x"),
        family=("f",) * 6,
        places=("a", "b", "c", "d"),
        minutes=minutes,
    )


def test_what_is_weak_in_each_is_listed_together_and_explained_by_all() -> None:
    counts = seasonal(np.random.default_rng(10), 6)
    mean = expect(counts).mean[:, 0, -1]
    counts[:4, -1] = np.ceil(mean[:4] + 2.6 * np.sqrt(mean[:4]))
    found = judge(watch_of(counts))
    assert [set(alarm.places) for alarm in found.alarms] == [{"a", "b"}]
    assert len(found.alarms[0].members) >= 2
    assert sum(part for _, part in found.alarms[0].streams) == pytest.approx(1.0)
    alone = judge(Watch(("a/x",), counts[:1]))
    assert alone.alarms == () or alone.alarms[0].p > found.alarms[0].p


def test_units_that_depend_on_each_other_give_a_shorter_list() -> None:
    counts = seasonal(np.random.default_rng(13), 6)
    counts[4, -1] = counts[5, -1] = 40.0
    plain = judge(watch_of(counts))
    wary = judge(watch_of(counts), settings=PoolSettings(any_dependence=True))
    assert len(plain.alarms) >= len(wary.alarms) >= 1
    assert wary.alarms[0].q > plain.alarms[0].q


def test_the_same_watch_gives_the_same_list() -> None:
    counts = seasonal(np.random.default_rng(11), 6)
    counts[0, -1] = 40.0
    assert judge(watch_of(counts)).alarms == judge(watch_of(counts)).alarms


def test_lists_over_chance_alone_are_empty_nine_times_in_ten() -> None:
    rng = np.random.default_rng(12)
    lists = [
        len(judge(watch_of(seasonal(rng, 6)), settings=PoolSettings(draws=100)).alarms) > 0
        for _ in range(40)
    ]
    assert np.mean(lists) <= 0.2
