"""Loops are compiled once, by a process of their own; who comes later compiles nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tapal.engines.machine_code import Loops
from tapal.engines.signals.compiled import LOOPS

SCRIPT = """
import sys
import numpy as np
from tapal.engines.signals.pool import Watch, judge
from tapal.engines.signals import Flexible, Panel, expect
counts = np.random.default_rng(1).poisson(3.0, (3, 290)).astype(float)
counts[0, -1] = 30.0
assert judge(Watch(("a", "b", "c"), counts)).alarms
expect(Panel(counts), [288, 289], Flexible(no_periods=10))
loops = {
    value
    for name, module in list(sys.modules.items())
    if name.startswith("tapal.engines.signals")
    for value in vars(module).values()
    if type(value).__name__ == "CPUDispatcher"
}
print(sorted(one.__name__ for one in loops if one.stats.cache_misses))
print(sum(sum(one.stats.cache_hits.values()) for one in loops))
"""


def test_a_new_process_compiles_nothing_once_the_loops_are_prepared() -> None:
    LOOPS.prepare()
    if not LOOPS.ready():
        pytest.skip("the package's folder cannot be written here")
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told[0] == "[]" and int(told[1]) >= 4


def package(folder: Path, text: str) -> Loops:
    """A package of this name with a module `loops`."""
    made = folder / "counted"
    made.mkdir()
    (made / "__init__.py").write_text("")
    (made / "loops.py").write_text(text)
    return Loops("counted", made)


RUN = """
from pathlib import Path
from tapal.engines.machine_code import Loops
folder = Path(__file__).parent
(folder / "runs").open("a").write("x")
Loops("counted", folder).prepare()
Loops("counted", folder).prepared()
"""


def test_it_is_done_once_for_each_version_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    loops = package(tmp_path, RUN)
    assert not loops.ready()
    loops.prepare()
    loops.prepare()
    assert loops.ready() and (loops.folder / "runs").read_text() == "x"


def test_a_process_that_fails_leaves_the_loops_to_who_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    loops = package(tmp_path, "raise SystemExit(3)")
    loops.prepare()
    assert not loops.ready()
