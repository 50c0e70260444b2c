"""A query, and the room in which one thread answers it, as columns for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
SLACK = 1.5


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
    """Room for one thread, cleared by each query behind itself."""

    shared: Floats
    """Weight of the query's words that a listing bears, by listing."""
    hits: Bytes
    word: Ints
    """The last query word counted for a listing, or -1."""
    touched: Ints
    row: Ints
    """Where a listed word's likenesses lie, or -1."""
    rowed: Ints
    alike: Floats
    chosen: Bytes


def scratch(listings: int, vocabulary: int) -> Scratch:
    return Scratch(
        np.zeros(listings, np.float32),
        np.zeros(listings, np.uint8),
        np.full(listings, -1, np.int32),
        np.zeros(listings, np.int32),
        np.full(vocabulary, -1, np.int32),
        np.zeros(ROWS, np.int32),
        np.zeros((ROWS, MOST_QUERY_WORDS), np.float32),
        np.zeros(listings, np.uint8),
    )
