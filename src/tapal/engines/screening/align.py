"""Two names side by side: which word answers to which, and what stays over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.compiled import borrowed, inlined
from tapal.engines.screening.likeness import (
    ALIKE_FROM,
    SAME_CONSONANTS,
    SAME_SOUND,
    slips,
    worth,
)
from tapal.engines.screening.word_table import DIGITS, SOFT, Bytes, Floats, Ints, Words

MOST_WORDS = 24
Counts = NDArray[np.int64]
BOTH_KNOWN = 0.12
"""Less alike are two words that are both names in their own right."""
SHORT_FOR = 0.5
"""Likeness under which father and child are two people."""
_LONG_JOIN = 7
_ROOM = 48


class Room(NamedTuple):
    """Where one thread pairs words: made once, so that pairing makes no array and counts none."""

    taken: NDArray[np.uint8]
    """Words answered so far: row 0 of mine, row 1 of theirs."""
    over: Counts
    """What is left of each name, a row each."""
    soft: NDArray[np.uint8]
    spent: Bytes
    letters: NDArray[np.uint8]
    at: Ints
    used: Ints


def room(words: int) -> Room:
    """Room for names of so many words."""
    return Room(
        np.zeros((2, words), np.uint8),
        np.zeros((2, 6), np.int64),
        np.zeros((2, words), np.uint8),
        np.zeros(words, np.uint8),
        np.zeros((2, _ROOM + 2), np.uint8),
        np.zeros(2 * words, np.int32),
        np.zeros(3, np.int32),
    )


class Found(NamedTuple):
    """What two names share, in the weight of their words."""

    gain: float
    """Weight of the words that answer to each other, less where they only resemble."""
    conflicts: int
    """Words of both names that stand in each other's place and differ."""
    ours: int
    """Further telling words that only the query has."""
    theirs: int
    """Further telling words that only the listing has."""
    father: int
    """Of those, words after `bin` where the other name has no such word."""
    soft: int
    """Left-over words that tell little: birth-order names, Muhammad."""
    worst: float
    """Likeness of the least alike pair of words."""
    pairs: int
    swapped: bool
    """One's own name is the other's father's: `A bin B` beside `B bin A`."""
    initials: int
    """Words of one name that an initial of the other stands for."""
    numbers_differ: bool
    edge: bool
    """A word left over stands first or last in its name, where it is seldom left out."""


@inlined
def _text(words: Words, i: int) -> Bytes:
    return words.text[words.text_at[i] : words.text_at[i + 1]]


@inlined
def _key(words: Words, i: int) -> Bytes:
    return words.key[words.key_at[i] : words.key_at[i + 1]]


@borrowed
def _put(out: Bytes, n: int, part: Bytes) -> int:
    """Append a word, double letters once; the new length, or more than there is room for."""
    for c in part:
        if n and out[n - 1] == c:
            continue
        if n >= _ROOM:
            return _ROOM + 1
        out[n] = c
        n += 1
    return n


@borrowed
def _run_together(whole: Bytes, parts: Bytes, taken: Bytes, r: Room) -> float:
    """Find two or three words that `whole` writes as one; their places go to `r.used`.

    Part i is `parts[r.at[2 * i] : r.at[2 * i + 1]]`.
    """
    at, used, out, once = r.at, r.used, r.letters[0], r.letters[1]
    whole = once[: _put(once, 0, whole)]
    m = len(taken)
    for x in range(m):
        if taken[x] or parts[at[2 * x]] != whole[0]:
            continue
        n1 = _put(out, 0, parts[at[2 * x] : at[2 * x + 1]])
        for y in range(m):
            if y == x or taken[y] or n1 > len(whole):
                continue
            n2 = _put(out, n1, parts[at[2 * y] : at[2 * y + 1]])
            if n2 >= len(whole) - 1 and n2 <= len(whole) + 1:
                apart = slips(out[:n2], whole)
                if apart == 0 or (apart == 1 and len(whole) >= _LONG_JOIN):
                    used[0], used[1], used[2] = x, y, -1
                    return SAME_SOUND if apart == 0 else 0.78
            if m < 3 or n2 > len(whole):
                continue
            for z in range(m):
                if z in (x, y) or taken[z]:
                    continue
                n3 = _put(out, n2, parts[at[2 * z] : at[2 * z + 1]])
                if n3 == len(whole) and slips(out[:n3], whole) == 0:
                    used[0], used[1], used[2] = x, y, z
                    return SAME_SOUND
    return 0.0


