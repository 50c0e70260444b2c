"""Words as columns of numbers, as the compiled loops read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening import words
from tapal.engines.screening.fold import Token

MOST_LETTERS = 40
"""Letters of a word that are compared; longer words are cut."""
SOFT, SCRIPT, DIGITS = 1, 2, 4

Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Hashes = NDArray[np.uint32]

_RANKS = {rank: n for n, rank in enumerate(sorted(set(words.BIRTH_ORDER.values())), 1)}


class Words(NamedTuple):
    """Words by number; `x_at[i]:x_at[i + 1]` is where word i lies in column x."""

    text_at: Ints
    text: Bytes
    key_at: Ints
    key: Bytes
    """The first reading's sound."""
    keys_at: Ints
    keys: Hashes
    """All readings' sounds, as hashes."""
    blocks_at: Ints
    blocks: Hashes
    """What the index finds them by; an odd hash stands for a Chinese character."""
    flags: Bytes
    rank: Bytes
    """Balinese rank or birth order, 0 for other words."""


class Encoded(NamedTuple):
    """One word's part of each column."""

    text: bytes
    key: bytes
    keys: tuple[int, ...]
    blocks: tuple[int, ...]
    flags: int
    rank: int


def block_hash(block: str) -> int:
    """A 32-bit hash of a block; odd for Chinese characters, even for sounds."""
    value = crc32(block.encode())
    return value | 1 if block.startswith("=") else value & ~1


@lru_cache(maxsize=65536)
def encode(word: Token) -> Encoded:
    flags = SOFT * word.soft | SCRIPT * word.script | DIGITS * word.text.isdigit()
    return Encoded(
        word.text[:MOST_LETTERS].encode(),
        word.keys[0][:MOST_LETTERS].encode(),
        tuple(crc32(k.encode()) for k in word.keys),
        tuple(block_hash(b) for b in word.blocks),
        flags,
        _RANKS.get(words.BIRTH_ORDER.get(word.text, ""), 0),
    )


def starts(lengths: Sequence[int]) -> Ints:
    """Where each of consecutive runs begins, and where the last ends."""
    return np.array(list(accumulate(lengths, initial=0)), np.int32)


def table(found: Iterable[Token]) -> Words:
    """The columns of these words, in this order."""
    rows = [encode(word) for word in found]
    keys = [k for r in rows for k in r.keys]
    blocks = [b for r in rows for b in r.blocks]
    return Words(
        starts([len(r.text) for r in rows]),
        np.frombuffer(b"".join([r.text for r in rows]), np.uint8).copy(),
        starts([len(r.key) for r in rows]),
        np.frombuffer(b"".join([r.key for r in rows]), np.uint8).copy(),
        starts([len(r.keys) for r in rows]),
        np.array(keys, np.uint32),
        starts([len(r.blocks) for r in rows]),
        np.array(blocks, np.uint32),
        np.array([r.flags for r in rows], np.uint8),
        np.array([r.rank for r in rows], np.uint8),
    )
