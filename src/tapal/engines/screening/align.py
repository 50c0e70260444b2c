"""Two names side by side: which word answers to which, and what stays over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA

from tapal.engines.screening.fold import Token, sound
from tapal.engines.screening.likeness import (
    BOTH_KNOWN,
    SAME_CONSONANTS,
    SAME_SOUND,
    likeness,
    worth,
)
from tapal.engines.screening.names import Name


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
    swapped = bool(a.own and b.own) and _father_for_child(a, b)
    if not (rest_a or rest_b or swapped):
        return Alignment(gain, 0, 0, 0, 0, worst, pairs)
    rest_a, rest_b = _over(rest_a, a, b), _over(rest_b, b, a)
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
        [t for t in n.tokens[: n.own] if not t.soft] or n.tokens[: n.own] for n in (a, b)
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
    firm_a = [t for t in rest_a if not t.soft]
    firm_b = [t for t in rest_b if not t.soft]
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
        return 0.35 if word.soft else 1.0

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
