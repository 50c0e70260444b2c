"""What the reference's door says of the cases in two files, as rows of a CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tapal.engines.signals import reference

Row = dict[str, str]


def rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV, gzipped or not."""
    with reference.open_text(path) as file:
        yield from csv.DictReader(file)


def answered(series: Path, index: Path, out: Path) -> dict[tuple[str, str], Row]:
    """What this engine says, by case and point."""
    asked = ["--series", str(series), "--index", str(index), "--out", str(out)]
    assert reference.main(asked) == 0
    return {(row["id"], row["t"]): row for row in rows(out)}
