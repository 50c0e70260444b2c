"""Two words side by side: are they spellings of one?"""

from __future__ import annotations

import numpy as np

from tapal.engines.screening.compiled import borrowed, compiled, inlined
from tapal.engines.screening.word_table import DIGITS, SCRIPT, Bytes, Words

SAME_SOUND = 0.96
OTHER_READING = 0.9
SAME_CHARACTER = 0.85
SAME_CONSONANTS = 0.84
ALIKE_FROM = 0.4
"""Below this two words are two words."""
TRUNCATED = np.array([0.0, 0.0, 0.5, 0.62, 0.7], np.float32)
"""A word cut short by a machine-readable zone, by the letters left."""

# (letters of the longer word, slips) -> likeness; a slip in a short word makes another word.
_SLIPS: tuple[tuple[int, int, float], ...] = (
    (8, 1, 0.86),
    (6, 1, 0.82),
    (5, 1, 0.78),
    (4, 1, 0.6),
    (3, 1, 0.45),
    (9, 2, 0.68),
    (6, 2, 0.52),
    (5, 2, 0.42),
    (12, 3, 0.55),
)
BY_LENGTH = np.array(
    [
        [max((s for m, slips, s in _SLIPS if n >= m and d <= slips), default=0.0) for d in range(5)]
        for n in range(13)
    ],
    np.float32,
)
MOST_BY_LENGTH = np.array([max(d for d in range(5) if d == 0 or row[d] > 0) for row in BY_LENGTH])
"""The most slips that still make a likeness, by letters of the longer word."""
_ONE, _ALL, _NONE = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0)
_J, _W = np.uint8(ord("j")), np.uint8(ord("w"))
_A, _I, _U = np.uint8(ord("a")), np.uint8(ord("i")), np.uint8(ord("u"))


@borrowed
def slips(a: Bytes, b: Bytes) -> int:
    """Letters wrong, missing, too many or swapped with their neighbour (Hyyrö 2003, OSA)."""
    m = len(a)
    if m == 0:
        return len(b)
    up, down, diagonal, before = _ALL, _NONE, _NONE, _NONE
    last = _ONE << np.uint64(m - 1)
    distance = m
    for letter in b:
        here = _NONE
        for i in range(m):
            if a[i] == letter:
                here |= _ONE << np.uint64(i)
        swapped = (((~diagonal) & here) << _ONE) & before
        diagonal = (((here & up) + up) ^ up) | here | down | swapped
        plus = down | ~(diagonal | up)
        minus = diagonal & up
        if plus & last:
            distance += 1
        if minus & last:
            distance -= 1
        plus = (plus << _ONE) | _ONE
        minus = minus << _ONE
        up = minus | ~(diagonal | plus)
        down = plus & diagonal
        before = here
    return distance


@borrowed
def same(a: Bytes, b: Bytes) -> bool:
    if len(a) != len(b):
        return False
    for i in range(len(a)):  # noqa: SIM110 - compiled: generators are not
        if a[i] != b[i]:
            return False
    return True


@inlined
def _share(a: Words, i: int, b: Words, j: int) -> float:
    """What a shared reading or block is worth, 0 without one."""
    for x in range(a.keys_at[i], a.keys_at[i + 1]):
        for y in range(b.keys_at[j], b.keys_at[j + 1]):
            if a.keys[x] == b.keys[y]:
                return OTHER_READING
    best = 0.0
    for x in range(a.blocks_at[i], a.blocks_at[i + 1]):
        for y in range(b.blocks_at[j], b.blocks_at[j + 1]):
            if a.blocks[x] == b.blocks[y]:
                if a.blocks[x] & np.uint32(1):
                    return SAME_CHARACTER
                best = SAME_CONSONANTS
    return best


@compiled
def _bare(key: Bytes) -> Bytes:
    """Consonants without glides, which Arabic script writes as it writes long vowels."""
    out = np.empty(len(key), np.uint8)
    n = 0
    for k in range(len(key)):
        c = key[k]
        if c in (_J, _W) or (c in (_A, _I, _U) and k > 0):
            continue
        out[n] = _A if c in (_A, _I, _U) else c
        n += 1
    return out[:n]


@compiled
def _in_script(a: Words, i: int, b: Words, j: int) -> float:
    for x in range(a.blocks_at[i], a.blocks_at[i + 1]):
        for y in range(b.blocks_at[j], b.blocks_at[j + 1]):
            if a.blocks[x] == b.blocks[y]:
                return OTHER_READING
    left = _bare(a.key[a.key_at[i] : a.key_at[i + 1]])
    right = _bare(b.key[b.key_at[j] : b.key_at[j + 1]])
    if len(left) > 1 and same(left, right):
        return SAME_CONSONANTS
    if min(len(left), len(right)) >= 3 and slips(left, right) <= 1:
        return 0.6
    return 0.0


@borrowed
def _held(word: Bytes) -> np.uint64:
    """The letters that a word holds, a bit each."""
    held = _NONE
    for letter in word:
        held |= _ONE << np.uint64(letter & np.uint8(63))
    return held


@borrowed
def _count(held: np.uint64) -> int:
    n = 0
    while held != _NONE:
        held &= held - _ONE
        n += 1
    return n


@borrowed
def _by_slips(a: Bytes, b: Bytes) -> float:
    longer, shorter = max(len(a), len(b)), min(len(a), len(b))
    most = MOST_BY_LENGTH[min(longer, 12)]
    if longer - shorter > most:
        return 0.0
    # Each slip mends one letter that only one of them holds: most words are told apart by this.
    ours, theirs = _held(a), _held(b)
    if max(_count(ours & ~theirs), _count(theirs & ~ours)) > most:
        return 0.0
    worst = slips(a, b)
    return BY_LENGTH[min(longer, 12), worst] if worst <= most else 0.0


@inlined
def likeness(a: Words, i: int, b: Words, j: int) -> float:
    """How likely word i of a and word j of b are spellings of one, 0 to 1; symmetric."""
    x = a.text[a.text_at[i] : a.text_at[i + 1]]
    y = b.text[b.text_at[j] : b.text_at[j + 1]]
    script = (a.flags[i] | b.flags[j]) & SCRIPT
    if same(x, y) and (a.flags[i] & SCRIPT) == (b.flags[j] & SCRIPT):
        return 1.0
    if (a.flags[i] | b.flags[j]) & DIGITS:
        return 0.0
    if script:
        return _in_script(a, i, b, j)
    p = a.key[a.key_at[i] : a.key_at[i + 1]]
    q = b.key[b.key_at[j] : b.key_at[j + 1]]
    if same(p, q):
        return SAME_SOUND
    if a.rank[i] and a.rank[i] == b.rank[j]:
        return SAME_SOUND
    best = _share(a, i, b, j)
    if best > 0:
        return best
    best = max(_by_slips(x, y), _by_slips(p, q))
    n = min(len(x), len(y))
    if n > 1 and same(x[:n], y[:n]):
        best = max(best, TRUNCATED[min(n, 4)])
    return best


@borrowed
def worth(alike: float) -> float:
    """The share of a word's weight that a likeness earns."""
    return max(0.0, (alike - 0.35) / 0.65)
