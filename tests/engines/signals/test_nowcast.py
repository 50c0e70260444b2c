"""What has not been reported yet is neither a zero nor invented."""

import numpy as np

from tapal.engines.signals.nowcast import nowcast, reported_share, share_now, triangle


def test_a_triangle_knows_what_has_not_come_yet() -> None:
    table = triangle(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), weeks=3, longest=2)
    assert table[0].tolist() == [1.0, 1.0, 0.0]
    assert np.isnan(table[2, 1:]).all() and table[2, 0] == 1.0
    assert np.isnan(table[1, 2]) and table[1, 1] == 0.0


def test_the_share_reported_is_learned_from_a_growing_series_too() -> None:
    """Half at once, three tenths a week later, a fifth after two; cases double in ten weeks."""
    rng = np.random.default_rng(4)
    weeks = 80
    cases = rng.poisson(40.0 * 2.0 ** (np.arange(weeks) / 10.0 - 4.0))
    onset = np.repeat(np.arange(weeks), cases)
    delay = rng.choice(3, onset.size, p=[0.5, 0.3, 0.2])
    seen = onset + delay < weeks
    table = triangle(onset[seen], (onset + delay)[seen], weeks, 4)
    share = share_now(reported_share(table), weeks)
    assert abs(share[-1] - 0.5) < 0.03 and abs(share[-2] - 0.8) < 0.03 and share[0] == 1.0


def test_a_nowcast_covers_the_final_count() -> None:
    rng = np.random.default_rng(5)
    share = np.array([1.0, 0.8, 0.5])
    inside = []
    for _ in range(400):
        final = rng.poisson(60.0, 3)
        total, error = nowcast(rng.binomial(final, share).astype(float), share)
        inside.append(np.abs(total - final) <= 1.96 * error + 1e-9)
    assert (np.mean(inside, axis=0) > 0.9).all()
    assert error[0] == 0.0
