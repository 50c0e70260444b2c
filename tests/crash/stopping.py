"""Stop a process at a named moment past its lease, let others do its work, and wake it again.

    python -m tests.crash.stopping MOMENT

Prints one JSON object: whether the sleeper was overtaken, what is in the store, every broken promise.
"""
# Not in the order of the alphabet: the first import of ours starts Django.
# ruff: noqa: I001

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import signal
import sys
import time
from typing import Any

# First: it names the home and the lease, and starts Django.
from tests.crash.killing import BASE, ask, fork, look, prepare
from tests.crash import moments, roles

PATIENCE_SECONDS = 60


def stop_and_wake(moment: str) -> dict[str, Any]:
    """One store, one sleeper; gives what is in the store at the end, and who was overtaken."""
    stores, messages = prepare("stop")
    stores.copy("store")
    hand = [m for m in messages if len(m[2].read_bytes()) > 1000]
    _, mouth = os.pipe()
    log = BASE / "sleeper.log"

    def sleep() -> None:
        logging.getLogger("tapal").addHandler(logging.FileHandler(log))
        logging.getLogger("tests").addHandler(logging.FileHandler(log))
        stores.open("store")
        roles.hurry()
        moments.arm(moment, 2, signal.SIGSTOP)
        if moment in moments.BY_ROLE["hand"]:
            roles.hand_in(hand, mouth)
        else:
            roles.run_worker(True)

    def hand_in() -> None:
        stores.open("store")
        roles.hand_in(hand, mouth)

    def work_to_the_end() -> None:
        stores.open("store")
        # Clocks of procedures run out at once: a worker that waits for the last of them ends.
        roles.hurry()
        roles.run_worker(True)

    if moment not in moments.BY_ROLE["hand"]:
        _wait(fork(hand_in))
    sleeper = fork(sleep)
    # A sleeper left behind would hold this process's output open for ever.
    atexit.register(_end, sleeper)
    _, status = os.waitpid(sleeper, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"{moment} was not reached"
    # Longer than the lease.
    time.sleep(0.6)
    if moment in moments.BY_ROLE["hand"]:
        _wait(fork(hand_in))
    _wait(fork(work_to_the_end))
    os.kill(sleeper, signal.SIGCONT)
    _wait(sleeper)
    atexit.unregister(_end)
    _wait(fork(work_to_the_end))
    seen: dict[str, Any] = ask(lambda: look(stores, "store", hand))
    stores.drop("store")
    stores.drop("template")
    said = log.read_text()
    return {**seen, "overtaken": "taken over" in said or "read elsewhere" in said}


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _wait(pid: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            if status:
                raise SystemExit(f"stopping: a process ended with {status}")
            return
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    raise SystemExit("stopping: a process did not end")


if __name__ == "__main__":
    print(json.dumps(stop_and_wake(sys.argv[1])))
