"""Redaction leaves the allowed leaves and no trace of the others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapal.core.redaction import leaf_path, redact, value_at, within

BODY = {
    "way": "entry",
    "person": {"name": "A", "born": "1990"},
    "companions": [{"name": "B", "born": "1991"}, {"name": "C"}],
    "notes": ["x", "y"],
}


@pytest.mark.parametrize(
    ("allowed", "left"),
    [
        ((), {}),
        (("way",), {"way": "entry"}),
        (("person.name",), {"person": {"name": "A"}}),
        (("person.gone",), {}),
        (("companions.born",), {"companions": [{"born": "1991"}, {}]}),
        (("companions.gone",), {}),
        (("notes",), {"notes": ["x", "y"]}),
        (("notes.x", "way.x"), {}),
    ],
)
def test_only_allowed_leaves_stay(allowed: tuple[str, ...], left: dict[str, Any]) -> None:
    assert redact(BODY, frozenset(allowed)) == left


def leaves(node: Any, path: str = "") -> set[str]:
    if isinstance(node, dict):
        return {p for k, v in node.items() for p in leaves(v, f"{path}.{k}" if path else k)}
    if isinstance(node, list) and any(isinstance(v, dict) for v in node):
        return {p for v in node for p in leaves(v, path)}
    return {path}


NAMES = st.sampled_from("abc")
TREES = st.recursive(
    st.integers() | st.text(max_size=2),
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(NAMES, TREES, max_size=3),
    st.frozensets(
        st.sampled_from(["a", "b", "a.b", "a.c", "b.a", "b.c.a", "a.a.a", "c"]), max_size=4
    ),
)
def test_nothing_stays_that_no_path_allows(body: dict[str, Any], allowed: frozenset[str]) -> None:
    for leaf in leaves(redact(body, allowed)) - {""}:
        assert any(leaf == path or leaf.startswith(f"{path}.") for path in allowed)
        assert value_at(body, leaf) is not None or leaf in leaves(body)


def test_paths_lose_their_list_positions() -> None:
    assert leaf_path("companions.0.name") == "companions.name"
    assert value_at(BODY, "companions.1.name") == "C"
    assert within(["companions.0.name"], frozenset({"companions.name"}))
    assert not within(["way", "person.name"], frozenset({"way"}))
