"""The lake's manifest: which files make it up, how far it reaches, and how long each file must be.

It is written after everything that it names is safely on the disk. What the Delta log holds beyond
it was never confirmed: the writer takes it back. Readers need the manifest alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from tapal.engines.lake import disk

NAME = "manifest.json"
SHAPE = 1
"""The shape of the table's own columns; a lake of another shape is made anew from the log."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the lake is made of.

    `position` is the number of the last event it has seen, `event` that event's id; `at` is the
    moment (ISO 8601, aware) up to which it knows all that happened; `version` is Delta's; `files`
    are paths below the table's folder with their sizes in bytes, `logs` the names of the log's
    files with theirs; `checkpoint` is the newest version that has one.
    """

    position: int = 0
    event: str = ""
    at: str = ""
    version: int = -1
    rows: int = 0
    files: dict[str, int] = field(default_factory=dict)
    logs: dict[str, int] = field(default_factory=dict)
    checkpoint: int = -1
    compacted_at: str = ""
    shape: int = SHAPE

    @property
    def as_of(self) -> datetime | None:
        """The moment up to which the lake knows all that happened."""
        return datetime.fromisoformat(self.at) if self.at else None

    @property
    def identity(self) -> tuple[str, int, str]:
        """What changes with whatever could change an answer."""
        return self.event, self.version, self.at


def read(folder: Path) -> Manifest | None:
    """The manifest of a lake; None where there is none that can be read."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        return Manifest(**told) if told.get("shape") == SHAPE else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def write(folder: Path, manifest: Manifest) -> None:
    """Put a new manifest in the old one's place."""
    disk.replace(folder / NAME, json.dumps(asdict(manifest)).encode())
