"""Beside R: how many times as fast as `surveillance`'s farringtonFlexible, and whether both say the same."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tapal.engines.signals import Flexible, Panel, expect

Floats = NDArray[np.float64]

SERIES, WEEKS, TIMES_BAR = 40, 10, 100.0
SETTING = Flexible(no_periods=10, past_not_included=26, alpha=0.01, threshold="nbPlugin")
SCRIPT = """
if (!requireNamespace("surveillance", quietly = TRUE)) quit(status = 3)
suppressPackageStartupMessages(library(surveillance))
args <- commandArgs(TRUE)
counts <- as.matrix(read.csv(args[1], header = FALSE))
control <- list(range = as.integer(args[2]):as.integer(args[3]), noPeriods = 10,
  pastWeeksNotIncluded = 26, alpha = 0.01, thresholdMethod = "nbPlugin")
one <- function(y) farringtonFlexible(sts(observed = y, frequency = 52, start = c(2000, 1)), control)
invisible(one(counts[1, ]))
spent <- system.time(found <- apply(counts, 1, function(y) as.numeric(upperbound(one(y)))))
cat(as.character(packageVersion("surveillance")), spent[["user.self"]] + spent[["sys.self"]], "\\n")
write.table(t(found), args[4], sep = ",", row.names = FALSE, col.names = FALSE)
"""


def ratio(counts: Floats) -> bool | None:
    """Print both times and their ratio; None where R is not there."""
    program = shutil.which("Rscript")
    if program is None:
        print("R is not installed (Debian: apt-get install r-cran-surveillance): no ratio")
        return None
    some = counts[:: len(counts) // SERIES][:SERIES]
    last = some.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "counts.csv", Path(folder) / "out.csv"
        np.savetxt(given, some, fmt="%d", delimiter=",")
        told = subprocess.run(
            [program, "-e", SCRIPT, str(given), str(last - WEEKS + 1), str(last), str(out)],
            capture_output=True,
            text=True,
        )
        if told.returncode == 3:
            print("R's package surveillance is not installed: no ratio")
            return None
        told.check_returncode()
        version, peer = told.stdout.split()
        bounds = np.genfromtxt(out, delimiter=",")
    own, found = ours(some, np.arange(last - WEEKS, last))
    many = SERIES * WEEKS
    print(
        f"R surveillance {version}, farringtonFlexible: {float(peer) / many * 1e3:.2f} ms a series and week"
    )
    times = float(peer) / own
    same = (found == bounds) | (np.isnan(found) & np.isnan(bounds))
    print(f"this engine: {own / many * 1e3:.4f} ms; the same bound in {same.sum()} of {many}")
    held = times >= TIMES_BAR and bool(same.all())
    print(
        f"{'held' if held else 'NOT HELD':8s} {times:.0f} times as fast as R (bar {TIMES_BAR:.0f})"
    )
    return held


def ours(counts: Floats, weeks: NDArray[np.int64]) -> tuple[float, Floats]:
    """CPU seconds for the same, the median of nine after the first call; the bounds."""
    spent = []
    for _ in range(10):
        begun = time.process_time()
        found = expect(Panel(counts), weeks.tolist(), SETTING)
        spent.append(time.process_time() - begun)
    shown = np.where(found.reason == 0, found.upper, np.nan)
    return float(np.median(spent[1:])), shown
