"""Which listings may a query be: found by words, sounds, joined words, days and documents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.asked import (
    MOST_NATS,
    MOST_QUERY_WORDS,
    ROOM,
    ROWS,
    SHARE,
    SLACK,
    SOFT_NATS,
    Asked,
    Scratch,
)
from tapal.engines.screening.comparing import compare_documents, compare_gender
from tapal.engines.screening.compiled import borrowed, compiled
from tapal.engines.screening.features import (
    COUNTRY,
    DATE,
    DATE_UNKNOWN,
    DAY_MONTH_SWAPPED,
    GENDER,
    OTHER_ISSUER,
    OURS,
    SAME,
    SAME_DAY,
    SAME_PLACEHOLDER,
    SAME_YEAR,
    YEAR_BESIDE,
    Levels,
    Model,
    bend,
    best_day,
    compare_sets,
)
from tapal.engines.screening.joining import first_at, joined_hash
from tapal.engines.screening.likeness import ALIKE_FROM, SAME_CONSONANTS, likeness, worth
from tapal.engines.screening.segment import Columns
from tapal.engines.screening.word_table import SOFT, Bytes, Floats, Hashes, Ints, Words


@borrowed
def row_of(word: int, qw: Words, words: Words, s: Scratch, rows: int) -> int:
    """The row of a listed word's likenesses to all query words, worked out on first use."""
    row = int(s.row[word])
    if row >= 0 or rows >= ROWS:
        return row
    s.row[word] = rows
    s.rowed[rows] = word
    for w in range(min(len(qw.flags), MOST_QUERY_WORDS)):
        s.alike[rows, w] = likeness(qw, w, words, word)
    return rows


@borrowed
def _look_up(
    hashes: Hashes, holders: Ints, wanted: int, qw: Words, words: Words, s: Scratch, rows: int
) -> int:
    """Give a row to each listed word under this hash; the number of rows now."""
    at = first_at(hashes, wanted)
    while at < len(hashes) and hashes[at] == wanted:
        if row_of(holders[at], qw, words, s, rows) == rows:
            rows += 1
        at += 1
    return rows


@borrowed
def neighbours(q: Asked, qw: Words, words: Words, c: Columns, s: Scratch) -> int:
    """Give a row to each listed word that may be a spelling of a query word."""
    rows = 0
    none = qw.text[:0]
    for w in range(len(qw.flags)):
        before = rows
        for k in range(qw.blocks_at[w], qw.blocks_at[w + 1]):
            rows = _look_up(c.block_hash, c.block_word, qw.blocks[k], qw, words, s, rows)
        known = False
        for row in range(before, rows):
            known |= s.alike[row, w] >= 1.0 and c.known[s.rowed[row]] > 0
        if not known:
            for k in range(q.slip_at[w], q.slip_at[w + 1]):
                rows = _look_up(c.slip_hash, c.slip_word, q.slip[k], qw, words, s, rows)
    for name in range(len(q.name_at) - 1):
        first, end = q.name_at[name], q.name_at[name + 1]
        for w in range(first, end - 1):
            x = qw.text[qw.text_at[w] : qw.text_at[w + 1]]
            y = qw.text[qw.text_at[w + 1] : qw.text_at[w + 2]]
            wanted = joined_hash(x, y, none)
            rows = _look_up(c.solo_hash, c.solo_word, wanted, qw, words, s, rows)
            if w + 2 < end and end - first == 3:
                z = qw.text[qw.text_at[w + 2] : qw.text_at[w + 3]]
                wanted = joined_hash(x, y, z)
                rows = _look_up(c.solo_hash, c.solo_word, wanted, qw, words, s, rows)
    return rows


@borrowed
def _touch(listing: int, word: NDArray[np.int8], touched: Ints, n: int) -> int:
    if word[listing] == -1:
        word[listing] = -2
        touched[n] = listing
        return n + 1
    return n


@borrowed
def _walk(
    w: int, alive: Bytes, post_at: Ints, post: Ints, weight: Floats, s: Scratch, rows: int,
    n: int, fresh: bool,
) -> int:  # fmt: skip
    """Count word w for the listings that bear a spelling of it; only `fresh` finds new ones."""
    word, shared, hits, touched = s.word, s.shared, s.hits, s.touched
    for turn in range(2):
        for row in range(rows):
            alike = s.alike[row, w]
            if alike < ALIKE_FROM or (alike >= SAME_CONSONANTS) != (turn == 0):
                continue
            listed = s.rowed[row]
            add = weight[listed] * worth(alike)
            for k in range(post_at[listed], post_at[listed + 1]):
                listing = post[k]
                last = word[listing]
                if last == w or (last == -1 and not (fresh and alive[listing])):
                    continue
                if last == -1:
                    touched[n] = listing
                    n += 1
                word[listing] = w
                shared[listing] += add
                hits[listing] += 1
    return n


@borrowed
def tells(w: int, qw: Words, c: Columns, s: Scratch, rows: int) -> float:
    """What a query word tells: the weight of its listed spellings, or of a word never seen."""
    best = -1.0
    for row in range(rows):
        if s.alike[row, w] >= SAME_CONSONANTS:
            weight = c.weight[s.rowed[row]]
            best = weight if best < 0 else min(best, weight)
    if best >= 0:
        return best
    return SOFT_NATS if qw.flags[w] & SOFT else MOST_NATS


