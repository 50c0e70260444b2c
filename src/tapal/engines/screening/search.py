"""Find the listings that a query may be, and weigh each: the loops behind `Index.match`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tapal.engines.screening.align import Found, align
from tapal.engines.screening.compiled import compiled
from tapal.engines.screening.features import (
    COUNTRY,
    DATE,
    DATE_UNKNOWN,
    DAY_MONTH_SWAPPED,
    DOCUMENT,
    DOCUMENT_UNKNOWN,
    FEATURES,
    GENDER,
    LIKE_DOCUMENT,
    NOT_ASKED,
    OTHER,
    OTHER_DOCUMENT,
    OTHER_HULL,
    OTHER_ISSUER,
    OURS,
    SAME,
    SAME_DAY,
    SAME_DOCUMENT,
    SAME_PLACEHOLDER,
    SAME_YEAR,
    UNKNOWN,
    YEAR_BESIDE,
    Levels,
    Model,
    best_day,
    compare_sets,
    name_levels,
    numbers_apart,
    score,
)
from tapal.engines.screening.joining import joined_hash
from tapal.engines.screening.likeness import ALIKE_FROM, SAME_CONSONANTS, likeness, worth
from tapal.engines.screening.segment import INITIALS, Columns
from tapal.engines.screening.word_table import SOFT, Bytes, Floats, Hashes, Ints, Words

ROOM = 256
"""Listings weighed in full for one query."""
MOST_QUERY_WORDS = 48
ROWS = 16_384
"""Listed words that one query may be held against."""
MOST_NATS, SOFT_NATS = 8.0, 1.2
CRAFT = 2
SHARE = 0.34
"""The share of a name's weight that a listing must show to be found by name."""
SLACK = 1.5


class Asked(NamedTuple):
    """A query as columns; names are runs of its words."""

    family: int
    name_at: Ints
    own: Bytes
    initials: Bytes
    forms: Ints
    slip_at: Ints
    slip: Hashes
    day: int
    countries: Ints
    number_at: Ints
    number: Bytes
    issuer: Ints
    half: Hashes
    gender: int


class Scratch(NamedTuple):
    """Room for one thread, cleared by each query behind itself."""

    shared: Floats
    """Weight of the query's words that a listing bears, by listing."""
    hits: Bytes
    word: Ints
    """The last query word counted for a listing, or -1."""
    touched: Ints
    row: Ints
    """Where a listed word's likenesses lie, or -1."""
    rowed: Ints
    alike: Floats
    chosen: Bytes


class Answers(NamedTuple):
    """Listings weighed, one place each; `listing` is cut to the number found."""

    listing: Ints
    total: Floats
    gain: Floats
    levels: Levels
    our_name: Ints
    their_name: Ints


def scratch(listings: int, vocabulary: int) -> Scratch:
    return Scratch(
        np.zeros(listings, np.float32),
        np.zeros(listings, np.uint8),
        np.full(listings, -1, np.int32),
        np.zeros(listings, np.int32),
        np.full(vocabulary, -1, np.int32),
        np.zeros(ROWS, np.int32),
        np.zeros((ROWS, MOST_QUERY_WORDS), np.float32),
        np.zeros(listings, np.uint8),
    )


def answers() -> Answers:
    return Answers(
        np.zeros(ROOM, np.int32),
        np.zeros(ROOM, np.float32),
        np.zeros(ROOM, np.float32),
        np.zeros((ROOM, len(FEATURES)), np.int8),
        np.zeros(ROOM, np.int32),
        np.zeros(ROOM, np.int32),
    )


@compiled
def _row_of(word: int, qw: Words, words: Words, s: Scratch, rows: int) -> int:
    """The row of a listed word's likenesses to all query words, worked out on first use."""
    row = int(s.row[word])
    if row >= 0 or rows >= ROWS:
        return row
    s.row[word] = rows
    s.rowed[rows] = word
    for w in range(min(len(qw.flags), MOST_QUERY_WORDS)):
        s.alike[rows, w] = likeness(qw, w, words, word)
    return rows


@compiled
def _look_up(
    hashes: Hashes, holders: Ints, wanted: int, qw: Words, words: Words, s: Scratch, rows: int
) -> int:
    """Give a row to each listed word under this hash; the number of rows now."""
    at = np.searchsorted(hashes, wanted)
    while at < len(hashes) and hashes[at] == wanted:
        if _row_of(holders[at], qw, words, s, rows) == rows:
            rows += 1
        at += 1
    return rows


@compiled
def _neighbours(q: Asked, qw: Words, words: Words, c: Columns, s: Scratch) -> int:
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


@compiled
def _touch(listing: int, word: Ints, touched: Ints, n: int) -> int:
    if word[listing] == -1:
        word[listing] = -2
        touched[n] = listing
        return n + 1
    return n


@compiled
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


