"""A mapping as data: which column of a sender's table is which field. Nothing in it is evaluated."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

MAX_COLUMNS: Final = 150
MAX_CODES: Final = 500
MAX_CONSTANTS: Final = 60
MAX_LENGTH: Final = 120

# Targets that are no field of the body.
POST: Final = "@post"
NUMBER: Final = "@number"
IGNORED: Final = "@ignored"
TARGETS: Final = (POST, NUMBER, IGNORED)

READS: Final = ("", "text", "code", "number", "day", "time", "list")
"""How a cell is read: as the field itself says where it is empty."""
DATES: Final = ("day", "month")
"""What stands first in 03/04/1980; besides these a pattern such as DD.MM.YYYY HH:mm may stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the path that it fills (empty: kept aside), how its cells are read.

    `dates` is the order or the pattern of its dates, `codes` turn the sender's words into codes.
    """

    heading: str
    path: str = ""
    reads: str = ""
    dates: str = "day"
    codes: Map[str, str] = field(default_factory=dict, hash=False)

    def json(self) -> dict[str, Any]:
        """Shaped for keeping."""
        return {
            "heading": self.heading,
            "path": self.path,
            "reads": self.reads,
            "dates": self.dates,
            "codes": dict(self.codes),
        }


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. `joined`: rows one after another under the same number are one record.

    `decimal` is the mark before a number's fraction.
    """

    columns: tuple[Column, ...]
    constants: Map[str, str] = field(default_factory=dict, hash=False)
    system: str = ""
    decimal: str = "."
    joined: bool = False

    def json(self) -> dict[str, Any]:
        """Shaped for keeping."""
        return {
            "system": self.system,
            "decimal": self.decimal,
            "joined": self.joined,
            "constants": dict(self.constants),
            "columns": [column.json() for column in self.columns],
        }

    @classmethod
    def of(cls, kept: Any) -> Mapping:  # Any: JSON that somebody may have written by hand
        """Read what `json` gave. Raises ValueError, naming the place, for what is none."""
        if not isinstance(kept, Map) or not isinstance(kept.get("columns"), list):
            raise ValueError("columns: a list of columns is missing")
        columns = tuple(_column(one, n) for n, one in enumerate(kept["columns"], 1))
        return cls(
            columns=columns,
            constants=_words(kept.get("constants") or {}, "constants"),
            system=_word(kept.get("system") or "", "system"),
            decimal=_word(kept.get("decimal") or ".", "decimal"),
            joined=kept.get("joined") is True,
        )

    def of_path(self, path: str) -> tuple[Column, ...]:
        """The columns that fill a path, in their order."""
        return tuple(column for column in self.columns if column.path == path)


def _column(kept: Any, number: int) -> Column:
    where = f"columns {number}"
    if not isinstance(kept, Map):
        raise ValueError(f"{where}: no column")
    return Column(
        heading=_word(kept.get("heading"), f"{where} heading"),
        path=_word(kept.get("path") or "", f"{where} path"),
        reads=_word(kept.get("reads") or "", f"{where} reads"),
        dates=_word(kept.get("dates") or "day", f"{where} dates"),
        codes=_words(kept.get("codes") or {}, f"{where} codes"),
    )


def _words(kept: Any, where: str) -> dict[str, str]:
    if not isinstance(kept, Map):
        raise ValueError(f"{where}: no table of words")
    return {_word(k, where): _word(v, where) for k, v in kept.items()}


def _word(kept: Any, where: str) -> str:
    if not isinstance(kept, str):
        raise ValueError(f"{where}: no text")
    return kept


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text for comparison: no accents, case or marks, single blanks."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.split())
