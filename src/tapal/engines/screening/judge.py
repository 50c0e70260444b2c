"""From listings weighed to hits in bands, best first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from math import exp, log
from typing import NamedTuple

from tapal.engines.screening import features as f
from tapal.engines.screening.ask import Question, Weighed, ask, question
from tapal.engines.screening.features import Model
from tapal.engines.screening.hits import hit
from tapal.engines.screening.model import Band, Hit, Listed, Query
from tapal.engines.screening.names import Family
from tapal.engines.screening.segment import Segment
from tapal.engines.screening.subject import subject_of_query
from tapal.engines.screening.weights import shipped

ALERT_SCORE, LOOK_SCORE = 0.70, 0.30
ALERT_AT, LOOK_AT = log(ALERT_SCORE / (1 - ALERT_SCORE)), log(LOOK_SCORE / (1 - LOOK_SCORE))
"""The same as log odds, in which weights are added."""
TIE_AT = -4.0
"""Log odds from which a name without a birth date may be somebody's."""
COMMON_BELOW = 8.5
"""Nats of a name that one in 5,000 bears."""
TELLING_LIST = 100
"""Listings from which a list begins to tell how common a name is; a shorter one does not."""
NONE = 3
"""The level at which no word conflicts, or is left over."""
_RANK = {Band.ALERT: 0, Band.TIE: 1, Band.LOOK: 1}
_VAGUE = frozenset({f.NOT_ASKED, f.DATE_UNKNOWN, f.SAME_YEAR, f.SAME_PLACEHOLDER, f.YEAR_BESIDE})
_WHOLE_NAME = f.LEVELS["worst"].index("0.82")


def points(total: float) -> float:
    """Log odds as a probability."""
    return round(1 / (1 + exp(-max(-50.0, min(50.0, total)))), 4)


def band(found: Weighed, kind: Family, size: int) -> tuple[Band, float]:
    """The band of a listing on lists of so many, and its total."""
    total = found.total
    if found.levels[f.DOCUMENT] == f.SAME_DOCUMENT:
        # A listed document is in the hand: whoever carries it, somebody must look.
        total = max(total, ALERT_AT + 0.2)
    if total >= ALERT_AT:
        return (Band.TIE if kind == "person" and common(found, size) else Band.ALERT), total
    if kind == "person" and undecided(found):
        return Band.TIE, total
    return (Band.LOOK if total >= LOOK_AT else Band.SILENT), total


def common(found: Weighed, size: int) -> bool:
    """A listing of no birth date under a name that many bear, or may bear: nothing known can decide."""
    levels = found.levels
    return bool(
        (size < TELLING_LIST or found.gain < COMMON_BELOW)
        and levels[f.DATE] == f.DATE_UNKNOWN
        and levels[f.DOCUMENT] < f.OTHER_ISSUER
    )


def undecided(found: Weighed) -> bool:
    """Nothing speaks against it, and no birth date can decide.

    The whole name must agree; where the query gives no birth date, one name must lie within the
    other.
    """
    levels = found.levels
    if (
        found.gain < 0
        or levels[f.CONFLICTS] < NONE
        or levels[f.SWAPPED] == 0
        or levels[f.COUNTRY] == f.OTHER
        or levels[f.GENDER] == f.OTHER
    ):
        return False
    if levels[f.DATE] == f.NOT_ASKED and found.total >= TIE_AT:
        return True
    whole = levels[f.OURS] == levels[f.THEIRS] == NONE and levels[f.WORST] >= _WHOLE_NAME
    return bool(whole and levels[f.DATE] in _VAGUE)


Wanted = Callable[[Listed], bool]


def judge(
    query: Query,
    shelves: Mapping[Family, tuple[Segment, ...]],
    limit: int,
    model: Model | None = None,
    *,
    lists: Collection[str] | None = None,
    wanted: Wanted | None = None,
) -> list[Hit]:
    """The hits among these segments, by the shipped weights unless others are given.

    See `Index.match`.
    """
    model = model or shipped()
    found: list[tuple[int, float, Hit]] = []
    for kind, segments in shelves.items():
        if segments:
            asked = question(subject_of_query(query, kind))
            weighed = _weighed(kind, segments, asked, model, lists)
            found += _best(query, asked, weighed, limit, wanted)
    found.sort(key=lambda x: x[:2])
    return [made for _, _, made in found[:limit]]


class _Placed(NamedTuple):
    """A listing that is not silent; they sort by what comes first."""

    rank: int
    less: float
    place: int
    band: Band
    found: Weighed
    segment: Segment


def _weighed(
    kind: Family,
    segments: tuple[Segment, ...],
    asked: Question,
    model: Model,
    lists: Collection[str] | None,
) -> list[_Placed]:
    least = LOOK_AT if asked.asked.day or kind != "person" else TIE_AT
    size = sum(len(segment) for segment in segments)
    out: list[_Placed] = []
    for n, segment in enumerate(segments):
        for one in ask(segment, asked, model, least, segment.alive_on(lists)):
            in_band, total = band(one, kind, size)
            if in_band is not Band.SILENT:
                place = (n << 40) + one.slot
                out.append(_Placed(_RANK[in_band], -total, place, in_band, one, segment))
    return sorted(out, key=lambda w: w[:3])


def _best(
    query: Query, asked: Question, weighed: list[_Placed], limit: int, wanted: Wanted | None
) -> Iterator[tuple[int, float, Hit]]:
    left = limit
    for each in weighed:
        if left <= 0:
            return
        listed = each.segment.listed(each.found.slot)
        if wanted is None or wanted(listed):
            left -= 1
            first = int(each.segment.columns.name_at[each.found.slot])
            made = hit(query, listed, first, asked, each.found, each.band, points(-each.less))
            yield each.rank, each.less, made
