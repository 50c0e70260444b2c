"""Where the index keeps listings of one family, and how it finds the few worth weighing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from importlib.resources import files
from math import log
from typing import TypeVar

from tapal.engines.screening.evidence import OTHER_DAY, SAME_COUNTRY, Day
from tapal.engines.screening.fold import Token, deletions, joined, token
from tapal.engines.screening.names import Family, Name
from tapal.engines.screening.score import LOOK_AT, Subject

Slot = int
Key = str | int
Value = TypeVar("Value")

BACKGROUND = 5000
"""Names a list is thought to stand among, so that a list of three does not call all names rare."""
MOST_NATS, LEAST_NATS, SOFT_NATS, COMMON_NATS = 8.0, 0.5, 1.2, 4.2
KNOWN_FROM = 4
MOST_WEIGHED = 24
"""Listings weighed in full when no birth date points to them: the best by shared weight."""
MOST_REMEMBERED = 50_000
"""Words whose weight and blocks are kept between queries."""
_COUNTRY, _OTHER_DAY = SAME_COUNTRY.nats, OTHER_DAY.nats
_EMPTY: frozenset[Slot] = frozenset()
_PLACEHOLDERS = ((1, 1), (7, 1))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    with files(__package__).joinpath("codes/common_names.csv").open(encoding="utf-8") as f:
        return frozenset(token(row["name"]).blocks[0] for row in csv.DictReader(f))


def _near(n: int, most: int) -> tuple[int, ...]:
    text = f"{n:02}"
    others = (f"{m:02}" for m in range(1, most + 1) if m != n)
    return tuple(int(o) - n for o in others if o[0] == text[0] or o[1] == text[1])


_MONTHS = [tuple(100 * d for d in _near(n, 12)) for n in range(13)]
_DAYS = [_near(n, 31) for n in range(32)]
_YEARS = [
    tuple(
        10_000 * (m - n) for m in range(100) if m != n and (m // 10 == n // 10 or m % 10 == n % 10)
    )
    for n in range(100)
]


def number(day: Day) -> int:
    """A full day as one number, 19800704."""
    return day[0] * 10_000 + day[1] * 100 + day[2]


def days_one_digit_apart(day: Day) -> list[int]:
    """Days that one wrong digit away (century apart); some do not exist."""
    n = number(day)
    return [n + d for d in (*_YEARS[day[0] % 100], *_MONTHS[day[1]], *_DAYS[day[2]])]


@dataclass(slots=True)
class Shelf:
    """Postings of one family. Sets are replaced, never changed, once readers may hold them."""

    kind: Family
    count: int = 0
    by_name: dict[Key, set[Slot]] = field(default_factory=dict)
    by_block: dict[Key, set[Slot]] = field(default_factory=dict)
    undated: dict[Key, set[Slot]] = field(default_factory=dict)
    by_day: dict[Key, set[Slot]] = field(default_factory=dict)
    by_year: dict[Key, set[Slot]] = field(default_factory=dict)
    vague_by_year: dict[Key, set[Slot]] = field(default_factory=dict)
    slips: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _found: dict[Token, tuple[str, ...]] = field(default_factory=dict)
    _weights: dict[Token, float] = field(default_factory=dict)

    def add(self, slot: Slot, subject: Subject, *, live: bool) -> None:
        """Shelve a listing; `live` when readers may be at work."""
        self.count += 1
        for table, key in self._places(subject):
            held = table.get(key)
            if held is None:
                table[key] = {slot}
            elif live:
                table[key] = held | {slot}
            else:
                held.add(slot)
        for block in {t.blocks[0] for name in subject.names for t in name.tokens}:
            self._note_slips(block)
        if live:
            self._forget()

    def remove(self, slot: Slot, subject: Subject) -> None:
        """Take a listing off the shelf."""
        self.count -= 1
        for table, key in self._places(subject):
            left = table.get(key, set()) - {slot}
            if left:
                table[key] = left
            else:
                table.pop(key, None)
        self._forget()

    def _forget(self) -> None:
        # New tables, not emptied ones: a reader still at work on the old state keeps the old.
        self._found, self._weights = {}, {}

    def _places(self, subject: Subject) -> Iterable[tuple[dict[Key, set[Slot]], Key]]:
        for name in subject.names:
            if name.tokens:
                yield self.by_name, name_key(name)
        for block in {b for name in subject.names for b in _blocks(name)}:
            yield self.by_block, block
            if not subject.days:
                yield self.undated, block
        for day in subject.days:
            yield self.by_year, day[0]
            if day[2]:
                yield self.by_day, number(day)
            if not day[2] or day[1:] in _PLACEHOLDERS:
                yield self.vague_by_year, day[0]

    def _note_slips(self, block: str) -> None:
        """Note what the block becomes by losing a letter; it stays noted when all are removed."""
        if block in self.slips.get(block, ()):
            return
        for shorter in deletions(block):
            self.slips[shorter] = (*self.slips.get(shorter, ()), block)

    def weight(self, word: Token) -> float:
        """How much a word tells, in nats: the rarer on the lists the more."""
        table = self._weights
        known = table.get(word)
        if known is None:
            held = len(self.by_block.get(word.blocks[0], _EMPTY))
            known = log((self.count + BACKGROUND) / (held + 0.7))
            known = min(MOST_NATS, max(LEAST_NATS, known))
            if self.kind == "person":
                if word.soft:
                    known = min(SOFT_NATS, known)
                elif word.blocks[0] in _common():
                    known = min(COMMON_NATS, known)
            _remember(table, word, known)
        return known

    def knows(self, word: Token) -> bool:
        """Whether the word is borne on this shelf by several."""
        return len(self.by_block.get(word.blocks[0], _EMPTY)) >= KNOWN_FROM

    def blocks_of(self, word: Token) -> tuple[str, ...]:
        """Blocks on this shelf that the word may be found under; one slip allowed in a rare word."""
        table = self._found
        known = table.get(word)
        if known is None:
            wanted = dict.fromkeys(word.blocks)
            if not self.knows(word):
                for shorter in deletions(word.blocks[0]):
                    wanted.update(dict.fromkeys(self.slips.get(shorter, ())))
            known = tuple(b for b in wanted if b in self.by_block)
            _remember(table, word, known)
        return known

    def candidates(self, query: Subject) -> set[Slot]:
        """Listings worth weighing in full."""
        out: set[Slot] = set()
        day = query.days[0] if query.days else None
        for name in query.names:
            if not name.tokens:
                continue
            out |= self.by_name.get(name_key(name), _EMPTY)
            if day is None:
                out |= self._sharing(name, self.by_block)
                continue
            out |= self._sharing(name, self.undated)
            out |= self._other_day(name)
            out |= self._about_day(name, day)
        if day is not None and day[2]:
            out |= self.by_day.get(number(day), _EMPTY)
            out |= self.by_day.get(number((day[0], day[2], day[1])), _EMPTY)
        return out

    def _firm(self, name: Name) -> list[tuple[float, Token]]:
        firm = [t for t in name.tokens if not t.soft] or name.tokens
        return sorted(((self.weight(t), t) for t in set(firm)), key=lambda f: -f[0])

    def _about_day(self, name: Name, day: Day) -> set[Slot]:
        """Born then or nearly then, with enough of the name."""
        vague = set(self.vague_by_year.get(day[0], _EMPTY))
        near: set[Slot] = set()
        if not day[2] or day[1:] in _PLACEHOLDERS:
            vague |= self.by_year.get(day[0], _EMPTY)
        if day[2]:
            get = self.by_day.get
            near.update(*[held for d in days_one_digit_apart(day) if (held := get(d))])
        out = self._sharing(name, self.by_block, pool=near, slips=False) if near else near
        if vague:
            out |= self._sharing(name, self.by_block, pool=vague, share=0.35)
        return out

    def _other_day(self, name: Name) -> set[Slot]:
        """Born on another day, but of a name so rare that it is worth a look all the same."""
        firm = self._firm(name)
        if len(firm) < 2 or firm[0][0] + firm[1][0] + _COUNTRY + _OTHER_DAY < LOOK_AT:
            return set()
        first, second = (self._holding(word) for _, word in firm[:2])
        return first & second

    def _holding(self, word: Token) -> set[Slot]:
        found = [slots for b in word.blocks if (slots := self.by_block.get(b))]
        return set().union(*found)

    def _sharing(
        self,
        name: Name,
        table: dict[Key, set[Slot]],
        *,
        pool: set[Slot] | None = None,
        slips: bool = True,
        share: float = 0.0,
    ) -> set[Slot]:
        """Listings (of the pool) that hold enough of the name's weight, rare words first.

        Without a `share`, as much as a listing needs to come near a look on its name alone.
        """
        firm = self._firm(name)
        left = sum(w for w, _ in firm)
        need = share * left or max(0.55 * left, min(0.85 * left, LOOK_AT - 2))
        shared: dict[Slot, float] = {}
        for weight, word in firm:
            blocks = self.blocks_of(word) if slips else word.blocks
            held = [slots for b in blocks if (slots := table.get(b))]
            if pool is not None:
                held = [pool & slots for slots in held]
            slots = held[0] if len(held) == 1 else set().union(*held)
            if left < need:
                slots = slots & shared.keys()
            for slot in slots:
                shared[slot] = shared.get(slot, 0.0) + weight
            left -= weight
        for block in joined(name.tokens):
            for slot in table.get(block, _EMPTY):
                if pool is None or slot in pool:
                    shared[slot] = need
        enough = [slot for slot, weight in shared.items() if weight >= need]
        if len(enough) > MOST_WEIGHED:
            enough = nlargest(MOST_WEIGHED, enough, key=shared.__getitem__)
        return set(enough)


def _remember(table: dict[Token, Value], word: Token, value: Value) -> None:
    if len(table) > MOST_REMEMBERED:
        table.clear()
    table[word] = value


def name_key(name: Name) -> str:
    """The whole name by its blocks, whatever the order of its words."""
    return "+".join(sorted({t.blocks[0] for t in name.tokens}))


def _blocks(name: Name) -> Iterable[str]:
    for word in name.tokens:
        yield from word.blocks
    yield from joined(name.tokens)
