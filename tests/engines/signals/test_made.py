"""R's numbers on series made for these tests: what the public cases do not hold.

`made/` holds the series, the cases, and what `surveillance` 1.20.3 says of them: constant, empty,
closed and huge series, the population offset, and the GLR charts' falls, epidemics and counts.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from tapal.engines.signals.glr import Glr, glr
from tapal.engines.signals.series import Series
from tests.engines.signals.answers import Row, answered, rows

FOLDER = Path(__file__).parent / "made"
BARS = {"farringtonFlexible": 1e-9, "farrington": 1e-9, "cusum": 1e-9, "glrnb": 1e-6}
# Sums of logarithms that cancel: a statistic below it is rounding.
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Row]:
    """What this engine says, by case and point."""
    out = tmp_path_factory.mktemp("made") / "out.csv"
    return answered(FOLDER / "series.csv.gz", FOLDER / "index.csv", out)


def near(mine: str, theirs: str, bar: float) -> bool:
    """Whether two numbers agree; NA only with NA."""
    if "NA" in (mine, theirs):
        return mine == theirs
    return math.isclose(float(mine), float(theirs), rel_tol=bar, abs_tol=ROUNDING)


@pytest.mark.parametrize("method", list(BARS))
def test_agrees_with_r_on_made_series(method: str, ours: dict[tuple[str, str], Row]) -> None:
    theirs = [row for row in rows(FOLDER / "expected.csv.gz") if row["method"] == method]
    assert theirs
    apart = [
        (row, mine)
        for row in theirs
        if (mine := ours[row["id"], row["t"]])["alarm"] != row["alarm"]
        or not near(mine["upper"], row["upper"], BARS[method])
    ]
    assert not apart[:3]


# Made with R and surveillance 1.20.3: glrnb(range = 1:22, mu0 = rep(6, 22), c.ARL = 3, dir = "dec",
# ret = "cases", alpha = 0, M = M, Mtilde = Mtilde).
COUNTS = (5, 9, 7, 4, 1, 1, 4, 6, 8, 2, 12, 1, 1, 2, 1, 1, 0, 1, 0, 0, 0, 5)
FALLS = {
    (-1, 1): (0, 0, 0, 0, 2, 0, 0, 2, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0),
    (-1, 3): (0, 0, 0, 0, 2, 0, 0, 4, 3, 0, 3, 0, 0, 0, 6, 0, 0, 8, 0, 0, 0, 0),
    (6, 1): (0, 0, 0, 0, 1, 4, 0, 1, 0, 0, 3, 0, 4, 0, 3, 0, 4, 0, 4, 0, 0, 0),
    (6, 3): (0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 10, 0, 0, 0, 12, 0, 0, 0),
}


@pytest.mark.parametrize(("window", "least"), list(FALLS))
def test_a_fall_is_named_as_a_count_as_r_does(window: int, least: int) -> None:
    setting = Glr(3.0, (6.0,) * 22, direction="dec", ret="cases", window=window, least=least)
    found = glr(Series(np.array(COUNTS, float)), range(22), setting)
    assert tuple(found.upper) == FALLS[window, least]
    assert (found.reason == 0).all()
