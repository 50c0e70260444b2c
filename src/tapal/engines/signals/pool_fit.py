"""The compiled loops that make expectations: a penalised fit, past outbreaks weighed down, a drift.

The model is the same for all series of a run, so its columns stand in rows here: sums over weeks
then run over neighbours in memory, several at a time.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import borrowed, compiled, summing
from tapal.engines.signals.pool_mass import curve, is_few, log_mass, multiply_exp, product

Floats = NDArray[np.float64]

# Share of past weeks in an outbreak, before the counts are looked at: so many in so many weeks.
PAST_OUTBREAK, PAST_WEEKS = 1.0, 100.0
# Outbreak sizes, in standard deviations of a week's count, against which a past week is held.
PAST_SIZES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
# Evidence above this says no more.
LARGEST_PAST = math.exp(50.0)
# Log means stay in this range, so that exp() neither vanishes nor overflows.
LOWEST, HIGHEST = -14.0, 23.0
# Strengths of the drift that is tried: coefficients of variation of the level within a quarter.
DRIFTS = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
# Fewer observed weeks than this are no past.
SHORTEST = 13
# Gain in log likelihood that a drift must bring before it is believed.
DRIFT_GAIN = 3.0
# A pivot below this share of its diagonal is rounding.
LEAST_PIVOT = 1e-14
STEPS = 25

# The rows of a fit's work: residuals, weights times means, those times a column.
RESIDUAL, MASS, PART = 0, 1, 2
# The rows of a drift's work: what came, what was due (as added up, then by week), factors.
CAME, DUE, COUNTED, EXPECTED, FACTOR, BEST = 0, 1, 2, 3, 4, 5


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


@borrowed
def penalise(
    score: Floats, information: Floats, beta: Floats, penalty: Floats, dispersion: float
) -> None:
    """Add the priors: normal ones, and half a case for the level.

    That is Jeffreys' prior of a rate, so that zeros alone give a mean, too.
    """
    score[0] += 0.5
    for j in range(beta.size):
        information[j, j] += penalty[j] * dispersion + 1e-9
        score[j] -= penalty[j] * dispersion * beta[j]


@borrowed
def factorise(matrix: Floats) -> None:
    """Put the Cholesky factor of a symmetric matrix in the place of its lower triangle."""
    for j in range(matrix.shape[0]):
        for i in range(j, matrix.shape[0]):
            value = matrix[i, j]
            for k in range(j):
                value -= matrix[i, k] * matrix[j, k]
            if i > j:
                matrix[i, j] = value / matrix[j, j]
            else:
                matrix[j, j] = math.sqrt(max(value, LEAST_PIVOT * matrix[j, j]))


@borrowed
def halfway(factor: Floats, value: Floats) -> float:
    """Solve factor x = value in place; the square of x: what value' inverse value is."""
    total = 0.0
    for j in range(value.size):
        for k in range(j):
            value[j] -= factor[j, k] * value[k]
        value[j] /= factor[j, j]
        total += value[j] * value[j]
    return total


@borrowed
def solve(factor: Floats, value: Floats) -> float:
    """Solve matrix x = value in place; the longest of x."""
    halfway(factor, value)
    longest = 0.0
    for j in range(value.size - 1, -1, -1):
        for k in range(j + 1, value.size):
            value[j] -= factor[k, j] * value[k]
        value[j] /= factor[j, j]
        longest = max(longest, abs(value[j]))
    return longest


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
def add_up(gap: int, keep: float, drift: Floats) -> None:
    """Fill what came and what was due by each week and the weeks ahead, from `gap` weeks earlier.

    Older weeks count less: each week what was added up is multiplied by `keep`.
    """
    came, due = 0.0, 0.0
    for i in range(drift.shape[1]):
        j = i - gap
        if j >= 0:
            came = keep * came + drift[COUNTED, j]
            due = keep * due + drift[EXPECTED, j]
        drift[CAME, i] = came
        drift[DUE, i] = due


@summing
def most_gain(prior: float, weeks: int, drift: Floats) -> float:
    """Not less than the gain in fit of a drift with this prior: log(1+x) <= x - x**2/2 + x**3/3."""
    gain = 0.0
    for i in range(weeks):
        x = (drift[CAME, i] - drift[DUE, i]) / (prior + drift[DUE, i])
        bound = x * (1.0 - x * (0.5 - x * (1.0 / 3.0)))
        gain += drift[COUNTED, i] * bound - drift[EXPECTED, i] * x
    return gain


@borrowed
def drift_gain(prior: float, weeks: int, drift: Floats) -> float:
    """Fill the factors of the level's drift, the last one for the weeks ahead; the gain in fit.

    A gamma prior is updated by what came against what was expected.
    """
    gain = 0.0
    for i in range(drift.shape[1]):
        factor = (prior + drift[CAME, i]) / (prior + drift[DUE, i])
        drift[FACTOR, i] = factor
        if i < weeks:
            gain -= drift[EXPECTED, i] * (factor - 1.0)
            if drift[COUNTED, i] > 0.0:
                gain += drift[COUNTED, i] * math.log(factor)
    return gain


@borrowed
def best_drift(
    counts: Floats,
    mean: Floats,
    weights: Floats,
    dispersion: float,
    gap: int,
    memory: float,
    drift: Floats,
) -> bool:
    """Whether a drift would have foretold the past better; its factors are then in `drift`."""
    for i in range(counts.size):
        drift[COUNTED, i] = weights[i] * counts[i] / dispersion
        drift[EXPECTED, i] = weights[i] * mean[i] / dispersion
    reached = DRIFT_GAIN
    for keep in (memory, memory**4):
        add_up(gap, keep, drift)
        for coefficient in DRIFTS:
            prior = 1.0 / (coefficient * coefficient)
            if most_gain(prior, counts.size, drift) < reached - 1e-6:
                continue
            gain = drift_gain(prior, counts.size, drift)
            if gain > reached:
                reached = gain
                for i in range(drift.shape[1]):
                    drift[BEST, i] = drift[FACTOR, i]
    return reached > DRIFT_GAIN


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
