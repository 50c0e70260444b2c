"""The pooled list's numbers stay what they were before its loops were made faster.

`golden/pooled.json` holds 18 invented series (rare, seasonal, wandering, gappy, closed, with planted
outbreaks) and what the engine said of their last week on 24 November 2026.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tapal.engines.signals.pool import PoolSettings, Watch, part, prepare, verdict
from tapal.engines.signals.pool_evidence import EvidenceSettings
from tapal.engines.signals.pool_groups import judge_units
from tapal.engines.signals.pool_weigh import lay_out, new_layout, weigh, weigh_logs

Floats = NDArray[np.float64]
GOLDEN = json.loads((Path(__file__).parent / "golden" / "pooled.json").read_text())


def golden(name: str) -> Floats:
    return np.array(GOLDEN[name], dtype=np.float64)


def watch() -> Watch:
    """Three posts with six streams each, two of the posts an hour apart."""
    counts = golden("counts")
    number = range(len(counts))
    return Watch(
        tuple(f"s{i}" for i in number),
        counts,
        golden("exposure"),
        tuple(f"p{i // 6}" for i in number),
        tuple(f"t{i % 6}" for i in number),
        ("f",) * len(counts),
        ("p0", "p1", "p2"),
        np.array([[0.0, 60, 900], [60, 0, 900], [900, 900, 0]]),
    )


def test_expectations_evidence_p_values_and_units_stay_what_they_were() -> None:
    held, settings = watch(), PoolSettings(level=0.3)
    judged = prepare(held, np.array([held.counts.shape[1] - 1]), settings)
    parted = part(held, settings)
    p = verdict(held, judged, 0, parted, settings).p
    pooled = judge_units(p, parted, touch=settings.touch, seed=settings.seed)
    found = {
        "mean": judged.expectation.mean[:, 0],
        "variance": judged.expectation.variance[:, 0],
        "dispersion": judged.expectation.dispersion[:, 0],
        "odds": judged.odds[:, 0],
        "on": judged.on[:, 0],
        "p": p,
        "unit_ratio": pooled.ratio,
        "unit_p": pooled.p,
        "share": pooled.share,
    }
    for name, values in found.items():
        assert values == pytest.approx(golden(name), rel=1e-12, abs=1e-300), name


@pytest.mark.parametrize("mean", [0.02, 3.0, 400.0])
@pytest.mark.parametrize("dispersion", [1.0, 1.7, 6.0])
def test_a_window_that_was_laid_out_says_what_logarithms_say(
    mean: float, dispersion: float
) -> None:
    rng = np.random.default_rng(11)
    means = mean * rng.uniform(0.5, 2.0, 5)
    model = EvidenceSettings().model()
    room = new_layout(5, 5 * model[2].size * model[3].size)
    on, over, log_on, log_over = np.zeros((4, 5))
    lay_out(np.array([0.0, np.nan, 0.0, 0.0, 0.0]), means, dispersion, model, room)
    windows = [np.floor(means * rng.uniform(0, 6, 5)) for _ in range(20)]
    windows += [np.full(5, 130.0), np.full(5, 2.5), np.array([0.0, 0, 0, 0, 1e7])]
    for window in windows:
        window[1] = np.nan
        weigh(window, means, dispersion, model, room, on, over)
        weigh_logs(window, means, dispersion, model, log_on, log_over)
        # Logarithms of gamma functions of large counts cancel: they know no more digits.
        assert on == pytest.approx(log_on, rel=1e-9) and over == pytest.approx(log_over, rel=1e-9)
        assert np.isfinite(on).all()
