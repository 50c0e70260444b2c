"""`tapal serve` and `tapal worker`: web server and worker as two processes, watched and restarted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

import click

from tapal.web.cli import Unusable, start

RESTART_SECONDS = 1.0
MOST_RESTART_SECONDS = 30.0
GRACE_SECONDS = 20.0


@dataclass(slots=True)
class Watched:
    """A child process that is started again when it ends, at growing intervals when it keeps ending."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = RESTART_SECONDS
    not_before: float = 0.0
    since: float = field(default_factory=time.monotonic)

    def watch(self) -> None:
        """Start it, or start it again."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            if now - self.since > MOST_RESTART_SECONDS:
                self.wait = RESTART_SECONDS
            return
        if self.process is not None and self.not_before == 0.0:
            click.echo(
                f"{self.name} ended with {self.process.returncode}; again in {self.wait:.0f} s",
                err=True,
            )
            self.not_before = now + self.wait
            self.wait = min(self.wait * 2, MOST_RESTART_SECONDS)
            return
        if now >= self.not_before:
            self.process = subprocess.Popen(self.command, start_new_session=True)
            self.since, self.not_before = now, 0.0

    def end(self, signum: int) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signum)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="TAPAL_HOST")
@click.option("--port", type=int, default=8000, show_default=True, envvar="TAPAL_PORT")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the desk and run the worker, each in a process of its own, until Ctrl-C or SIGTERM."""
    must_be_free(host, port)
    start()
    served = children(host, port, threads)
    with ending(served):
        watch_over(served)


def must_be_free(host: str, port: int) -> None:
    """Raises Unusable where something else listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            raise Unusable(
                f"cannot listen on {host} port {port} ({wrong.strerror}): choose another with --port"
            ) from wrong


def children(host: str, port: int, threads: int) -> list[Watched]:
    """The web server and the worker."""
    web = [sys.executable, "-m", "tapal.web.server", host, str(port), str(threads)]
    return [Watched("web", web), Watched("worker", [sys.executable, "-m", "tapal.web.cli.worker"])]


@contextmanager
def ending(watched: Sequence[Watched]) -> Iterator[None]:
    """End the children in order with this process, whatever ends it, and wait for them."""
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(128 + signum))
    try:
        yield
    finally:
        _end(watched)


def watch_over(watched: Sequence[Watched]) -> None:
    """Keep the children running until a signal comes."""
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, stop)
    while not stopping:
        for child in watched:
            child.watch()
        time.sleep(0.2)


def _end(watched: Sequence[Watched]) -> None:
    for child in watched:
        child.end(signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    for child in watched:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                click.echo(f"{child.name} did not end and is killed", err=True)
                # With what it started: each child leads a group of its own.
                os.killpg(child.process.pid, signal.SIGKILL)


@click.command()
def worker() -> None:
    """Run the worker alone: for a machine that starts web and worker by systemd."""
    start()
    from tapal.flow.worker import Worker

    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    parent = os.getppid()
    # A worker whose watcher was killed ends too: two workers would do no harm, but one is wanted.
    work = Worker(lambda: stopping or os.getppid() != parent)
    with ending([]):
        # Loading the lists, or compiling their loops, may take half a minute: it can end at once.
        work.make_ready()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    work.run()
