"""A Poisson or negative binomial model with waves and a trend: the mean of the control charts.

log(mu_t) = a + b*t + sum over s of (c_s cos(2 pi s t / freq) + d_s sin(2 pi s t / freq)), fitted by
the steps of R's `glm`: start at y + 0.1, stop when the deviance moves by less than 1e-8 of itself.
"""

from dataclasses import dataclass

import numpy as np

from tapal.engines.signals.series import Floats

STEPS = 25
TOLERANCE = 1e-8


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


def poisson_deviance(y: Floats, mu: Floats) -> float:
    """Twice the distance from the best log likelihood."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(y > 0, y * np.log(y / mu), 0.0)
    return float(2 * np.sum(logs - (y - mu)))


def fit_poisson(y: Floats, x: Floats) -> Floats:
    """The coefficients of a Poisson model with a log link. Raises NotFitted."""
    mu = y + 0.1
    eta = np.log(mu)
    old = poisson_deviance(y, mu)
    for _ in range(STEPS):
        root = np.sqrt(mu)
        z = eta + (y - mu) / mu
        beta = np.linalg.lstsq(x * root[:, np.newaxis], z * root, rcond=None)[0]
        eta = x @ beta
        with np.errstate(over="ignore"):
            mu = np.maximum(np.exp(eta), np.finfo(np.float64).eps)
        new = poisson_deviance(y, mu)
        if not np.isfinite(new):
            raise NotFitted
        if abs(new - old) / (abs(new) + 0.1) < TOLERANCE:
            return np.asarray(beta)
        old = new
    raise NotFitted
