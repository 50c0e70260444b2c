"""Two names side by side: which word answers to which, and what stays over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from tapal.engines.screening import words
from tapal.engines.screening.fold import Token, sound
from tapal.engines.screening.names import Name

Weigh = Callable[[Token], float]

SAME_SOUND = 0.96
OTHER_READING = 0.9
SAME_CONSONANTS = 0.84
TRUNCATED = {2: 0.5, 3: 0.62}
"""A word cut short by a machine-readable zone, by the letters left; longer ones count 0.7."""

# (letters of the longer word, slips) -> likeness; a slip in a short word makes another word.
_SLIPS: tuple[tuple[int, int, float], ...] = (
    (8, 1, 0.86),
    (5, 1, 0.78),
    (4, 1, 0.6),
    (9, 2, 0.68),
    (6, 2, 0.52),
    (12, 3, 0.55),
)
_SOFT = frozenset({*words.BIRTH_ORDER, *words.COMMON, "muhammad"})


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two names share, in the weight of their words."""

    gain: float
    """Weight of the words that answer to each other, less where they only resemble."""
    conflicts: int
    """Words of both names that stand in each other's place and differ."""
    ours: int
    """Further telling words that only the query has."""
    theirs: int
    """Further telling words that only the listing has."""
    soft: int
    """Left-over words that tell little: birth-order names, the commonest given names."""
    worst: float
    """Likeness of the least alike pair of words."""
    pairs: int
    numbers_differ: bool = False

    @property
    def full(self) -> bool:
        """All telling words of both names answer to each other in sound."""
        return not (self.conflicts or self.ours or self.theirs) and self.worst >= SAME_CONSONANTS


def is_soft(word: Token) -> bool:
    """Whether a word tells little by itself."""
    return word.text in _SOFT


@lru_cache(maxsize=131072)
def likeness(a: Token, b: Token) -> float:
    """How likely two words are spellings of one, 0 to 1; symmetric."""
    if a is b:
        return 1.0
    if a.text.isdigit() or b.text.isdigit():
        return 0.0
    if a.script or b.script:
        return _likeness_in_script(a, b)
    if a.keys[0] == b.keys[0]:
        return SAME_SOUND
    if not set(a.keys).isdisjoint(b.keys):
        return OTHER_READING
    if a.readings & b.readings:
        return 0.88
    if _same_rank(a.text, b.text):
        return SAME_SOUND
    if a.skeleton == b.skeleton and len(a.skeleton) >= 3:
        return SAME_CONSONANTS
    return max(_slips(a, b), _truncated(a.text, b.text))


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
    best = 0.0
    for x, y in ((a.text, b.text), (a.keys[0], b.keys[0])):
        d = OSA.distance(x, y, score_cutoff=3)
        n = max(len(x), len(y))
        best = max(best, *(s for m, slips, s in _SLIPS if n >= m and d <= slips), 0.0)
    return best


def _truncated(a: str, b: str) -> float:
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if len(short) < 2 or not long.startswith(short):
        return 0.0
    return TRUNCATED.get(len(short), 0.7)


def worth(alike: float) -> float:
    """The share of a word's weight that a likeness earns."""
    return max(0.0, (alike - 0.35) / 0.65)


def align(a: Name, b: Name, weigh: Weigh) -> Alignment:
    """Pair the words of two names, best first; a word repeated in one name counts once."""
    rest_b = list(b.tokens)
    rest_a: list[Token] = []
    gain, pairs = 0.0, 0
    for word in a.tokens:
        if word in rest_b:
            rest_b.remove(word)
            gain += weigh(word)
            pairs += 1
        else:
            rest_a.append(word)
    worst = 1.0
    if rest_a and rest_b:
        got, worst, n = _pair(rest_a, rest_b, weigh)
        gain, pairs = gain + got, pairs + n
        if rest_a and rest_b and (alike := _run_together(a, b, rest_a, rest_b)):
            gain += worth(alike) * sum(map(weigh, rest_b if len(rest_b) > 1 else rest_a))
            worst, pairs = min(worst, alike), pairs + 1
            rest_a, rest_b = [], []
    if not pairs:
        return Alignment(0.0, min(len(rest_a), len(rest_b)) or 1, 0, 0, 0, 0.0, 0)
    if rest_a or rest_b:
        rest_a, rest_b = _over(rest_a, a, b), _over(rest_b, b, a)
    return _outcome(rest_a, rest_b, gain, worst, pairs)


