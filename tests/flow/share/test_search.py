"""Searching finds only by what the reader may see."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tapal.core.marking import Purpose
from tapal.flow.share import search
from tapal.store.models import Record
from tapal.store.queries import names, names_postgres
from tests.flow.share.conftest import World, actor, clause, door, grantee, owner, stranger

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def found(who: Any, text: str, **more: Any) -> set[str]:
    return {hit.row.id for hit in who.search(text, **more)}


@pytest.mark.parametrize("text", ["X1234567", "x1234567", "IDN:X1234567", "x 123-4567"])
def test_a_key_is_found_however_it_is_typed(world: World, text: str) -> None:
    record = world.record()
    hits = owner().search(text)
    assert [(h.row.id, h.by, h.exact) for h in hits] == [(str(record.id), "paper", True)]


def test_a_key_is_found_by_its_beginning_and_the_whole_key_comes_first(world: World) -> None:
    longer = world.record(body={"way": "entry", "number": "X12345"})
    whole = world.record(body={"way": "entry", "number": "X1234"})
    world.record(body={"way": "entry", "number": "Y1234"})
    assert [h.row.id for h in owner().search("X1234")] == [str(whole.id), str(longer.id)]
    assert found(owner(), "X12") == set()


def test_a_key_needs_the_grant_of_its_fields(world: World) -> None:
    here, there = world.record(), world.record(place="PLBN-16")
    world.agree(clause(fields=["way"]), clause(fields=["number"], places=["PLBN-11"]))
    assert found(grantee(), "X1234567") == found(grantee(), "X1234") == {str(here.id)}
    assert found(owner(), "X1234567") == {str(here.id), str(there.id)}
    assert found(stranger(), "X1234567") == set()


@pytest.mark.parametrize("text", ["soares", "Maria Soares", "SOARES MAR", "María", "jose soar"])
def test_a_name_is_found_by_its_parts(world: World, text: str) -> None:
    record = world.record()
    world.record(body={"way": "entry", "person": {"surname": "PEREIRA"}})
    assert found(owner(), text) == {str(record.id)}


def test_a_name_is_found_only_by_the_part_that_is_granted(world: World) -> None:
    record = world.record()
    world.agree(clause(fields=["way", "person.surname"]))
    hits = grantee().search("soares")
    assert [(h.row.id, h.value) for h in hits] == [(str(record.id), "SOARES")]
    assert found(grantee(), "maria") == found(grantee(), "maria soares") == set()


def test_a_number_alone_shows_no_name(world: World) -> None:
    world.record()
    world.agree(clause(fields=["way", "number"]))
    assert found(grantee(), "soares") == set()
    assert found(door(actor("BNPP", "auditor"), Purpose.OVERSIGHT), "soares") == set()


def test_a_search_keeps_to_the_kind_asked(world: World) -> None:
    record = world.record()
    assert found(owner(), "soares", kind="trial") == {str(record.id)}
    assert found(owner(), "soares", kind="phyto") == set()


def test_what_a_person_types_cannot_break_the_question(world: World) -> None:
    record = world.record()
    for text in ('soares" OR "x', "soares*", "name:soares", "%", "' OR 1=1 --", "\x00", " ", "́"):
        assert found(owner(), text) <= {str(record.id)}


def test_many_scopes_and_few_find_alike(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = world.record()
    world.record("BARANTIN")
    assert found(owner(), "soares") == {str(record.id)}
    monkeypatch.setattr(names, "_FEW", 0)
    assert found(owner(), "soares") == {str(record.id)}


@pytest.mark.parametrize("scale", [(3, 4, 0, 3), (3, 2, 0, 3), (3, 4, 10**9, 3), (10**6, 4, 0, 3)])
def test_a_name_is_found_whichever_way_it_is_looked_for(
    world: World, monkeypatch: pytest.MonkeyPatch, scale: tuple[int, int, int, int]
) -> None:
    """On PostgreSQL each way in turn: among the newest, along the scopes, by trigrams."""
    for constant, value in zip(("NEWEST", "FURTHER", "FREQUENT", "SAMPLE"), scale, strict=True):
        monkeypatch.setattr(names_postgres, constant, value)
    made = [
        world.record(
            ("IMI", "BARANTIN", "DJBC")[number % 3],
            place=("PLBN-11", "PLBN-16")[number % 2],
            body={"way": "entry", "person": {"surname": ("SOARES", "PEREIRA")[number % 5 == 0]}},
        )
        for number in range(30)
    ]
    imi, barantin = made[0].scope_id, made[1].scope_id
    wanted = [
        record.id
        for number, record in enumerate(made)
        if number % 5
        and (record.scope_id == imi or (record.scope_id, record.place) == (barantin, "PLBN-16"))
    ]
    met: list[uuid.UUID] = []
    last: int | None = None
    for _ in range(len(made) + 9):
        part = names.search_names(
            "soar", [imi, barantin], 2, posts=[(barantin, "PLBN-16")], before=last
        )
        met += part.records
        last = part.rest
        if last is None:
            break
    assert met == wanted[::-1]


def test_a_name_among_many_of_other_posts_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world.record()
    for _ in range(12):
        world.record(place="PLBN-16")
    world.agree(clause(fields=["way", "person.*"], places=["PLBN-11"]))
    monkeypatch.setattr(search, "_NAMES_AT_FIRST", 2)
    monkeypatch.setattr(search, "_NAMES_AT_ONCE", 2)
    monkeypatch.setattr(search, "_NAMES_AT_MOST", 4)
    assert found(grantee(), "soares") == {str(here.id)}


def test_names_follow_their_record(world: World) -> None:
    record = world.record()
    other = world.record("BARANTIN")
    assert len(names.search_names("soares", [record.scope_id], 9).records) == 2
    Record.objects.filter(pk=record.pk).update(scope_id=other.scope_id)
    assert len(names.search_names("soares", [other.scope_id], 9).records) == 4
    names.forget_names([other.id])
    assert len(names.search_names("soares", [other.scope_id], 9).records) == 2
    Record.objects.filter(pk=record.pk).delete()
    assert not names.search_names("soares", [other.scope_id, record.scope_id], 9).records
