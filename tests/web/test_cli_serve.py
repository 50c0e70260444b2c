"""Whatever ends a process that serves, its children end with it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tapal.web.cli import main
from tapal.web.cli.serve import Watched, ending

DJANGO = os.environ | {"DJANGO_SETTINGS_MODULE": "tapal.web.settings"}


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_children_end_when_what_comes_before_serving_fails() -> None:
    child = Watched("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(RuntimeError), ending([child]):
        child.watch()
        assert child.process is not None and child.process.poll() is None
        raise RuntimeError
    assert child.process is not None
    assert child.process.wait(20) == -signal.SIGTERM


def test_a_request_to_end_is_an_end_like_others() -> None:
    with pytest.raises(SystemExit) as told, ending([]):
        signal.raise_signal(signal.SIGTERM)
    assert told.value.code == 128 + signal.SIGTERM


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told_before_a_home_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("TAPAL_HOME", str(tmp_path / "home"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = CliRunner().invoke(main, [command, "--port", port])
    assert said.exit_code == 2
    assert port in said.output and "Traceback" not in said.output
    assert not (tmp_path / "home").exists()


SLOW = """
import sys, time
import django
django.setup()
from tapal.flow import worker
from tapal.web.cli import serve
serve.start = lambda: None
worker.raw.sweep = lambda: None
worker.listed.make_ready = lambda: (print("loading", flush=True), time.sleep(60))
serve.worker([])
"""


def test_a_worker_that_still_loads_its_lists_ends_when_asked(tmp_path: Path) -> None:
    """The half minute before a list is loaded is not waited for."""
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        env=DJANGO | {"TAPAL_HOME": str(tmp_path)},
    )
    with child:
        assert child.stdout is not None and child.stdout.readline() == b"loading\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 128 + signal.SIGTERM


ORPHAN = """
import os, sys, time
from tapal.web.server import end_with_parent
if os.fork() == 0:
    end_with_parent(os.getppid())
    print("up", flush=True)
time.sleep(60)
"""

IMPORTING = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: None)
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "tapal.web.wsgi":
            print("up", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
import tapal.web.watched
"""


def started(script: str) -> subprocess.Popen[bytes]:
    """A process that runs a script and has come to its `up`."""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline() == b"up\n"
    return child


def test_who_loses_his_watcher_ends() -> None:
    with started(ORPHAN) as watcher:
        watcher.kill()
        # The end of the pipe comes when the last that holds it is gone.
        assert watcher.communicate(timeout=20)[0] == b""


def test_a_desk_that_is_still_imported_ends_when_asked() -> None:
    with started(IMPORTING) as child:
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == -signal.SIGTERM


@pytest.mark.parametrize("command", ["check", "setup", "serve"])
def test_a_home_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TAPAL_HOME", str(tmp_path / "file" / "home"))
    said = CliRunner().invoke(main, [command, *(["--port", "0"] if command == "serve" else [])])
    assert said.exit_code == 2
    assert "TAPAL_HOME" in said.output and str(tmp_path) in said.output


@pytest.mark.parametrize(
    "wrong",
    [OSError(errno.ENOSPC, "no space"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_full_disk_is_told_and_other_faults_stay_visible(
    monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    def fails() -> None:
        raise wrong

    monkeypatch.setattr("tapal.web.cli.check.start", fails)
    said = CliRunner().invoke(main, ["check"])
    assert said.exit_code == 2 and "The disk is full" in said.output
    wrong.args = (5, "something else")
    if not isinstance(wrong, OSError):
        assert isinstance(CliRunner().invoke(main, ["check"]).exception, sqlite3.OperationalError)
