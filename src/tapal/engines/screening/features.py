"""What a query and a listing are compared by: features, their levels, and how levels are told.

A feature has few levels, each with one weight in `codes/weights.csv`, so that a person can read
what counted. `LEVELS` orders them from what speaks against to what speaks for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.align import Found
from tapal.engines.screening.compiled import borrowed
from tapal.engines.screening.word_table import Bytes, Floats, Ints

Levels = NDArray[np.int8]

FEATURES = (
    "conflicts",
    "ours",
    "theirs",
    "father",
    "soft",
    "worst",
    "pairs",
    "edge",
    "swapped",
    "initials",
    "forms",
    "numbers",
    "date",
    "country",
    "document",
    "gender",
)
(
    CONFLICTS,
    OURS,
    THEIRS,
    FATHER,
    SOFT_OVER,
    WORST,
    PAIRS,
    EDGE,
    SWAPPED,
    INITIALS,
    FORMS,
    NUMBERS,
    DATE,
    COUNTRY,
    DOCUMENT,
    GENDER,
) = range(len(FEATURES))
NAMED_BY = DATE
"""Features before this one come from the names."""

LEVELS: dict[str, tuple[str, ...]] = {
    "conflicts": ("3", "2", "1", "0"),
    "ours": ("3", "2", "1", "0"),
    "theirs": ("3", "2", "1", "0"),
    "father": ("0", "1"),
    "soft": ("2", "1", "0"),
    "worst": ("below_0.60", "0.60", "0.75", "0.82", "0.88", "0.95", "1.00"),
    "pairs": ("1", "2", "3", "4"),
    "edge": ("1", "0"),
    "swapped": ("1", "0"),
    "initials": ("0", "1", "2"),
    "forms": ("differ", "unknown", "same"),
    "numbers": ("differ", "same"),
    "date": (
        "other_day",
        "same_year_other_day",
        "year_beside",
        "not_asked",
        "unknown",
        "one_digit",
        "same_year",
        "same_placeholder",
        "same_month",
        "day_month_swapped",
        "same_day",
    ),
    "country": ("other_country", "unknown", "same_country"),
    "document": (
        "other_hull",
        "other_document",
        "unknown",
        "same_number_other_issuer",
        "like_document",
        "same_document",
    ),
    "gender": ("other_gender", "unknown", "same_gender"),
}
"""From the level that speaks most against to the one that speaks most for."""
MOST_LEVELS = max(len(levels) for levels in LEVELS.values())
WORST_FROM = np.array([0.0, 0.6, 0.75, 0.82, 0.88, 0.95, 0.999], np.float32)

(
    OTHER_DAY,
    SAME_YEAR_OTHER_DAY,
    YEAR_BESIDE,
    NOT_ASKED,
    DATE_UNKNOWN,
    ONE_DIGIT,
    SAME_YEAR,
    SAME_PLACEHOLDER,
    SAME_MONTH,
    DAY_MONTH_SWAPPED,
    SAME_DAY,
) = range(11)
OTHER, UNKNOWN, SAME = range(3)
ANY_FORM = 1 << 30
"""The bit of a ship's prefix that fits ships of every kind."""
OTHER_HULL, OTHER_DOCUMENT, DOCUMENT_UNKNOWN, OTHER_ISSUER, LIKE_DOCUMENT, SAME_DOCUMENT = range(6)


class Model(NamedTuple):
    """Weights in nats by family, feature and level, and the gain's curve by its knots."""

    base: Floats
    knots: Floats
    gain: Floats
    weight: Floats
    best: Levels
    """The level of each feature that speaks most for."""


@borrowed
def compare_forms(ours: int, theirs: int) -> int:
    """Same, other or unknown: `KM` says less than `KMN`, which is a motor ship, too."""
    if ours & theirs:
        return SAME
    return UNKNOWN if not ours or not theirs or (ours | theirs) & ANY_FORM else OTHER


@borrowed
def name_levels(found: Found, forms_a: int, forms_b: int, out: Levels) -> None:
    """The levels of what two names share."""
    out[CONFLICTS] = 3 - min(3, found.conflicts)
    out[OURS] = 3 - min(3, found.ours)
    out[THEIRS] = 3 - min(3, found.theirs)
    out[FATHER] = min(1, found.father)
    out[SOFT_OVER] = 2 - min(2, found.soft)
    level = 0
    for k in range(len(WORST_FROM)):
        if found.worst >= WORST_FROM[k]:
            level = k
    out[WORST] = level
    out[PAIRS] = max(1, min(4, found.pairs)) - 1
    out[EDGE] = 0 if found.edge else 1
    out[SWAPPED] = 0 if found.swapped else 1
    out[INITIALS] = min(2, found.initials)
    out[FORMS] = compare_forms(forms_a, forms_b)
    out[NUMBERS] = 0 if found.numbers_differ else 1


