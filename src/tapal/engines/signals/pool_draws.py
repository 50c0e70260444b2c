"""The compiled loops that draw windows by chance and by outbreaks, for p-values.

The same seed gives the same draws in machine code and in plain Python.
"""

from __future__ import annotations

import math

import numpy as np

from tapal.engines.signals.compiled import borrowed, compiled
from tapal.engines.signals.pool_mass import POISSON, Floats
from tapal.engines.signals.pool_weigh import Layout, Model, lay_out, new_layout, odds_of, weigh

# Share of the draws that come from no outbreak at all: no weight is then above 1/share.
CALM_SHARE = 0.2
# After so many draws a tail probability above PLAIN is known well enough: it decides nothing.
FIRST_DRAWS, PLAIN = 40, 0.03


@borrowed
def draw(mean: float, dispersion: float) -> float:
    """One negative binomial count with variance dispersion x mean."""
    if mean <= 0.0:
        return 0.0
    rate = mean
    if dispersion > POISSON:
        rate = np.random.gamma(mean / (dispersion - 1.0), dispersion - 1.0)
    # Above this the generator works in integers that end; the normal is exact enough there.
    if rate > 1e9:
        return max(0.0, math.floor(rate + math.sqrt(rate) * np.random.normal() + 0.5))
    return float(np.random.poisson(rate))


@borrowed
def draw_window(
    gaps: Floats, mean: Floats, dispersion: float, model: Model, window: Floats
) -> None:
    """Fill `window` with counts of no outbreak or of one that began at some week; NaN stays."""
    courses, _, shares, sizes, blend = model
    weeks = mean.size
    start, course, cases, own = weeks, 0, 0.0, 1.0
    if np.random.random() >= CALM_SHARE:
        start = weeks - 1 - np.random.randint(0, weeks)
        size = np.random.randint(0, sizes.size)
        cases = sizes[size] * math.sqrt(dispersion * mean[start])
        own = 1.0 if size < sizes.size - int(blend[2]) else dispersion
        pick = np.random.random()
        while course < shares.size - 1 and pick >= shares[course]:
            pick -= shares[course]
            course += 1
    for u in range(weeks):
        if math.isnan(gaps[u]):
            window[u] = np.nan
            continue
        extra = cases * courses[course, u - start] if u >= start else 0.0
        raised = mean[u] + extra
        wide = (dispersion * mean[u] + own * extra) / raised if raised > 0.0 else 1.0
        window[u] = draw(raised, wide)


@compiled
def tail(
    observed: Floats,
    mean: Floats,
    dispersion: float,
    reached: float,
    model: Model,
    draws: int,
    seed: int,
    room: Layout,
) -> float:
    """Mean weight of the drawn windows whose odds reach `reached`."""
    np.random.seed(seed)
    weeks = mean.size
    share = 1.0 - CALM_SHARE
    on, over, window = np.zeros(weeks), np.zeros(weeks), np.zeros(weeks)
    lay_out(observed, mean, dispersion, model, room)
    # The window itself is one more draw: a tail that no draw reached is small, never nothing.
    weigh(observed, mean, dispersion, model, room, on, over)
    total = 1.0 / (CALM_SHARE + share * (on.sum() + over.sum()) / weeks)
    for done in range(draws):
        if done == FIRST_DRAWS and total > PLAIN * (done + 1):
            return float(total / (done + 1))
        draw_window(observed, mean, dispersion, model, window)
        weigh(window, mean, dispersion, model, room, on, over)
        if odds_of(on, over, model[4]) >= reached * (1.0 - 1e-9):
            ratio = (on.sum() + over.sum()) / weeks
            total += 1.0 / (CALM_SHARE + share * ratio)
    return float(total / (draws + 1))


@compiled
def tails(
    observed: Floats,
    mean: Floats,
    dispersion: Floats,
    odds: Floats,
    floor: float,
    model: Model,
    draws: int,
    seed: int,
    p: Floats,
) -> None:
    """Fill the p-value of each window whose odds are above `floor`, each with draws of its own."""
    weeks = observed.shape[1]
    room = new_layout(weeks, weeks * model[2].size * model[3].size)
    for i in range(odds.size):
        if odds[i] > floor:
            p[i] = tail(
                *(observed[i], mean[i], dispersion[i], odds[i], model, draws, seed + i, room)
            )
