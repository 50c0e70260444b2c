"""From a predicted mean to a bound: the three ways of Farrington Flexible."""

from typing import Literal

import numpy as np
from scipy import special

from tapal.engines.signals.quantile import (
    negbin_quantile,
    negbin_tail,
    poisson_quantile,
    poisson_tail,
)
from tapal.engines.signals.series import Floats

Way = Literal["delta", "nbPlugin", "muan"]
Power = Literal["2/3", "1/2", "none"]

# Means stay above the machine's precision, as in the fit.
LEAST_MEAN = float(np.finfo(np.float64).eps)

POWERS: dict[Power, float] = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}


def power_bound(mean: Floats, se: Floats, phi: Floats, power: Power, z: float) -> Floats:
    """The bound on the scale on which counts are nearly symmetric (Farrington 1996, section 3.6).

    `se` is the standard error of the mean, `z` the normal quantile.
    """
    tau = phi + se**2 / mean
    exponent = POWERS[power]
    spread = exponent * mean ** (exponent - 0.5) * np.sqrt(tau)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray((mean**exponent + z * spread) ** (1 / exponent))


def count_quantile(p: float, mean: Floats, phi: Floats) -> Floats:
    """The p quantile of counts with variance phi * mean: negative binomial, Poisson at phi = 1."""
    wide = phi > 1
    out = np.array(poisson_quantile(p, np.where(wide, np.nan, mean)))
    with np.errstate(invalid="ignore"):
        size = mean[wide] / (phi[wide] - 1)
    out[wide] = negbin_quantile(p, mean[wide], size)
    return out


def bound(eta: Floats, se: Floats, phi: Floats, way: Way, power: Power, alpha: float) -> Floats:
    """The upper bound; `eta` is the log mean and `se` its standard error."""
    z = float(special.ndtri(1 - alpha))
    with np.errstate(over="ignore", invalid="ignore"):
        if way == "delta":
            mean = np.maximum(np.exp(eta), LEAST_MEAN)
            return power_bound(mean, se * mean, phi, power, z)
        mean = np.exp(eta if way == "nbPlugin" else eta + z * se)
    return count_quantile(1 - alpha, mean, phi)


def score(y: Floats, eta: Floats, upper: Floats, way: Way) -> Floats:
    """How far the count went towards the bound; above 1 is beyond.

    The two quantile ways measure from the linear predictor, as the reference does.
    """
    centre = np.maximum(np.exp(eta), LEAST_MEAN) if way == "delta" else eta
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((y - centre) / (upper - centre))


def tail(y: Floats, mean: Floats, phi: Floats) -> Floats:
    """The chance of at least y counts, with variance phi * mean."""
    wide = phi > 1
    out = np.array(poisson_tail(y, mean))
    size = mean[wide] / (phi[wide] - 1)
    out[wide] = negbin_tail(y[wide], mean[wide], size)
    return out
