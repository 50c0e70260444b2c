"""An index as files: one folder, one `.npy` a column, read by mapping them into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.model import OtherRules
from tapal.engines.screening.names import Family
from tapal.engines.screening.segment import Columns, Segment
from tapal.engines.screening.word_table import Words

MANIFEST = "index.json"
_OWN = ("alive", "texts", "text_at", "id_hash", "id_listing", "list_of", "lists")
Array = NDArray[np.generic]
Shelves = Mapping[Family, tuple[Segment, ...]]


@lru_cache(maxsize=1)
def _rules() -> str:
    """A fingerprint of the code and tables that decide what a column holds."""
    found = blake2b(digest_size=16)
    here = Path(__file__).parent
    for name in ("fold", "names", "words", "word_table", "building", "joining", "segment"):
        found.update((here / f"{name}.py").read_bytes())
    for path in sorted(here.glob("codes/*.csv")):
        if path.name != "weights.csv":
            found.update(path.read_bytes())
    return found.hexdigest()


def _arrays(segment: Segment) -> Iterator[tuple[str, Array]]:
    for name in Words._fields:
        yield f"word.{name}", getattr(segment.words, name)
    for name in Columns._fields:
        yield name, getattr(segment.columns, name)
    for name in _OWN:
        yield f"own.{name}", getattr(segment, name)


def save(shelves: Shelves, folder: Path) -> None:
    """Write all segments into `folder`; the manifest comes last, so half a save is none."""
    folder.mkdir(parents=True, exist_ok=True)
    held: list[dict[str, str]] = []
    for kind, segments in shelves.items():
        for n, segment in enumerate(segments):
            part = folder / f"{kind}-{n}"
            part.mkdir()
            for name, column in _arrays(segment):
                np.save(part / f"{name}.npy", column)
            held.append({"family": kind, "folder": part.name})
    text = json.dumps({"rules": _rules(), "segments": held}, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def load(folder: Path) -> dict[Family, tuple[Segment, ...]]:
    """The segments of a saved index, mapped into memory; removals stay in memory.

    Raises OtherRules for an index of another version, OSError where there is none.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["rules"] != _rules():
        raise OtherRules(str(folder))
    shelves: dict[Family, tuple[Segment, ...]] = {"person": (), "body": (), "craft": ()}
    for held in manifest["segments"]:
        kind: Family = held["family"]
        shelves[kind] = (*shelves[kind], _segment(kind, folder / held["folder"]))
    return shelves


def _segment(kind: Family, part: Path) -> Segment:
    def column(name: str) -> Array:
        # Copy on write: a mapped column looks to compiled code like one built here.
        return np.asarray(np.load(part / f"{name}.npy", mmap_mode="c"))

    return Segment(
        kind,
        Words(*(column(f"word.{name}") for name in Words._fields)),  # type: ignore[arg-type]
        Columns(*(column(name) for name in Columns._fields)),  # type: ignore[arg-type]
        *(column(f"own.{name}") for name in _OWN),  # type: ignore[arg-type]
    )
