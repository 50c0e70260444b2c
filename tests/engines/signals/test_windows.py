"""Which points of the past stand for today."""

from datetime import date

import numpy as np
import pytest

from tapal.engines.signals.series import Reason
from tapal.engines.signals.windows import (
    NoBaseline,
    Reach,
    nearest_weekday,
    reference_points,
    season,
    years_before,
)


def test_the_leap_day_is_the_first_of_march_in_other_years() -> None:
    assert years_before(date(2012, 2, 29), 1) == date(2011, 3, 1)


def test_the_nearest_weekday_lies_at_most_three_days_away() -> None:
    assert nearest_weekday(date(2026, 11, 24), 0) == date(2026, 11, 23)
    assert nearest_weekday(date(2026, 11, 24), 4) == date(2026, 11, 27)
    assert nearest_weekday(date(2026, 11, 24), 5) == date(2026, 11, 21)


def test_windows_of_earlier_years_without_the_newest_points() -> None:
    past = season(20, Reach(years=2, half=1, levels=1, left_out=1), 8, None, 21)
    assert past.rows.tolist() == [3, 4, 5, 11, 12, 13]
    assert past.time.tolist() == [-17, -16, -15, -9, -8, -7]


def test_the_gap_is_shared_among_levels_the_first_ones_get_more() -> None:
    # Between the windows 3..5 and 11..13 lie 6..10: five points for three levels.
    past = season(20, Reach(years=2, half=1, levels=4, left_out=1), 8, None, 21)
    levels = dict(zip(past.rows.tolist(), past.level.tolist(), strict=True))
    assert [levels[i] for i in range(3, 14)] == [3, 3, 3, 0, 0, 1, 1, 2, 3, 3, 3]
    assert [levels[i] for i in range(14, 19)] == [0, 0, 1, 1, 2]
    assert 19 not in levels and 20 not in levels


def test_points_of_this_season_that_are_not_left_out_belong_to_today() -> None:
    past = season(20, Reach(years=1, half=3, levels=1, left_out=1), 8, None, 21)
    assert past.rows.tolist() == [9, 10, 11, 12, 13, 14, 15, 17, 18]


def test_weekly_dates_move_to_the_same_weekday() -> None:
    dates = np.arange("2015-01-05", "2026-12-28", 7, dtype="datetime64[D]")
    point = int(np.searchsorted(dates, np.datetime64("2026-11-23")))
    found = [str(dates[i]) for i in reference_points(point, 3, 52, dates)]
    assert found == ["2025-11-24", "2024-11-25", "2023-11-20"]


@pytest.mark.parametrize(
    ("point", "reach", "reason"),
    [
        (10, Reach(2, 1, 1, 1), Reason.SHORT_PAST),
        (17, Reach(2, 3, 1, 1), Reason.SHORT_PAST),
        (20, Reach(2, 1, 12, 1), Reason.PERIODS_TOO_MANY),
    ],
)
def test_what_has_no_baseline_says_why(point: int, reach: Reach, reason: Reason) -> None:
    with pytest.raises(NoBaseline) as none:
        season(point, reach, 8, None, 21)
    assert none.value.reason == reason


def test_a_calendar_with_a_hole_says_so() -> None:
    dates = np.arange("2015-01-05", "2026-12-28", 7, dtype="datetime64[D]")
    point = len(dates) - 1
    holed = np.delete(dates, reference_points(point, 2, 52, dates)[1])
    with pytest.raises(NoBaseline) as none:
        reference_points(len(holed) - 1, 2, 52, holed)
    assert none.value.reason == Reason.NO_REFERENCE_DAY
