"""Farrington Flexible: what the same season of earlier years lets one expect.

A quasi-Poisson model with a log link, levels of the season and perhaps a trend is fitted to the
past; past outbreaks get less weight; the bound is a quantile of what today may bring.
Source: Noufaily et al. 2013, Statistics in Medicine 32:1206; Farrington et al. 1996, JRSS A
159:547; Salmon, Schumacher and Höhle 2016, Journal of Statistical Software 70(10).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy import special

from tapal.engines.signals import groupfit, groupsteps, levelfit, thresholds
from tapal.engines.signals.compiled import kept
from tapal.engines.signals.series import (
    ALARM,
    NO_RESULT,
    SILENT,
    Expectation,
    Flags,
    Floats,
    Outcome,
    Panel,
    Reason,
    Series,
)
from tapal.engines.signals.windows import Baseline, NoBaseline, Reach, season

Dispersion = Literal["surveillance", "textbook", "floored"]

DISPERSIONS: dict[Dispersion, int] = {
    "surveillance": groupsteps.REFERENCE,
    "textbook": groupsteps.TEXTBOOK,
    "floored": groupsteps.FLOORED,
}


@dataclass(frozen=True)
class Flexible:
    """The settings; what R's `surveillance` calls each stands in `docs/signals.md`.

    `b` years back, `w` points each side of the reference point, `no_periods` levels of the
    season, `past_not_included` newest points left out (default `w`), `alpha` the one-sided chance
    of a false alarm, `limit54` (cases, points) below which there is no alarm.
    `dispersion`: 'surveillance' agrees with R; 'textbook' uses the working weights throughout;
    'floored', which Farrington 1996 takes, is the textbook's with at least 1 in the prediction.
    `equal_steps` lets time count points, not days, as Farrington 1996 does: months are equal.
    """

    b: int = 5
    w: int = 3
    no_periods: int = 1
    past_not_included: int | None = None
    reweight: bool = True
    weights_threshold: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    p_threshold_trend: float = 0.05
    limit54: tuple[int, int] = (5, 4)
    powertrans: Literal["2/3", "1/2", "none"] = "2/3"
    threshold: Literal["delta", "nbPlugin", "muan"] = "delta"
    population_offset: bool = False
    dispersion: Dispersion = "surveillance"
    equal_steps: bool = False

    @property
    def reach(self) -> Reach:
        """How this setting cuts the past."""
        left_out = self.w if self.past_not_included is None else self.past_not_included
        return Reach(self.b, self.w, self.no_periods, left_out, self.equal_steps)


@lru_cache(maxsize=64)
def critical_values(n: int, p: float, years: int) -> Floats:
    """The t value, by degrees of freedom up to n, above which a trend is kept.

    A trend needs three years, and a two-sided test below `p`.
    """
    if years < 3 or p <= 0:
        return np.full(n + 1, np.inf)
    if p >= 1:
        return np.full(n + 1, 0.0 if p == 1 else -1.0)
    values = np.full(n + 1, np.inf)
    values[1:] = -special.stdtrit(np.arange(1, n + 1), p / 2)
    return values


def enough_cases(counts: Floats, point: int, limit54: tuple[int, int]) -> Flags:
    """1 for each series with at least `limit54[0]` cases in the newest `limit54[1]` points."""
    cases, points = limit54
    newest = counts[:, max(point - points + 1, 0) : point + 1]
    return np.asarray(np.nansum(newest, axis=1) >= cases, dtype=np.int8)


def offsets(panel: Panel, point: int, past: Baseline, wanted: bool) -> tuple[Floats, Flags]:
    """log(population) of the past's rows and, last, of the point; 1 where it is known throughout.

    A row without count needs no population.
    """
    n = len(panel.counts)
    if not wanted:
        return np.zeros((n, len(past.rows) + 1)), np.ones(n, dtype=np.int8)
    if panel.population is None:
        return np.zeros((n, len(past.rows) + 1)), np.zeros(n, dtype=np.int8)
    columns = np.append(past.rows, point)
    population = panel.population[:, columns]
    needed = ~np.isnan(panel.counts[:, columns])
    known = np.isfinite(population) & (population > 0)
    logs = np.log(np.where(known, population, 1.0))
    return logs, np.asarray((known | ~needed).all(axis=1) & known[:, -1], dtype=np.int8)


def empty(n_series: int, n_points: int) -> Expectation:
    """An expectation without any result yet."""
    shape = (n_series, n_points)
    numbers = [np.full(shape, np.nan) for _ in range(6)]
    mean, phi, se, upper, p_value, score = numbers
    return Expectation(
        mean,
        phi,
        se,
        upper,
        p_value,
        score,
        trend=np.zeros(shape, dtype=np.int8),
        alarm=np.full(shape, NO_RESULT, dtype=np.int8),
        reason=np.zeros(shape, dtype=np.int8),
    )


def expect(
    panel: Panel, points: Sequence[int], setting: Flexible | None = None, *, compiled: bool = True
) -> Expectation:
    """What each series of the panel lets one expect at each of the zero-based points.

    `compiled` takes the machine code where it can be kept, else the numpy twin (same numbers).
    """
    setting = setting or Flexible()
    out = empty(len(panel.counts), len(points))
    for column, point in enumerate(points):
        fill(out, column, panel, point, setting, compiled and kept(groupfit.predict_all))
    return out


def fill(
    out: Expectation, column: int, panel: Panel, point: int, setting: Flexible, compiled: bool
) -> None:
    """Write one point's column of `out`."""
    try:
        past = season(point, setting.reach, panel.freq, panel.dates, panel.counts.shape[1])
    except NoBaseline as none:
        out.reason[:, column] = none.reason
        return
    # Of one layout whatever the number of points, so that the loops are compiled for it alone.
    reason = np.zeros(len(panel.counts), dtype=np.int8)
    logs, known = offsets(panel, point, past, setting.population_offset)
    found = np.full((len(panel.counts), groupsteps.COLUMNS), np.nan)
    (groupfit if compiled else levelfit).predict_all(
        np.ascontiguousarray(panel.counts),
        past.rows,
        past.time,
        past.level,
        past.levels,
        logs,
        setting.trend,
        setting.reweight,
        setting.weights_threshold,
        DISPERSIONS[setting.dispersion],
        critical_values(len(past.rows), setting.p_threshold_trend, setting.b),
        found,
        reason,
    )
    reason[known == 0] = Reason.NO_POPULATION
    reason[np.isnan(panel.counts[:, point])] = Reason.NOT_REPORTED
    out.reason[:, column] = reason
    judge(out, column, panel.counts, point, found, setting)


