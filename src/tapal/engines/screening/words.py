"""Words that are not what tells one bearer from another: titles, links, forms, numbers.

They lie in `codes/name_words.csv`, from the usage of Indonesian, Malaysian, Timorese, Arabic and
Western names in travel documents, the ranks of Indonesia's forces, the degrees of its universities
and the legal forms of the region; add a row, not a rule.
"""

from __future__ import annotations

import csv
from importlib.resources import files


def _read() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    with files(__package__).joinpath("codes/name_words.csv").open(encoding="utf-8") as f:
        for row in csv.DictReader(f):
            groups.setdefault(row["group"], {})[row["word"]] = row["stands_for"]
    return groups


_GROUPS = _read()

TITLES = frozenset(_GROUPS["title"])
SOFT_TITLES = frozenset(_GROUPS["soft_title"])
"""Titles that are also names: dropped only where two other words remain."""
DEGREES = frozenset(_GROUPS["degree"])
"""Degrees as they are written with dots (`S.Pd.`, `M.Si.`), without them: set aside only so."""
LINKS = frozenset(_GROUPS["link"])
"""Words between names: particles, articles, son and daughter of."""
CHILD_OF = frozenset(_GROUPS["child_of"])
"""After these the father is named."""
SON_OF = frozenset(w for w, stands_for in _GROUPS["child_of"].items() if stands_for == "son")
DAUGHTER_OF = frozenset(
    w for w, stands_for in _GROUPS["child_of"].items() if stands_for == "daughter"
)
FILLERS = frozenset(_GROUPS["filler"])
"""What a form or a machine-readable zone writes where a name is missing."""
SET_ASIDE = TITLES | SOFT_TITLES | LINKS | CHILD_OF | FILLERS
"""Words that may be left out of a name; most names hold none."""
MUHAMMAD = frozenset(_GROUPS["muhammad"])
BIRTH_ORDER = _GROUPS["birth_order"]
"""Balinese rank and birth-order names by rank; worth little, and often left out."""
COMMON = frozenset(_GROUPS["common"])
"""Given names that half a region bears."""
SHORT = _GROUPS["short"]
"""Short forms and the names they stand for."""
LEGAL_FORMS = _GROUPS["legal_form"]
"""Legal forms by what they are, alike in each language."""
SHIP_TYPES = _GROUPS["ship_type"]
"""Ship prefixes by the kind of ship they tell; `any` is a motor ship of whatever kind."""
SHIP_PHRASES = _GROUPS["ship_phrase"]
"""Ship prefixes written out, or letter by letter, and their short forms."""
NUMBERS = _GROUPS["number"]
"""Roman numerals and number words as digits."""
