"""The compiled loops that make expectations: a penalised fit, past outbreaks weighed down.

The model is the same for all series of a run, so its columns stand in rows here: sums over weeks
then run over neighbours in memory, several at a time.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import borrowed, compiled, summing
from tapal.engines.signals.pool_drift import BEST, best_drift
from tapal.engines.signals.pool_mass import curve, is_few, log_mass, multiply_exp, product
from tapal.engines.signals.pool_solve import factorise, halfway, penalise, solve

Floats = NDArray[np.float64]

# Share of past weeks in an outbreak, before the counts are looked at: so many in so many weeks.
PAST_OUTBREAK, PAST_WEEKS = 1.0, 100.0
# Outbreak sizes, in standard deviations of a week's count, against which a past week is held.
PAST_SIZES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
# Evidence above this says no more.
LARGEST_PAST = math.exp(50.0)
# Log means stay in this range, so that exp() neither vanishes nor overflows.
LOWEST, HIGHEST = -14.0, 23.0
# Fewer observed weeks than this are no past.
SHORTEST = 13
STEPS = 25

# The rows of a fit's work: residuals, weights times means, those times a column.
RESIDUAL, MASS, PART = 0, 1, 2


@summing
def newton_step(
    counts: Floats,
    exposure: Floats,
    columns: Floats,
    weights: Floats,
    beta: Floats,
    mean: Floats,
    work: Floats,
    score: Floats,
    information: Floats,
) -> float:
    """Fill `mean`, the score and the information at `beta`; the weighted Pearson statistic."""
    n = counts.size
    for i in range(n):
        mean[i] = 0.0
    for j in range(beta.size):
        for i in range(n):
            mean[i] += columns[j, i] * beta[j]
    for i in range(n):
        mean[i] = min(max(mean[i], LOWEST), HIGHEST)
    multiply_exp(exposure, mean)
    total = 0.0
    for i in range(n):
        apart = counts[i] - mean[i]
        work[RESIDUAL, i] = weights[i] * apart
        work[MASS, i] = weights[i] * mean[i]
        total += weights[i] * apart * apart / max(mean[i], 1e-9)
    for j in range(beta.size):
        slope = 0.0
        for i in range(n):
            slope += work[RESIDUAL, i] * columns[j, i]
            work[PART, i] = work[MASS, i] * columns[j, i]
        score[j] = slope
        for k in range(j + 1):
            bend = 0.0
            for i in range(n):
                bend += work[PART, i] * columns[k, i]
            information[j, k] = bend
    return total


@compiled
def fit_weighted(
    counts: Floats,
    exposure: Floats,
    columns: Floats,
    weights: Floats,
    beta: Floats,
    penalty: Floats,
    mean: Floats,
    work: Floats,
    information: Floats,
) -> float:
    """Penalised quasi-Poisson fit from `beta` on; gives the dispersion, at least 1.

    Fills `beta`, `mean` and, in `information`, the Cholesky factor of the inverse of the covariance
    of beta for dispersion 1.
    """
    observed = weights.sum()
    freedom = max(observed - beta.size, 1.0)
    step = np.empty(beta.size)
    dispersion = 1.0
    for _ in range(STEPS):
        total = newton_step(counts, exposure, columns, weights, beta, mean, work, step, information)
        penalise(step, information, beta, penalty, dispersion)
        factorise(information)
        longest = solve(information, step)
        share = 2.0 / longest if longest > 2.0 else 1.0
        for j in range(beta.size):
            beta[j] += step[j] * share
        dispersion = max(1.0, total / freedom)
        if longest < 1e-4:
            break
    return dispersion


@borrowed
def calm(count: float, mean: float, dispersion: float, hazard: float) -> float:
    """The probability that a past week lay in no outbreak, given its count.

    Cases of an outbreak are themselves Poisson.
    """
    spread = math.sqrt(dispersion * mean)
    if count <= mean + spread:
        return 1.0
    few = is_few(count, mean) and is_few(count, mean + PAST_SIZES[-1] * spread)
    step, grow, level = curve(mean, dispersion)
    plain = 1.0 / product(int(count), step, grow) if few else log_mass(count, mean, dispersion)
    evidence = 0.0
    for size in PAST_SIZES:
        extra = size * spread
        raised = mean + extra
        wide = (dispersion * mean + extra) / raised
        if few:
            step, grow, high = curve(raised, wide)
            ratio = product(int(count), step, grow) * plain * math.exp(high - level)
            evidence += min(LARGEST_PAST, ratio)
        else:
            evidence += math.exp(min(50.0, log_mass(count, raised, wide) - plain))
    return 1.0 / (1.0 + hazard * evidence / PAST_SIZES.size)


@borrowed
def doubt(
    counts: Floats, mean: Floats, known: Floats, dispersion: float, hazard: float, weights: Floats
) -> float:
    """Fill the weights of past weeks: the probability of no outbreak. Gives the hazard they show."""
    struck, seen = PAST_OUTBREAK, PAST_WEEKS
    for i in range(weights.size):
        if known[i] > 0.0:
            weights[i] = calm(counts[i], mean[i], dispersion, hazard)
            struck += 1.0 - weights[i]
            seen += 1.0
    return struck / seen


@borrowed
def scatter(counts: Floats, mean: Floats, weights: Floats, parameters: int) -> float:
    """Weighted Pearson dispersion, at least 1."""
    total = 0.0
    observed = 0.0
    for i in range(counts.size):
        total += weights[i] * (counts[i] - mean[i]) ** 2 / max(mean[i], 1e-9)
        observed += weights[i]
    return max(1.0, total / max(observed - parameters, 1.0))


@compiled
def foretell(
    counts: Floats,
    exposure: Floats,
    known: Floats,
    columns: Floats,
    ahead: int,
    beta: Floats,
    penalty: Floats,
    rounds: int,
    memory: float,
    past: Floats,
    means: Floats,
    variances: Floats,
) -> float:
    """Fill means and relative variances of the last `ahead` weeks from those before them.

    `known` is 0 where a week is missing or its post was closed; `past` holds the columns of the weeks
    before. Fills `beta` and gives the dispersion.
    """
    n = counts.size - ahead
    weights = known[:n].copy()
    mean, work, drift = np.empty(n), np.empty((3, n)), np.empty((6, counts.size))
    factor = np.empty((beta.size, beta.size))
    dispersion, last = 1.0, 1.0
    hazard = 2.0 * PAST_OUTBREAK / PAST_WEEKS
    for turn in range(rounds):
        dispersion = fit_weighted(
            *(counts[:n], exposure[:n], past, weights, beta, penalty, mean, work, factor)
        )
        if turn < rounds - 1:
            hazard = doubt(counts, mean, known, dispersion, hazard, weights)
    if best_drift(counts[:n], mean, weights, dispersion, ahead, memory, drift):
        last = drift[BEST, n + ahead - 1]
        if last != 1.0:
            mean *= drift[BEST, :n]
            dispersion = scatter(counts[:n], mean, weights, beta.size)
    for u in range(ahead):
        row = columns[:, n + u].copy()
        eta = 0.0
        for j in range(beta.size):
            eta += row[j] * beta[j]
        means[u] = exposure[n + u] * math.exp(min(max(eta, LOWEST), HIGHEST)) * last
        variances[u] = halfway(factor, row) * dispersion
    return dispersion


@compiled
def fit_all(
    counts: Floats,
    exposure: Floats,
    known: Floats,
    times: NDArray[np.int64],
    past: int,
    ahead: int,
    columns: Floats,
    penalty: Floats,
    memory: float,
    mean: Floats,
    variance: Floats,
    dispersion: Floats,
    told: NDArray[np.bool_],
) -> None:
    """Fill the outputs series by series, each fit starting from the one a week before."""
    before = columns[:, :0].copy()
    for i in range(counts.shape[0]):
        started = False
        beta = np.zeros(columns.shape[0])
        for k in range(times.size):
            end = times[k] + 1
            start = max(0, end - past - ahead)
            seen, cases, base = 0, 0.0, 0.0
            for j in range(start, end - ahead):
                if known[i, j] > 0.0:
                    seen += 1
                    cases += counts[i, j]
                    base += exposure[i, j]
            if seen < SHORTEST or known[i, end - 1] == 0.0:
                continue
            if not started:
                beta[0] = np.log((cases + 0.5) / base)
            last = columns[:, columns.shape[1] - (end - start) :]
            if before.shape[1] != end - start - ahead:
                before = last[:, : end - start - ahead].copy()
            dispersion[i, k] = foretell(
                counts[i, start:end],
                exposure[i, start:end],
                known[i, start:end],
                last,
                ahead,
                beta,
                penalty,
                2 if started else 3,
                memory,
                before,
                mean[i, k],
                variance[i, k],
            )
            started = True
            told[i, k] = np.isfinite(dispersion[i, k]) and np.all(np.isfinite(mean[i, k]))
