"""Two names side by side: which word answers to which, and what stays over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rapidfuzz.distance import OSA

from tapal.engines.screening import words
from tapal.engines.screening.fold import Token, sound
from tapal.engines.screening.names import Name

SAME_SOUND = 0.96
OTHER_READING = 0.9
SAME_CHARACTER = 0.88
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


def align(a: Name, b: Name, lexicon: Lexicon) -> Alignment:
    """Pair the words of two names, best first; a word repeated in one name counts once."""
    rest_b = list(b.tokens)
    rest_a: list[Token] = []
    gain, pairs = 0.0, 0
    for word in a.tokens:
        if word in rest_b:
            rest_b.remove(word)
            gain += lexicon.weight(word)
            pairs += 1
        else:
            rest_a.append(word)
    worst = 1.0
    if rest_a and rest_b:
        tally = _Tally(lexicon)
        if len(a.tokens) != len(b.tokens):
            tally.run_together(rest_a, rest_b, theirs_whole=False)
            tally.run_together(rest_b, rest_a, theirs_whole=True)
        tally.pair(rest_a, rest_b)
        gain, worst, pairs = gain + tally.gain, tally.worst, pairs + tally.pairs
    if not pairs:
        return Alignment(0.0, min(len(rest_a), len(rest_b)) or 1, 0, 0, 0, 0.0, 0)
    if rest_a or rest_b:
        rest_a, rest_b = _over(rest_a, a, b), _over(rest_b, b, a)
    swapped = bool(a.own and b.own) and _father_for_child(a, b)
    return _outcome(rest_a, rest_b, _Sum(gain, worst, pairs, swapped))


class Lexicon(Protocol):
    """What is known of words: how much each tells, and which are words in their own right."""

    def weight(self, word: Token) -> float: ...

    def knows(self, word: Token) -> bool: ...


class _Tally:
    """Gathers the pairs of left-over words, taking them out of both lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.gain, self.worst, self.pairs = 0.0, 1.0, 0

    def _take(self, nats: float, alike: float) -> None:
        self.gain += nats * worth(alike)
        self.worst = min(self.worst, alike)
        self.pairs += 1

    def pair(self, rest_a: list[Token], rest_b: list[Token]) -> None:
        """Pair single words that resemble."""
        found = [(s, x, y) for x in rest_a for y in rest_b if (s := likeness(x, y)) > 0.4]
        if len(found) > 1:
            found.sort(key=lambda f: -f[0])
        for alike, x, y in found:
            if x in rest_a and y in rest_b:
                if alike < SAME_CONSONANTS and self.lexicon.knows(x) and self.lexicon.knows(y):
                    # Both are names in their own right, so a slip of the pen is less likely.
                    alike -= BOTH_KNOWN
                    if alike < 0.4:
                        continue
                rest_a.remove(x)
                rest_b.remove(y)
                self._take(self.lexicon.weight(y), alike)

    def run_together(self, wholes: list[Token], parts: list[Token], *, theirs_whole: bool) -> None:
        """Pair a word with two or three that were written as one (`Hok Kiat`, `Hokkiat`)."""
        for whole in tuple(wholes):
            found = _parts_of(whole, parts) if len(whole.text) > 4 and len(parts) > 1 else None
            if found is None:
                continue
            alike, used = found
            wholes.remove(whole)
            for part in used:
                parts.remove(part)
            weight = self.lexicon.weight
            self._take(weight(whole) if theirs_whole else sum(map(weight, used)), alike)


def _parts_of(whole: Token, parts: list[Token]) -> tuple[float, tuple[Token, ...]] | None:
    n, first = len(whole.text), whole.text[0]
    for head in parts:
        room = n - len(head.text)
        if room < 1 or head.text[0] != first:
            continue
        for tail in parts:
            if tail is head or len(tail.text) > room + 1:
                continue
            if len(tail.text) >= room - 1:
                used: tuple[Token, ...] = (head, tail)
            elif len(parts) > 2:
                last = next(
                    (
                        t
                        for t in parts
                        if t is not head
                        and t is not tail
                        and abs(len(t.text) + len(tail.text) - room) <= 1
                    ),
                    None,
                )
                if last is None:
                    continue
                used = (head, tail, last)
            else:
                continue
            alike = _as_one(whole, used)
            if alike:
                return alike, used
    return None


def _as_one(whole: Token, used: tuple[Token, ...]) -> float:
    text = "".join(t.text for t in used)
    slips = OSA.distance(sound(text), whole.keys[0], score_cutoff=1)
    return SAME_SOUND if slips == 0 else 0.78 if slips == 1 and len(text) > 7 else 0.0


def _father_for_child(a: Name, b: Name) -> bool:
    """Whether one's own name is the other's father's: `A bin B` beside `B bin A`."""
    own_a, own_b = (
        [t for t in n.tokens[: n.own] if not is_soft(t)] or n.tokens[: n.own] for n in (a, b)
    )
    return all(likeness(x, y) < 0.5 for x in own_a for y in own_b)


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


@dataclass(frozen=True, slots=True)
class _Sum:
    gain: float
    worst: float
    pairs: int
    swapped: bool


def _outcome(rest_a: list[Token], rest_b: list[Token], so_far: _Sum) -> Alignment:
    firm_a = [t for t in rest_a if not is_soft(t)]
    firm_b = [t for t in rest_b if not is_soft(t)]
    conflicts = min(len(firm_a), len(firm_b))
    return Alignment(
        so_far.gain,
        conflicts + 2 * so_far.swapped,
        len(firm_a) - conflicts,
        len(firm_b) - conflicts,
        len(rest_a) + len(rest_b) - len(firm_a) - len(firm_b),
        so_far.worst,
        so_far.pairs,
        any(t.text.isdigit() for t in (*rest_a, *rest_b)),
    )


class _Flat:
    """Knows no list: a word is a word."""

    def weight(self, word: Token) -> float:
        return 0.35 if is_soft(word) else 1.0

    def knows(self, word: Token) -> bool:
        return False


FLAT = _Flat()


def similarity(a: Name, b: Name) -> float:
    """How alike two names are, 0 to 1, with no knowledge of how rare they are; symmetric."""
    if not a.tokens or not b.tokens:
        return 0.0
    return min(_share(align(a, b, FLAT), a, b), _share(align(b, a, FLAT), a, b))


def _share(found: Alignment, a: Name, b: Name) -> float:
    if not found.pairs or found.gain <= 0:
        return 0.0
    lost = 1.4 * found.conflicts + 0.12 * found.soft + 0.5 * found.numbers_differ
    missing = found.ours + found.theirs
    # A lone given name inside a longer name is far less than two words that agree.
    lost += missing * (0.35 if found.pairs > 1 else 0.75)
    whole = min(sum(map(FLAT.weight, n.tokens)) for n in (a, b))
    kept = min(found.gain, max(whole, 0.3))
    short = max(0.0, whole - found.gain - found.conflicts)
    return kept / (kept + lost + short)
