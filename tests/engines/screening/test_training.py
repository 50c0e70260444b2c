"""Practice lists are the same for the same seed, and weights keep their order."""

from random import Random

import numpy as np

from tapal.engines.screening.features import FEATURES, LEVELS
from tapal.engines.screening.training import people, writing
from tapal.engines.screening.training.fit import FREE, Rows, fit
from tapal.engines.screening.training.sets import practice
from tapal.engines.screening.weights import KNOTS, shipped


def test_practice_is_the_same_for_the_same_seed() -> None:
    assert practice(3, 50, 50) == practice(3, 50, 50)
    assert practice(3, 50, 50) != practice(4, 50, 50)


def test_every_culture_is_named_and_written_anew() -> None:
    dice = Random(1)
    for culture in people.PEOPLE:
        named = [people.person(dice, culture) for _ in range(40)]
        assert all(n.written().strip() for n in named)
        assert any(writing.written_anew(dice, n) != n.written() for n in named)


def test_shipped_weights_never_fall_where_a_level_speaks_more_for_it() -> None:
    model = shipped()
    for feature in set(FEATURES) - FREE - {"date"}:
        levels = model.weight[:, FEATURES.index(feature), : len(LEVELS[feature])]
        assert (np.diff(levels) >= -1e-4).all(), feature
    assert (np.diff(model.gain) >= -1e-4).all()


def test_fit_finds_what_was_planted() -> None:
    dice = np.random.default_rng(2)
    n = 4000
    levels = np.zeros((n, len(FEATURES)), np.int8)
    for place, feature in enumerate(FEATURES):
        levels[:, place] = len(LEVELS[feature]) - 1
    date, same_day = FEATURES.index("date"), LEVELS["date"].index("same_day")
    levels[:, date] = np.where(dice.random(n) < 0.5, same_day, LEVELS["date"].index("other_day"))
    same = dice.random(n) < np.where(levels[:, date] == same_day, 0.9, 0.1)
    base, weights = fit(Rows(np.full(n, 10.0), levels, same))
    assert weights["date", "same_day"] > 0 > weights["date", "other_day"]
    assert weights["date", "same_day"] - weights["date", "other_day"] > 3
    assert weights["gain", f"{KNOTS[-1]:g}"] >= 0
    assert np.isfinite(base)
