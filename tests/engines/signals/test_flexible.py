"""Farrington Flexible: machine code and numpy, the plain textbook fit, populations."""

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tapal.engines.signals import Flexible, Panel, Reason, expect
from tapal.engines.signals.series import ALARM, NO_RESULT, SILENT, Expectation, Floats
from tapal.engines.signals.windows import season

N_TIME = 330
SETTINGS = [
    Flexible(),
    Flexible(no_periods=10, past_not_included=26, p_threshold_trend=1, threshold="nbPlugin"),
    Flexible(b=3, w=2, no_periods=5, trend=False, powertrans="1/2", alpha=0.01),
    Flexible(b=4, reweight=False, powertrans="none", dispersion="textbook"),
    Flexible(b=2, no_periods=4, threshold="muan", limit54=(0, 4), dispersion="floored"),
]


def panel(seed: int, gaps: float = 0.0) -> Panel:
    """Series of many sizes, some with a trend, some with outbreaks, some empty, some with gaps."""
    rng = np.random.default_rng(seed)
    time = np.arange(N_TIME)
    level = rng.normal(1.0, 1.5, (40, 1))
    slope = rng.normal(0.0, 0.002, (40, 1))
    wave = np.cos(2 * np.pi * time / 52) * rng.uniform(0, 1, (40, 1))
    counts = rng.negative_binomial(5, 5 / (5 + np.exp(level + slope * time + wave))).astype(float)
    counts[rng.random(counts.shape) < 0.01] += 20
    counts[0] = 0
    counts[1] = 7
    counts[rng.random(counts.shape) < gaps] = np.nan
    population = rng.uniform(1e4, 1e6, (40, 1)) * np.exp(0.001 * time)
    return Panel(counts, population=population)


def numbers(found: Expectation) -> dict[str, NDArray[np.float64]]:
    """All arrays by name."""
    return {field.name: np.asarray(getattr(found, field.name), float) for field in fields(found)}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_machine_code_and_numpy_agree(setting: Flexible, gaps: float) -> None:
    data = panel(3, gaps)
    fast, slow = (
        numbers(expect(data, range(290, 300), setting, compiled=way)) for way in (True, False)
    )
    assert (fast["reason"] == slow["reason"]).all() and (fast["alarm"] == slow["alarm"]).all()
    for name in ("mean", "phi", "se", "upper", "p_value"):
        np.testing.assert_allclose(fast[name], slow[name], rtol=1e-12, atol=1e-15, err_msg=name)


def plain_fit(y: Floats, x: Floats, offset: Floats) -> tuple[Floats, Floats, float]:
    """Coefficients, their covariance and the dispersion of a quasi-Poisson fit, by matrices.

    It goes on to the end; the engine stops where R stops, which the dispersion shows.
    """
    start = np.linalg.lstsq(x, np.log(y + 0.5) - offset, rcond=None)[0]
    beta: Floats = np.asarray(start, dtype=np.float64)
    for _ in range(60):
        mu = np.exp(x @ beta + offset)
        beta += np.linalg.solve((x.T * mu) @ x, x.T @ (y - mu))
    mu = np.exp(x @ beta + offset)
    phi = float((((y - mu) ** 2) / mu).sum() / (len(y) - x.shape[1]))
    covariance: Floats = np.asarray(np.linalg.inv((x.T * mu) @ x), dtype=np.float64)
    return beta, covariance, phi


@pytest.mark.parametrize("population", [False, True])
def test_the_mean_is_that_of_the_plain_model(population: bool) -> None:
    data, point = panel(5), 300
    setting = Flexible(
        b=4,
        no_periods=4,
        reweight=False,
        p_threshold_trend=1,
        population_offset=population,
        dispersion="textbook",
    )
    found = expect(data, [point], setting)
    assert data.population is not None
    checked = 0
    for s in range(2, 40):
        if found.trend[s, 0] == 0 or found.mean[s, 0] < 0.5:
            continue
        past = season(point, setting.reach, 52, None, N_TIME)
        levels = np.eye(past.levels)[past.level]
        x = np.column_stack([levels, past.time])
        y = data.counts[s, past.rows]
        logs = np.log(data.population[s]) if population else np.zeros(N_TIME)
        beta, covariance, phi = plain_fit(y, x, logs[past.rows])
        now = np.append(np.eye(past.levels)[-1], 0.0)
        assert found.mean[s, 0] == pytest.approx(np.exp(now @ beta + logs[point]), rel=1e-6)
        assert found.phi[s, 0] == pytest.approx(max(phi, 1.0), rel=1e-4)
        se = np.sqrt(phi * (now @ covariance @ now))
        assert found.se[s, 0] == pytest.approx(se, rel=1e-4)
        checked += 1
    assert checked > 5


