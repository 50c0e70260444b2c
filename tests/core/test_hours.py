"""Minutes of opening time, by the post's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tapal.core.hours import open_minutes_after, opening

ZONE = "Asia/Makassar"  # UTC+8


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "minutes", "until"),
    [
        ("2026-03-02T09:00", 60, "2026-03-02T10:00"),
        ("2026-03-02T15:30", 60, "2026-03-03T08:30"),
        ("2026-03-02T15:00", 60, "2026-03-02T16:00"),
        ("2026-03-02T17:00", 60, "2026-03-03T09:00"),
        ("2026-03-02T03:00", 480, "2026-03-02T16:00"),
        ("2026-03-02T03:00", 481, "2026-03-03T08:01"),
        ("2026-03-02T09:00", 3 * 480, "2026-03-05T09:00"),
    ],
)
def test_only_opening_time_counts(since: str, minutes: int, until: str) -> None:
    assert open_minutes_after(at(since), minutes, "08:00-16:00", ZONE) == at(until)


def test_hours_may_run_over_midnight() -> None:
    assert open_minutes_after(at("2026-03-02T03:00"), 90, "20:00-04:00", ZONE) == at(
        "2026-03-02T20:30"
    )


@pytest.mark.parametrize("hours", ["", "24 jam", "00:00-00:00", "8-16", "25:00-26:00"])
def test_a_post_without_hours_counts_round_the_clock(hours: str) -> None:
    since = at("2026-03-02T23:00")
    assert open_minutes_after(since, 90, hours, ZONE) == since + timedelta(minutes=90)


def test_a_zone_that_changes_its_clock() -> None:
    since = datetime(2026, 3, 28, 16, tzinfo=UTC)  # Europe/Lisbon goes ahead on the 29th
    assert open_minutes_after(since, 60, "08:00-16:30", "Europe/Lisbon") == datetime(
        2026, 3, 29, 7, 30, tzinfo=UTC
    )
    assert opening("08:00-24:00") is not None
