"""Words written as one: `Hok Kiat` and `Hokkiat` find each other by one hash."""

from __future__ import annotations

import numpy as np

from tapal.engines.screening.compiled import compiled
from tapal.engines.screening.word_table import Bytes, Hashes, Ints, Words

SEED, PRIME, MASK = np.uint64(2166136261), np.uint64(16777619), np.uint64(0xFFFFFFFF)
"""Of FNV-1a in 32 bits."""


_SAME = np.arange(128, dtype=np.uint8)
"""Letters as they are hashed: vowels, glides and h left out, f as p, q and c as k, z as s."""
for _letter in b"aeiouhwjyv":
    _SAME[_letter] = 0
for _letter, _as in zip(b"qczf", b"kksp", strict=True):
    _SAME[_letter] = _as


@compiled
def joined_hash(first: Bytes, more: Bytes, last: Bytes) -> int:
    """A hash of up to three words written as one: firm consonants, or all where those are few."""
    h, firm = SEED, 0
    full, before, before_firm = SEED, np.uint8(0), np.uint8(0)
    for part in (first, more, last):
        for c in part:
            if c != before:
                full = ((full ^ np.uint64(c)) * PRIME) & MASK
                before = c
            letter = _SAME[c & 127]
            if letter and letter != before_firm:
                h = ((h ^ np.uint64(letter)) * PRIME) & MASK
                before_firm = letter
                firm += 1
    return h if firm >= 3 else full  # type: ignore[return-value]  # compiled: an unsigned int


@compiled
def first_at(column: Hashes | Ints, wanted: int) -> int:
    """Where `wanted` stands, or would stand, first in a sorted column.

    `np.searchsorted` copies the whole column first when the kinds of integer differ.
    """
    low, high = 0, len(column)
    while low < high:
        middle = (low + high) >> 1
        if column[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def solo_hashes(words: Words) -> Hashes:
    """Each word's hash."""
    none = words.text[:0]
    out = np.empty(len(words.flags), np.uint32)
    for i in range(len(out)):
        out[i] = joined_hash(words.text[words.text_at[i] : words.text_at[i + 1]], none, none)
    return out


@compiled
def joined_hashes(words: Words, word_at: Ints, word: Ints, listing: Ints) -> tuple[Hashes, Ints]:
    """Hashes of neighbours of each name written as one, and of whole names of three."""
    none = words.text[:0]
    hashes = np.empty(2 * len(word) + 1, np.uint32)
    places = np.empty(2 * len(word) + 1, np.int32)
    n = 0
    for name in range(len(word_at) - 1):
        first, end = word_at[name], word_at[name + 1]
        for at in range(first, end - 1):
            a, b = word[at], word[at + 1]
            x = words.text[words.text_at[a] : words.text_at[a + 1]]
            y = words.text[words.text_at[b] : words.text_at[b + 1]]
            if len(x) + len(y) >= 4:
                hashes[n], places[n] = joined_hash(x, y, none), listing[name]
                n += 1
        if end - first == 3:
            a, b, c = word[first], word[first + 1], word[first + 2]
            x = words.text[words.text_at[a] : words.text_at[a + 1]]
            y = words.text[words.text_at[b] : words.text_at[b + 1]]
            z = words.text[words.text_at[c] : words.text_at[c + 1]]
            hashes[n], places[n] = joined_hash(x, y, z), listing[name]
            n += 1
    return hashes[:n], places[:n]
