"""Where the demo's day lies in a home: asked also by who has not started Django yet."""

from __future__ import annotations

from pathlib import Path


def folder_in(home: Path) -> Path:
    """The folder of the demo's message files."""
    return home / "demo"


def fed_mark(home: Path) -> Path:
    """The file that is there once the whole day was handed in."""
    return folder_in(home) / "done"
