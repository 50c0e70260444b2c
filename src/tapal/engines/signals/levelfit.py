"""The numpy twin of `groupfit`: the same fit, many series side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.groupsteps import (
    COLUMNS,
    EMPTY,
    ETA,
    FITTED,
    FLOORED,
    FREEDOM,
    LEAST_MEAN,
    LEAST_SPREAD,
    LOG_LEAST,
    NO_FREEDOM,
    NOT_CONVERGED,
    NOT_FINITE,
    PHI,
    REFERENCE,
    SE,
    SLOPE,
    STEPS,
    TOLERANCE,
    TREND,
)
from tapal.engines.signals.series import Flags, Floats

Levels = NDArray[np.int64]
Known = NDArray[np.bool_]


@dataclass
class Rows:
    """The past of many series: `y` and `offset` (n_series, n_rows), where `known`, weights apart.

    Values that are not known are 1 with weight zero, so that they stay out of every sum.
    """

    y: Floats
    known: Known
    time: Floats
    level: Levels
    levels: int
    offset: Floats

    def of(self, chosen: Known) -> "Rows":
        """The chosen series alone."""
        return Rows(
            self.y[chosen],
            self.known[chosen],
            self.time,
            self.level,
            self.levels,
            self.offset[chosen],
        )

    def by_level(self, values: Floats) -> Floats:
        """Sums of (n_series, n_rows) by level: (n_series, levels)."""
        sums = np.zeros((self.levels, len(values)))
        np.add.at(sums, self.level, values.T)
        return sums.T


@dataclass
class Fit:
    """The state of a fit, series by series (see `groupsteps.converge`)."""

    fitted: Known
    slope: Floats
    spread: Floats
    eta: Floats
    mu: Floats
    weight: Floats
    total: Floats
    middle: Floats
    height: Floats


def deviance(rows: Rows, eta: Floats, mu: Floats, omega: Floats) -> Floats:
    """The weighted Poisson deviance of each series."""
    with np.errstate(divide="ignore"):
        log_y = np.where(rows.y > 0, np.log(rows.y), 0.0)
    return np.asarray((2.0 * omega * (rows.y * (log_y - eta) - (rows.y - mu))).sum(axis=1))


def mean_by_level(rows: Rows, weighted: Floats, total: Floats) -> Floats:
    """Weighted means by level, zero where a level has no weight."""
    sums = rows.by_level(weighted)
    return np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)


def step(rows: Rows, eta: Floats, mu: Floats, omega: Floats, sloped: bool) -> Fit:
    """One step of weighted least squares from `eta` and `mu`."""
    weight = omega * mu
    z = eta - rows.offset + (rows.y - mu) / mu
    total = rows.by_level(weight)
    middle = mean_by_level(rows, weight * rows.time, total)
    height = mean_by_level(rows, weight * z, total)
    spread = slope = np.zeros(len(mu))
    fitted = np.ones(len(mu), dtype=np.bool_)
    if sloped:
        d = rows.time - middle[:, rows.level]
        spread = (weight * d * d).sum(axis=1)
        cross = (weight * d * (z - height[:, rows.level])).sum(axis=1)
        fitted = spread > LEAST_SPREAD * total.sum(axis=1)
        slope = np.divide(cross, spread, out=np.zeros_like(spread), where=fitted)
    apart = rows.time - middle[:, rows.level]
    eta = height[:, rows.level] + slope[:, np.newaxis] * apart + rows.offset
    with np.errstate(over="ignore"):
        mu = np.maximum(np.exp(eta), LEAST_MEAN)
    return Fit(fitted, slope, spread, eta, mu, weight, total, middle, height)


def put(into: Fit, chosen: Known, new: Fit) -> None:
    """Write the state of the chosen series."""
    for name in vars(into):
        getattr(into, name)[chosen] = getattr(new, name)


def converge(rows: Rows, omega: Floats, sloped: bool) -> Fit:
    """Iterate each series until its deviance stands still."""
    n = len(rows.y)
    mu = rows.y + 0.1
    eta = np.log(mu)
    none = np.zeros(n)
    by_level = np.zeros((n, rows.levels))
    state = Fit(
        np.zeros(n, dtype=np.bool_),
        none,
        none.copy(),
        eta,
        mu,
        np.zeros_like(mu),
        by_level,
        by_level.copy(),
        by_level.copy(),
    )
    old = deviance(rows, eta, mu, omega)
    moving = np.ones(n, dtype=np.bool_)
    for _ in range(STEPS):
        part, weights = rows.of(moving), omega[moving]
        new = step(part, state.eta[moving], state.mu[moving], weights, sloped)
        with np.errstate(over="ignore", invalid="ignore"):
            dev = deviance(part, np.maximum(new.eta, LOG_LEAST), new.mu, weights)
            still = np.abs(dev - old[moving]) / (np.abs(dev) + 0.1) < TOLERANCE
        lost = ~new.fitted | ~np.isfinite(dev)
        new.fitted = still & ~lost
        put(state, moving, new)
        old[moving] = dev
        moving[moving] = ~still & ~lost
        if not moving.any():
            break
    return state


def parameters(fit: Fit, sloped: Known) -> Levels:
    """How many parameters each series' fit knows."""
    return np.asarray((fit.total > 0).sum(axis=1) + sloped, dtype=np.int64)