@compiled
def _telling(w: int, qw: Words, c: Columns, s: Scratch, rows: int) -> float:
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
def _gender(a: int, b: int) -> int:
    if a == 0 or b == 0:
        return UNKNOWN
    return SAME if a == b else OTHER


@compiled
def _document(listing: int, q: Asked, c: Columns) -> int:
    """The level of the best pair of documents."""
    first, end = c.number_at[listing], c.number_at[listing + 1]
    if first == end or len(q.issuer) == 0:
        return DOCUMENT_UNKNOWN
    best = OTHER_DOCUMENT
    ours_hull = theirs_hull = False
    for k in range(first, end):
        theirs = c.number_text[c.number_text_at[k] : c.number_text_at[k + 1]]
        theirs_hull |= _is_hull(theirs)
        for d in range(len(q.issuer)):
            ours = q.number[q.number_at[d] : q.number_at[d + 1]]
            ours_hull |= _is_hull(ours)
            apart = numbers_apart(ours, theirs)
            if apart == 0:
                elsewhere = q.issuer[d] and c.issuer[k] and q.issuer[d] != c.issuer[k]
                best = max(best, OTHER_ISSUER if elsewhere else SAME_DOCUMENT)
            elif apart == 1 and len(ours) >= 6:
                best = max(best, LIKE_DOCUMENT)
    if best == OTHER_DOCUMENT and q.family == CRAFT and ours_hull and theirs_hull:
        return OTHER_HULL
    return best


@compiled
def _is_hull(number: Bytes) -> bool:
    """An IMO number: seven digits, the ship's for life."""
    if len(number) != 7:
        return False
    for c in number:  # noqa: SIM110 - compiled: generators are not
        if c < 48 or c > 57:
            return False
    return True


@compiled
def _read(
    mine: Ints, name: int, own: int, q: Asked, qw: Words, words: Words, c: Columns, s: Scratch,
    theirs_name: int, alike: Floats, buffers: Floats, known: Bytes, rows: int,
) -> tuple[Found, int]:  # fmt: skip
    """What query name `mine` and a listed name share, and the number of rows now."""
    theirs = c.word[c.word_at[theirs_name] : c.word_at[theirs_name + 1]]
    n, m = len(mine), len(theirs)
    for y in range(m):
        row = _row_of(theirs[y], qw, words, s, rows)
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
        buffers[0], buffers[1], known[0], known[1],
    )  # fmt: skip
    return found, rows


@compiled
def _initials(column: Bytes, first: int) -> Bytes:
    n = 0
    while n < INITIALS and column[first + n]:
        n += 1
    return column[first : first + n]


