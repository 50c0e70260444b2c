"""How alike two names are by themselves, with no list behind them."""

from __future__ import annotations

import numpy as np

from tapal.engines.screening.align import MOST_WORDS, Found, align, room
from tapal.engines.screening.compiled import compiled
from tapal.engines.screening.likeness import likeness
from tapal.engines.screening.names import Name
from tapal.engines.screening.word_table import SOFT, Floats, Words, table

SOFT_WEIGHT = 0.35
MOST_INITIALS = 14


@compiled
def likenesses(a: Words, b: Words) -> Floats:
    """The likeness of each word of a to each of b."""
    out = np.zeros((len(a.flags), len(b.flags)), np.float32)
    for x in range(len(a.flags)):
        for y in range(len(b.flags)):
            out[x, y] = likeness(a, x, b, y)
    return out


def similarity(a: Name, b: Name) -> float:
    """How alike two names are, 0 to 1, with no knowledge of how rare they are; symmetric."""
    if not a.words or not b.words:
        return 0.0
    words_a, words_b = table(a.tokens[:MOST_WORDS]), table(b.tokens[:MOST_WORDS])
    alike = likenesses(words_a, words_b)
    sides = ((a, words_a), (b, words_b))
    whole = min(float(_weights(words).sum()) for _, words in sides)
    return min(
        _share(_found(a, words_a, b, words_b, alike), whole),
        _share(_found(b, words_b, a, words_a, np.ascontiguousarray(alike.T)), whole),
    )


def _weights(words: Words) -> Floats:
    return np.where(words.flags & SOFT, SOFT_WEIGHT, 1.0).astype(np.float32)


def _found(a: Name, words_a: Words, b: Name, words_b: Words, alike: Floats) -> Found:
    n, m = len(words_a.flags), len(words_b.flags)
    initials_a, initials_b = (
        np.array(bytearray("".join(x.initials).encode()[:MOST_INITIALS]), np.uint8) for x in (a, b)
    )
    return align(
        words_a,
        np.arange(n, dtype=np.int32),
        a.own,
        initials_a,
        words_b,
        np.arange(m, dtype=np.int32),
        b.own,
        initials_b,
        alike,
        _weights(words_a),
        _weights(words_b),
        np.zeros(n, np.uint8),
        np.zeros(m, np.uint8),
        room(max(n, m, MOST_INITIALS)),
    )


def _share(found: Found, whole: float) -> float:
    if not found.pairs or found.gain <= 0:
        return 0.0
    conflicts = found.conflicts + 2 * found.swapped
    lost = 1.4 * conflicts + 0.12 * found.soft + 0.5 * found.numbers_differ
    # A lone given name inside a longer name is far less than two words that agree.
    lost += (found.ours + found.theirs) * (0.35 if found.pairs > 1 else 0.75)
    kept = min(found.gain, max(whole, 0.3))
    short = max(0.0, whole - found.gain - conflicts)
    return float(kept / (kept + lost + short))
