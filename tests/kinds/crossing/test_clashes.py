"""Two officers who did not know of each other: nothing is done against a person on a contested value."""

from __future__ import annotations

from typing import Any

import pytest

from tapal.kinds.crossing.acts.stops import ANOTHER_DESK, CLASHING
from tests.kinds.crossing.desk import SIGNER, Desk, listed, proposed


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("person.nationality", ["IDN", "TLS"]),
        ("person.other_nationalities", [["IDN"], None]),
        ("document.issuing_state", ["IDN", "TLS"]),
        ("direction", ["exit", "entry"]),
        ("decision.citizenship", ["citizen", "foreigner"]),
    ],
)
def test_one_of_whom_two_things_are_said_is_neither_proposed_nor_refused(
    path: str, values: list[Any]
) -> None:
    desk = Desk()
    desk.clashes = {path: values}
    assert "propose_refusal" not in desk.offers()
    assert desk.waits() == {"propose_refusal": CLASHING}
    pending = proposed()
    assert "sign_refusal" in pending.offers(SIGNER)
    pending.clashes = {path: values}
    assert "sign_refusal" not in pending.offers(SIGNER)
    assert pending.waits(SIGNER) == {"sign_refusal": CLASHING}


def test_what_one_officer_allowed_another_does_not_sign_against() -> None:
    pending = proposed()
    pending.clashes = {"decision.outcome": ["admitted", "refusal_proposed"]}
    assert "sign_refusal" not in pending.offers(SIGNER)
    hold = Desk(listed("cegah"), direction="exit")
    hold.act("propose_exit_hold", ground="IMI/CEGAH/12/2026", facts="nama dan lahir cocok")
    hold.clashes = {"decision.outcome": ["admitted", "exit_hold_proposed"]}
    assert "sign_exit_hold" not in hold.offers(SIGNER)


@pytest.mark.parametrize(
    "clashes",
    [
        {"protection.fear_of_return": [True, None]},
        {"protection.fear_of_return": [True, False]},
        {
            "protection.fear_of_return": [True, None],
            "protection.ended_at": [None, "2026-03-10T03:00:00+00:00"],
        },
        {"decision.second_desk": ["open", "no_objection"]},
    ],
)
def test_of_clashing_values_the_one_that_protects_counts(clashes: dict[str, list[Any]]) -> None:
    pending = proposed()
    pending.clashes = clashes
    assert "sign_refusal" not in pending.offers(SIGNER)
    assert pending.waits(SIGNER) == {"sign_refusal": ANOTHER_DESK}


def test_a_contested_value_that_refuses_nobody_stops_nothing() -> None:
    desk = Desk()
    desk.clashes = {"person.birth_place": ["Balibo", "Maliana"]}
    assert "propose_refusal" in desk.offers()
