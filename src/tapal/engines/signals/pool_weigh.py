"""The compiled loops that weigh windows: an outbreak that began at some week, held against none.

A *slot* is one outbreak: a week of start (0 = this week), a course, a size; the slots of a start stand
together. What a slot says of a week depends on the count alone. So a window is laid out once and then
read for any counts: those up to `TABLED` from a table that grows by a multiplication a case.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals.compiled import borrowed, compiled, summing
from tapal.engines.signals.pool_mass import Floats, curve, log_mass

# Courses and what is left of them (courses, weeks), their shares, sizes; then promptness, hazard
# and how many of the sizes, the last ones, have cases as dispersed as the others.
Model = tuple[Floats, Floats, Floats, Floats, Floats]
# What is laid out: rows by week and slot, the calm week's own rows, ratios by week, count and slot, the
# greatest count in that table by week (-1: the week is missing), rows by slot.
Layout = tuple[Floats, Floats, Floats, NDArray[np.int64], Floats]

# The rows by week and slot, and of the calm week: the log mass of a count c is LEVEL plus the sum
# of log(STEP + j GROW) over j < c; then mean and dispersion with the outbreak's cases.
STEP, GROW, LEVEL, RAISED, WIDE = 0, 1, 2, 3, 4
# The rows by slot: its weight where the outbreak is on, where it is over, and the weeks' ratio.
ON, OVER, RATIO = 0, 1, 2
TABLED = 128
# Log likelihood ratios above this are brought down, so that sums of them stay numbers.
LARGEST = 600.0
# Ratios that sum to more are left to logarithms.
GREATEST_RATIO = 1e260


@borrowed
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
def weigh_logs(
    observed: Floats, mean: Floats, dispersion: float, model: Model, on: Floats, over: Floats
) -> None:
    """Fill the evidence by week of start by logarithms, however large it is.

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
def new_layout(weeks: int, slots: int) -> Layout:
    """Room for the layouts of one window after another."""
    return (
        np.zeros((5, weeks, slots)),
        np.zeros((3, weeks)),
        np.ones((weeks, TABLED + 1, slots)),
        np.zeros(weeks, np.int64),
        np.zeros((3, slots)),
    )


@borrowed
def lay_slot(
    mean: Floats, dispersion: float, course: Floats, cases: float, own: float, s: int, room: Layout
) -> None:
    """Lay out the weeks of one slot from its start on, as many as `mean` has."""
    rows, calm, table, tabled, _ = room
    for v in range(mean.size):
        u = tabled.size - mean.size + v
        extra = cases * course[v]
        if extra <= 0.0:
            rows[STEP, u, s], rows[GROW, u, s] = calm[STEP, u], calm[GROW, u]
            rows[RAISED, u, s], rows[WIDE, u, s] = mean[v], dispersion
            table[u, 0, s] = 1.0
            continue
        raised = mean[v] + extra
        wide = (dispersion * mean[v] + own * extra) / raised
        step, grow, level = curve(raised, wide)
        rows[STEP, u, s], rows[GROW, u, s] = step, grow
        rows[RAISED, u, s], rows[WIDE, u, s] = raised, wide
        table[u, 0, s] = math.exp(level - calm[LEVEL, u])


@borrowed
def lay_out(gaps: Floats, mean: Floats, dispersion: float, model: Model, room: Layout) -> None:
    """Lay out a window; a week that is NaN in `gaps` is missing."""
    courses, rest, shares, sizes, blend = model
    _, calm, _, tabled, slots = room
    weeks = mean.size
    for u in range(weeks):
        tabled[u] = -1 if math.isnan(gaps[u]) else 0
        calm[STEP, u], calm[GROW, u], calm[LEVEL, u] = curve(mean[u], dispersion)
    s = 0
    for d in range(weeks):
        at = weeks - 1 - d
        spread = math.sqrt(dispersion * mean[at])
        for c in range(shares.size):
            for k in range(sizes.size):
                cases = sizes[k] * spread
                own = 1.0 if k < sizes.size - int(blend[2]) else dispersion
                ended = 0.0 if d == 0 else math.exp(-cases * rest[c, d])
                slots[ON, s] = shares[c] / sizes.size * (1.0 - ended)
                slots[OVER, s] = shares[c] / sizes.size * ended
                lay_slot(mean[at:], dispersion, courses[c], cases, own, s, room)
                s += 1


@borrowed
def extend(u: int, count: int, first: int, room: Layout) -> None:
    """Let the table of one week reach a count, from slot `first` on."""
    rows, calm, table, tabled, _ = room
    for c in range(tabled[u], count):
        calmly = 1.0 / (calm[STEP, u] + c * calm[GROW, u])
        for s in range(first, table.shape[2]):
            table[u, c + 1, s] = table[u, c, s] * (
                (rows[STEP, u, s] + c * rows[GROW, u, s]) * calmly
            )
    tabled[u] = max(tabled[u], count)


@borrowed
def read_week(count: float, mean: float, dispersion: float, u: int, room: Layout) -> None:
    """Multiply into each slot's ratio what it says of one week's count."""
    rows, _, table, tabled, slots = room
    total = table.shape[2]
    first = (tabled.size - 1 - u) * (total // tabled.size)
    if count <= TABLED and count == math.floor(count):
        extend(u, int(count), first, room)
        for s in range(first, total):
            slots[RATIO, s] *= table[u, int(count), s]
        return
    plain = log_mass(count, mean, dispersion)
    for s in range(first, total):
        if rows[RAISED, u, s] > mean:
            gain = log_mass(count, rows[RAISED, u, s], rows[WIDE, u, s]) - plain
            slots[RATIO, s] *= math.exp(gain) if gain <= LARGEST else math.inf


@summing
def sum_up(slots: Floats, on: Floats, over: Floats) -> float:
    """Add up the evidence by week of start: still on, and over again; the sum of all ratios."""
    own = slots.shape[1] // on.size
    total = 0.0
    for d in range(on.size):
        still, ended = 0.0, 0.0
        for s in range(d * own, (d + 1) * own):
            still += slots[ON, s] * slots[RATIO, s]
            ended += slots[OVER, s] * slots[RATIO, s]
            total += slots[RATIO, s]
        on[d] = still
        over[d] = ended
    return total


@borrowed
def weigh(
    observed: Floats,
    mean: Floats,
    dispersion: float,
    model: Model,
    room: Layout,
    on: Floats,
    over: Floats,
) -> None:
    """Fill the evidence by week of start (0 = this week), for a window that was laid out."""
    slots = room[4]
    slots[RATIO, :] = 1.0
    small = True
    for u in range(observed.size):
        small &= mean[u] > 0.0
        if not math.isnan(observed[u]):
            read_week(observed[u], mean[u], dispersion, u, room)
    # What overflowed makes the sum infinite or none.
    if not (sum_up(slots, on, over) <= GREATEST_RATIO and small):
        weigh_logs(observed, mean, dispersion, model, on, over)


@borrowed
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
    weeks = observed.shape[1]
    room = new_layout(weeks, weeks * model[2].size * model[3].size)
    for i in range(observed.shape[0]):
        lay_out(observed[i], mean[i], dispersion[i], model, room)
        weigh(observed[i], mean[i], dispersion[i], model, room, on[i], over[i])
        odds[i] = odds_of(on[i], over[i], model[4])
