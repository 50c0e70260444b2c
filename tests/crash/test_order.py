"""What reaches the disk before anything is acknowledged, read from the system calls themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(shutil.which("strace") is None, reason="no strace (Debian: strace)"),
    pytest.mark.skipif(
        os.environ.get("TAPAL_DATABASE_URL", "").startswith("postgres"),
        reason="the write-ahead log is the server's own on PostgreSQL",
    ),
]

CALLS = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2"
MRZ = (
    b"P<IDNSERAN<<MARIA<BERE<<<<<<<<<<<<<<<<<<<<<<\nX1234567<5IDN9001024F3101019<<<<<<<<<<<<<<04\n"
)
START = "import django; django.setup(); from tapal.flow.setup import ensure_ready; ensure_ready(); "
# Both doors: the command as a person calls it, and the moment at which a sender is told.
DOORS = {
    "command": "from tapal.web.cli import main; main(['intake', {path!r}, '--json'])",
    "sender": START + "from pathlib import Path; from tests.crash.roles import hand_in;"
    " hand_in([('IMI', 'PLBN-11', Path({path!r}))], 1)",
}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a home that is ready."""
    home = tmp_path / "home"
    home.mkdir()
    found = {
        **os.environ,
        "TAPAL_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "tapal.web.settings",
    }
    subprocess.run([sys.executable, "-c", START], check=True, env=found, cwd=ROOT)
    return found


def traced(code: str, environ: dict[str, str], log: Path) -> list[str]:
    """The calls of a Python program in their order, each with the paths of its files."""
    watched = ("-f", "-y", "-s", "200", "-e", f"trace={CALLS}", "-o", str(log))
    done = subprocess.run(
        ["strace", *watched, sys.executable, "-c", code],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if "not permitted" in done.stderr:
        pytest.skip("this machine does not let strace watch")
    assert "Traceback" not in done.stderr, done.stderr
    return log.read_text().splitlines()


def test_the_pattern_knows_a_wrong_order() -> None:
    calls = ["write(1<pipe>, ...", "fsync(5<x/raw>"]
    with pytest.raises(AssertionError):
        after(calls, -1, r"fsync\(\d+<[^>]*/raw>", before=acknowledgement(calls))


@pytest.mark.parametrize("door", sorted(DOORS))
def test_bytes_and_row_are_on_the_disk_before_the_acknowledgement(
    door: str, environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "one.mrz"
    path.write_bytes(MRZ)
    calls = traced(DOORS[door].format(path=str(path)), environ, tmp_path / "strace.log")
    end = acknowledgement(calls)
    home = re.escape(environ["TAPAL_HOME"])
    aside, folder = rf"<{home}/raw/\w\w/\.[^>]*>", rf"<{home}/raw/\w\w>"
    at = after(calls, -1, rf"write\(\d+{aside}", before=end)
    at = after(calls, at, rf"fsync\(\d+{aside}", before=end)
    at = after(calls, at, r"rename\w*\(.*/raw/\w\w/\.", before=end)
    at = after(calls, at, rf"fsync\(\d+{folder}", before=end)
    at = after(calls, at, rf"fsync\(\d+<{home}/raw>", before=end)
    at = after(calls, at, rf"fsync\(\d+<{home}>", before=end)
    wal = rf"<{home}/tapal\.sqlite3-wal>"
    at = after(calls, at, rf"pwrite64\(\d+{wal}", before=end)
    at = after(calls, at, rf"f(data)?sync\(\d+{wal}", before=end)
    # Nothing that was committed is still on its way when the sender is told.
    written = last(calls[:end], lambda call: bool(re.search(rf"pwrite64\(\d+{wal}", call)))
    synced = last(calls[:end], lambda call: bool(re.search(rf"f(data)?sync\(\d+{wal}", call)))
    assert written < synced


def acknowledgement(calls: list[str]) -> int:
    """Where the program first writes to its standard output."""
    found = [n for n, call in enumerate(calls) if re.search(r"\bwrite\(1<", call)]
    assert found, "nothing was acknowledged"
    return found[0]


def after(calls: list[str], at: int, pattern: str, *, before: int) -> int:
    """Where the first call of a pattern behind `at` stands, which must be before `before`."""
    found = [n for n in range(at + 1, before) if re.search(pattern, calls[n])]
    assert found, f"{pattern} does not come before the acknowledgement"
    return found[0]


def last(calls: list[str], fits: Callable[[str], bool]) -> int:
    """Where the last fitting call stands."""
    return max(n for n, call in enumerate(calls) if fits(call))
