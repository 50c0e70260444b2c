"""Whatever ends a process that serves, its children end with it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from tapal.web.cli.serve import Watched, ending


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
