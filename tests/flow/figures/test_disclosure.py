"""Small counts are kept back, and nobody can reckon them from what is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tapal.flow.figures.disclosure import NEVER, keep_back
from tapal.flow.figures.question import Disclosure

COUNTS = Disclosure({"n": ("rate",)})


def kept(counts: list[int], smallest: int = 5) -> tuple[list[int | None], int]:
    """The counts that are told, None for those that are not."""
    rows, hidden = keep_back([{"n": n, "rate": 1.0} for n in counts], COUNTS, smallest)
    assert all((row["n"] is None) == (row["rate"] is None) for row in rows)
    return [row["n"] for row in rows], hidden


def test_small_counts_are_not_told_but_nothing_is() -> None:
    assert kept([10, 4, 3, 0, 7]) == ([10, None, None, 0, 7], 2)


def test_one_small_count_takes_the_next_with_it() -> None:
    # With the total known from elsewhere, 2 would be reckoned.
    assert kept([10, 2, 7]) == ([10, None, None], 2)


def test_large_counts_are_told() -> None:
    assert kept([5, 6]) == ([5, 6], 0)


def test_without_a_rule_row_nothing_is_told() -> None:
    assert kept([10**9, 0], NEVER) == ([None, 0], 1)


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 10))
def test_what_is_kept_back_is_never_a_few_people(counts: list[int], smallest: int) -> None:
    told, hidden = kept(counts, smallest)
    back = [n for n, said in zip(counts, told, strict=True) if said is None]
    assert len(back) == hidden and 0 not in back
    assert all(said is None or said == 0 or said >= smallest for said in told)
    # Either nothing is missing, or too many to name one, or nothing is told at all.
    assert not back or sum(back) >= smallest or not any(told)
