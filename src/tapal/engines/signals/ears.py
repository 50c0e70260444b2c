"""EARS C1, C2 and C3: the newest points against the few before them.

Source: Hutwagner, Thompson, Seeman and Treadwell 2003, Journal of Urban Health 80:i89; Hutwagner,
Browne, Seeman and Fleischauer 2005, Emerging Infectious Diseases 11:314.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from tapal.engines.signals.series import Floats, Outcome, Reason, Series, verdicts

# How many points lie between the baseline and the evaluated point.
LAGS = {"C1": 0, "C2": 2, "C3": 2}
ALPHAS = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


@dataclass(frozen=True)
class Ears:
    """The settings: `baseline` points, least standard deviation, one-sided `alpha`.

    Without `alpha` it is 0.001, for C3 0.025. `compat` matters for C3 alone: the reference puts
    the bound above the count itself, so that only the two points before decide; the textbook puts
    it above the baseline's mean.
    """

    method: Literal["C1", "C2", "C3"] = "C1"
    baseline: int = 7
    min_sigma: float = 0.0
    alpha: float | None = None
    compat: Literal["surveillance", "textbook"] = "surveillance"


def baseline(counts: Floats, setting: Ears) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each point's baseline, over what was reported in it.

    NaN where it does not reach back or less than two of its points were reported.
    """
    n, span, lag = len(counts), setting.baseline, LAGS[setting.method]
    mean, sd = np.full(n, np.nan), np.full(n, np.nan)
    first = span + lag
    if n > first:
        windows = np.lib.stride_tricks.sliding_window_view(counts, span)[: n - first]
        known = ~np.isnan(windows)
        number = known.sum(axis=1)
        values = np.where(known, windows, 0.0)
        middle = values.sum(axis=1) / np.maximum(number, 1)
        squares = (np.where(known, values - middle[:, np.newaxis], 0.0) ** 2).sum(axis=1)
        enough = number > 1
        mean[first:] = np.where(enough, middle, np.nan)
        spread = np.maximum(np.sqrt(squares / np.maximum(number - 1, 1)), setting.min_sigma)
        sd[first:] = np.where(enough, spread, np.nan)
    return mean, sd


def recent_excess(counts: Floats, mean: Floats, sd: Floats) -> Floats:
    """By how many deviations beyond one the two points before each stood out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = (counts - mean) / sd - 1.0
    beyond = np.where(beyond < 0, 0.0, beyond)
    total = np.full(len(counts), np.nan)
    total[2:] = beyond[1:-1] + beyond[:-2]
    return total


def ears(series: Series, points: Sequence[int], setting: Ears) -> Outcome:
    """EARS on one series."""
    counts = series.counts
    alpha = ALPHAS[setting.method] if setting.alpha is None else setting.alpha
    z = float(special.ndtri(1 - alpha))
    mean, sd = baseline(counts, setting)
    if setting.method == "C3":
        with np.errstate(invalid="ignore"):
            centre = counts if setting.compat == "surveillance" else mean
            upper = centre + sd * (z - recent_excess(counts, mean, sd))
        upper = np.maximum(upper, 0.0)
        reach = setting.baseline + 4
    else:
        upper = mean + z * sd
        reach = setting.baseline + LAGS[setting.method]
    at = np.asarray(points)
    reason = np.where(at < reach, Reason.SHORT_PAST, Reason.NONE)
    return verdicts(counts[at], mean[at], upper[at], counts[at] > upper[at], reason)
