"""Two words side by side: are they spellings of one?"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from tapal.engines.screening import words
from tapal.engines.screening.fold import Token

SAME_SOUND = 0.96
OTHER_READING = 0.9
SAME_CHARACTER = 0.85
SAME_CONSONANTS = 0.84
BOTH_KNOWN = 0.12
TRUNCATED = {2: 0.5, 3: 0.62}
"""A word cut short by a machine-readable zone, by the letters left; longer ones count 0.7."""

# (letters of the longer word, slips) -> likeness; a slip in a short word makes another word.
_SLIPS: tuple[tuple[int, int, float], ...] = (
    (8, 1, 0.86),
    (6, 1, 0.82),
    (5, 1, 0.78),
    (4, 1, 0.6),
    (9, 2, 0.68),
    (6, 2, 0.52),
    (12, 3, 0.55),
)
_MOST_SLIPS = 3
_BY_LENGTH = [
    [max((s for m, slips, s in _SLIPS if n >= m and d <= slips), default=0.0) for d in range(5)]
    for n in range(13)
]


@lru_cache(maxsize=32768)
def likeness(a: Token, b: Token) -> float:
    """How likely two words are spellings of one, 0 to 1; symmetric."""
    if a is b:
        return 1.0
    if a.script or b.script:
        return _likeness_in_script(a, b)
    if not a.marks.isdisjoint(b.marks):
        if a.text.isdigit() or b.text.isdigit():
            return 0.0
        if a.keys[0] == b.keys[0]:
            return SAME_SOUND
        if not set(a.keys).isdisjoint(b.keys):
            return OTHER_READING
        return SAME_CHARACTER if a.readings & b.readings else SAME_CONSONANTS
    return _slips(a, b)


def _same_rank(a: str, b: str) -> bool:
    rank = words.BIRTH_ORDER.get(a)
    return rank is not None and rank == words.BIRTH_ORDER.get(b)


def _likeness_in_script(a: Token, b: Token) -> float:
    if not set(a.blocks).isdisjoint(b.blocks) or a.skeleton == b.skeleton:
        return OTHER_READING
    bare_a, bare_b = (x.skeleton.replace("w", "").replace("j", "") for x in (a, b))
    if bare_a == bare_b and len(bare_a) > 1:
        return SAME_CONSONANTS
    near = OSA.distance(bare_a, bare_b, score_cutoff=1) <= 1
    return 0.6 if near and min(len(bare_a), len(bare_b)) >= 3 else 0.0


def _slips(a: Token, b: Token) -> float:
    x, y = a.text, b.text
    n, m = len(x), len(y)
    if n > m:
        x, y, n, m = y, x, m, n
    best = 0.0
    if m - n <= _MOST_SLIPS:
        row = _BY_LENGTH[min(m, 12)]
        best = row[OSA.distance(x, y, score_cutoff=_MOST_SLIPS)]
        p, q = a.keys[0], b.keys[0]
        row = _BY_LENGTH[min(max(len(p), len(q)), 12)]
        best = max(best, row[OSA.distance(p, q, score_cutoff=_MOST_SLIPS)])
    if n > 1 and y.startswith(x):
        best = max(best, TRUNCATED.get(n, 0.7))
    if best and (x.isdigit() or y.isdigit()):
        return 0.0
    return SAME_SOUND if _same_rank(x, y) else best


def worth(alike: float) -> float:
    """The share of a word's weight that a likeness earns."""
    return max(0.0, (alike - 0.35) / 0.65)
