"""Listings that bear all the words of a text, in any spelling: to look something up, not to judge."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tapal.engines.screening import features as f
from tapal.engines.screening.ask import ask, question
from tapal.engines.screening.judge import NONE
from tapal.engines.screening.model import Listed, Query
from tapal.engines.screening.names import Family
from tapal.engines.screening.segment import Segment
from tapal.engines.screening.subject import subject_of_query
from tapal.engines.screening.weights import shipped

ANY = -60.0
"""Log odds below which no name falls: whatever shares a word is weighed."""


def near(
    text: str,
    shelves: Mapping[Family, tuple[Segment, ...]],
    limit: int,
    lists: Collection[str] | None = None,
) -> list[Listed]:
    """Listings whose names hold every word of the text, those that tell most first."""
    found: list[tuple[float, str, Listed]] = []
    for kind, segments in shelves.items():
        asked = question(subject_of_query(Query(names=(text,)), kind))
        for segment in segments:
            for one in ask(segment, asked, shipped(), ANY, segment.alive_on(lists)):
                whole = one.levels[f.OURS] == NONE and one.levels[f.CONFLICTS] >= NONE
                if one.gain > 0 and whole:
                    listed = segment.listed(one.slot)
                    found.append((-one.gain, listed.entity_id, listed))
    found.sort(key=lambda each: each[:2])
    return [listed for _, _, listed in found[:limit]]
