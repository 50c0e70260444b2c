"""Birth dates, sexes and document numbers as lists and messages write them, made comparable."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

_PARTIAL = re.compile(r"^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:$|T)", re.ASCII)
_LOOKS_LIKE = str.maketrans("OQDILZSBG", "000112586")

Document = tuple[str, str]
"""Normalised number, issuing country or an empty string."""

SHORTEST_NUMBER = 3
"""Characters of a document number below which it names nothing."""
_GENDERS = {"m": 1, "f": 2, "male": 1, "female": 2}


@lru_cache(maxsize=32768)
def day(text: str) -> int:
    """Read a partial ISO date as 19800704; `00` where a part is unknown, 0 without a year."""
    found = _PARTIAL.match(text.strip())
    if found is None or found[1] == "0000":
        return 0
    month, date = int(found[2] or 0), int(found[3] or 0)
    if month > 12:
        return int(found[1]) * 10000
    return int(found[1]) * 10000 + month * 100 + (date if 0 < date <= 31 and month else 0)


def written(day: int) -> str:
    """A day as ISO writes it, known parts only; empty for 0."""
    if not day:
        return ""
    year, month, date = day // 10000, day // 100 % 100, day % 100
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{date:02}" if date else "")


@lru_cache(maxsize=32768)
def document_number(number: str) -> str:
    """Capitals and digits only: what a scanner, a clerk and a list agree on."""
    bare = number.upper()
    if not (bare.isascii() and bare.isalnum()):
        bare = "".join(c for c in bare if c.isascii() and c.isalnum())
    return bare[3:] if len(bare) == 10 and bare.startswith("IMO") else bare


@lru_cache(maxsize=16384)
def scanned(number: str) -> str:
    """A normalised number with letters that scanners confuse read as digits."""
    return number.translate(_LOOKS_LIKE)


def gender(written: str | None) -> int:
    """Sex as ICAO 9303 or FollowTheMoney write it: 1 male, 2 female, 0 for X and unknown."""
    return _GENDERS.get((written or "").lower(), 0)


def apart(ours: str, theirs: str) -> int:
    """Characters in which two document numbers differ as a scanner reads them."""
    return OSA.distance(scanned(document_number(ours)), scanned(document_number(theirs)))
