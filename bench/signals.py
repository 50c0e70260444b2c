"""Early warning: detection on simulated series, and the pooled list over a simulated nation.

Run `python -m bench.signals --seed N --reps R [--nations K]`. The series come from the shared
`data/signals/simulate.py` (TAPAL_SHARED, or ../shared beside the checkout): 42 scenarios x R, of
which only the training weeks and what follows are used. `--tune` prints the threshold that a seed
would give instead, `--speed` measures, `--peer` does so beside R where it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, poisson

from bench.signals_nation import nation, nation_table, speed
from bench.signals_r import ratio
from tapal.engines.signals import Flexible, Panel, Series, expect
from tapal.engines.signals.ears import Ears, ears
from tapal.engines.signals.pool_baseline import BaselineSettings
from tapal.engines.signals.pool_evidence import evidence
from tapal.engines.signals.pool_single import SingleSettings, watch_series

Floats = NDArray[np.float64]
Alarms = NDArray[np.bool_]

ROOT = Path(__file__).resolve().parent.parent
# The rate at which methods with the truth in hand are held against the others.
RATE = 0.0094
TUNED = 0.0088
COLUMNS = ("FPR", "sensitivity", "POD", "POD1week", "PPV", "F1", "delay_weeks")


def simulator() -> ModuleType:
    """The shared generator. Raises SystemExit where it is not there."""
    shared = Path(os.environ.get("TAPAL_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "signals" / "simulate.py"
    if not path.exists():
        raise SystemExit(f"no {path}: set TAPAL_SHARED")
    spec = importlib.util.spec_from_file_location("simulate", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runs:
    """Simulated series from the first training week on, their truth, and the evaluated weeks."""

    def __init__(self, seed: int, reps: int) -> None:
        self.module = simulator()
        counts, state, mean, info = self.module.simulate(reps, seed)
        first, self.begin = self.module.TRAIN0, self.module.EVAL0 - self.module.TRAIN0
        phi = {s["id"]: s["phi"] for s in self.module.scenarios()}
        self.counts: Floats = counts[:, first:].astype(float)
        self.mean: Floats = mean[:, first:]
        self.phi: Floats = np.array([float(phi[one["scenario"]]) for one in info])
        self.weeks = np.arange(self.begin, self.counts.shape[1])
        self.state: NDArray[np.int8] = state[:, first + self.begin :]

    def score(self, alarms: Alarms) -> dict[str, float]:
        """The figures of the shared table."""
        found: dict[str, float] = self.module.score(alarms, self.state)
        return found

    def threshold(self, statistic: Floats, rate: float) -> float:
        """The value that this share of the weeks without outbreak lies above."""
        calm = np.sort(statistic[self.state == 0])[::-1]
        return float(calm[int(rate * calm.size)])

    def at_rate(self, statistic: Floats) -> Alarms:
        """Alarms at the reference rate of false alarms, by the threshold of this very run."""
        return np.asarray(statistic > self.threshold(statistic, RATE))

    def own(self) -> SingleSettings:
        """The engine's settings for series of 52 weeks a year."""
        return SingleSettings(baseline=BaselineSettings(period=52.0))


def farrington(runs: Runs, threshold: str, alpha: float) -> Alarms:
    """Farrington Flexible as in the shared table: ten periods, the last half year left out."""
    setting = Flexible(
        no_periods=10,
        past_not_included=26,
        alpha=alpha,
        threshold=threshold,  # type: ignore[arg-type]
    )
    found = expect(Panel(runs.counts), runs.weeks.tolist(), setting)
    return np.asarray(found.alarm == 1)


def chance(counts: Floats, mean: Floats, phi: Floats, rng: np.random.Generator) -> Floats:
    """-log of the randomised upper tail probability."""
    size = mean / np.maximum(phi - 1.0, 1e-9)
    wide = phi > 1.0
    above = np.where(wide, nbinom.sf(counts, size, 1 / phi), poisson.sf(counts, mean))
    equal = np.where(wide, nbinom.pmf(counts, size, 1 / phi), poisson.pmf(counts, mean))
    tail: Floats = -np.log(np.maximum(above + rng.random(counts.shape) * equal, 1e-300))
    return tail


