"""How a process of this node calls another: the same Python, the same `tapal`, the same home."""

from __future__ import annotations

import sys


def command(*arguments: str) -> tuple[str, ...]:
    """The command line of `tapal` with these arguments, wherever the package is installed."""
    return (sys.executable, "-c", "from tapal.web.cli import main; main()", *arguments)
