"""Lists hold the share of false alarms that they promise."""

import numpy as np
import pytest

from tapal.engines.signals.fdr import (
    adjusted,
    adjusted_any_dependence,
    adjusted_evidence,
    adjusted_weighted,
    listed,
    null_share,
)


def test_q_values_of_a_worked_example() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert adjusted(p) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert listed(adjusted(p), 0.03).tolist() == [0, 3]


def test_tests_that_were_made_and_not_given_count() -> None:
    assert adjusted(np.array([0.001]), tests=50) == pytest.approx([0.05])


def test_any_dependence_costs_the_harmonic_sum() -> None:
    p = np.array([0.01, 0.02])
    assert adjusted_any_dependence(p) == pytest.approx(1.5 * adjusted(p))


def test_a_series_of_great_weight_comes_first() -> None:
    q = adjusted_weighted(np.array([0.01, 0.01]), np.array([3.0, 1.0]))
    assert q[0] < q[1]
    assert adjusted_weighted(np.array([0.5]), np.array([0.0])).tolist() == [1.0]


def test_no_series_gives_an_empty_list() -> None:
    assert adjusted(np.zeros(0)).size == listed(np.zeros(0), 0.1).size == 0


def test_null_share_sees_half_and_is_never_above_one() -> None:
    rng = np.random.default_rng(1)
    p = np.concatenate([rng.random(5000), rng.random(5000) * 1e-4])
    assert 0.48 < null_share(p) < 0.53
    assert null_share(np.ones(10)) == 1.0


@pytest.mark.parametrize("rule", ["p", "e"])
def test_the_false_share_is_held_over_many_lists(rule: str) -> None:
    rng = np.random.default_rng(2)
    shares = []
    for _ in range(300):
        shift = np.where(np.arange(200) < 20, 3.5, 0.0)
        z = rng.standard_normal(200) + shift
        if rule == "p":
            from scipy.stats import norm

            q = adjusted(np.asarray(norm.sf(z)))
        else:
            q = adjusted_evidence(np.exp(3.5 * z - 3.5**2 / 2))
        on = listed(q, 0.1)
        shares.append((on >= 20).sum() / max(on.size, 1))
    assert np.mean(shares) <= 0.1
