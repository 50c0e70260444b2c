"""Clauses: what they open, and the stretches that they come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tapal.core.clauses import Clause, Reach, Scope, Seek, narrow, opened, union
from tapal.core.marking import ANY_PURPOSE, CHECKS, Mark, Purpose, Sensitivity

S = Sensitivity
MARKS = {
    "way": Mark("a", "a", S.OPEN, purposes=ANY_PURPOSE),
    "person.name": Mark("a", "a", S.RESTRICTED, personal=True),
    "person.home.town": Mark("a", "a", S.RESTRICTED, personal=True),
    "secret": Mark("a", "a", S.CONFIDENTIAL),
    "shelter": Mark("a", "a", S.INTERNAL, True, frozenset({Purpose.PROTECTION})),
}
BORDER = Purpose.BORDER_CONTROL
START = datetime(2026, 1, 1, tzinfo=UTC)
SCOPES = {1: Scope(1, "A", "k", S.RESTRICTED)}


def test_a_star_opens_what_lies_below_and_no_other() -> None:
    fields = frozenset({"person.*", "wa*"})
    assert opened(fields, MARKS, highest=S.RESTRICTED, purpose=BORDER) == {
        "person.name",
        "person.home.town",
    }
    assert opened(frozenset({"person"}), MARKS, highest=S.RESTRICTED, purpose=BORDER) == frozenset()


def test_level_purpose_and_person_bound_what_is_opened() -> None:
    assert opened("*", MARKS, highest=S.INTERNAL, purpose=BORDER) == {"way"}
    assert opened("*", MARKS, highest=S.RESTRICTED, purpose=Purpose.STATISTICS) == {"way"}
    assert opened("non_personal", MARKS, highest=S.CONFIDENTIAL, purpose=BORDER) == {
        "way",
        "secret",
    }
    assert opened(frozenset(), MARKS, highest=S.WITHHELD, purpose=BORDER) == frozenset()


def test_protection_alone_is_not_for_outsiders() -> None:
    inside = opened("*", MARKS, highest=S.INTERNAL, purpose=Purpose.PROTECTION)
    outside = opened("*", MARKS, highest=S.INTERNAL, purpose=Purpose.PROTECTION, outside=True)
    assert inside - outside == {"shelter"}
    assert Purpose.PROTECTION in CHECKS


def clause(number: int, places: frozenset[str] | None, since: datetime | None) -> Clause:
    return Clause(f"c{number}", {1: frozenset({f"f{number}"})}, S.RESTRICTED, False, places, since)


@given(
    bounds=st.lists(
        st.tuples(
            st.none() | st.frozensets(st.sampled_from("pqr"), max_size=3),
            st.none() | st.integers(0, 5),
        ),
        max_size=5,
    ),
    row=st.tuples(st.sampled_from("pqrs"), st.integers(0, 6)),
    asked=st.tuples(st.none() | st.sampled_from("pq"), st.none() | st.integers(0, 6)),
)
def test_each_row_lies_in_one_stretch_or_in_none(
    bounds: list[tuple[frozenset[str] | None, int | None]],
    row: tuple[str, int],
    asked: tuple[str | None, int | None],
) -> None:
    def day(n: int | None) -> datetime | None:
        return None if n is None else START + timedelta(days=n)

    clauses = [clause(n, places, day(since)) for n, (places, since) in enumerate(bounds)]
    reach = Reach.of(clauses, SCOPES)
    place, at = row[0], START + timedelta(days=row[1])
    satisfied = reach.satisfied(1, place, at)
    assert satisfied == tuple(c for c in clauses if c.covers(1, place, at))
    assert len([s for s in reach.seeks if _holds(s, place, at)]) == bool(satisfied)
    fits = (asked[0] in (None, place)) and (asked[1] is None or row[1] >= asked[1])
    narrowed = narrow(reach.seeks, place=asked[0], since=day(asked[1]))
    assert len([s for s in narrowed if _holds(s, place, at)]) == bool(satisfied and fits)


def _holds(seek: Seek, place: str, at: datetime) -> bool:
    return (
        seek.place in (None, place)
        and (seek.since is None or seek.since <= at)
        and (seek.until is None or at < seek.until)
    )


def test_a_clause_without_a_field_opens_no_row() -> None:
    reach = Reach.of([Clause("c", {1: frozenset()}, S.RESTRICTED)], SCOPES)
    assert reach.seeks == () and not reach.scopes
    assert reach.satisfied(1, "p", START) == ()


def test_fields_add_up() -> None:
    both = [clause(1, None, None), clause(2, None, None)]
    assert union(both, 1) == {"f1", "f2"}
