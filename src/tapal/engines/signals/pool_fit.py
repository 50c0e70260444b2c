"""The compiled fit of one series' expectation (see `pool_baseline`)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.pool_compile import compiled
from tapal.engines.signals.pool_likelihood import log_ratio

Floats = NDArray[np.float64]

# Share of past weeks that are taken to lie in an outbreak, before their counts are looked at.
PAST_HAZARD = 0.02
# Outbreak sizes, in standard deviations of a week's count, against which a past week is held.
PAST_SIZES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
# Log means stay in this range, so that exp() neither vanishes nor overflows.
LOWEST, HIGHEST = -14.0, 23.0
# Strengths of the drift that is tried: coefficients of variation of the level within a quarter.
DRIFTS = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
# Gain in log likelihood that a drift must bring before it is believed.
DRIFT_GAIN = 3.0


@compiled
def design(length: int, first: int, waves: int, period: float) -> Floats:
    """Columns of the log-linear model: level, trend (per five years), pairs of waves."""
    rows = np.empty((length, 2 + 2 * waves))
    for i in range(length):
        rows[i, 0] = 1.0
        rows[i, 1] = (first + i) / (5.0 * period)
        for j in range(waves):
            angle = 2.0 * math.pi * (j + 1) * (first + i) / period
            rows[i, 2 + 2 * j] = math.cos(angle)
            rows[i, 3 + 2 * j] = math.sin(angle)
    return rows


@compiled
def linear(row: Floats, beta: Floats) -> float:
    """The log mean of one week, without its exposure."""
    eta = 0.0
    for j in range(beta.size):
        eta += row[j] * beta[j]
    return min(max(eta, LOWEST), HIGHEST)


@compiled
def newton_step(
    counts: Floats,
    exposure: Floats,
    rows: Floats,
    weights: Floats,
    beta: Floats,
    penalty: Floats,
    mean: Floats,
    dispersion: float,
) -> tuple[Floats, Floats]:
    """Fill `mean` and give the score and the information of the penalised likelihood at `beta`."""
    n, p = rows.shape
    information = np.zeros((p, p))
    score = np.zeros(p)
    for i in range(n):
        mean[i] = exposure[i] * math.exp(linear(rows[i], beta))
        if weights[i] == 0.0:
            continue
        residual = weights[i] * (counts[i] - mean[i])
        weight = weights[i] * mean[i]
        for j in range(p):
            score[j] += residual * rows[i, j]
            for k in range(j + 1):
                information[j, k] += weight * rows[i, j] * rows[i, k]
    # Half a case for the level: Jeffreys' prior of a rate, so that zeros alone give a mean, too.
    score[0] += 0.5
    for j in range(p):
        for k in range(j):
            information[k, j] = information[j, k]
        information[j, j] += penalty[j] * dispersion + 1e-9
        score[j] -= penalty[j] * dispersion * beta[j]
    return score, information


@compiled
def pearson(counts: Floats, mean: Floats, weights: Floats, parameters: int) -> float:
    """Weighted Pearson dispersion, at least 1."""
    total = 0.0
    observed = 0.0
    for i in range(counts.size):
        if weights[i] > 0.0:
            total += weights[i] * (counts[i] - mean[i]) ** 2 / max(mean[i], 1e-9)
            observed += weights[i]
    return max(1.0, total / max(observed - parameters, 1.0))


@compiled
def fit_weighted(
    counts: Floats,
    exposure: Floats,
    rows: Floats,
    weights: Floats,
    beta: Floats,
    penalty: Floats,
    mean: Floats,
) -> tuple[Floats, Floats, float]:
    """Penalised quasi-Poisson fit; gives beta, its covariance for dispersion 1, the dispersion."""
    dispersion = 1.0
    information = np.eye(beta.size)
    for _ in range(25):
        score, information = newton_step(
            counts, exposure, rows, weights, beta, penalty, mean, dispersion
        )
        step = np.linalg.solve(information, score)
        longest = np.abs(step).max()
        if longest > 2.0:
            step *= 2.0 / longest
        beta = beta + step
        dispersion = pearson(counts, mean, weights, beta.size)
        if longest < 1e-4:
            break
    return beta, np.linalg.inv(information), dispersion


@compiled
def calm(count: float, mean: float, dispersion: float) -> float:
    """The probability that a past week lay in no outbreak, given its count."""
    spread = math.sqrt(dispersion * mean)
    if count <= mean + spread:
        return 1.0
    evidence = 0.0
    for size in PAST_SIZES:
        evidence += math.exp(min(50.0, log_ratio(count, mean, dispersion, size * spread)))
    return 1.0 / (1.0 + PAST_HAZARD * evidence / PAST_SIZES.size)


@compiled
def drift_factors(
    counts: Floats,
    mean: Floats,
    weights: Floats,
    dispersion: float,
    coefficient: float,
    gap: int,
    memory: float,
    factors: Floats,
) -> float:
    """Fill `factors` with the level's drift, each from weeks `gap` earlier; give the gain in fit.

    A gamma prior with this coefficient of variation is updated by what came against what was
    expected, older weeks counting less. The last factor is the one for the weeks ahead.
    """
    prior = 1.0 / (coefficient * coefficient)
    came, due, gain = 0.0, 0.0, 0.0
    for i in range(factors.size):
        j = i - gap
        if j >= 0:
            came = memory * came + weights[j] * counts[j] / dispersion
            due = memory * due + weights[j] * mean[j] / dispersion
        factors[i] = (prior + came) / (prior + due)
        if i < counts.size and weights[i] > 0.0:
            gain += (
                weights[i]
                * (counts[i] * math.log(factors[i]) - mean[i] * (factors[i] - 1.0))
                / dispersion
            )
    return gain


@compiled
def best_drift(
    counts: Floats, mean: Floats, weights: Floats, dispersion: float, gap: int, memory: float
) -> Floats:
    """Drift factors of the strength that would have foretold the past best; ones when none did."""
    best = np.ones(counts.size + gap)
    trial = np.ones(counts.size + gap)
    reached = DRIFT_GAIN
    for coefficient in DRIFTS:
        gain = drift_factors(counts, mean, weights, dispersion, coefficient, gap, memory, trial)
        if gain > reached:
            reached = gain
            best[:] = trial
    return best


@compiled
def foretell(
    counts: Floats,
    exposure: Floats,
    known: Floats,
    rows: Floats,
    ahead: int,
    beta: Floats,
    penalty: Floats,
    rounds: int,
    memory: float,
) -> tuple[Floats, Floats, float, Floats]:
    """Means and relative variances of the last `ahead` weeks from those before them.

    `known` is 0 where a week is missing or its post was closed. Gives means, variances of the log
    means, the dispersion and beta.
    """
    n = counts.size - ahead
    weights = known[:n].copy()
    mean = np.empty(n)
    dispersion = 1.0
    covariance = np.eye(beta.size)
    for turn in range(rounds):
        beta, covariance, dispersion = fit_weighted(
            counts[:n], exposure[:n], rows[:n], weights, beta, penalty, mean
        )
        if turn < rounds - 1:
            for i in range(n):
                if known[i] > 0.0:
                    weights[i] = calm(counts[i], mean[i], dispersion)
    factors = best_drift(counts[:n], mean, weights, dispersion, ahead, memory)
    if factors[n + ahead - 1] != 1.0:
        mean = mean * factors[:n]
        dispersion = pearson(counts[:n], mean, weights, beta.size)
    means = np.empty(ahead)
    variances = np.empty(ahead)
    for u in range(ahead):
        row = rows[n + u]
        means[u] = exposure[n + u] * math.exp(linear(row, beta)) * factors[n + ahead - 1]
        spread = 0.0
        for j in range(beta.size):
            for k in range(beta.size):
                spread += row[j] * row[k] * covariance[j, k]
        variances[u] = max(spread, 0.0) * dispersion
    return means, variances, dispersion, beta
