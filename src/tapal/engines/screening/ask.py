"""A query as columns, and one segment asked."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening import features as f
from tapal.engines.screening.asked import MOST_QUERY_WORDS, Asked, Scratch, scratch
from tapal.engines.screening.features import Levels, Model
from tapal.engines.screening.fold import Token, deletions
from tapal.engines.screening.names import Name
from tapal.engines.screening.search import Answers, Desk, answers, desk, search
from tapal.engines.screening.segment import INITIALS, Segment, code, forms_mask, halves
from tapal.engines.screening.subject import Subject
from tapal.engines.screening.weights import FAMILIES
from tapal.engines.screening.word_table import Bytes, Words, block_hash, starts, table


class Weighed(NamedTuple):
    """A listing weighed: its place in its segment, and what its total is made of."""

    slot: int
    total: float
    gain: float
    """Weight of the words shared; negative where none is."""
    levels: Levels
    ours: Name | None
    theirs: int
    """The listed name, by its place among the listing's names."""


class Question(NamedTuple):
    subject: Subject
    asked: Asked
    words: Words
    names: tuple[Name, ...]


@lru_cache(maxsize=65536)
def _slips(word: Token) -> tuple[int, ...]:
    return tuple(block_hash(b) for b in deletions(word.blocks[0]))


def question(subject: Subject) -> Question:
    """The columns of a query; of many names as many as there is room for."""
    names: list[Name] = []
    words: list[Token] = []
    for name in subject.names:
        if len(words) + len(name.words) <= MOST_QUERY_WORDS:
            names.append(name)
            words += name.tokens
    slips = [_slips(word) for word in words]
    numbers = [n.encode() for n, _ in subject.documents]
    initials = "".join("".join(n.initials)[:INITIALS].ljust(INITIALS, "\0") for n in names)
    asked = Asked(
        FAMILIES.index(subject.kind),
        starts([len(n.words) for n in names]),
        np.array([n.own for n in names], np.uint8),
        np.array(bytearray(initials.encode()), np.uint8),
        np.array([forms_mask(n.forms) for n in names], np.int32),
        starts([len(s) for s in slips]),
        np.array([h for s in slips for h in s], np.uint32),
        subject.days[0] if subject.days else 0,
        np.array([code(c) for c in subject.countries], np.int32),
        starts([len(n) for n in numbers]),
        np.array(bytearray(b"".join(numbers)), np.uint8),
        np.array([code(c) if c else 0 for _, c in subject.documents], np.int32),
        np.array([h for n, _ in subject.documents for h in halves(n)], np.uint32),
        subject.gender,
    )
    return Question(subject, asked, table(words), tuple(names))


class _Rooms(local):
    """Scratch of this thread, by segment size."""

    def __init__(self) -> None:
        self.listings = self.vocabulary = -1
        self.room: Scratch | None = None
        self.answers: Answers | None = None
        self.desk = desk()

    def fitting(self, listings: int, vocabulary: int) -> tuple[Scratch, Desk, Answers]:
        room, out = self.room, self.answers
        if room is None or out is None or listings > self.listings or vocabulary > self.vocabulary:
            self.listings = max(listings, self.listings, 1)
            self.vocabulary = max(vocabulary, self.vocabulary, 1)
            room = self.room = scratch(self.listings, self.vocabulary)
            out = self.answers = answers()
        return room, self.desk, out


_ROOMS = _Rooms()


def ask(
    segment: Segment, asked: Question, model: Model, look: float, alive: Bytes | None = None
) -> list[Weighed]:
    """The listings of a segment that the query may be, in no order; of some only, where `alive` says."""
    if not len(segment):
        return []
    room, laid, out = _ROOMS.fitting(len(segment), len(segment.words.flags))
    found = search(
        asked.asked, asked.words, segment.words, segment.columns,
        segment.alive if alive is None else alive, model, look, room, laid, out,
    )  # fmt: skip
    weighed = []
    for place in np.flatnonzero(_worth_telling(out, found, look)):
        weighed.append(
            Weighed(
                int(out.listing[place]),
                float(out.total[place]),
                float(out.gain[place]),
                out.levels[place].copy(),
                asked.names[out.our_name[place]] if out.our_name[place] >= 0 else None,
                int(out.their_name[place]),
            )
        )
    return weighed


def _worth_telling(out: Answers, found: int, look: float) -> NDArray[np.bool_]:
    """Which listings come to a look, hold the document, or may be a tie."""
    levels, total = out.levels[:found], out.total[:found]
    date = levels[:, f.DATE]
    vague = ((date >= f.YEAR_BESIDE) & (date <= f.DATE_UNKNOWN)) | (date == f.SAME_YEAR)
    vague |= date == f.SAME_PLACEHOLDER
    whole = (levels[:, f.CONFLICTS] == 3) & (levels[:, f.OURS] == 3) & (levels[:, f.THEIRS] == 3)
    worth: NDArray[np.bool_] = (
        (total >= look) | (vague & whole) | (levels[:, f.DOCUMENT] >= f.OTHER_ISSUER)
    )
    return worth
