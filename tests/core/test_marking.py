"""Marks: every leaf of a model has one, and a model without them is refused."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel

from tapal.core.marking import Mark, Purpose, Sensitivity, Unmarked, marked_fields, strictest

S = Sensitivity


class Home(BaseModel):
    town: Annotated[str, Mark("kota", "town", S.RESTRICTED, personal=True)]


class Person(BaseModel):
    name: Annotated[str | None, Mark("nama", "name", S.INTERNAL, personal=True)] = None
    homes: list[Home] | None = None
    tags: Annotated[tuple[str, ...], Mark("tanda", "tags", S.OPEN)] = ()


class Body(BaseModel):
    person: Person
    others: tuple[Person, ...] = ()


class Bare(BaseModel):
    person: Person
    note: str = ""


def test_leaves_are_named_through_models_and_lists() -> None:
    assert set(marked_fields(Body)) == {
        f"{who}.{leaf}" for who in ("person", "others") for leaf in ("name", "homes.town", "tags")
    }


def test_a_field_without_a_mark_is_refused_by_name() -> None:
    with pytest.raises(Unmarked, match=r"Bare\.note"):
        marked_fields(Bare)


def test_a_sentence_inherits_the_strictest_mark() -> None:
    marks = marked_fields(Body)
    assert strictest([marks["person.tags"], marks["person.homes.town"]]) is S.RESTRICTED
    assert strictest([]) is S.INTERNAL


def test_levels_and_purposes_speak_both_languages() -> None:
    for word in (*Sensitivity, *Purpose):
        assert word.label.id and word.label.en


def test_statistics_must_be_asked_for_field_by_field() -> None:
    assert Purpose.STATISTICS not in Mark("a", "a", S.OPEN).purposes