@borrowed
def _places(starts: Ints, ids: Ints, out: Ints) -> None:
    for k in range(len(ids)):
        out[2 * k], out[2 * k + 1] = starts[ids[k]], starts[ids[k] + 1]


@borrowed
def _as_one(whole: Bytes, key: Bytes, words: Words, ids: Ints, taken: Bytes, r: Room) -> float:
    """Whether words of a name are written as one, letter by letter or by their sounds."""
    _places(words.text_at, ids, r.at)
    found = _run_together(whole, words.text, taken, r)
    if found < SAME_SOUND:
        _places(words.key_at, ids, r.at)
        found = max(found, _run_together(key, words.key, taken, r))
    return found


@borrowed
def _repeats(words: Words, ids: Ints, i: int, taken: Bytes) -> bool:
    """Whether word i says again what an answered word of its name says."""
    for k in range(len(ids)):
        if k != i and taken[k] and ids[k] == ids[i]:
            return True
        if k != i and taken[k]:
            a, b = _text(words, ids[k]), _text(words, ids[i])
            if len(a) == len(b) and slips(a, b) == 0:
                return True
    return False


@borrowed
def _count_over(
    words: Words, ids: Ints, taken: Bytes, own: int, initials: Bytes, counts: Counts, spent: Bytes
) -> None:
    """Count what is left of a name: firm, after `bin`, soft, by initials, numbers, at an end."""
    for k in range(len(counts)):
        counts[k] = 0
    for k in range(len(initials)):
        spent[k] = 0
    for i in range(len(ids)):
        if taken[i] or _repeats(words, ids, i, taken):
            continue
        first = _text(words, ids[i])[0]
        explained = False
        for k in range(len(initials)):
            if initials[k] == first and not spent[k]:
                spent[k], explained = 1, True
                break
        if explained:
            counts[3] += 1
        elif words.flags[ids[i]] & SOFT:
            counts[2] += 1
        else:
            counts[0] += 1
            if own and i >= own:
                counts[1] += 1
            if i in (0, len(ids) - 1):
                counts[5] += 1
        if words.flags[ids[i]] & DIGITS:
            counts[4] += 1


@borrowed
def _father_for_child(alike: Floats, n: int, m: int, soft_a: Bytes, soft_b: Bytes) -> bool:
    """Whether no own name of one is like an own name of the other."""
    firm_a, firm_b = False, False
    for x in range(n):
        firm_a |= not soft_a[x]
    for y in range(m):
        firm_b |= not soft_b[y]
    for x in range(n):
        for y in range(m):
            if (soft_a[x] and firm_a) or (soft_b[y] and firm_b):
                continue
            if alike[x, y] >= SHORT_FOR:
                return False
    return True


@inlined
def _swapped(
    a: Words, mine: Ints, own_a: int, b: Words, theirs: Ints, own_b: int, alike: Floats, r: Room
) -> bool:
    """Whether the one's own name is the other's father's."""
    soft_a, soft_b = r.soft[0], r.soft[1]
    for x in range(own_a):
        soft_a[x] = a.flags[mine[x]] & SOFT
    for y in range(own_b):
        soft_b[y] = b.flags[theirs[y]] & SOFT
    return _father_for_child(alike, own_a, own_b, soft_a, soft_b)


@inlined
def _best(
    alike: Floats, taken_a: Bytes, taken_b: Bytes, known_a: Bytes, known_b: Bytes, floor: float
) -> tuple[float, int, int]:
    """The likest pair of words that are free, -1 where none is as like as the floor."""
    best, bx, by = 0.0, -1, -1
    for x in range(len(taken_a)):
        if taken_a[x]:
            continue
        for y in range(len(taken_b)):
            if taken_b[y]:
                continue
            s = alike[x, y]
            if s < SAME_CONSONANTS and known_a[x] and known_b[y]:
                s -= BOTH_KNOWN
            if s >= floor and s > best + 1e-6:
                best, bx, by = s, x, y
    return best, bx, by


@inlined
def _joined_mine(
    a: Words,
    mine: Ints,
    taken_a: Bytes,
    b: Words,
    theirs: Ints,
    taken_b: Bytes,
    weight_b: Floats,
    r: Room,
) -> tuple[float, float, int]:
    """Words of mine that are several of theirs written as one: gain, worst likeness, pairs."""
    used = r.used
    gain, worst, pairs = 0.0, 1.0, 0
    for x in range(len(mine)):
        if taken_a[x] or len(_text(a, mine[x])) < 5:
            continue
        s = _as_one(_text(a, mine[x]), _key(a, mine[x]), b, theirs, taken_b, r)
        if s > 0:
            taken_a[x] = 1
            for k in range(3):
                if used[k] >= 0:
                    taken_b[used[k]] = 1
                    gain += weight_b[used[k]] * worth(s)
            worst, pairs = min(worst, s), pairs + 1
    return gain, worst, pairs


