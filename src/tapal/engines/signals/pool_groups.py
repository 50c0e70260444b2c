"""One verdict over posts within reach of each other and over streams that watch one hazard.

An outbreak that shows in people, animals and seizures at posts an hour apart is weak in each series
and strong in all. The posts of a region lie within so many minutes of each other; a *unit* is one
region and one family of streams. Each series brings its p-value; each p-value is turned into a
likelihood ratio that any kind of outbreak would raise; the unit's ratio is the mean over who may be
touched: one series alone, one post in all its streams, one stream in all its posts, or any of them.
Units share no series, so that a list of them holds its false-discovery rate.
Sources: Vovk & Wang 2021, Ann Stat 49:1736 (from p-values to ratios); Burkom 2003, J Urban Health
80:i57 (many streams at once).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# A p-value above this says nothing, and need not be known.
SILENT = 0.1
# How strong an outbreak is held to be: its p-values lie below p with probability p^STRENGTH.
STRENGTH = 0.25
# What a silent series says: that an outbreak would have brought a small p-value more often.
SILENT_RATIO = (1.0 - SILENT**STRENGTH) / (1.0 - SILENT)


def ratio(p: Floats) -> Floats:
    """The likelihood ratio of a p-value: how much rather an outbreak would bring it than chance.

    The calibrator k p^(k-1), flat above SILENT; its mean by chance is 1. Source: Vovk & Wang 2021.
    """
    small = np.clip(p, 1e-300, SILENT)
    return np.asarray(np.where(p > SILENT, SILENT_RATIO, STRENGTH * small ** (STRENGTH - 1.0)))


def regions(minutes: Floats, within: float) -> Indices:
    """The region of each post: no two posts of a region are further apart than `within` minutes.

    `minutes` is (posts, posts); the longer of two directions counts. Unreachable posts are inf.
    """
    posts = minutes.shape[0]
    if posts < 2:
        return np.zeros(posts, dtype=np.int64)
    far = np.maximum(minutes, minutes.T)
    far = np.minimum(np.where(np.isfinite(far), far, 1e9), 1e9)
    np.fill_diagonal(far, 0.0)
    tree = linkage(squareform(far, checks=False), method="complete")
    return np.asarray(fcluster(tree, t=within, criterion="distance"), dtype=np.int64) - 1


@dataclass(frozen=True, slots=True)
class Touch:
    """How many of the series an outbreak touches: of a post's streams, a stream's posts, of all.

    `few` and `most` are two kinds of outbreak over the whole unit.
    """

    post: float = 0.5
    stream: float = 0.25
    few: float = 0.15
    most: float = 0.7


# A product of ratios above this says no more.
LARGEST = float(np.exp(600.0))
# One series alone, one post, one stream, few of all, most of all: each as likely as the others.
KINDS = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """The series of one region and family, by their index, with the post and stream of each."""

    members: Indices
    posts: Indices
    streams: Indices


def units(region: Indices, post: Indices, stream: Indices, family: Indices) -> list[Unit]:
    """Part the series into units; all arrays are (series,), in the order of the series."""
    held: dict[tuple[int, int], list[int]] = {}
    for series, key in enumerate(zip(region.tolist(), family.tolist(), strict=True)):
        held.setdefault(key, []).append(series)
    found = []
    for key in sorted(held):
        members = np.array(held[key], dtype=np.int64)
        posts = np.unique(post[members], return_inverse=True)[1]
        streams = np.unique(stream[members], return_inverse=True)[1]
        found.append(Unit(members, posts, streams))
    return found


def _by(factors: Floats, label: Indices) -> Floats:
    """The mean over labels of the product of what each label holds; factors are (draws, members)."""
    held = np.bincount(label)
    starts = held.cumsum() - held
    order = np.argsort(label, kind="stable")
    products = np.multiply.reduceat(factors[:, order], starts, axis=1)
    return np.asarray(np.minimum(products, LARGEST).sum(axis=1) / held.size)


def unit_ratio(ratios: Floats, unit: Unit, touch: Touch) -> Floats:
    """The unit's likelihood ratio for each row of member ratios (draws, members)."""
    parts = [ratios.mean(axis=1)]
    with np.errstate(over="ignore"):
        parts += [_by(1.0 + part * (ratios - 1.0), label) for label, part in _kinds(unit, touch)]
    return np.asarray(sum(parts) / KINDS)


