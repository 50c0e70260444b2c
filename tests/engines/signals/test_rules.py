"""The plain rules fire, stay quiet, and say when they cannot be judged."""

from collections.abc import Callable
from datetime import date

import pytest

from tapal.core.legal import LegalBook
from tapal.data import table
from tapal.engines.signals import klb
from tapal.engines.signals.rule_layer import FILE, Ruling, book, row_of
from tapal.engines.signals.skdr import weekly_threshold

DAY = date(2026, 3, 1)
NAN = float("nan")
VALUES = book()


@pytest.mark.parametrize("values", table(FILE), ids=lambda row: row["id"])
def test_each_row_carries_its_citation_and_how_sure_it_is(values: dict[str, str]) -> None:
    row = row_of(values)
    assert row.citation and row.unit
    assert row.confidence != "checked" or row.source
    assert row.confidence == "unchecked" or "recalled" not in row.note


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in table(FILE)]
    assert len(ids) == len(set(ids)) == 33


@pytest.mark.parametrize(
    ("condition", "count", "alarm"),
    [
        ("acute_diarrhoea", 14, False),
        ("acute_diarrhoea", 15, True),
        ("measles_suspected", 0, False),
        ("measles_suspected", 1, True),
        ("measles_suspected", NAN, None),
        ("influenza_like_illness", 500, None),
        ("no_such_condition", 3, None),
        ("optk_A1", 1, True),
        ("optk_A2", 0, False),
    ],
)
def test_weekly_thresholds(condition: str, count: float, alarm: bool | None) -> None:
    ruling = weekly_threshold(count, condition, DAY, VALUES)
    assert ruling.alarm is alarm
    assert ruling.text.id and ruling.text.en and ruling.text.id != ruling.text.en


def test_an_unchecked_value_is_called_so_in_both_languages() -> None:
    text = weekly_threshold(1, "measles_suspected", DAY, VALUES).text
    assert "belum diverifikasi" in text.id and "unchecked" in text.en


@pytest.mark.parametrize(
    ("judge", "alarm"),
    [
        (lambda: klb.new_disease([0] * 52 + [1], DAY, VALUES, 52), True),
        (lambda: klb.new_disease([1] + [0] * 51 + [1], DAY, VALUES, 52), False),
        (lambda: klb.new_disease([NAN] * 52 + [1], DAY, VALUES, 52), None),
        (lambda: klb.rising_periods([1, 2, 3, 4], DAY, VALUES), True),
        (lambda: klb.rising_periods([1, 2, 2, 4], DAY, VALUES), False),
        (lambda: klb.rising_periods([1, NAN, 3, 4], DAY, VALUES), None),
        (lambda: klb.rising_periods([2, 3, 4], DAY, VALUES), None),
        (lambda: klb.period_ratio([3, 6], DAY, VALUES), True),
        (lambda: klb.period_ratio([3, 5], DAY, VALUES), False),
        (lambda: klb.period_ratio([0, 5], DAY, VALUES), None),
        (lambda: klb.month_year_ratio(8, [4] * 12, DAY, VALUES), True),
        (lambda: klb.month_year_ratio(7, [4] * 12, DAY, VALUES), False),
        (lambda: klb.month_year_ratio(7, [4] * 11, DAY, VALUES), None),
        (lambda: klb.year_ratio([8] * 12, [4] * 12, DAY, VALUES), True),
        (lambda: klb.year_ratio([7] * 12, [4] * 12, DAY, VALUES), False),
        (lambda: klb.fatality_ratio((3, 2), (20, 20), DAY, VALUES), True),
        (lambda: klb.fatality_ratio((2, 2), (20, 20), DAY, VALUES), False),
        (lambda: klb.fatality_ratio((2, 0), (20, 20), DAY, VALUES), None),
        (lambda: klb.proportion_ratio((10, 5), (100, 100), DAY, VALUES), True),
        (lambda: klb.proportion_ratio((9, 5), (100, 100), DAY, VALUES), False),
        (lambda: klb.proportion_ratio((9, 5), (0, 100), DAY, VALUES), None),
    ],
)
def test_outbreak_criteria(judge: Callable[[], Ruling], alarm: bool | None) -> None:
    ruling = judge()
    assert ruling.alarm is alarm
    assert ruling.text.id and ruling.text.en


def test_a_value_holds_only_on_its_days() -> None:
    head = "id,topic,selector,value,unit,valid_from,valid_to,citation,source,confidence,note\n"
    line = 'a,skdr.threshold,"{""condition"": ""x""}",2,cases,2026-01-01,2026-06-30,c,s,checked,\n'
    values: LegalBook = book([head, line])
    assert weekly_threshold(2, "x", date(2026, 6, 30), values).alarm is True
    assert weekly_threshold(2, "x", date(2026, 7, 1), values).alarm is None
