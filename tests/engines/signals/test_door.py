"""The door for reference cases: what it takes, what it refuses, and that it never breaks."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tapal.core.text import Text
from tapal.engines.signals import Reason, reference
from tapal.engines.signals.compiled import compiled, kept
from tapal.engines.signals.reasons import REASONS
from tapal.engines.signals.rnames import METHODS
from tapal.engines.signals.rvalues import BadParameter
from tapal.engines.signals.seasonal import Seasonal

Row = dict[str, str]
# Cases in, exit code and rows out.
Run = Callable[..., tuple[int, list[Row]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run cases over two series: `weeks` without dates, `months` with them."""

    def call(*cases: tuple[str, str, str, object, object]) -> tuple[int, list[Row]]:
        series, index, out = (tmp_path / name for name in ("s.csv", "i.csv", "o.csv"))
        counts = np.random.default_rng(6).poisson(4, 330)
        with series.open("w", newline="") as file:
            write = csv.writer(file).writerow
            write(["series", "t", "date", "observed", "state", "population"])
            for t, count in enumerate(counts, 1):
                write(["weeks", t, "", count, "", ""])
            for t, count in enumerate(counts[:120]):
                write(["months", t + 1, f"{2010 + t // 12}-{t % 12 + 1:02}-01", count, "", 1000])
        with index.open("w", newline="") as file:
            write = csv.writer(file).writerow
            write(["id", "series", "method", "params", "t0", "t1", "more"])
            for i, case in enumerate(cases):
                write([f"case{i}", *case, "x"])
        code = reference.main(["--series", str(series), "--index", str(index), "--out", str(out)])
        return code, list(reference.rows(out, reference.HEADER)) if out.exists() else []

    return call


def test_a_row_for_each_point(run: Run) -> None:
    code, rows = run(
        ("weeks", "earsC", "method=C1", 300, 309),
        ("months", "farringtonFlexible", "b=4;w=1;noPeriods=4", 100, 102),
    )
    assert code == 0
    assert [row["t"] for row in rows[:10]] == [str(t) for t in range(300, 310)]
    assert {row["method"] for row in rows[10:]} == {"farringtonFlexible"}
    assert all(float(row["upper"]) > 0 and row["alarm"] in "01" for row in rows)
    assert rows[0]["expected"] == "NA" and rows[10]["expected"] != "NA"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (("weeks", "oracle", "", 300, 301), "no_method"),
        (("nobody", "earsC", "", 300, 301), "no_series"),
        (("weeks", "earsC", "", 329, 340), "no_series"),
        (("weeks", "earsC", "", "soon", "later"), "no_series"),
        (("weeks", "earsC", "", 1, 10**12), "no_series"),
        (("weeks", "earsC", "", 0, 3), "no_series"),
        (("weeks", "earsC", "", 20, 10), "no_series"),
        (("weeks", "earsC", "colour=red", 300, 301), "bad_parameter"),
        (("weeks", "earsC", "method=C4", 300, 301), "bad_parameter"),
        (("weeks", "farringtonFlexible", "alpha=2", 300, 301), "bad_parameter"),
        (("weeks", "farringtonFlexible", "b=-1", 300, 301), "bad_parameter"),
        (("weeks", "farringtonFlexible", "limit54=many", 300, 301), "bad_parameter"),
        (("weeks", "glrnb", "mu0={X:1}", 300, 301), "bad_parameter"),
        (("weeks", "cusum", "m=", 300, 301), "bad_parameter"),
        (("weeks", "cusum", "m=1 2", 300, 304), "failed"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_reason(
    run: Run, case: tuple[str, str, str, object, object], reason: str
) -> None:
    code, rows = run(case, ("weeks", "rki", "", 300, 300))
    assert code == 1
    refused = [row for row in rows if row["id"] == "case0"]
    assert refused and all(row["reason"] == reason for row in refused)
    assert {(row["upper"], row["alarm"]) for row in refused} == {("NA", "NA")}
    assert rows[-1]["alarm"] in "01"


def test_nothing_usable_is_said_so(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert run(("weeks", "oracle", "", 300, 301))[0] == 2
    assert "none of 1 cases has a result" in caplog.text
    nothing = str(tmp_path / "none.csv")
    assert reference.main(["--series", nothing, "--index", nothing, "--out", nothing]) == 2
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\xff\xfe\x00")
    assert reference.main(["--series", str(bad), "--index", str(bad), "--out", nothing]) == 2


def test_a_series_without_dates_is_monthly_where_weeks_would_look_too_far_back(run: Run) -> None:
    code, rows = run(("weeks", "farringtonFlexible", "b=5;w=1", 97, 99))
    assert code == 0 and all(float(row["upper"]) > 0 for row in rows)


def test_one_case_that_looks_too_far_back_makes_no_weeks_months(run: Run) -> None:
    fits = ("weeks", "rki", "b=1;w=4;actY=FALSE", 100, 101)
    alone, _ = run(fits)[1]
    beside = run(
        fits, ("weeks", "rki", "b=1;w=6;actY=TRUE", 70, 70), ("weeks", "bayes", "b=1", 56, 56)
    )
    assert beside[1][0]["upper"] == alone["upper"]
    assert beside[1][-1]["reason"] == "short_past"


def test_cdc_is_for_weeks_alone(run: Run) -> None:
    _, rows = run(("months", "cdc", "b=2", 90, 91))
    assert {row["reason"] for row in rows} == {"not_weekly"}


def test_values_are_read_as_r_prints_them() -> None:
    flexible = METHODS["farringtonFlexible"].read(
        "limit54=c(0,4);powertrans=2/3;trend=FALSE;pastWeeksNotIncluded=NULL;pThresholdTrend=1"
    )
    assert flexible.limit54 == (0, 4) and flexible.past_not_included is None
    assert flexible.trend is False and flexible.p_threshold_trend == 1
    glr = METHODS["glrnb"].read("mu0={S:2 trend:1};alpha=NULL;theta=0.5;M=-1;dir=dec")
    assert glr.mu0 == Seasonal(2, True) and glr.alpha is None and glr.window == -1
    assert METHODS["glrnb"].read("mu0={S:1 trend:0}").mu0 == Seasonal(1, False)
    assert METHODS["cusum"].read("m=4.5").m == 4.5
    with pytest.raises(BadParameter):
        METHODS["glrpois"].read("alpha=0.1")


def test_every_reason_is_said_in_both_languages() -> None:
    assert set(REASONS) == set(Reason)
    for reason, text in REASONS.items():
        assert isinstance(text, Text)
        assert bool(text.id and text.en) is (reason != Reason.NONE)


def test_code_that_cannot_be_kept_runs_all_the_same() -> None:
    namespace: dict[str, Callable[[int], int]] = {}
    exec("def twice(x):\n    return 2 * x", namespace)
    twice = compiled(namespace["twice"])
    assert not kept(twice)
    assert twice(3) == 6
