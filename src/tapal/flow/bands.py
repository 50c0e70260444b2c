"""Where the bands of a list begin at a post: rows with days, and the engine's own point without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tapal.engines.screening import Band, Hit
from tapal.flow.reference import cached
from tapal.store.models import Threshold

CURSOR = "thresholds"
LOWEST, HIGHEST = 0.30, 0.99
"""The engine leaves out what scores less than the lowest; of nothing it is surer than the highest."""


@dataclass(frozen=True, slots=True)
class Bands:
    """From which score a hit is an alert or a look, and whether ties are shown."""

    alert: float = 0.70
    look: float = LOWEST
    ties: bool = True

    def of(self, hit: Hit) -> Band:
        """The band of a hit. A listed document in the hand is an alert wherever bands begin."""
        if hit.band is Band.TIE:
            return Band.TIE if self.ties else Band.SILENT
        if _same_document(hit):
            return hit.band
        if hit.score >= self.alert:
            return Band.ALERT
        return Band.LOOK if hit.score >= self.look else Band.SILENT


OWN = Bands()
"""The engine's operating point (docs/screening.md): where no row says otherwise."""


def _same_document(hit: Hit) -> bool:
    return any(
        field == "document" and said == "agree" and _plain(ours) == _plain(theirs)
        for field, ours, theirs, said in hit.compared
    )


def _plain(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())


@dataclass(frozen=True, slots=True)
class _Row:
    bands: Bands
    valid_from: date
    valid_to: date | None


def _read() -> Mapping[tuple[str, str], Sequence[_Row]]:
    found: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in Threshold.objects.filter(state="in_force").order_by("-valid_from", "-decided_at"):
        bands = Bands(row.alert, row.look, row.ties)
        found[row.roll_id, row.place].append(_Row(bands, row.valid_from, row.valid_to))
    return dict(found)


_rows = cached(_read, CURSOR)


def bands_at(roll: str, place: str, on: date) -> Bands:
    """The bands of a list at a post on a day: the post's own row, else that of every post."""
    held = _rows()
    for where in dict.fromkeys((place, "")):
        for row in held.get((roll, where), ()):
            if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
                return row.bands
    return OWN
