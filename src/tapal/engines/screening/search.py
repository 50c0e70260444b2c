"""Weigh in full the listings that a query may be: the loops behind `Index.match`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tapal.engines.screening.align import Found, Room, align, room
from tapal.engines.screening.asked import MOST_QUERY_WORDS, ROOM, Asked, Scratch
from tapal.engines.screening.candidates import choose, gather, neighbours, pool, row_of, tells
from tapal.engines.screening.comparing import compare_documents, compare_gender
from tapal.engines.screening.compiled import borrowed, compiled, inlined
from tapal.engines.screening.features import (
    COUNTRY,
    DATE,
    DOCUMENT,
    DOCUMENT_UNKNOWN,
    FEATURES,
    GENDER,
    PAIRS,
    Levels,
    Model,
    best_day,
    compare_sets,
    name_levels,
    score,
)
from tapal.engines.screening.segment import INITIALS, Columns
from tapal.engines.screening.word_table import Bytes, Floats, Ints, Words


class Answers(NamedTuple):
    """Listings weighed, one place each; `listing` is cut to the number found."""

    listing: Ints
    total: Floats
    gain: Floats
    levels: Levels
    our_name: Ints
    their_name: Ints


def answers() -> Answers:
    return Answers(
        np.zeros(ROOM, np.int32),
        np.zeros(ROOM, np.float32),
        np.zeros(ROOM, np.float32),
        np.zeros((ROOM, len(FEATURES)), np.int8),
        np.zeros(ROOM, np.int32),
        np.zeros(ROOM, np.int32),
    )


class Desk(NamedTuple):
    """Where one thread weighs listings: made once, written over by each."""

    alike: Floats
    weight: Floats
    """Of the words of a query name, of a listed name, and of all query words."""
    known: Bytes
    levels: Levels
    number: Ints
    space: Room


def desk() -> Desk:
    return Desk(
        np.zeros((MOST_QUERY_WORDS, MOST_QUERY_WORDS), np.float32),
        np.zeros((3, MOST_QUERY_WORDS), np.float32),
        np.zeros((3, MOST_QUERY_WORDS), np.uint8),
        np.zeros(len(FEATURES), np.int8),
        np.arange(MOST_QUERY_WORDS, dtype=np.int32),
        room(MOST_QUERY_WORDS),
    )


@inlined
def _read(
    mine: Ints, name: int, own: int, q: Asked, qw: Words, words: Words, c: Columns, s: Scratch,
    theirs_name: int, alike: Floats, buffers: Floats, known: Bytes, space: Room, rows: int,
) -> tuple[Found, int]:  # fmt: skip
    """What query name `mine` and a listed name share, and the number of rows now."""
    theirs = c.word[c.word_at[theirs_name] : c.word_at[theirs_name + 1]]
    n, m = len(mine), len(theirs)
    for y in range(m):
        row = s.row[theirs[y]]
        if row < 0:
            row = row_of(theirs[y], qw, words, s, rows)
            if row == rows:
                rows += 1
        for x in range(n):
            alike[x, y] = s.alike[row, mine[x]] if row >= 0 else 0.0
        buffers[1, y] = c.weight[theirs[y]]
        known[1, y] = c.known[theirs[y]]
    for x in range(n):
        buffers[0, x] = buffers[2, mine[x]]
        known[0, x] = known[2, mine[x]]
    first = INITIALS * theirs_name
    found = align(
        qw, mine, own, _initials(q.initials, INITIALS * name), words, theirs,
        c.own[theirs_name], _initials(c.initials, first), alike,
        buffers[0], buffers[1], known[0], known[1], space,
    )  # fmt: skip
    return found, rows


@inlined
def _initials(column: Bytes, first: int) -> Bytes:
    n = 0
    while n < INITIALS and column[first + n]:
        n += 1
    return column[first : first + n]


@inlined
def _weigh(
    listing: int, place: int, q: Asked, qw: Words, words: Words, c: Columns, s: Scratch,
    model: Model, rows: int, desk: Desk, out: Answers,
) -> int:  # fmt: skip
    """Weigh a listing in full, by the pair of names that speaks loudest."""
    alike, buffers, known, levels = desk.alike, desk.weight, desk.known, desk.levels
    for feature in range(len(levels)):
        levels[feature] = 0
    levels[DATE] = best_day(q.day, c.day, c.day_at[listing], c.day_at[listing + 1])
    levels[COUNTRY] = compare_sets(
        q.countries, c.country, c.country_at[listing], c.country_at[listing + 1]
    )
    levels[DOCUMENT] = compare_documents(listing, q, c)
    levels[GENDER] = compare_gender(q.gender, c.gender[listing])
    out.listing[place], out.total[place] = listing, -1e9
    for a in range(len(q.name_at) - 1):
        mine = desk.number[q.name_at[a] : q.name_at[a + 1]]
        for b in range(c.name_at[listing], c.name_at[listing + 1]):
            found, rows = _read(
                mine, a, q.own[a], q, qw, words, c, s, b, alike, buffers, known, desk.space, rows
            )
            name_levels(found, q.forms[a], c.forms[b], levels)
            total = score(
                model.base[q.family], model.knots, model.gain[q.family], model.weight[q.family],
                found.gain, levels,
            )  # fmt: skip
            if found.pairs == 0:
                total -= 99.0
            if total > out.total[place]:
                out.total[place], out.gain[place] = total, found.gain
                out.our_name[place], out.their_name[place] = a, b
                _copy(levels, out.levels, place)
                if found.pairs == 0:
                    out.gain[place] = -1.0
    if out.total[place] == -1e9:
        out.gain[place], out.our_name[place], out.their_name[place] = -1.0, -1, -1
        _copy(levels, out.levels, place)
    return rows


@inlined
def _copy(levels: Levels, into: Levels, place: int) -> None:
    for feature in range(len(levels)):
        into[place, feature] = levels[feature]


@borrowed
def _weigh_all(
    chosen: Ints, kept: int, q: Asked, qw: Words, words: Words, c: Columns, s: Scratch,
    model: Model, rows: int, desk: Desk, out: Answers,
) -> int:  # fmt: skip
    """Weigh each chosen listing; the number of rows now."""
    for place in range(kept):
        rows = _weigh(chosen[place], place, q, qw, words, c, s, model, rows, desk, out)
    return rows


@compiled
def search(
    q: Asked, qw: Words, words: Words, c: Columns, alive: Bytes, model: Model, look: float,
    s: Scratch, desk: Desk, out: Answers,
) -> int:  # fmt: skip
    """Weigh in full the listings that the query may be; how many places of `out` are filled."""
    rows = neighbours(q, qw, words, c, s)
    telling = np.empty(len(qw.flags), np.float32)
    for w in range(len(qw.flags)):
        telling[w] = tells(w, qw, c, s, rows)
    best = np.empty(len(FEATURES), np.int8)
    _reachable(q, model, best)
    touched = pool(q, c, alive, s, 0)
    firm = 0
    for name in range(len(q.name_at) - 1):
        touched, firms = gather(q, qw, c, alive, s, rows, name, touched, telling)
        firm = firms if name == 0 else min(firm, firms)
    chosen = np.empty(max(touched, 1), np.int32)
    kept = choose(q, c, s, model, touched, firm, look, best, chosen)
    for k in range(touched):
        listing = s.touched[k]
        s.word[listing], s.shared[listing], s.hits[listing] = -1, 0.0, 0
        s.chosen[listing] = 0
    _lay_out(qw, c, s, rows, telling, desk)
    rows = _weigh_all(chosen, kept, q, qw, words, c, s, model, rows, desk, out)
    for row in range(rows):
        s.row[s.rowed[row]] = -1
    return kept


@borrowed
def _reachable(q: Asked, model: Model, best: Levels) -> None:
    """The levels that speak most for, of those that this query can reach."""
    for feature in range(len(FEATURES)):
        best[feature] = model.best[feature]
    if len(q.issuer) == 0:
        best[DOCUMENT] = DOCUMENT_UNKNOWN
    longest = 1
    for name in range(len(q.name_at) - 1):
        longest = max(longest, q.name_at[name + 1] - q.name_at[name])
    best[PAIRS] = min(best[PAIRS], min(4, longest) - 1)


@borrowed
def _lay_out(qw: Words, c: Columns, s: Scratch, rows: int, telling: Floats, desk: Desk) -> None:
    """Put on the desk the weight of each query word, and whether it is known on the list."""
    for w in range(len(qw.flags)):
        desk.weight[2, w], desk.known[2, w] = telling[w], 0
        for row in range(rows):
            if s.alike[row, w] >= 1.0 and c.known[s.rowed[row]]:
                desk.known[2, w] = 1