@compiled
def _gather(
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
        at = np.searchsorted(c.joined_hash, wanted)
        while at < len(c.joined_hash) and c.joined_hash[at] == wanted:
            listing = c.joined_listing[at]
            if alive[listing] and s.word[listing] != w:
                n = _touch(listing, s.word, s.touched, n)
                s.word[listing] = w
                s.shared[listing] += telling[w]
                s.hits[listing] += 1
            at += 1
    return n, firm


@compiled
def _pool(q: Asked, c: Columns, alive: Bytes, s: Scratch, n: int) -> int:
    """Touch those born the same day, or the day with its month swapped, and chosen documents."""
    if q.day % 100:
        month, date = q.day // 100 % 100, q.day % 100
        other = q.day // 10000 * 10000 + date * 100 + month
        for day in (q.day, other):
            at = np.searchsorted(c.born, day)
            while at < len(c.born) and c.born[at] == day:
                if alive[c.born_listing[at]]:
                    n = _touch(c.born_listing[at], s.word, s.touched, n)
                at += 1
    for half in q.half:
        at = np.searchsorted(c.half_hash, half)
        while at < len(c.half_hash) and c.half_hash[at] == half:
            listing = c.half_listing[at]
            if alive[listing] and _document(listing, q, c) >= OTHER_ISSUER:
                n = _touch(listing, s.word, s.touched, n)
                s.chosen[listing] = 1
            at += 1
    return n


@compiled
def _choose(
    q: Asked, c: Columns, s: Scratch, model: Model, n: int, firm: int, look: float,
    best: Levels, out: Ints,
) -> int:  # fmt: skip
    """Of the touched, those that may come to a look; the most promising if there are too many."""
    promise = np.empty(n, np.float32)
    kept = 0
    touched, hits, shared, marked = s.touched, s.hits, s.shared, s.chosen
    day, days, day_at = q.day, c.day, c.day_at
    countries, listed_countries, country_at, genders = (
        q.countries,
        c.country,
        c.country_at,
        c.gender,
    )
    base, knots = model.base[q.family], model.knots
    curve, weight = model.gain[q.family], model.weight[q.family]
    for k in range(n):
        listing = touched[k]
        best[DATE] = best_day(day, days, day_at[listing], day_at[listing + 1])
        best[COUNTRY] = compare_sets(
            countries, listed_countries, country_at[listing], country_at[listing + 1]
        )
        best[GENDER] = _gender(q.gender, genders[listing])
        best[OURS] = 3 - max(0, min(3, firm - hits[listing]))
        most = score(base, knots, curve, weight, shared[listing], best)
        vague = best[DATE] in (NOT_ASKED, DATE_UNKNOWN, SAME_YEAR, SAME_PLACEHOLDER, YEAR_BESIDE)
        whole = hits[listing] >= max(1, firm)
        near = best[DATE] in (SAME_DAY, DAY_MONTH_SWAPPED)
        if marked[listing]:
            most = 99.0
        elif not near and (hits[listing] == 0 or not (most >= look - SLACK or (whole and vague))):
            continue
        promise[kept] = most
        touched[kept], touched[k] = touched[k], touched[kept]
        kept += 1
    if kept > ROOM:
        order = np.argsort(-promise[:kept])
        for k in range(ROOM):
            out[k] = touched[order[k]]
        return ROOM
    out[:kept] = touched[:kept]
    return kept


@compiled
def _weigh(
    listing: int, place: int, q: Asked, qw: Words, words: Words, c: Columns, s: Scratch,
    model: Model, rows: int, room: tuple[Floats, Floats, Bytes, Levels], out: Answers,
) -> int:  # fmt: skip
    """Weigh a listing in full, by the pair of names that speaks loudest."""
    alike, buffers, known, levels = room
    levels[:] = 0
    levels[DATE] = best_day(q.day, c.day, c.day_at[listing], c.day_at[listing + 1])
    levels[COUNTRY] = compare_sets(
        q.countries, c.country, c.country_at[listing], c.country_at[listing + 1]
    )
    levels[DOCUMENT] = _document(listing, q, c)
    levels[GENDER] = _gender(q.gender, c.gender[listing])
    out.listing[place], out.total[place] = listing, -1e9
    numbered = np.arange(len(qw.flags)).astype(np.int32)
    for a in range(len(q.name_at) - 1):
        mine = numbered[q.name_at[a] : q.name_at[a + 1]]
        for b in range(c.name_at[listing], c.name_at[listing + 1]):
            found, rows = _read(
                mine, a, q.own[a], q, qw, words, c, s, b, alike, buffers, known, rows
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
                out.levels[place, :] = levels
                if found.pairs == 0:
                    out.gain[place] = -1.0
    if out.total[place] == -1e9:
        out.gain[place], out.our_name[place], out.their_name[place] = -1.0, -1, -1
        out.levels[place, :] = levels
    return rows


@compiled
def search(
    q: Asked, qw: Words, words: Words, c: Columns, alive: Bytes, model: Model, look: float,
    s: Scratch, out: Answers,
) -> int:  # fmt: skip
    """Weigh in full the listings that the query may be; how many places of `out` are filled."""
    rows = _neighbours(q, qw, words, c, s)
    telling = np.empty(len(qw.flags), np.float32)
    for w in range(len(qw.flags)):
        telling[w] = _telling(w, qw, c, s, rows)
    best = np.empty(len(FEATURES), np.int8)
    for feature in range(len(FEATURES)):
        best[feature] = model.best[feature]
    touched = _pool(q, c, alive, s, 0)
    firm = 0
    for name in range(len(q.name_at) - 1):
        touched, firms = _gather(q, qw, c, alive, s, rows, name, touched, telling)
        firm = firms if name == 0 else min(firm, firms)
    chosen = np.empty(max(touched, 1), np.int32)
    kept = _choose(q, c, s, model, touched, firm, look, best, chosen)
    for k in range(touched):
        listing = s.touched[k]
        s.word[listing], s.shared[listing], s.hits[listing] = -1, 0.0, 0
        s.chosen[listing] = 0
    room = _room(qw, c, s, rows, telling)
    for place in range(kept):
        rows = _weigh(chosen[place], place, q, qw, words, c, s, model, rows, room, out)
    for row in range(rows):
        s.row[s.rowed[row]] = -1
    return kept


@compiled
def _room(
    qw: Words, c: Columns, s: Scratch, rows: int, telling: Floats
) -> tuple[Floats, Floats, Bytes, Levels]:
    """Buffers of one query; row 2 holds the weight, and whether known, of each query word."""
    buffers = np.zeros((3, MOST_QUERY_WORDS), np.float32)
    known = np.zeros((3, MOST_QUERY_WORDS), np.uint8)
    for w in range(len(qw.flags)):
        buffers[2, w] = telling[w]
        for row in range(rows):
            if s.alike[row, w] >= 1.0 and c.known[s.rowed[row]]:
                known[2, w] = 1
    alike = np.zeros((MOST_QUERY_WORDS, MOST_QUERY_WORDS), np.float32)
    return alike, buffers, known, np.zeros(len(FEATURES), np.int8)