def judge(
    out: Expectation, column: int, counts: Floats, point: int, found: Floats, setting: Flexible
) -> None:
    """Hold the counts against their bounds and write the verdicts."""
    reason = out.reason[:, column]
    fitted = reason == Reason.NONE
    y = counts[fitted, point]
    eta, se, phi = (found[fitted, i] for i in (groupsteps.ETA, groupsteps.SE, groupsteps.PHI))
    bound = thresholds.bound(eta, se, phi, setting.threshold, setting.powertrans, setting.alpha)
    score = thresholds.score(y, eta, bound, setting.threshold)
    enough = enough_cases(counts[fitted], point, setting.limit54) == 1
    # Nothing counted is never too much, whatever the bound.
    loud = (score > 1) & (y != 0) & enough
    lost = np.isnan(score) | ~np.isfinite(bound)
    alarm = np.where(loud, ALARM, SILENT)
    alarm[lost & (y != 0) & enough] = NO_RESULT
    why = np.where(lost, Reason.NOT_FINITE, np.where(enough, Reason.NONE, Reason.FEW_CASES))
    bound = np.where(lost, np.nan, bound)
    for target, values in (
        (out.mean, np.exp(eta)),
        (out.phi, phi),
        (out.se, se),
        (out.upper, bound),
        (out.p_value, thresholds.tail(y, np.exp(eta), phi)),
        (out.score, np.where(lost, np.nan, score)),
        (out.trend, found[fitted, groupsteps.TREND] == 1),
        (out.alarm, alarm),
        (out.reason, why),
    ):
        target[fitted, column] = values


def flexible(series: Series, points: Sequence[int], setting: Flexible) -> Outcome:
    """Farrington Flexible on one series; no bound is shown where there are too few cases."""
    found = expect(series.panel(), points, setting)
    upper, reason = found.upper[0].copy(), found.reason[0]
    upper[reason != Reason.NONE] = np.nan
    expected = np.where(np.isnan(upper), np.nan, found.mean[0])
    return Outcome(expected, upper, found.alarm[0], reason)
