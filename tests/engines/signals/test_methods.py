"""Each method on hand-made series, and on series that no method likes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tapal.engines.signals.cusum import Cusum, cusum, standardise
from tapal.engines.signals.ears import Ears, ears
from tapal.engines.signals.farrington import Farrington, farrington
from tapal.engines.signals.flexible import Flexible, flexible
from tapal.engines.signals.glr import Glr, glr
from tapal.engines.signals.outbreakp import OutbreakP, outbreakp
from tapal.engines.signals.quantile import negbin_quantile, poisson_quantile
from tapal.engines.signals.recent import Cdc, Recent, bayes, cdc, rki
from tapal.engines.signals.rnames import METHODS, Run
from tapal.engines.signals.seasonal import Seasonal
from tapal.engines.signals.series import ALARM, NO_RESULT, SILENT, Outcome, Reason, Series

FREQ = 13
FIRST = 70
# Every method, with settings short enough for a year of thirteen points.
RUNS: list[tuple[Run, Any]] = [
    (flexible, Flexible(b=4, w=1, no_periods=4, past_not_included=3)),
    (flexible, Flexible(b=3, w=2, threshold="muan", limit54=(0, 4))),
    (flexible, Flexible(b=5, w=1, threshold="nbPlugin", reweight=False, dispersion="textbook")),
    (farrington, Farrington(b=4, w=1)),
    (ears, Ears("C1")),
    (ears, Ears("C2", baseline=5, min_sigma=0.5)),
    (ears, Ears("C3")),
    (ears, Ears("C3", compat="textbook")),
    *((cusum, Cusum(trans=trans)) for trans in ("standard", "rossi", "anscombe", "none")),
    *((cusum, Cusum(trans=trans)) for trans in ("anscombe2nd", "pearsonNegBin")),
    (cusum, Cusum(trans="anscombeNegBin", reset=True)),
    (cusum, Cusum(m="glm", trans="rossi")),
    (glr, Glr()),
    (glr, Glr(alpha=None, ret="cases", most=50)),
    (glr, Glr(alpha=0.1, change="epi", window=20)),
    (glr, Glr(alpha=0.1, change="epi", compat="textbook")),
    (glr, Glr(alpha=0.2, direction="dec", compat="textbook")),
    (glr, Glr(theta=0.7, alpha=None, ret="cases")),
    (glr, Glr(least=3, window=20, ret="cases")),
    (bayes, Recent(2, 3, True)),
    (rki, Recent(2, 3, True)),
    (cdc, Cdc(2, 1)),
    (outbreakp, OutbreakP()),
    (outbreakp, OutbreakP(ret="cases", compat="textbook")),
]


def run(method: Run, setting: Any, series: Series, points: Sequence[int]) -> Outcome:
    """Run a method; a warning would be an error."""
    return method(series, points, setting)


def check_honest(series: Series, points: Sequence[int], found: Outcome) -> None:
    """No missing value is shown as an alarm or as silence, and what is missing has a reason."""
    at = np.asarray(points)
    for values in (found.expected, found.upper, found.alarm, found.reason):
        assert values.shape == at.shape
    assert set(found.alarm.tolist()) <= {ALARM, SILENT, NO_RESULT}
    missing = np.isnan(series.counts[at])
    assert (found.alarm[missing] == NO_RESULT).all()
    nameless = np.isnan(found.upper) & (found.reason == Reason.NONE)
    assert not nameless.any()
    assert (found.reason[found.alarm == NO_RESULT] != Reason.NONE).all()
    # Silence without a bound is said of few cases or of none only.
    quiet = (found.alarm == SILENT) & np.isnan(found.upper)
    few = np.isin(found.reason, [Reason.FEW_CASES]) | (series.counts[at] == 0)
    assert few[quiet].all() or (found.reason[quiet] == Reason.NOT_FINITE).all()


odd_counts = st.one_of(
    st.just(0.0),
    st.integers(0, 3).map(float),
    st.integers(0, 60).map(float),
    st.sampled_from([1e5, 1e9, 1e15, np.nan]),
)


@st.composite
def odd_series(draw: st.DrawFn) -> Series:
    """Zeros, gaps, constants, huge counts, a border that closes and opens again."""
    n = draw(st.integers(FIRST + 1, FIRST + 12))
    shape = draw(st.sampled_from(["any", "constant", "closed", "gappy", "one"]))
    if shape == "any":
        values = draw(st.lists(odd_counts, min_size=n, max_size=n))
    elif shape == "constant":
        values = [draw(odd_counts)] * n
    else:
        values = draw(st.lists(st.integers(0, 40).map(float), min_size=n, max_size=n))
    counts = np.array(values)
    if shape == "closed":
        start = draw(st.integers(0, n - 1))
        counts[start : start + draw(st.integers(1, 40))] = draw(st.sampled_from([0.0, np.nan]))
    if shape == "gappy":
        counts[draw(st.integers(0, 3)) :: draw(st.integers(2, 4))] = np.nan
    if shape == "one":
        counts[:-1] = 0.0
    return Series(counts, FREQ)


@pytest.mark.parametrize(("method", "setting"), RUNS)
@settings(max_examples=25)
@given(series=odd_series())
def test_odd_series_get_an_honest_answer(method: Run, setting: Any, series: Series) -> None:
    points = range(FIRST, len(series.counts))
    check_honest(series, points, run(method, setting, series, points))


@pytest.mark.parametrize(("method", "setting"), RUNS)
def test_a_short_series_gets_an_honest_answer(method: Run, setting: Any) -> None:
    for n in (1, 2, 5, 12):
        series = Series(np.arange(n, dtype=float), FREQ)
        check_honest(series, range(n), run(method, setting, series, range(n)))


@pytest.mark.parametrize(("method", "setting"), RUNS)
def test_every_method_hears_a_great_outbreak(method: Run, setting: Any) -> None:
    if isinstance(setting, Glr) and setting.direction == "dec":
        return
    rng = np.random.default_rng(4)
    counts = rng.poisson(6, FIRST + 8).astype(float)
    counts[FIRST + 2 : FIRST + 7] = (60, 90, 140, 160, 150)
    points = range(FIRST, FIRST + 8)
    found = run(method, setting, Series(counts, FREQ), points)
    assert ALARM in found.alarm.tolist()


def test_a_fall_is_heard_by_the_chart_for_falls() -> None:
    counts = np.full(90, 20.0)
    counts[80:] = 2
    found = run(glr, Glr(direction="dec"), Series(counts, 52), range(75, 90))
    assert found.alarm[:5].tolist() == [SILENT] * 5 and ALARM in found.alarm[5:].tolist()


def test_ears_by_hand() -> None:
    counts = np.array([2, 4, 4, 4, 5, 5, 4, 12, 3, 4, 30], dtype=float)
    found = ears(Series(counts), [7], Ears("C1"))
    # Mean 4, squares 4+0+0+0+1+1+0 = 6 over 6: deviation 1.
    assert found.expected[0] == 4 and found.alarm[0] == ALARM
    assert found.upper[0] == pytest.approx(4 + stats.norm.ppf(0.999))
    assert ears(Series(counts), [8], Ears("C2")).reason[0] == Reason.SHORT_PAST
    assert ears(Series(counts), [9], Ears("C2")).expected[0] == 4


def test_cusum_by_hand() -> None:
    counts = np.array([4, 4, 4, 4, 8, 6, 4], dtype=float)
    found = cusum(Series(counts), [4, 5, 6], Cusum(k=0.5, h=2.0))
    # (8-4)/2 - .5 = 1.5, then + 1 - .5 = 2.0: an alarm; then 1.5.
    assert found.alarm.tolist() == [SILENT, ALARM, SILENT]
    # 4 + 2 * 2.5 = 9; with a sum of 1.5 already there 4 + 2 * 1 = 6.
    assert found.upper.tolist() == [9, 6, 5]


def test_rki_takes_the_table_up_to_twenty_and_two_deviations_above() -> None:
    low = rki(Series(np.array([1.0, 1, 2, 1, 1, 2, 9])), [6], Recent(0, 6))
    assert low.upper[0] == 5.323 and low.alarm[0] == ALARM
    high = rki(Series(np.array([30.0, 30, 34, 34, 32, 32, 40])), [6], Recent(0, 6))
    assert high.upper[0] == pytest.approx(32 + 2 * np.sqrt(16 / 5))


def test_bayes_is_the_quantile_of_what_the_past_predicts() -> None:
    counts = np.array([1.0, 0, 2, 1, 0, 2, 5])
    found = bayes(Series(counts), [6], Recent(0, 6, alpha=0.05))
    assert found.upper[0] == stats.nbinom.ppf(0.95, 6.5, 6 / 7)
    assert found.alarm[0] == ALARM


def test_cdc_adds_four_weeks() -> None:
    counts = np.concatenate([np.tile([1.0, 2, 3, 2], 40)])
    counts[155] = 40
    found = cdc(Series(counts, 52), [154, 155], Cdc(2, 1))
    assert found.expected.tolist() == [8, 8] and found.alarm.tolist() == [SILENT, ALARM]


def test_outbreakp_rises_with_a_rise_alone() -> None:
    flat = outbreakp(Series(np.array([3.0, 3, 3, 3])), [3], OutbreakP())
    assert flat.upper[0] == pytest.approx(1.0)
    # Levels 1 and 5 against a mean of 3: (1/3)**2 * (5/3)**10.
    rise = outbreakp(Series(np.array([1.0, 1, 5, 5])), [3], OutbreakP())
    assert rise.upper[0] == pytest.approx((1 / 3) ** 2 * (5 / 3) ** 10)


def test_outbreakp_in_logarithms_goes_on_where_the_product_is_lost() -> None:
    counts = np.concatenate([np.full(100, 200.0), np.full(20, 2000.0)])
    lost = run(outbreakp, OutbreakP(), Series(counts), [119])
    found = run(outbreakp, OutbreakP(compat="textbook"), Series(counts), [119])
    assert found.alarm[0] == ALARM and np.isinf(found.upper[0])
    assert lost.alarm[0] != ALARM


def test_glr_by_hand() -> None:
    setting = Glr(mu0=(4.0,), c=5.0)
    found = glr(Series(np.array([4.0, 8, 12])), [0, 1, 2], setting)
    # From the second point on: 20 counts where 8 were expected.
    assert found.upper[0] == 0
    assert found.upper[2] == pytest.approx(20 * np.log(20 / 8) - 12)
    assert found.alarm.tolist() == [SILENT, SILENT, ALARM]


def test_the_charts_needed_count_is_the_least_that_raises_the_alarm() -> None:
    rng = np.random.default_rng(8)
    counts = rng.poisson(5, 120).astype(float)
    for alpha in (0.0, 0.2):
        asked = Glr(mu0=Seasonal(1, False), alpha=alpha, ret="cases", compat="textbook")
        told = Glr(mu0=Seasonal(1, False), alpha=alpha, compat="textbook")
        needed = int(glr(Series(counts, 52), [115, 116, 117], asked).upper[2])
        for count, alarm in ((needed - 1, SILENT), (needed, ALARM)):
            tried = counts.copy()
            tried[117] = count
            assert glr(Series(tried, 52), [115, 116, 117], told).alarm[2] == alarm


def test_the_plain_search_and_the_safe_one_find_the_same_change() -> None:
    rng = np.random.default_rng(9)
    counts = rng.negative_binomial(5, 0.5, 150).astype(float)
    found = [
        glr(Series(counts, 52), range(110, 150), Glr(alpha=0.2, compat=way)).upper
        for way in ("surveillance", "textbook")
    ]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6, atol=1e-9)


@settings(max_examples=60)
@given(
    mean=st.floats(1e-6, 1e7),
    phi=st.floats(1.001, 50),
    p=st.sampled_from([0.5, 0.95, 0.99, 0.9999]),
)
def test_quantiles_are_those_of_the_distribution(mean: float, phi: float, p: float) -> None:
    size = mean / (phi - 1)
    ours = negbin_quantile(p, np.array([mean]), np.array([size]))[0]
    theirs = stats.nbinom.ppf(p, size, 1 / phi)
    assert abs(ours - theirs) <= 1
    assert stats.nbinom.cdf(ours, size, 1 / phi) >= p - 1e-9
    assert poisson_quantile(p, np.array([mean]))[0] == pytest.approx(
        stats.poisson.ppf(p, mean), abs=1
    )


@pytest.mark.parametrize("mean", [1e30, 1e100, 1e299, 1e305, np.inf, np.nan])
def test_huge_means_come_to_an_end(mean: float) -> None:
    found = negbin_quantile(0.99, np.array([mean]), np.array([mean / 2]))[0]
    assert np.isnan(found) or found > mean / 2


@pytest.mark.parametrize("name", list(METHODS))
def test_every_method_runs_with_r_defaults(name: str) -> None:
    method = METHODS[name]
    counts = np.random.default_rng(2).poisson(4, 330).astype(float)
    points = range(320, 330)
    setting = method.read("")
    check_honest(Series(counts), points, run(method.run, setting, Series(counts), points))


def test_counts_may_be_whole_numbers_or_none() -> None:
    whole = Series([1, 2, None, 4])  # type: ignore[arg-type]
    assert whole.counts.dtype == np.float64 and np.isnan(whole.counts[2])


@pytest.mark.parametrize("wrong", [[1.0, -1.0], [np.inf], [[1.0]]])
def test_what_is_no_count_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError):
        Series(np.array(wrong))


def test_the_negative_binomial_residual_is_the_integral_that_it_stands_for() -> None:
    """Checked against a fine sum, not against another formula."""
    m, y, alpha = 20.0, 30.0, 0.05
    t = np.linspace(m, y, 200_001)
    height = (t + alpha * t**2) ** (-1 / 3)
    area = float(((height[1:] + height[:-1]) / 2).sum() * (t[1] - t[0]))
    found = standardise(np.array([y]), np.array([m]), "anscombeNegBin", alpha)[0]
    assert found == pytest.approx(area / (m + alpha * m**2) ** (1 / 6), rel=1e-9)


# Made with R and surveillance 1.20.3: glrpois(range = 21:32, mu0 = rep(5, 12), Mtilde = 4, M = -1,
# c.ARL = 1000, ret = "value") and glrnb(alpha = 0.1, ...) on these counts.
SIXTHS = (
    4,
    8,
    5,
    5,
    6,
    6,
    3,
    5,
    6,
    7,
    6,
    6,
    6,
    6,
    9,
    8,
    3,
    7,
    9,
    4,
    4,
    1,
    3,
    3,
    4,
    8,
    6,
    9,
    6,
    8,
    5,
    5,
)
POISSON = (
    0.760029034,
    0.7106113127,
    1.831212341,
    1.775343137,
    2.505557248,
    2.131833938,
    1.85557839,
)
NEGBIN = (0, 0.01630602853, 0.7095041658, 1.131769113, 1.593016802, 1.365193357, 1.194588987)


@pytest.mark.parametrize(("alpha", "reference"), [(0.0, POISSON), (0.1, NEGBIN)])
def test_glr_waits_for_its_least_points_as_r_does(
    alpha: float, reference: tuple[float, ...]
) -> None:
    series = Series(np.array(SIXTHS, dtype=np.float64))
    setting = Glr(c=1000.0, mu0=(5.0,), alpha=alpha, least=4)
    found = glr(series, range(20, 32), setting).upper
    assert found == pytest.approx([0.0] * 5 + list(reference), rel=1e-6, abs=1e-12)


def test_outbreakp_names_no_count_where_none_is_an_alarm_already() -> None:
    """So does R; the textbook's way says zero."""
    rising = Series(np.concatenate([np.zeros(30), np.arange(1.0, 12.0), [40.0]]))
    for compat, bound in (("surveillance", None), ("textbook", 0.0)):
        setting = OutbreakP(k=2.0, ret="cases", compat=compat)  # type: ignore[arg-type]
        found = outbreakp(rising, [41], setting)
        assert found.alarm[0] == ALARM
        assert np.isnan(found.upper[0]) if bound is None else found.upper[0] == bound
