"""What a query and a listing say beside their names: sex and documents."""

from __future__ import annotations

from tapal.engines.screening.asked import CRAFT, Asked
from tapal.engines.screening.compiled import borrowed
from tapal.engines.screening.features import (
    DOCUMENT_UNKNOWN,
    LIKE_DOCUMENT,
    OTHER,
    OTHER_DOCUMENT,
    OTHER_HULL,
    OTHER_ISSUER,
    SAME,
    SAME_DOCUMENT,
    UNKNOWN,
    numbers_apart,
)
from tapal.engines.screening.segment import Columns
from tapal.engines.screening.word_table import Bytes


@borrowed
def compare_gender(a: int, b: int) -> int:
    if a == 0 or b == 0:
        return UNKNOWN
    return SAME if a == b else OTHER


@borrowed
def compare_documents(listing: int, q: Asked, c: Columns) -> int:
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


@borrowed
def _is_hull(number: Bytes) -> bool:
    """An IMO number: seven digits, the ship's for life."""
    if len(number) != 7:
        return False
    for c in number:  # noqa: SIM110 - compiled: generators are not
        if c < 48 or c > 57:
            return False
    return True
