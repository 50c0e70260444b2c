"""Edits that meet in any order end alike, and no unseen value is lost."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tapal.core.registers import Edit, State, apply, conflicts, merge, resolve, seen

BASE = {"a": 1, "b": {"c": "x"}}
FIRST = "r0"
PATHS = ("a", "b.c", "d")


def edit(rev: str, value: Any, *saw: str, path: str = "a") -> Edit:
    return Edit(rev, {path: value}, {path: saw})


def after(*edits: Edit) -> State:
    state: State = {}
    for each in edits:
        state = apply(state, each, FIRST, BASE)
    return state


def test_an_edit_replaces_what_it_saw() -> None:
    state = after(edit("r1", 2, FIRST), edit("r2", 3, "r1"))
    assert (resolve(BASE, state)["a"], conflicts(state)) == (3, {})


def test_edits_that_did_not_see_each_other_both_stay() -> None:
    state = after(edit("r1", 2, FIRST), edit("r2", 3, FIRST))
    assert conflicts(state) == {"a": [2, 3]}


def test_an_edit_that_saw_both_settles() -> None:
    state = after(edit("r1", 2, FIRST), edit("r2", 3, FIRST), edit("r3", 2, "r1", "r2"))
    assert (resolve(BASE, state)["a"], conflicts(state)) == (2, {})


def test_equal_values_do_not_clash() -> None:
    assert conflicts(after(edit("r1", 2, FIRST), edit("r2", 2, FIRST))) == {}


def test_a_value_taken_away_leaves_no_key() -> None:
    body = resolve(BASE, after(edit("r1", None, FIRST, path="b.c")))
    assert body == {"a": 1, "b": {}}


def test_the_base_is_never_changed() -> None:
    resolve(BASE, after(edit("r1", "y", FIRST, path="b.c")))
    assert BASE == {"a": 1, "b": {"c": "x"}}


def test_what_is_seen_is_what_stands() -> None:
    state = after(edit("r1", 2, FIRST), edit("r2", 3, FIRST))
    assert seen(state, "a", FIRST) == ("r1", "r2")
    assert seen(state, "d", FIRST) == (FIRST,)


def test_every_order_of_three_edits_ends_alike() -> None:
    edits = [edit("r1", 2, FIRST), edit("r2", 3, "r1"), edit("r3", 4, FIRST)]
    ends = [after(*order) for order in itertools.permutations(edits)]
    assert all(end == ends[0] for end in ends)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Edit]]:
    """Three nodes that edit, hear of each other now and then, and name what they saw."""
    known: list[State] = [{}, {}, {}]
    made: list[list[Edit]] = [[], [], []]
    for number in range(draw(st.integers(1, 12))):
        node, path = draw(st.integers(0, 2)), draw(st.sampled_from(PATHS))
        if draw(st.booleans()):
            known[node] = merge(known[node], known[draw(st.integers(0, 2))])
        each = Edit(f"r{number + 1:02d}", {path: number}, {path: seen(known[node], path, FIRST)})
        known[node] = apply(known[node], each, FIRST, BASE)
        made[node].append(each)
    return made


@settings(max_examples=500, deadline=None)
@given(histories(), st.randoms())
def test_three_nodes_converge_whatever_the_order(made: list[list[Edit]], random: Any) -> None:
    edits = [each for node in made for each in node]
    expected = after(*edits)
    random.shuffle(edits)
    assert after(*edits) == expected
    left, middle, right = (after(*node) for node in made)
    assert merge(merge(left, middle), right) == expected == merge(right, merge(middle, left))
    assert merge(expected, expected) == expected


@settings(max_examples=200, deadline=None)
@given(histories())
def test_no_value_that_nobody_replaced_is_lost(made: list[list[Edit]]) -> None:
    edits = [each for node in made for each in node]
    replaced = {(path, rev) for each in edits for path, revs in each.saw.items() for rev in revs}
    state = after(*edits)
    for each in edits:
        for path in each.values:
            if (path, each.revision) not in replaced:
                assert each.revision in state[path]["values"]
