"""The compiled inner loops of the pooling engine, all in one file.

Numba keeps machine code by the file of the function that was called: what that function calls must
stand in the same file, or an upgrade would go on running the old code.

Counts are negative binomial with variance = dispersion x mean. With one dispersion such counts add
up: a sum of weeks is again of this family, with the means added.
Source: Noufaily et al. 2013, Stat Med 32:1206 (the quasi-Poisson model and its negative binomial).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import compiled

Floats = NDArray[np.float64]
# Courses and what is left of them (courses, weeks), their shares, sizes; then promptness, hazard
# and how many of the sizes, the last ones, have cases as dispersed as the others.
Model = tuple[Floats, Floats, Floats, Floats, Floats]

# Below this excess over 1 the dispersion counts as Poisson: the two agree to 1e-6.
POISSON = 1.000001


# Share of past weeks in an outbreak, before the counts are looked at: so many in so many weeks.
PAST_OUTBREAK, PAST_WEEKS = 1.0, 100.0
# Outbreak sizes, in standard deviations of a week's count, against which a past week is held.
PAST_SIZES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
# Log means stay in this range, so that exp() neither vanishes nor overflows.
LOWEST, HIGHEST = -14.0, 23.0
# Strengths of the drift that is tried: coefficients of variation of the level within a quarter.
DRIFTS = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
# Fewer observed weeks than this are no past.
SHORTEST = 13
# Gain in log likelihood that a drift must bring before it is believed.
DRIFT_GAIN = 3.0


# Log likelihood ratios above this are brought down, so that sums of them stay numbers.
LARGEST = 600.0
# Share of the draws that come from no outbreak at all: no weight is then above 1/share.
CALM_SHARE = 0.2
# After so many draws a tail probability above PLAIN is known well enough: it decides nothing.
FIRST_DRAWS, PLAIN = 40, 0.03


@compiled
def log_mass(count: float, mean: float, dispersion: float) -> float:
    """Log probability of `count`, without the term that depends on the count alone (log count!)."""
    if mean <= 0.0:
        return 0.0 if count == 0.0 else -1e30
    if dispersion <= POISSON:
        return count * math.log(mean) - mean
    size = mean / (dispersion - 1.0)
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - size * math.log(dispersion)
        + count * math.log1p(-1.0 / dispersion)
    )


@compiled
def log_ratio(count: float, mean: float, dispersion: float, extra: float) -> float:
    """Log likelihood ratio of `extra` expected cases, themselves Poisson, against none."""
    raised = mean + extra
    wide = (dispersion * mean + extra) / raised
    return log_mass(count, raised, wide) - log_mass(count, mean, dispersion)


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
    information: Floats = np.eye(beta.size)
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
    return beta, np.linalg.inv(information).astype(np.float64), float(dispersion)


@compiled
def calm(count: float, mean: float, dispersion: float, hazard: float) -> float:
    """The probability that a past week lay in no outbreak, given its count."""
    spread = math.sqrt(dispersion * mean)
    if count <= mean + spread:
        return 1.0
    evidence = 0.0
    for size in PAST_SIZES:
        evidence += math.exp(min(50.0, log_ratio(count, mean, dispersion, size * spread)))
    return 1.0 / (1.0 + hazard * evidence / PAST_SIZES.size)


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
    prior, came, due, gain = 1.0 / (coefficient * coefficient), 0.0, 0.0, 0.0
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
    for keep in (memory, memory**4):
        for coefficient in DRIFTS:
            gain = drift_factors(counts, mean, weights, dispersion, coefficient, gap, keep, trial)
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
    hazard = 2.0 * PAST_OUTBREAK / PAST_WEEKS
    for turn in range(rounds):
        beta, covariance, dispersion = fit_weighted(
            counts[:n], exposure[:n], rows[:n], weights, beta, penalty, mean
        )
        if turn < rounds - 1:
            struck, seen = PAST_OUTBREAK, PAST_WEEKS
            for i in range(n):
                if known[i] > 0.0:
                    weights[i] = calm(counts[i], mean[i], dispersion, hazard)
                    struck += 1.0 - weights[i]
                    seen += 1.0
            hazard = struck / seen
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


@compiled
def fit_all(
    counts: Floats,
    exposure: Floats,
    known: Floats,
    times: NDArray[np.int64],
    past: int,
    ahead: int,
    rows: Floats,
    penalty: Floats,
    memory: float,
    mean: Floats,
    variance: Floats,
    dispersion: Floats,
    told: NDArray[np.bool_],
) -> None:
    """Fill the outputs series by series, each fit starting from the one a week before."""
    for i in range(counts.shape[0]):
        started = False
        beta = np.zeros(rows.shape[1])
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
            means, variances, spread, beta = foretell(
                counts[i, start:end],
                exposure[i, start:end],
                known[i, start:end],
                rows[start - end + rows.shape[0] :],
                ahead,
                beta,
                penalty,
                2 if started else 3,
                memory,
            )
            started = True
            mean[i, k, :] = means
            variance[i, k, :] = variances
            dispersion[i, k] = spread
            told[i, k] = np.isfinite(spread) and np.all(np.isfinite(means))


@compiled
def course_ratio(
    observed: Floats,
    mean: Floats,
    dispersion: float,
    calm_mass: Floats,
    course: Floats,
    cases: float,
    own: float,
) -> float:
    """Log likelihood ratio of `cases` that come by `course` from the first week of a window on.

    `own` is the cases' own dispersion.
    """
    total = 0.0
    for u in range(observed.size):
        extra = cases * course[u]
        if extra > 0.0 and not math.isnan(observed[u]):
            raised = mean[u] + extra
            wide = (dispersion * mean[u] + own * extra) / raised
            total += log_mass(observed[u], raised, wide) - calm_mass[u]
    return total


@compiled
def weigh(
    observed: Floats, mean: Floats, dispersion: float, model: Model, on: Floats, over: Floats
) -> None:
    """Fill the evidence by week of start (0 = this week): still on, and over again.

    Where a ratio would pass e^LARGEST, all are brought down alike: what counts is their proportion.
    """
    courses, rest, shares, sizes, blend = model
    weeks = observed.size
    calm_mass = np.zeros(weeks)
    for u in range(weeks):
        if not math.isnan(observed[u]):
            calm_mass[u] = log_mass(observed[u], mean[u], dispersion)
    ratios = np.zeros((weeks, shares.size, sizes.size))
    plain = sizes.size - int(blend[2])
    for d in range(weeks):
        at = weeks - 1 - d
        for c in range(shares.size):
            for k in range(sizes.size):
                cases = sizes[k] * math.sqrt(dispersion * mean[at])
                own = 1.0 if k < plain else dispersion
                ratios[d, c, k] = course_ratio(
                    observed[at:], mean[at:], dispersion, calm_mass[at:], courses[c], cases, own
                )
    down = max(ratios.max() - LARGEST, 0.0)
    for d in range(weeks):
        on[d] = 0.0
        over[d] = 0.0
        spread = math.sqrt(dispersion * mean[weeks - 1 - d])
        for c in range(shares.size):
            for k in range(sizes.size):
                part = math.exp(ratios[d, c, k] - down) * shares[c] / sizes.size
                ended = 0.0 if d == 0 else math.exp(-sizes[k] * spread * rest[c, d])
                on[d] += part * (1.0 - ended)
                over[d] += part * ended


@compiled
def odds_of(on: Floats, over: Floats, blend: Floats) -> float:
    """The statistic that is ranked: evidence for an outbreak that is on, against all else.

    `blend` holds promptness and hazard.
    """
    above = on[0]
    beside = 1.0 + blend[1] * over[0]
    for d in range(1, on.size):
        above += blend[0] * on[d]
        beside += blend[1] * over[d]
    return float(above / beside)


@compiled
def weigh_all(
    observed: Floats,
    mean: Floats,
    dispersion: Floats,
    model: Model,
    on: Floats,
    over: Floats,
    odds: Floats,
) -> None:
    """Weigh every window; fill the evidence and the odds."""
    for i in range(observed.shape[0]):
        weigh(observed[i], mean[i], dispersion[i], model, on[i], over[i])
        odds[i] = odds_of(on[i], over[i], model[4])


@compiled
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


@compiled
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
) -> float:
    """Mean weight of the drawn windows whose odds reach `reached`."""
    np.random.seed(seed)
    weeks = mean.size
    share = 1.0 - CALM_SHARE
    on, over, window = np.zeros(weeks), np.zeros(weeks), np.zeros(weeks)
    # The window itself is one more draw: a tail that no draw reached is small, never nothing.
    weigh(observed, mean, dispersion, model, on, over)
    total = 1.0 / (CALM_SHARE + share * (on.sum() + over.sum()) / weeks)
    for done in range(draws):
        if done == FIRST_DRAWS and total > PLAIN * (done + 1):
            return float(total / (done + 1))
        draw_window(observed, mean, dispersion, model, window)
        weigh(window, mean, dispersion, model, on, over)
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
    for i in range(odds.size):
        if odds[i] > floor:
            p[i] = tail(observed[i], mean[i], dispersion[i], odds[i], model, draws, seed + i)
