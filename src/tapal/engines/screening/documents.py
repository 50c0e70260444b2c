"""Listings by the document they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from tapal.engines.screening import evidence
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.model import Listed
from tapal.engines.screening.segment import Segment, code, halves


def holders(
    segment: Segment, number: str, country: str | None, lists: Collection[str] | None = None
) -> Iterator[Listed]:
    """Listings of this segment that hold the document; with `country`, not issued elsewhere."""
    wanted = evidence.document_number(number)
    if len(wanted) < evidence.SHORTEST_NUMBER:
        return
    c, half = segment.columns, halves(wanted)[0]
    issuer = code(alpha3(country)) if country else 0
    alive = segment.alive_on(lists)
    first = int(np.searchsorted(c.half_hash, np.uint32(half)))
    for at in range(first, len(c.half_hash)):
        if c.half_hash[at] != half:
            return
        slot = int(c.half_listing[at])
        if alive[slot] and _holds(segment, slot, evidence.scanned(wanted), issuer):
            yield segment.listed(slot)


def _holds(segment: Segment, slot: int, scanned: str, issuer: int) -> bool:
    c = segment.columns
    for k in range(c.number_at[slot], c.number_at[slot + 1]):
        held = c.number_text[c.number_text_at[k] : c.number_text_at[k + 1]].tobytes().decode()
        elsewhere = issuer and c.issuer[k] and c.issuer[k] != issuer
        if evidence.scanned(held) == scanned and not elsewhere:
            return True
    return False
