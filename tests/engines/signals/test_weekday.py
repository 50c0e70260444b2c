"""The weekday of a daily series is learned from before the judged day, and no more than is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tapal.engines.signals import pool
from tapal.engines.signals.pool import Watch
from tapal.engines.signals.pool_baseline import BaselineSettings
from tapal.engines.signals.pool_files import Counts
from tapal.engines.signals.weekday import factors, weekdays, with_daily_effect

FIRST = "2026-01-05"
MARKET = 3


def market(points: int = 210, series: int = 3, seed: int = 5) -> Counts:
    """Posts with five people a day, thirty on market day (Thursday)."""
    rng = np.random.default_rng(seed)
    days = weekdays(FIRST, points)
    mean = np.where(days == MARKET, 30.0, 5.0)
    counts = rng.poisson(mean, (series, points)).astype(float)
    watch = Watch(tuple("abc"[:series]), counts)
    labels = tuple(str(np.datetime64(FIRST) + k) for k in range(points))
    return Counts(watch, labels, 365.2425, np.full(counts.shape, np.nan))


def alarms(counts: Counts, at: int) -> int:
    settings = pool.PoolSettings(baseline=BaselineSettings(period=counts.period))
    return len(pool.judge(counts.watch, at, settings).alarms)


def test_a_market_day_is_expected() -> None:
    counts = market()
    thursday = 206
    assert weekdays(FIRST, 210)[thursday] == MARKET
    assert alarms(with_daily_effect(counts, thursday), thursday) == 0
    assert factors(counts.watch.counts, None, weekdays(FIRST, 210), thursday)[0, MARKET] > 2


def test_a_surge_on_a_quiet_day_is_found_that_would_pass_on_a_market_day() -> None:
    counts = market()
    friday = 207
    counts.watch.counts[:, friday] = 30.0
    assert alarms(with_daily_effect(counts, friday), friday) > 0


def test_the_effect_knows_nothing_of_the_judged_day_and_after() -> None:
    counts = market()
    days = weekdays(FIRST, 210)
    before = factors(counts.watch.counts, None, days, 150)
    counts.watch.counts[:, 150:] = 900.0
    assert np.array_equal(before, factors(counts.watch.counts, None, days, 150))


def test_factors_average_one_and_a_short_or_empty_past_has_none() -> None:
    counts = market()
    days = weekdays(FIRST, 210)
    assert np.allclose(factors(counts.watch.counts, None, days, 200).mean(axis=1), 1.0)
    assert np.array_equal(factors(counts.watch.counts, None, days, 20), np.ones((3, 7)))
    missing = np.full((1, 210), np.nan)
    assert np.array_equal(factors(missing, None, days, 200), np.ones((1, 7)))


def test_one_outbreak_makes_no_weekday() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(5.0, (1, 210)).astype(float)
    counts[0, 101] = 5_000.0
    assert factors(counts, None, weekdays(FIRST, 210), 200).max() < 1.5


def test_weekly_counts_are_left_alone() -> None:
    weekly = replace(market(), period=52.18)
    assert with_daily_effect(weekly, 100) is weekly