def _pair(rest_a: list[Token], rest_b: list[Token], weigh: Weigh) -> tuple[float, float, int]:
    """Pair what resembles, best first, taking the words out of both lists."""
    found = [(s, x, y) for x in rest_a for y in rest_b if (s := likeness(x, y)) > 0.4]
    found.sort(key=lambda f: -f[0])
    gain, worst, pairs = 0.0, 1.0, 0
    for alike, x, y in found:
        if x in rest_a and y in rest_b:
            rest_a.remove(x)
            rest_b.remove(y)
            gain += weigh(y) * worth(alike)
            worst, pairs = min(worst, alike), pairs + 1
    return gain, worst, pairs


def _run_together(a: Name, b: Name, rest_a: list[Token], rest_b: list[Token]) -> float:
    """Likeness of the left-over words written as one (`Hok Kiat`, `Hokkiat`), or 0."""
    if len(rest_a) == len(rest_b) or max(len(rest_a), len(rest_b)) > 3:
        return 0.0
    one, many = (rest_a, rest_b) if len(rest_a) < len(rest_b) else (rest_b, rest_a)
    whole = sound("".join(t.text for t in one))
    orders = [many, many[::-1]] if len(many) == 2 else [many, [many[-1], *many[:-1]]]
    for order in orders:
        parts = sound("".join(t.text for t in order))
        slips = OSA.distance(whole, parts, score_cutoff=2)
        if slips == 0:
            return SAME_SOUND
        if slips <= 2 and len(parts) >= 5 + 3 * slips:
            return 0.9 - 0.12 * slips
    return 0.0


def _over(rest: list[Token], own: Name, other: Name) -> list[Token]:
    """The words left over, without repetitions and those that an initial stands for."""
    if not rest:
        return rest
    initials = list(other.initials)
    out: list[Token] = []
    for word in rest:
        if sum(1 for t in own.tokens if t is word) > 1 and any(
            likeness(word, t) >= SAME_CONSONANTS for t in other.tokens
        ):
            continue
        if word.text[0] in initials:
            initials.remove(word.text[0])
            continue
        out.append(word)
    return out


def _outcome(
    rest_a: list[Token], rest_b: list[Token], gain: float, worst: float, pairs: int
) -> Alignment:
    firm_a = [t for t in rest_a if not is_soft(t)]
    firm_b = [t for t in rest_b if not is_soft(t)]
    conflicts = min(len(firm_a), len(firm_b))
    numbers = any(t.text.isdigit() for t in (*rest_a, *rest_b))
    return Alignment(
        gain,
        conflicts,
        len(firm_a) - conflicts,
        len(firm_b) - conflicts,
        len(rest_a) + len(rest_b) - len(firm_a) - len(firm_b),
        worst,
        pairs,
        numbers,
    )


def _flat(word: Token) -> float:
    return 0.35 if word.text in _SOFT else 1.0


def similarity(a: Name, b: Name) -> float:
    """How alike two names are, 0 to 1, with no knowledge of how rare they are; symmetric."""
    if not a.tokens or not b.tokens:
        return 0.0
    one, two = align(a, b, _flat), align(b, a, _flat)
    return min(_share(one, a, b), _share(two, b, a))


def _share(found: Alignment, a: Name, b: Name) -> float:
    if not found.pairs or found.gain <= 0:
        return 0.0
    lost = 1.1 * found.conflicts + 0.12 * found.soft + 0.5 * found.numbers_differ
    missing = found.ours + found.theirs
    # A lone given name inside a longer name is far less than two words that agree.
    lost += missing * (0.35 if found.pairs > 1 else 0.75)
    whole = min(sum(map(_flat, a.tokens)), sum(map(_flat, b.tokens)))
    kept = min(found.gain, max(whole, 0.3))
    short = max(0.0, whole - found.gain - found.conflicts)
    return kept / (kept + lost + short)