@borrowed
def bend(knots: Floats, curve: Floats, gain: float) -> float:
    """The weight of a gain, straight between knots."""
    last = len(knots) - 1
    if gain >= knots[last]:
        return float(curve[last])
    k = 0
    while gain >= knots[k + 1]:
        k += 1
    share = (gain - knots[k]) / (knots[k + 1] - knots[k])
    return float(curve[k] + share * (curve[k + 1] - curve[k]))


@borrowed
def score(
    base: float, knots: Floats, curve: Floats, weight: Floats, gain: float, levels: Levels
) -> float:
    """The sum of one family's weights: the logarithm of the odds that the two are one."""
    total = base + bend(knots, curve, gain)
    for feature in range(len(levels)):
        total += weight[feature, levels[feature]]
    return float(total)


@borrowed
def digits_apart(a: int, b: int) -> bool:
    """Whether one wrong or two swapped neighbouring digits turn one day into the other."""
    # One digit changes a number by up to 9, two neighbours swapped by up to 81, times a power of ten.
    step = abs(a - b)
    while step and step % 10 == 0:
        step //= 10
    if step > 81:
        return False
    wrong, first, second = 0, -1, -1
    x, y = a, b
    for place in range(8):
        if x % 10 != y % 10:
            wrong += 1
            first, second = (place, -1) if wrong == 1 else (first, place)
        x //= 10
        y //= 10
    if wrong == 1:
        return True
    if wrong != 2 or second != first + 1:
        return False
    low, high = 10**first, 10**second
    crossed = (a // low) % 10 == (b // high) % 10 and (a // high) % 10 == (b // low) % 10
    return bool(crossed)


@borrowed
def is_placeholder(day: int) -> bool:
    """1 January and 1 July, written where the true day is not known."""
    return day % 10000 in (101, 701)


@borrowed
def compare_days(a: int, b: int) -> int:
    """The level of two birth dates as 19800704; 00 is an unknown part, 0 an unknown date."""
    if a == 0 or b == 0:
        return DATE_UNKNOWN
    placeholder = is_placeholder(a) or is_placeholder(b)
    if a == b:
        if placeholder:
            return SAME_PLACEHOLDER
        return SAME_DAY if a % 100 else SAME_MONTH if a % 10000 else SAME_YEAR
    vague = a % 100 == 0 or b % 100 == 0
    year_a, year_b = a // 10000, b // 10000
    month_a, month_b = a // 100 % 100, b // 100 % 100
    if vague or placeholder:
        if year_a == year_b:
            if vague and not placeholder and month_a and month_b:
                return SAME_MONTH if month_a == month_b else SAME_YEAR_OTHER_DAY
            return SAME_YEAR
        if vague:
            return YEAR_BESIDE if abs(year_a - year_b) == 1 else OTHER_DAY
    if year_a == year_b and month_a == b % 100 and month_b == a % 100:
        return DAY_MONTH_SWAPPED
    if digits_apart(a, b):
        return ONE_DIGIT
    return SAME_YEAR_OTHER_DAY if year_a == year_b else OTHER_DAY


@borrowed
def best_day(day: int, days: Ints, first: int, end: int) -> int:
    """The level of the listed birth date that agrees best, among `days[first:end]`."""
    if first == end:
        return DATE_UNKNOWN
    if day == 0:
        return NOT_ASKED
    best = OTHER_DAY
    for k in range(first, end):
        best = max(best, compare_days(day, days[k]))
    return best


@borrowed
def compare_sets(ours: Ints, theirs: Ints, first: int, end: int) -> int:
    """Same, other or unknown, for codes and `theirs[first:end]`: one in common is enough."""
    if len(ours) == 0 or first == end:
        return UNKNOWN
    for k in range(first, end):
        for x in ours:
            if x == theirs[k]:
                return SAME
    return OTHER


@borrowed
def read_as_digit(letter: int) -> int:
    """A capital that scanners take for a digit, as that digit."""
    if letter in (79, 81, 68):
        return 48
    if letter in (73, 76):
        return 49
    if letter == 90:
        return 50
    if letter == 83:
        return 53
    if letter == 66:
        return 56
    if letter == 71:
        return 54
    return letter


@borrowed
def numbers_apart(a: Bytes, b: Bytes) -> int:
    """Characters in which two document numbers differ as a scanner reads them; 9 for many."""
    n, m = len(a), len(b)
    if abs(n - m) > 1:
        return 9
    if n == m:
        apart, last = 0, -1
        swapped = False
        for k in range(n):
            if read_as_digit(a[k]) != read_as_digit(b[k]):
                if apart == 1 and last == k - 1 and a[k] == b[k - 1] and b[k] == a[k - 1]:
                    swapped = True
                apart, last = apart + 1, k
        return 1 if apart == 2 and swapped else apart
    if n > m:
        a, b, n, m = b, a, m, n
    k = 0
    while k < n and read_as_digit(a[k]) == read_as_digit(b[k]):
        k += 1
    while k < n:
        if read_as_digit(a[k]) != read_as_digit(b[k + 1]):
            return 9
        k += 1
    return 1