def test_a_population_that_never_changes_changes_nothing() -> None:
    data = panel(7)
    still = Panel(data.counts, population=np.full(data.counts.shape, 5e5))
    for setting in SETTINGS[:3]:
        without = expect(data, [310], setting)
        beside = expect(still, [310], replace(setting, population_offset=True))
        some = without.reason[:, 0] == Reason.NONE
        np.testing.assert_allclose(beside.upper[some], without.upper[some], rtol=1e-6)


def test_double_the_travellers_double_the_expected_count() -> None:
    data = panel(7)
    assert data.population is not None
    more = data.population.copy()
    more[:, 310] *= 2
    setting = Flexible(population_offset=True, trend=False)
    one = expect(data, [310], setting)
    two = expect(Panel(data.counts, population=more), [310], setting)
    np.testing.assert_allclose(two.mean[1:], 2 * one.mean[1:], rtol=1e-12)


@pytest.mark.parametrize("hole", [0.0, -1.0, np.nan])
def test_without_a_population_there_is_no_result(hole: float) -> None:
    data = panel(7)
    assert data.population is not None
    bad = data.population.copy()
    bad[2, 258] = hole
    bad[3, 310] = hole
    found = expect(Panel(data.counts, population=bad), [310], Flexible(population_offset=True))
    assert found.reason[[2, 3], 0].tolist() == [Reason.NO_POPULATION] * 2
    assert found.alarm[[2, 3], 0].tolist() == [NO_RESULT] * 2
    assert found.alarm[4, 0] in (ALARM, SILENT)


def test_the_two_dispersions_differ_only_after_reweighting() -> None:
    data = panel(11)
    for reweight in (True, False):
        one, other = (
            expect(data, [320], Flexible(reweight=reweight, trend=False, dispersion=way)).upper
            for way in ("surveillance", "textbook")
        )
        assert bool(np.nanmax(np.abs(one - other)) > 1e-6) is reweight


def test_a_planted_outbreak_is_an_alarm_and_a_quiet_week_is_not() -> None:
    data = panel(13)
    data.counts[1, 320:322] = (70, 7)
    found = expect(data, [320, 321], Flexible(no_periods=10, past_not_included=26))
    assert found.alarm[1].tolist() == [ALARM, SILENT]
    assert found.p_value[1, 0] < 1e-6 < found.p_value[1, 1]


def test_a_week_that_was_not_reported_has_no_verdict() -> None:
    data = panel(17)
    data.counts[2, 320] = np.nan
    found = expect(data, [320], Flexible())
    assert found.alarm[2, 0] == NO_RESULT and found.reason[2, 0] == Reason.NOT_REPORTED


# Made with R 4 and surveillance 1.20.3: sts(observed = MONTHS, frequency = 12), then
# farringtonFlexible(range = 49:50, b, w, noPeriods, pastWeeksNotIncluded, thresholdMethod = "delta",
# limit54 = c(0, 4)); the windows of two years overlap, so that no point is left for other levels.
MONTHS = (
    *(4, 7, 9, 12, 10, 8, 6, 5, 3, 4, 2, 5, 6, 8, 11, 13, 9, 9, 7, 4, 5, 3, 4, 4, 7),
    *(9, 14, 11, 12, 8, 5, 6, 4, 2, 3, 6, 5, 9, 10, 15, 11, 7, 8, 5, 4, 4, 3, 5, 8, 19),
)
OVERLAPPING = [
    (Flexible(b=2, w=6, no_periods=5, past_not_included=1), 13.325009710411038, 13.444278057538771),
    (Flexible(b=3, w=7, no_periods=4, past_not_included=2), 14.17035649376337, 15.716939050679089),
    (
        Flexible(b=2, w=10, no_periods=3, past_not_included=0),
        11.606527881203123,
        12.431650681710156,
    ),
]


@pytest.mark.parametrize(("setting", "first", "second"), OVERLAPPING)
def test_windows_that_overlap_give_the_numbers_of_r(
    setting: Flexible, first: float, second: float
) -> None:
    months = Panel(np.array([MONTHS], dtype=np.float64), freq=12)
    found = expect(months, [48, 49], replace(setting, limit54=(0, 4)))
    assert found.upper[0] == pytest.approx([first, second], rel=1e-9)


@pytest.mark.parametrize(
    "setting",
    [
        Flexible(b=1, w=3, no_periods=13, past_not_included=1),
        Flexible(b=1, w=6, no_periods=4, past_not_included=13),
    ],
)
def test_where_r_breaks_off_for_its_periods_there_is_a_reason(setting: Flexible) -> None:
    """More periods than months; but one level left behind the months that are not included."""
    months = Panel(np.array([MONTHS], dtype=np.float64), freq=12)
    assert expect(months, [49], setting).reason[0, 0] == Reason.PERIODS_TOO_MANY
