"""What a birth date, a nationality and a document say for or against, in nats.

A weight is the logarithm of how much likelier the observation is when the two are one person
than when they are strangers (Fellegi and Sunter 1969): 9.5 nats for an equal day of birth, as
one stranger in some 20,000 shares it. The odds of slips are experience, not measurement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from tapal.engines.screening.model import Verdict

Day = tuple[int, int, int]
"""Year, month, day; 0 where not known."""

_PARTIAL = re.compile(r"^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:$|T)")
_PLACEHOLDERS = frozenset({(1, 1), (7, 1)})
_LOOKS_LIKE = str.maketrans("OQDILZSBG", "000112586")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One comparison: its weight, its verdict and how it came about."""

    nats: float
    verdict: Verdict
    how: str


UNKNOWN = Weighed(0.0, "unknown", "unknown")

SAME_DAY = Weighed(9.5, "agree", "same_day")
SAME_PLACEHOLDER = Weighed(5.0, "agree", "same_placeholder")
DAY_MONTH_SWAPPED = Weighed(7.0, "agree", "day_month_swapped")
SAME_MONTH = Weighed(6.0, "agree", "same_month")
SAME_YEAR = Weighed(4.0, "agree", "same_year")
ONE_DIGIT = Weighed(4.0, "agree", "one_digit")
YEAR_BESIDE = Weighed(0.0, "unknown", "year_beside")
SAME_YEAR_OTHER_DAY = Weighed(-5.0, "differ", "same_year_other_day")
OTHER_DAY = Weighed(-8.0, "differ", "other_day")


@lru_cache(maxsize=8192)
def day(text: str) -> Day | None:
    """Read a partial ISO date; `00` and impossible parts are unknown. None if it has no year."""
    found = _PARTIAL.match(text.strip())
    if found is None or found[1] == "0000":
        return None
    month, date = int(found[2] or 0), int(found[3] or 0)
    if month > 12:
        return int(found[1]), 0, 0
    return int(found[1]), month, date if 0 < date <= 31 and month else 0


def _digits(d: Day) -> str:
    return f"{d[0]:04}{d[1]:02}{d[2]:02}"


@lru_cache(maxsize=8192)
def one_digit_apart(a: Day, b: Day) -> bool:
    """Whether one wrong or two swapped neighbouring digits turn one day into the other."""
    x, y = _digits(a), _digits(b)
    wrong = [i for i in range(8) if x[i] != y[i]]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and OSA.distance(x, y) == 1


def birth_dates(ours: Day | None, theirs: Day | None) -> Weighed:
    """Compare two birth dates, either of which may be partial."""
    if ours is None or theirs is None:
        return UNKNOWN
    if ours == theirs:
        if ours[1:] in _PLACEHOLDERS:
            return SAME_PLACEHOLDER
        return SAME_DAY if ours[2] else SAME_MONTH if ours[1] else SAME_YEAR
    vague = not (ours[2] and theirs[2])
    placeholder = ours[1:] in _PLACEHOLDERS or theirs[1:] in _PLACEHOLDERS
    if vague or placeholder:
        if ours[0] == theirs[0]:
            months = {ours[1], theirs[1]} - {0}
            if vague and not placeholder and ours[1] and theirs[1]:
                return SAME_MONTH if len(months) == 1 else SAME_YEAR_OTHER_DAY
            return SAME_YEAR
        if vague:
            return YEAR_BESIDE if abs(ours[0] - theirs[0]) == 1 else OTHER_DAY
    if ours[0] == theirs[0] and (ours[1], ours[2]) == (theirs[2], theirs[1]):
        return DAY_MONTH_SWAPPED
    if one_digit_apart(ours, theirs):
        return ONE_DIGIT
    return SAME_YEAR_OTHER_DAY if ours[0] == theirs[0] else OTHER_DAY


SAME_COUNTRY = Weighed(1.0, "agree", "same_country")
OTHER_COUNTRY = Weighed(-1.5, "differ", "other_country")


def countries(ours: frozenset[str], theirs: frozenset[str]) -> Weighed:
    """Compare nationalities; many hold two, so a difference weighs little."""
    if not ours or not theirs:
        return UNKNOWN
    return OTHER_COUNTRY if ours.isdisjoint(theirs) else SAME_COUNTRY


SAME_DOCUMENT = Weighed(14.0, "agree", "same_document")
SAME_NUMBER_OTHER_ISSUER = Weighed(6.0, "agree", "same_number_other_issuer")
LIKE_DOCUMENT = Weighed(4.0, "agree", "like_document")
OTHER_DOCUMENT = Weighed(-0.3, "unknown", "other_document")

Document = tuple[str, str]
"""Normalised number, issuing country or an empty string."""


@lru_cache(maxsize=8192)
def document_number(number: str) -> str:
    """Capitals and digits only: what a scanner, a clerk and a list agree on."""
    bare = "".join(c for c in number.upper() if c.isascii() and c.isalnum())
    return bare[3:] if len(bare) == 10 and bare.startswith("IMO") else bare


@lru_cache(maxsize=8192)
def scanned(number: str) -> str:
    """A normalised number with letters that scanners confuse read as digits."""
    return number.translate(_LOOKS_LIKE)


def documents(ours: tuple[Document, ...], theirs: tuple[Document, ...]) -> Weighed:
    """Compare documents; people renew and lose them, so a difference says next to nothing."""
    if not ours or not theirs:
        return UNKNOWN
    best = OTHER_DOCUMENT
    for number, issuer in ours:
        for other, other_issuer in theirs:
            if number == other or scanned(number) == scanned(other):
                apart = issuer and other_issuer and issuer != other_issuer
                found = SAME_NUMBER_OTHER_ISSUER if apart else SAME_DOCUMENT
            elif len(number) >= 6 and OSA.distance(number, other, score_cutoff=1) <= 1:
                found = LIKE_DOCUMENT
            else:
                continue
            best = max(best, found, key=lambda w: w.nats)
    return best


OTHER_HULL = Weighed(-14.0, "differ", "other_hull")


def craft_numbers(ours: tuple[Document, ...], theirs: tuple[Document, ...]) -> Weighed:
    """Compare ships whose numbers differ: an IMO number (7 digits) stays with the hull for life."""
    hulls = [{n for n, _ in side if len(n) == 7 and n.isdigit()} for side in (ours, theirs)]
    return OTHER_HULL if all(hulls) else OTHER_DOCUMENT


OTHER_GENDER = Weighed(-2.5, "differ", "other_gender")
SAME_GENDER = Weighed(0.4, "agree", "same_gender")
_GENDERS = {"m": "male", "f": "female", "male": "male", "female": "female"}


def genders(ours: str | None, theirs: str | None) -> Weighed:
    """Compare sex as ICAO 9303 or FollowTheMoney write it; X and unknown say nothing."""
    a, b = _GENDERS.get((ours or "").lower()), _GENDERS.get((theirs or "").lower())
    if a is None or b is None:
        return UNKNOWN
    return SAME_GENDER if a == b else OTHER_GENDER
