"""Open reference data, read from the package.

Files and columns: README.md beside this file; licences: LICENSES.md.
"""

import csv
import io
import json
from importlib.resources import files

__all__ = ["document", "table"]


def table(name: str) -> list[dict[str, str]]:
    """Rows of `name` (such as "posts.csv") by column, every value as text."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def document(name: str) -> list[dict[str, object]]:
    """Entries of the JSON file `name` (such as "demo_agreements.json")."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    entries: list[dict[str, object]] = json.loads(text)
    return entries
