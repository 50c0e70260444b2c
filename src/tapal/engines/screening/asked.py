"""A query, and the room in which one thread answers it, as columns for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.word_table import Bytes, Floats, Hashes, Ints

ROOM = 96
"""Listings weighed in full for one query."""
MOST_QUERY_WORDS = 48
ROWS = 16_384
"""Listed words that one query may be held against."""
MOST_NATS, SOFT_NATS = 8.0, 1.2
CRAFT = 2
SHARE = 0.34
"""The share of a name's weight that a listing must show to be found by name."""
SLACK = 3.5
"""Nats that a listing may gain by words written as one or paired otherwise, beyond what was counted first."""


class Asked(NamedTuple):
    """A query as columns; names are runs of its words."""

    family: int
    name_at: Ints
    own: Bytes
    initials: Bytes
    forms: Ints
    slip_at: Ints
    slip: Hashes
    day: int
    countries: Ints
    number_at: Ints
    number: Bytes
    issuer: Ints
    half: Hashes
    gender: int


class Scratch(NamedTuple):
    """Room for one thread, cleared by each query behind itself.

    What is noted of one listing (`shared`, `word`, `hits`, `chosen`) lies side by side in memory:
    a long list has more of it than a processor keeps at hand, and so fetches it once.
    """

    shared: Floats
    """Weight of the query's words that a listing bears, by listing."""
    word: NDArray[np.int8]
    """The last query word counted for a listing, or -1."""
    hits: Bytes
    chosen: Bytes
    touched: Ints
    row: Ints
    """Where a listed word's likenesses lie, or -1."""
    rowed: Ints
    alike: Floats


_NOTE = np.dtype(
    {"names": ["shared", "word", "hits", "chosen"], "formats": ["<f4", "i1", "u1", "u1"],
     "itemsize": 8}
)  # fmt: skip


def scratch(listings: int, vocabulary: int) -> Scratch:
    notes = np.zeros(listings, _NOTE)
    notes["word"] = -1
    return Scratch(
        notes["shared"],
        notes["word"],
        notes["hits"],
        notes["chosen"],
        np.zeros(listings, np.int32),
        np.full(vocabulary, -1, np.int32),
        np.zeros(ROWS, np.int32),
        np.zeros((ROWS, MOST_QUERY_WORDS), np.float32),
    )
