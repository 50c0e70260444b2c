"""One word of a name, folded so that its spellings meet.

A token has its plain form, a few *keys* (spellings that sound alike share one) and *blocks*
(coarser: the consonants of a long word), by which the index finds it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from tapal.engines.screening import words

MAX_KEYS = 6
"""Alternative readings kept for a token; more would make every word meet every other."""

_SOFT = frozenset({*words.BIRTH_ORDER, *words.COMMON, "muhammad"})
_VOWELS = frozenset("aiu")

# Spelling -> sound. Ejaan van Ophuijsen (oe, tj, dj, sj, j) and Soewandi meet today's Indonesian;
# Wade-Giles (hs, ts) meets Pinyin (x, z); f, p, ph and v, w are not kept apart in Indonesia.
_SOUNDS: dict[str, str] = {
    "tsch": "c",
    "sch": "s",
    "tch": "c",
    "sh": "s",
    "sy": "s",
    "sj": "s",
    "zh": "c",
    "tj": "c",
    "dj": "j",
    "kh": "k",
    "ch": "c",
    "gh": "g",
    "dh": "d",
    "th": "t",
    "bh": "b",
    "ph": "p",
    "ck": "k",
    "oe": "u",
    "ou": "u",
    "oo": "u",
    "ee": "i",
    "ie": "i",
    "ei": "i",
    "ey": "i",
    "f": "p",
    "v": "w",
    "q": "k",
    "z": "s",
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_INITIAL = re.compile(r"^(?:hs|x)(?=[aeiou])")
_GLIDE = re.compile(r"(?:i?[yj]|i)(?=[aeou])|[yj](?=i)")
_NO_GLIDES = str.maketrans("", "", "wj")
_DOUBLE = re.compile(r"(.)\1+")

# Each gives one more reading of a whole word: (where it applies, what it is read as).
_READINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"ch"), "kh"),
    (re.compile(r"ch"), "sh"),
    (re.compile(r"[ck]h"), "h"),
    (re.compile(r"^(?:al|el)(?=[^aeioul].{3}|[aeiou].{4})"), ""),
    (re.compile(r"c(?=[aou]|[^aeiouhk]|$)"), "k"),
    (re.compile(r"c(?![hk])"), "s"),
    (re.compile(r"th"), "s"),
    (re.compile(r"^g(?=[aei])"), "j"),
    (re.compile(r"^ts"), "c"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A folded word. Tokens are interned: equal words are the same object."""

    text: str
    keys: tuple[str, ...]
    blocks: tuple[str, ...]
    skeleton: str
    script: bool
    """Written in a script without vowels: only its consonants can be compared."""
    marks: frozenset[str]
    """Keys and blocks together: words with no mark in common can only be slips of one another."""
    soft: bool
    """Tells little by itself: Muhammad, birth-order names, the commonest given names."""
    readings: frozenset[str]
    """Chinese characters this may be a romanisation of, as Pinyin with its kind."""


def sound(text: str, *, script: bool = False) -> str:
    """The sound of a word in plain lower-case letters, vowels reduced to a, i, u."""
    s = _INITIAL.sub("s", text)
    s = _SOUND.sub(lambda m: _SOUNDS[m.group()], s.replace("x", "ks"))
    s = _GLIDE.sub("j", s).replace("y", "i")
    s = s[:1] + s[1:].replace("h", "")
    s = s.replace("e", "i").replace("o", "u")
    return s if script else _DOUBLE.sub(r"\1", s)


def consonants(key: str) -> str:
    """The consonants of a sound; a vowel at the start is kept as `a`."""
    body = "".join(c for c in key if c not in _VOWELS)
    return f"a{body}" if key[:1] in _VOWELS else body


def _block(key: str) -> str:
    bare = consonants(key)
    return bare if len(bare) >= 3 and not bare.isdigit() else key


@lru_cache(maxsize=1)
def chinese_readings() -> dict[str, tuple[str, ...]]:
    """The readings of each character of the table, named by its Pinyin and kind."""
    with files(__package__).joinpath("codes/chinese_readings.csv").open(encoding="utf-8") as f:
        return {
            f"{row['pinyin']}/{row['kind']}": (row["pinyin"], *row["readings"].split())
            for row in csv.DictReader(f)
        }


@lru_cache(maxsize=1)
def _chinese() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for character, readings in chinese_readings().items():
        for word in readings:
            groups.setdefault(word, set()).add(character)
    return {word: frozenset(found) for word, found in groups.items()}


def is_syllable(text: str) -> bool:
    """Whether a word is a Chinese syllable in some romanisation."""
    return text in _chinese()


def syllable_cut(text: str) -> int:
    """Where a word falls into two Chinese syllables, or 0; a syllable itself is not cut."""
    known = _chinese()
    if text in known:
        return 0
    cuts = (i for i in range(len(text) - 2, 1, -1) if text[:i] in known and text[i:] in known)
    return next(cuts, 0)


@lru_cache(maxsize=65536)
def token(text: str, script: bool = False) -> Token:
    """Fold one word (plain lower-case letters and digits)."""
    found = _chinese().get(text, frozenset())
    if text.isdigit():
        return Token(text, (text,), (text,), text, False, frozenset((text,)), False, found)
    spellings = [text]
    if len(text) > 2:
        spellings += [p.sub(r, text) for p, r in _READINGS if p.search(text)]
    keys = tuple(dict.fromkeys(k for s in spellings if (k := sound(s, script=script))))[
        :MAX_KEYS
    ] or (text,)
    blocks = [_block(k) for k in keys] + [f"={group}" for group in sorted(found)]
    if script:
        # Waw and ya are as often long vowels, which only the romanised form shows as such.
        blocks += [_block(consonants(k).translate(_NO_GLIDES)) for k in keys]
    main = consonants(keys[0])
    marks = frozenset((*keys, *blocks))
    soft = text in _SOFT
    return Token(text, keys, tuple(dict.fromkeys(blocks)), main, script, marks, soft, found)


@lru_cache(maxsize=65536)
def deletions(block: str) -> tuple[str, ...]:
    """The block and all it becomes by losing one letter: two blocks one slip apart share one."""
    if len(block) < 4 or block[0] == "=":
        return (block,)
    return tuple({block, *(block[:i] + block[i + 1 :] for i in range(len(block)))})


@lru_cache(maxsize=1024)
def joined(tokens: tuple[Token, ...]) -> frozenset[str]:
    """Blocks of neighbours written as one word, and of a whole name of three."""
    if len(tokens) < 2 or any(t.script for t in tokens):
        return frozenset()
    texts = [t.text for t in tokens]
    wholes = [a + b for a, b in pairwise(texts)]
    if len(texts) == 3:
        wholes.append("".join(texts))
    return frozenset(_block(sound(whole)) for whole in wholes if 5 <= len(whole) <= 40)
