"""Words for codes that stand in reference data."""

from __future__ import annotations

from functools import lru_cache

from tapal import data
from tapal.core.text import Text, same


@lru_cache(maxsize=1)
def _roles() -> dict[str, Text]:
    return {row["code"]: Text(row["label_id"], row["label_en"]) for row in data.table("roles.csv")}


def role_label(code: str) -> Text:
    """A role in words; an unknown code stands for itself."""
    return _roles().get(code) or same(code)