@inlined
def _joined_theirs(
    b: Words,
    theirs: Ints,
    taken_b: Bytes,
    a: Words,
    mine: Ints,
    taken_a: Bytes,
    weight_b: Floats,
    r: Room,
) -> tuple[float, float, int]:
    """Words of theirs that are several of mine written as one: gain, worst likeness, pairs."""
    used = r.used
    gain, worst, pairs = 0.0, 1.0, 0
    for y in range(len(theirs)):
        if taken_b[y] or len(_text(b, theirs[y])) < 5:
            continue
        s = _as_one(_text(b, theirs[y]), _key(b, theirs[y]), a, mine, taken_a, r)
        if s > 0:
            taken_b[y] = 1
            for k in range(3):
                if used[k] >= 0:
                    taken_a[used[k]] = 1
            gain += weight_b[y] * worth(s)
            worst, pairs = min(worst, s), pairs + 1
    return gain, worst, pairs


@inlined
def _father(own_a: int, own_b: int, counts_a: Counts, counts_b: Counts, conflicts: int) -> int:
    """How many words over are a father's name that only one side marks as such."""
    if own_a and not own_b:
        return int(min(counts_a[1], counts_a[0] - conflicts))
    if own_b and not own_a:
        return int(min(counts_b[1], counts_b[0] - conflicts))
    return 0


@inlined
def align(
    a: Words, mine: Ints, own_a: int, initials_a: Bytes,
    b: Words, theirs: Ints, own_b: int, initials_b: Bytes,
    alike: Floats, weight_a: Floats, weight_b: Floats, known_a: Bytes, known_b: Bytes, r: Room,
) -> Found:  # fmt: skip
    """Pair the words of two names, best first; a word repeated in one name counts once.

    `alike[x, y]` is the likeness of mine[x] and theirs[y]; weights and `known` (borne by several
    on the list) are per word of the name.
    """
    n, m = len(mine), len(theirs)
    taken_a, taken_b = r.taken[0, :n], r.taken[1, :m]
    counts_a, counts_b = r.over[0], r.over[1]
    for x in range(n):
        taken_a[x] = 0
    for y in range(m):
        taken_b[y] = 0
    gain, worst, pairs = 0.0, 1.0, 0
    for turn in range(2):
        floor = SAME_CONSONANTS if turn == 0 else ALIKE_FROM
        for _ in range(min(n, m)):
            best, bx, by = _best(alike, taken_a, taken_b, known_a, known_b, floor)
            if bx < 0:
                break
            taken_a[bx], taken_b[by] = 1, 1
            gain += weight_b[by] * worth(best)
            worst, pairs = min(worst, best), pairs + 1
        if turn == 0 and n != m:
            won, least, joined = _joined_mine(a, mine, taken_a, b, theirs, taken_b, weight_b, r)
            gain, worst, pairs = gain + won, min(worst, least), pairs + joined
            won, least, joined = _joined_theirs(b, theirs, taken_b, a, mine, taken_a, weight_b, r)
            gain, worst, pairs = gain + won, min(worst, least), pairs + joined
    if pairs == 0:
        return Found(0.0, max(1, min(n, m)), 0, 0, 0, 0, 0.0, 0, False, 0, False, True)
    _count_over(a, mine, taken_a, own_a, initials_b, counts_a, r.spent)
    _count_over(b, theirs, taken_b, own_b, initials_a, counts_b, r.spent)
    swapped = own_a > 0 and own_b > 0 and _swapped(a, mine, own_a, b, theirs, own_b, alike, r)
    conflicts = min(counts_a[0], counts_b[0])
    father = _father(own_a, own_b, counts_a, counts_b, conflicts)
    return Found(
        gain,
        conflicts,
        counts_a[0] - conflicts,
        counts_b[0] - conflicts,
        father,
        counts_a[2] + counts_b[2],
        worst,
        pairs,
        swapped,
        counts_a[3] + counts_b[3],
        counts_a[4] + counts_b[4] > 0,
        counts_a[5] + counts_b[5] > 0,
    )
