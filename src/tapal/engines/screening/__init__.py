"""Screening: who on the lists may this traveller, firm or ship be, and why.

The door is small: build an `Index` of `Listed`, `match` a `Query`, read the `Hit`s. A hit is
never a verdict: it carries the sentences for and against, and a person decides.
"""

from tapal.engines.screening.index import Index, load_loops, similar_names
from tapal.engines.screening.lean import prepare
from tapal.engines.screening.model import Band, Hit, Listed, OtherRules, Query
from tapal.engines.screening.reasons import in_words

__all__ = [
    "Band",
    "Hit",
    "Index",
    "Listed",
    "OtherRules",
    "Query",
    "in_words",
    "load_loops",
    "prepare",
    "similar_names",
]