def dispersion(rows: Rows, mu: Floats, weight: Floats, freedom: Levels) -> Floats:
    """Weighted squared working residuals by degree of freedom, NaN without freedom."""
    r = (rows.y - mu) / mu
    total: Floats = (weight * r * r).sum(axis=1)
    out: Floats = np.full(len(total), np.nan)
    return np.divide(total, freedom, out=out, where=freedom > 0)


def down_weigh(rows: Rows, fit: Fit, phi: Floats, threshold: float) -> tuple[Floats, Known]:
    """New weights where past counts stand out, and which series have them."""
    apart = rows.time - fit.middle[:, rows.level]
    spread = fit.spread[:, np.newaxis]
    total = fit.total[:, rows.level]
    hat = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    hat += np.divide(apart**2, spread, out=np.zeros_like(apart), where=spread > 0)
    hat *= fit.weight
    rest = np.where(hat < 1 - 10 * LEAST_MEAN, phi[:, np.newaxis] * (1 - hat), 0.0)
    s = 1.5 * (rows.y ** (2 / 3) * fit.mu ** (-1 / 6) - np.sqrt(fit.mu))
    with np.errstate(divide="ignore", invalid="ignore"):
        s = s / np.sqrt(rest)
        omega = np.where(s > threshold, 1.0 / (s * s), 1.0)
    omega = np.where(rows.known, omega, 0.0)
    usable = ~(np.isnan(s) & rows.known).any(axis=1)
    whole = omega.sum(axis=1)
    usable &= whole > 0
    gamma = np.divide(rows.known.sum(axis=1), whole, out=np.zeros(len(whole)), where=usable)
    return omega * gamma[:, np.newaxis], usable


def fit_slope(rows: Rows, omega: Floats, sloped: bool) -> tuple[Fit, Known]:
    """Fit with a slope, and without where that does not converge; also which kept theirs."""
    fit = converge(rows, omega, sloped)
    kept = np.full(len(rows.y), sloped)
    again = ~fit.fitted
    if sloped and again.any():
        put(fit, again, converge(rows.of(again), omega[again], False))
        kept &= ~again
    return fit, kept


def refit(rows: Rows, omega: Floats, sloped: Known) -> Fit:
    """Fit again with new weights, each series with a slope or without."""
    fit = converge(rows, omega, True) if sloped.any() else converge(rows, omega, False)
    flat = ~sloped
    if sloped.any() and flat.any():
        put(fit, flat, converge(rows.of(flat), omega[flat], False))
    return fit


def mark(codes: Flags, chosen: Known, code: int) -> None:
    """Note why the chosen series have no result, unless that is known already."""
    codes[chosen & (codes == FITTED)] = code


