"""GLR and LR charts: has the mean changed, at some time in the near past, by a factor?

An alarm resets the chart: the next point begins anew.
Source: Höhle and Paul 2008, Computational Statistics and Data Analysis 52:4357.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tapal.engines.signals import glrcount, glrfit
from tapal.engines.signals.seasonal import NotFitted, Seasonal, design, fit, fit_negbin, means
from tapal.engines.signals.series import Floats, Outcome, Reason, Series, verdicts

# More cases than any series holds.
MOST_CASES = 2**40


@dataclass(frozen=True)
class Glr:
    """The settings: `c` the bound, `mu0` the mean as numbers or as a model of what came before.

    `alpha` is the negative binomial's (0: Poisson, None: estimated). A change is looked for that
    came at most `window` points ago (-1: any time) and at least `least` points ago, counting the
    newest. With `theta` the log factor (or, for 'epi', the rate) is given, and the chart is the
    likelihood ratio CUSUM. `ret` 'value' gives the statistic as the bound, 'cases' the least
    count that raises the alarm, looked for up to `most`. `compat` 'surveillance' seeks the change
    as the reference does; the textbook's search never gets lost.
    """

    c: float = 5.0
    mu0: Seasonal | tuple[float, ...] = field(default_factory=Seasonal)
    alpha: float | None = 0.0
    least: int = 1
    window: int = -1
    change: Literal["intercept", "epi"] = "intercept"
    theta: float | None = None
    direction: Literal["inc", "dec"] = "inc"
    ret: Literal["value", "cases"] = "value"
    most: int = 10_000
    compat: Literal["surveillance", "textbook"] = "surveillance"

    @property
    def seeks(self) -> bool:
        """Whether the change's size is looked for; the reference passes over the rate of an epidemic."""
        given = self.theta is not None
        return not given or (self.change == "epi" and self.compat == "surveillance")


def model(series: Series, at: Floats, setting: Glr) -> tuple[Floats, float]:
    """The mean at zero-based points, and alpha. Raises NotFitted."""
    alpha = setting.alpha
    if not isinstance(setting.mu0, Seasonal):
        given = np.broadcast_to(np.asarray(setting.mu0, dtype=np.float64), at.shape).copy()
        if alpha is None:
            raise NotFitted
        return given, alpha
    past = series.counts[: int(at[0])]
    known = ~np.isnan(past)
    if known.sum() < 3 + 2 * setting.mu0.waves:
        raise NotFitted
    x = design(np.arange(1.0, len(past) + 1.0)[known], series.freq, setting.mu0)
    if alpha is None:
        beta, alpha = fit_negbin(past[known], x)
    else:
        # The reference warns of a fit that goes on, and takes what it has.
        beta = fit(past[known], x, alpha, patient=setting.compat == "surveillance")
    return means(design(at + 1.0, series.freq, setting.mu0), beta), alpha


@dataclass
class Chart:
    """A chart on its way: counts and means of the points, and what came before each."""

    x: Floats
    mu: Floats
    before: Floats
    alpha: float
    setting: Glr

    def changes(self, begin: int, n: int) -> tuple[int, int]:
        """The first and last time of change that count, of a chart that began at `begin`."""
        window, least = self.setting.window, self.setting.least
        if self.alpha == 0 and window < 0 and self.setting.change == "intercept":
            # The reference's Poisson chart without a window waits for `least` points, no more.
            return begin, n if n - begin + 1 >= least else begin - 1
        low = begin if window < 0 else max(begin, n - window)
        # The reference's windowed Poisson chart asks for one point more.
        strict = self.alpha == 0 and window >= 0 and self.setting.change == "intercept"
        return low, n - least + (0 if strict else 1)

    def asked(self, begin: int, n: int) -> glrfit.Asked:
        """What is asked at a point of a chart that began at `begin`."""
        low, high = self.changes(begin, n)
        setting = self.setting
        sign = 1 if setting.direction == "inc" else -1
        textbook = setting.compat == "textbook"
        epidemic = setting.change == "epi"
        return glrfit.Asked(
            self.x, self.mu, self.before, float(self.alpha), low, high, n, epidemic, sign, textbook
        )

    def glr(self) -> tuple[Floats, Floats]:
        """The statistic at each point, and the bound."""
        setting = self.setting
        value, bound = np.zeros(len(self.x)), np.zeros(len(self.x))
        begin = 0
        for n in range(len(self.x)):
            asked = self.asked(begin, n)
            if asked.low <= asked.high:
                value[n] = glrfit.statistic(asked)
                if setting.ret == "cases":
                    bound[n] = self.cases(asked)
            elif self.alpha > 0 and setting.compat == "surveillance":
                bound[n] = glrcount.NO_COUNT
            if value[n] >= setting.c:
                begin = n + 1
        return value, value if setting.ret == "value" else bound

    def cases(self, asked: glrfit.Asked) -> float:
        """The bound as a count; the reference's Poisson chart knows no greatest count."""
        setting, bound = self.setting, float(self.setting.c)
        reference = setting.compat == "surveillance"
        if reference and self.alpha > 0 and setting.change == "intercept":
            return glrcount.sought_count(asked, bound, setting.most)
        most = MOST_CASES if reference and self.alpha == 0 else setting.most
        count = glrcount.least_count(asked, bound, most)
        # For falls the reference names the least count that is no alarm.
        return count + 1 if reference and setting.direction == "dec" else count

    def lr(self, theta: float) -> tuple[Floats, Floats]:
        """The CUSUM of the log likelihood ratio at each point, and the bound."""
        mu1 = self.mu * math.exp(theta)
        if self.setting.change == "epi":
            mu1 = self.mu + theta * self.before
        gain = np.log(mu1 / self.mu)
        cost = mu1 - self.mu
        if self.alpha > 0:
            widen = np.log((1 + self.alpha * mu1) / (1 + self.alpha * self.mu))
            gain, cost = gain - widen, widen / self.alpha
        value, needed = np.zeros(len(self.x)), np.full(len(self.x), np.nan)
        total = 0.0
        for n, count in enumerate(self.x):
            if gain[n] != 0:
                needed[n] = (self.setting.c - total + cost[n]) / gain[n]
            total = value[n] = max(0.0, total + count * gain[n] - cost[n])
            if total >= self.setting.c:
                total = 0.0
        if self.setting.compat == "surveillance":
            needed = np.maximum(needed, 0.0)
        return value, value if self.setting.ret == "value" else needed


def glr(series: Series, points: Sequence[int], setting: Glr) -> Outcome:
    """The chart on one series; the points follow each other, the first one starts it.

    A point that was not reported is passed over: the chart goes on behind it.
    """
    at = np.asarray(points)
    y = series.counts[at]
    none = np.zeros(len(at), dtype=np.int64)
    try:
        mu, alpha = model(series, at.astype(np.float64), setting)
    except NotFitted:
        return verdicts(y, y * np.nan, y * np.nan, y > 0, none + Reason.NOT_CONVERGED)
    known = ~np.isnan(y) & (mu > 0)
    value, bound = np.full(len(at), np.nan), np.full(len(at), np.nan)
    if known.any():
        x = y[known]
        chart = Chart(x, mu[known], np.concatenate(([0.0], x[:-1])), alpha, setting)
        value[known], bound[known] = (
            chart.glr() if setting.seeks else chart.lr(setting.theta or 0.0)
        )
    return verdicts(y, mu, bound, value >= setting.c, none)