@compiled
def gather(
    q: Asked, qw: Words, c: Columns, alive: Bytes, s: Scratch, rows: int, name: int, n: int,
    telling: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Touch the listings that share enough of one query name; how many, and its firm words."""
    first, end = q.name_at[name], q.name_at[name + 1]
    none = qw.text[:0]
    firm, left = 0, 0.0
    for w in range(first, end):
        if not qw.flags[w] & SOFT:
            firm += 1
            left += telling[w]
    whole = left
    order = np.argsort(-telling[first:end])
    for k in range(len(order)):
        w = first + order[k]
        soft = qw.flags[w] & SOFT and firm > 0
        fresh = not soft and left >= SHARE * whole
        n = _walk(w, alive, c.post_at, c.post, c.weight, s, rows, n, fresh)
        if not soft:
            left -= telling[w]
    for w in range(first, end):
        text = qw.text[qw.text_at[w] : qw.text_at[w + 1]]
        if len(text) < 5:
            continue
        wanted = joined_hash(text, none, none)
        at = first_at(c.joined_hash, wanted)
        while at < len(c.joined_hash) and c.joined_hash[at] == wanted:
            listing = c.joined_listing[at]
            if alive[listing] and s.word[listing] != w:
                n = _touch(listing, s.word, s.touched, n)
                s.word[listing] = w
                s.shared[listing] += telling[w]
                s.hits[listing] += 1
            at += 1
    return n, firm


@borrowed
def pool(q: Asked, c: Columns, alive: Bytes, s: Scratch, n: int) -> int:
    """Touch those born the same day, or the day with its month swapped, and chosen documents."""
    if q.day % 100:
        month, date = q.day // 100 % 100, q.day % 100
        other = q.day // 10000 * 10000 + date * 100 + month
        for day in (q.day, other):
            at = first_at(c.born, day)
            while at < len(c.born) and c.born[at] == day:
                if alive[c.born_listing[at]]:
                    n = _touch(c.born_listing[at], s.word, s.touched, n)
                at += 1
    for half in q.half:
        at = first_at(c.half_hash, half)
        while at < len(c.half_hash) and c.half_hash[at] == half:
            listing = c.half_listing[at]
            if alive[listing] and compare_documents(listing, q, c) >= OTHER_ISSUER:
                n = _touch(listing, s.word, s.touched, n)
                s.chosen[listing] = 1
            at += 1
    return n


@compiled
def choose(
    q: Asked, c: Columns, s: Scratch, model: Model, n: int, firm: int, look: float,
    best: Levels, out: Ints,
) -> int:  # fmt: skip
    """Of the touched, those that may come to a look; the most promising if there are too many."""
    promise = np.empty(n, np.float32)
    kept = _promising(q, c, s, model, n, firm, look, best, promise)
    if kept > ROOM:
        order = np.argsort(-promise[:kept])
        for k in range(ROOM):
            out[k] = s.touched[order[k]]
        return ROOM
    out[:kept] = s.touched[:kept]
    return kept


@borrowed
def _promising(
    q: Asked, c: Columns, s: Scratch, model: Model, n: int, firm: int, look: float,
    best: Levels, promise: Floats,
) -> int:  # fmt: skip
    """Bring those that may come to a look to the front of the touched; how many, with the most of each."""
    kept = 0
    touched, hits, shared, marked = s.touched, s.hits, s.shared, s.chosen
    day, days, day_at = q.day, c.day, c.day_at
    countries, listed_countries, country_at, genders = (
        q.countries,
        c.country,
        c.country_at,
        c.gender,
    )
    knots, curve, weight = model.knots, model.gain[q.family], model.weight[q.family]
    fixed = model.base[q.family]
    for feature in range(len(best)):
        if feature not in (DATE, COUNTRY, GENDER, OURS):
            fixed += weight[feature, best[feature]]
    most_country, most_gender = max(0.0, weight[COUNTRY, SAME]), max(0.0, weight[GENDER, SAME])
    for k in range(n):
        listing = touched[k]
        date = best_day(day, days, day_at[listing], day_at[listing + 1])
        near = date in (SAME_DAY, DAY_MONTH_SWAPPED)
        missing = firm - hits[listing]
        whole = missing <= 0 and hits[listing] > 0
        may_tie = whole and (
            (date >= YEAR_BESIDE and date <= DATE_UNKNOWN) or date in (SAME_YEAR, SAME_PLACEHOLDER)
        )
        most = fixed + bend(knots, curve, shared[listing]) + weight[DATE, date]
        most += weight[OURS, 3 - max(0, min(3, missing))] + most_country + most_gender
        passed = (
            near or marked[listing] or (hits[listing] > 0 and (may_tie or most >= look - SLACK))
        )
        if not passed:
            continue
        country = compare_sets(
            countries, listed_countries, country_at[listing], country_at[listing + 1]
        )
        gender = compare_gender(q.gender, genders[listing])
        most += weight[COUNTRY, country] + weight[GENDER, gender] - most_country - most_gender
        if marked[listing]:
            most = 99.0
        elif not near and not may_tie and most < look - SLACK:
            continue
        promise[kept] = most
        touched[kept], touched[k] = touched[k], touched[kept]
        kept += 1
    return kept