def predict(
    rows: Rows, now: Floats, sloped: bool, reweight: bool, threshold: float, way: int
) -> tuple[Floats, Flags]:
    """Fit, weigh down, fit again and predict (see `groupfit.predict`)."""
    codes = np.zeros(len(rows.y), dtype=np.int8)
    omega = rows.known.astype(np.float64)
    fit, kept = fit_slope(rows, omega, sloped)
    mark(codes, ~fit.fitted, NOT_CONVERGED)
    freedom = rows.known.sum(axis=1) - parameters(fit, kept)
    mark(codes, freedom <= 0, NO_FREEDOM)
    raw = dispersion(rows, fit.mu, fit.weight, freedom)
    scale = raw
    if reweight:
        omega, usable = down_weigh(rows, fit, np.maximum(raw, 1.0), threshold)
        mark(codes, ~usable, NOT_FINITE)
        omega[codes != FITTED] = rows.known[codes != FITTED]
        fit = refit(rows, omega, kept)
        freedom = (omega > 0).sum(axis=1) - parameters(fit, kept)
        mark(codes, freedom <= 0, NO_FREEDOM)
        raw = dispersion(rows, fit.mu, fit.weight, freedom)
        scale = dispersion(rows, fit.mu, omega, freedom) if way == REFERENCE else raw
    mark(codes, ~(fit.total[:, -1] > 0), EMPTY)
    out = columns(fit, kept, now, raw, scale, freedom)
    if way == FLOORED:
        out[:, SE] *= np.sqrt(np.maximum(scale, 1.0) / scale)
    bad = ~np.isfinite(out[:, [ETA, SE]]).all(axis=1) | ~np.isfinite(raw)
    mark(codes, bad, NOT_FINITE)
    return out, codes


def columns(
    fit: Fit, kept: Known, now: Floats, raw: Floats, scale: Floats, freedom: Levels
) -> Floats:
    """The prediction at time 0 in the last level, in the columns of `groupfit`."""
    total, middle = fit.total[:, -1], fit.middle[:, -1]
    out = np.full((len(now), COLUMNS), np.nan)
    spread = np.where(kept, fit.spread, np.inf)
    slope = np.where(kept, fit.slope, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        out[:, ETA] = fit.height[:, -1] + now - slope * middle
        out[:, SE] = np.sqrt(scale * (1.0 / total + middle**2 / spread))
        out[:, TREND] = np.where(kept & (scale > 0), slope / np.sqrt(scale / spread), np.nan)
    out[:, PHI] = np.maximum(raw, 1.0)
    out[:, SLOPE] = slope
    out[:, FREEDOM] = freedom
    return out


def predict_all(
    counts: Floats,
    rows: Levels,
    time: Floats,
    level: Levels,
    levels: int,
    offsets: Floats,
    sloped: bool,
    reweight: bool,
    threshold: float,
    way: int,
    critical: Floats,
    out: Floats,
    codes: Flags,
) -> None:
    """Predict one point of many series (see `groupfit.predict_all`)."""
    past = counts[:, rows]
    known = ~np.isnan(past)
    out[:], codes[:] = np.nan, EMPTY
    some: Known = np.asarray(known.any(axis=1))
    if not some.any():
        return
    data = Rows(np.where(known, past, 1.0), known, time, level, levels, offsets[:, :-1]).of(some)
    most = np.where(known, past, 0.0).max(axis=1)[some]
    now = offsets[some, -1]
    found, answers = predict(data, now, sloped, reweight, threshold, way)
    if sloped:
        fitted = answers == FITTED
        freedom = np.where(fitted, found[:, FREEDOM], 0).astype(np.int64)
        with np.errstate(invalid="ignore", over="ignore"):
            keep = (np.abs(found[:, TREND]) > critical[freedom]) & (np.exp(found[:, ETA]) <= most)
        again: Known = np.asarray(fitted & ~keep)
        found[:, TREND] = np.where(keep, 1.0, np.nan)
        if again.any():
            found[again], answers[again] = predict(
                data.of(again), now[again], False, reweight, threshold, way
            )
    found[answers != FITTED] = np.nan
    out[some], codes[some] = found, answers
