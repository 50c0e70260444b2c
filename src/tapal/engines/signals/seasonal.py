"""A Poisson or negative binomial model with waves and a trend: the mean of the control charts.

log(mu_t) = a + b*t + sum over s of (c_s cos(2 pi s t / freq) + d_s sin(2 pi s t / freq)), fitted by
the steps of R's `glm`: start at y + 0.1, stop when the deviance moves by less than 1e-8 of itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from tapal.engines.signals.series import Floats

STEPS = 25
TOLERANCE = 1e-8
LEAST_MEAN = float(np.finfo(np.float64).eps)
# A step of the size below this ends its search.
SIZE_STEP = LEAST_MEAN**0.25


class NotFitted(Exception):
    """The model's fit did not converge."""


@dataclass(frozen=True)
class Seasonal:
    """How many waves a year, and whether there is a trend."""

    waves: int = 1
    trend: bool = True


def design(points: Floats, freq: int, model: Seasonal) -> Floats:
    """The columns of the model at one-based points: level, trend, waves."""
    columns = [np.ones(len(points))]
    if model.trend:
        columns.append(points)
    for wave in range(1, model.waves + 1):
        angle = 2 * np.pi * wave * points / freq
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def deviance(y: Floats, mu: Floats, alpha: float) -> float:
    """Twice the distance from the best log likelihood; variance mu + alpha * mu**2."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if alpha == 0:
            logs = np.where(y > 0, y * np.log(y / mu), 0.0) - (y - mu)
        else:
            size = 1 / alpha
            logs = y * np.log(np.maximum(y, 1) / mu) - (y + size) * np.log((y + size) / (mu + size))
    return float(2 * np.sum(logs))


def fit(
    y: Floats,
    x: Floats,
    alpha: float = 0.0,
    start: Floats | None = None,
    *,
    patient: bool = False,
) -> Floats:
    """The coefficients of a model with a log link: Poisson, or negative binomial of that alpha.

    `start` are means to begin with. Raises NotFitted, where `patient` only for what is no number.
    """
    # R's two families begin apart: at y + 0.1, and at 1/6 in place of no count.
    first = y + 0.1 if alpha == 0 else y + (y == 0) / 6
    mu = first if start is None else start
    eta = np.log(mu)
    old = deviance(y, mu, alpha)
    for _ in range(STEPS):
        root = np.sqrt(mu / (1 + alpha * mu))
        z = eta + (y - mu) / mu
        try:
            beta = np.linalg.lstsq(x * root[:, np.newaxis], z * root, rcond=None)[0]
        except np.linalg.LinAlgError:
            raise NotFitted from None
        eta = x @ beta
        with np.errstate(over="ignore"):
            mu = np.maximum(np.exp(eta), LEAST_MEAN)
        new = deviance(y, mu, alpha)
        if not np.isfinite(new):
            raise NotFitted
        if abs(new - old) / (abs(new) + 0.1) < TOLERANCE:
            return np.asarray(beta)
        old = new
    if patient:
        return np.asarray(beta)
    raise NotFitted


def means(x: Floats, beta: Floats) -> Floats:
    """The means of a fitted model; they stay above the machine's precision, as in R."""
    with np.errstate(over="ignore"):
        return np.maximum(np.exp(x @ beta), LEAST_MEAN)


def log_likelihood(y: Floats, mu: Floats, size: float) -> float:
    """The negative binomial's log likelihood."""
    parts = special.gammaln(size + y) - special.gammaln(size) - special.gammaln(y + 1)
    parts += size * np.log(size) + special.xlogy(y, mu) - (size + y) * np.log(size + mu)
    return float(parts.sum())


def best_size(y: Floats, mu: Floats) -> float:
    """The negative binomial's most likely size for known means, by Newton's method.

    25 steps at most, until a step is below eps**0.25: where there is no overdispersion the size
    grows without end, and where it stops is then the same as in R.
    """
    apart = float(np.sum((y / mu - 1) ** 2))
    if not 0 < apart < np.inf:
        raise NotFitted
    size = len(y) / apart
    for _ in range(STEPS - 1):
        size = abs(size)
        slope = np.sum(
            special.digamma(size + y)
            - special.digamma(size)
            + np.log(size)
            + 1
            - np.log(size + mu)
            - (y + size) / (mu + size)
        )
        bend = np.sum(
            special.polygamma(1, size)
            - special.polygamma(1, size + y)
            - 1 / size
            + 2 / (mu + size)
            - (y + size) / (mu + size) ** 2
        )
        change = float(slope / bend)
        size += change
        if not np.isfinite(size):
            raise NotFitted
        if abs(change) <= SIZE_STEP:
            break
    return max(size, 0.0)


def fit_negbin(y: Floats, x: Floats) -> tuple[Floats, float]:
    """The coefficients and alpha of a negative binomial model. Raises NotFitted."""
    with np.errstate(all="ignore"):
        return by_turns(y, x)


def by_turns(y: Floats, x: Floats) -> tuple[Floats, float]:
    """Fit the means for a known size, then the size for known means, until both stand still."""
    beta = fit(y, x)
    mu = means(x, beta)
    size = best_size(y, mu)
    scale = np.sqrt(2 * max(1, len(y) - x.shape[1]))
    change = 1.0
    now = log_likelihood(y, mu, size)
    before = now + 2 * scale
    for _ in range(STEPS):
        if abs(before - now) / scale + abs(change) <= TOLERANCE:
            break
        if not (np.isfinite(now) and size > 0):
            raise NotFitted
        beta = fit(y, x, 1 / size, mu)
        change, size = size, best_size(y, mu)
        change -= size
        mu = means(x, beta)
        before, now = now, log_likelihood(y, mu, size)
    if not (np.isfinite(now) and size > 0):
        raise NotFitted
    return beta, 1 / size