def _kinds(unit: Unit, touch: Touch) -> list[tuple[Indices, float]]:
    """Who is touched together, as labels of the members, and how many of them."""
    whole = np.zeros(unit.members.size, dtype=np.int64)
    return [
        (unit.posts, touch.post),
        (unit.streams, touch.stream),
        (whole, touch.few),
        (whole, touch.most),
    ]


def _struck(unit: Unit, touch: Touch, draws: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which members an outbreak touches in each draw, as `unit_ratio` mixes them."""
    size = unit.members.size
    kind = rng.integers(0, KINDS, draws)[:, None]
    chance = rng.random((draws, size))
    struck = rng.integers(0, size, draws)[:, None] == np.arange(size)[None, :]
    for number, (label, part) in enumerate(_kinds(unit, touch), 1):
        one = rng.integers(0, int(label.max()) + 1, draws)[:, None] == label[None, :]
        struck = np.where(kind == number, one & (chance < part), struck)
    return np.asarray(struck)


def unit_p_value(
    reached: float, unit: Unit, touch: Touch, *, draws: int = 2000, seed: int = 1
) -> float:
    """The probability that chance alone gives a unit's ratio this high, by importance sampling."""
    rng = np.random.default_rng(seed)
    struck = _struck(unit, touch, draws, rng)
    chance = rng.random(struck.shape)
    p = np.where(struck, chance ** (1.0 / STRENGTH), chance)
    calm = rng.random(draws) < 0.2
    p = np.where(calm[:, None], rng.random(struck.shape), p)
    # Above SILENT all p-values are alike, so that which of them was drawn does not matter.
    found = unit_ratio(ratio(p), unit, touch)
    weight = 1.0 / (0.2 + 0.8 * found)
    return float(min(1.0, (weight * (found >= reached * (1.0 - 1e-9))).mean()))


def shares(ratios: Floats, unit: Unit, touch: Touch) -> Floats:
    """The probability that each member is touched, given that an outbreak is on in the unit.

    `ratios` is (members,). Bayes over the same mixture as `unit_ratio`.
    """
    total = ratios / ratios.size / KINDS
    mass = total.sum()
    for label, part in _kinds(unit, touch):
        count = int(label.max()) + 1
        logs = np.log1p(part * (ratios - 1.0))
        for one in range(count):
            inside = label == one
            weight = float(np.exp(min(logs[inside].sum(), 600.0))) / count / KINDS
            mass += weight
            total[inside] += weight * (part * ratios[inside] / np.exp(logs[inside]))
    return np.asarray(np.minimum(total / mass, 1.0))


@dataclass(frozen=True, slots=True)
class UnitVerdicts:
    """For each unit: the likelihood ratio, its p-value, and each member's share (by series)."""

    ratio: Floats
    p: Floats
    share: Floats


def judge_units(
    p: Floats, parted: list[Unit], *, touch: Touch | None = None, floor: float = 2.0, seed: int = 1
) -> UnitVerdicts:
    """Pool the series' p-values (series,) by unit; a unit's p is 1 where its ratio is below `floor`."""
    touch = touch or Touch()
    ratios = ratio(p)
    found, chance, share = np.ones(len(parted)), np.ones(len(parted)), np.zeros(p.size)
    for i, unit in enumerate(parted):
        own = ratios[unit.members]
        found[i] = unit_ratio(own[None, :], unit, touch)[0]
        if found[i] > floor:
            chance[i] = unit_p_value(found[i], unit, touch, seed=seed)
            share[unit.members] = shares(own, unit, touch)
    return UnitVerdicts(found, chance, share)