def windows(runs: Runs, mean: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """One- and two-week tails: counts with one dispersion add up to counts of that dispersion."""
    rng = np.random.default_rng(1)
    now, before = runs.weeks, runs.weeks - 1
    one = chance(runs.counts[:, now], mean[:, now], phi, rng)
    two = chance(
        runs.counts[:, now] + runs.counts[:, before], mean[:, now] + mean[:, before], phi, rng
    )
    return one, two


def oracle_evidence(runs: Runs) -> Floats:
    """The engine's own evidence given the true mean and dispersion."""
    back = runs.weeks[:, None] + np.arange(-4, 1)[None, :]
    shape = (runs.counts.shape[0], runs.weeks.size)
    phi = np.broadcast_to(runs.phi[:, None], shape).copy()
    settings = runs.own().evidence
    return evidence(runs.counts[:, back], runs.mean[:, back], phi, settings).odds


def charts(runs: Runs, method: str) -> Alarms:
    """EARS with its default level."""
    setting = Ears(method)  # type: ignore[arg-type]
    return np.array(
        [ears(Series(row), runs.weeks.tolist(), setting).alarm == 1 for row in runs.counts]
    )


def detection(runs: Runs) -> dict[str, dict[str, float]]:
    """Each method's figures; those that know the truth get this run's threshold, ours is fixed."""
    phi = runs.phi[:, None]
    one, two = windows(runs, runs.mean, phi)
    table = {
        "Farrington Flexible nbPlugin": farrington(runs, "nbPlugin", 0.01),
        "Farrington Flexible delta": farrington(runs, "delta", 0.01),
        "Farrington Flexible muan": farrington(runs, "muan", 0.01),
        "Farrington Flexible nbPlugin .05": farrington(runs, "nbPlugin", 0.05),
        "EARS C1": charts(runs, "C1"),
        "EARS C2": charts(runs, "C2"),
        "EARS C3": charts(runs, "C3"),
        "oracle, one week": runs.at_rate(one),
        "oracle, min-p of one and two weeks": runs.at_rate(np.maximum(one, two)),
        "oracle, this engine's evidence": runs.at_rate(oracle_evidence(runs)),
        "THIS ENGINE, threshold fixed": watch_series(
            runs.counts, times=runs.weeks, settings=runs.own()
        ).alarm
        == 1,
    }
    return {name: runs.score(np.asarray(alarms)) for name, alarms in table.items()}


def show(table: dict[str, dict[str, float]]) -> None:
    """Print the figures."""
    print(f"{'method':36s}" + "".join(f"{name[:8]:>9s}" for name in COLUMNS))
    for name, figures in table.items():
        print(f"{name:36s}" + "".join(f"{figures[column]:9.4f}" for column in COLUMNS))


def bars(table: dict[str, dict[str, float]]) -> bool:
    """Hold our row against the bars; the prize beside."""
    ours, peer = table["THIS ENGINE, threshold fixed"], table["Farrington Flexible nbPlugin"]
    oracle = table["oracle, min-p of one and two weeks"]
    checks = [
        ("FPR at most 0.0094", ours["FPR"] <= RATE),
        ("sensitivity at least 0.29", ours["sensitivity"] >= 0.29),
        ("POD within .01 of Farrington Flexible's", ours["POD"] >= peer["POD"] - 0.01),
        ("delay at most 0.3 weeks", ours["delay_weeks"] <= 0.3),
    ]
    for words, held in checks:
        print(f"{'held' if held else 'NOT HELD':8s} {words}")
    for column in ("sensitivity", "POD"):
        part = ours[column] / oracle[column]
        print(
            f"{'won' if part >= 0.95 else 'not won':8s} prize, {column}: {part:.1%} of the oracle's"
        )
    return all(held for _, held in checks)


def main(arguments: list[str]) -> int:
    """Print both tables; exit code 1 where a bar is not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--reps", type=int, default=10)
    parser.add_argument("--nations", type=int, default=4)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--speed", action="store_true", help="CPU seconds of one week, no more")
    parser.add_argument("--peer", action="store_true", help="beside R's surveillance, no more")
    asked = parser.parse_args(arguments)
    if asked.peer:
        return int(ratio(nation(asked.seed).counts) is False)
    if asked.speed:
        return int(not speed(asked.seed))
    runs = Runs(asked.seed, asked.reps)
    if asked.tune:
        odds = watch_series(runs.counts, times=runs.weeks, settings=runs.own()).odds
        print(f"seed {asked.seed}: threshold {runs.threshold(odds, TUNED):.3f}")
        return 0
    start = time.process_time()
    print(f"detection: 42 x {asked.reps} series, seed {asked.seed}")
    table = detection(runs)
    show(table)
    held = bars(table)
    print(f"{time.process_time() - start:.0f} CPU seconds")
    if asked.nations:
        held &= nation_table(asked.seed, asked.nations)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
