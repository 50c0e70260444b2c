"""Texts, identifiers, marks, legal rows: the words that everything else is said in."""

from __future__ import annotations

import time
import uuid
from datetime import date
from typing import Annotated

import pytest
from pydantic import BaseModel

from tapal.core.ids import uuid7
from tapal.core.legal import LegalBook, LegalRow
from tapal.core.marking import Mark, Sensitivity, Unmarked, marked_fields
from tapal.core.rules import rule
from tapal.core.text import Text


def test_identifiers_sort_by_time_and_are_version_7() -> None:
    made = [uuid7() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(each.version == 7 for each in made)
    assert all(each.variant == uuid.RFC_4122 for each in made)
    assert [str(each) for each in made] == sorted(str(each) for each in made)


def test_a_clock_set_back_does_not_turn_the_order_round(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert str(uuid7()) > str(before)


def test_a_text_says_itself_in_both_languages_with_braces_left_alone() -> None:
    text = Text("{n} hari", "{n} days").fill(n="{3}")
    assert (text.say("id"), text.say("en"), text.say("en-gb")) == (
        "{3} hari",
        "{3} days",
        "{3} days",
    )
    assert Text.of(text.json()) == text


class Inner(BaseModel):
    a: Annotated[str, Mark("A", "A", Sensitivity.OPEN)]


class Outer(BaseModel):
    one: Inner | None = None
    many: list[Inner] = []
    loose: Annotated[list[str], Mark("L", "L", Sensitivity.OPEN)] = []


def test_marks_are_found_through_objects_and_lists() -> None:
    assert set(marked_fields(Outer)) == {"one.a", "many.a", "loose"}


def test_a_field_without_a_mark_is_refused_by_name() -> None:
    class Bare(BaseModel):
        naked: str

    with pytest.raises(Unmarked, match="naked"):
        marked_fields(Bare)


def test_a_rule_without_a_docstring_is_refused() -> None:
    with pytest.raises(TypeError):
        rule()(lambda record, context: ())


def row(value: object, confidence: str = "checked", **more: object) -> LegalRow:
    return LegalRow(
        id=str(value),
        topic="t",
        value=value,
        unit="days",
        citation="c",
        confidence=confidence,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def test_the_law_of_a_day_is_the_law_of_that_day() -> None:
    book = LegalBook([row(10, valid_to=date(2020, 1, 1)), row(20, valid_from=date(2020, 1, 2))])
    assert book.settle("t", date(2020, 1, 1)).values == (10,)
    assert book.settle("t", date(2020, 1, 2)).values == (20,)
    assert not book.settle("other", date(2020, 1, 2))


def test_two_values_dispute_each_other_and_nothing_is_certain() -> None:
    settled = LegalBook([row(14), row(30)]).settle("t", date(2026, 1, 1))
    assert settled.disputed and not settled.certain
    assert settled.values == (14, 30)


def test_an_unchecked_value_is_not_certain() -> None:
    settled = LegalBook([row(14, "unchecked")]).settle("t", date(2026, 1, 1))
    assert not settled.certain and not settled.disputed


def test_the_closer_selector_wins_and_one_not_asked_for_is_left_out() -> None:
    book = LegalBook([row(1), row(2, selector={"neighbour": "TLS"})])
    assert book.settle("t", date(2026, 1, 1), neighbour="TLS").values == (2,)
    assert book.settle("t", date(2026, 1, 1), neighbour="PNG").values == (1,)
    assert book.settle("t", date(2026, 1, 1)).values == (1,)
