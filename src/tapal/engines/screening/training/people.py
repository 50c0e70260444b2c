"""Invented people, firms and ships, each named as its culture names."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from tapal.engines.screening.fold import chinese_readings

PEOPLE = {
    "jav": 17,
    "mus": 14,
    "arab": 12,
    "cn": 11,
    "malay": 9,
    "tl": 8,
    "ph": 6,
    "vn": 6,
    "batak": 6,
    "bali": 5,
    "png": 5,
    "east": 4,
    "west": 3,
    "tamil": 4,
}
"""Shares of the cultures among listed people, after who crosses the region's borders."""
CROSSED = 3
"""Crossed names for each name of the table."""
_VOWELS = frozenset("aeiouáéíóúâêôãõ")
_ISSUERS = {"malay": "MYS", "tamil": "MYS", "tl": "TLS", "ph": "PHL", "vn": "VNM", "png": "PNG"}
_BIRTH_ORDER = ("Wayan", "Putu", "Gede", "Made", "Kadek", "Nengah", "Nyoman", "Komang", "Ketut")
_BALINESE_RANK = (
    ("I Gusti", "Ni Gusti Ayu"),
    ("Ida Bagus", "Ida Ayu"),
    ("Anak Agung", "Anak Agung Ayu"),
)
_PARTICLES = ("da", "de", "do", "dos", "")
_ARTICLES = ("Al-", "El ", "Al ", "al-")
_SHIPS = ("KM", "KMN", "KLM", "MV", "MT", "FV")
_FLAGS = {
    "IDN": 45,
    "PHL": 9,
    "VNM": 9,
    "MYS": 9,
    "CHN": 9,
    "PAN": 5,
    "THA": 4,
    "SGP": 4,
    "TWN": 3,
    "PNG": 2,
    "TLS": 1,
}
"""Shares of the flags among ships in the region's waters, own working values."""
_FORMS = ("PT", "CV", "UD", "Yayasan", "Koperasi")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in parts: `given` and `family` words, and what its culture writes beside them."""

    culture: str
    given: tuple[str, ...]
    family: tuple[str, ...] = ()
    link: str = ""
    """`bin`, `a/l`, a particle or an article before the family name."""
    before: tuple[str, ...] = ()
    """Rank, birth order, legal form or ship's type."""
    female: bool = False
    readings: tuple[str, ...] = ()
    """Pinyin behind each word of a Chinese name."""
    scripts: tuple[str, ...] = field(default=(), compare=False)
    """Arabic letters of given and family words."""

    def written(self) -> str:
        family = " ".join(self.family)
        glue = "" if self.link.endswith("-") else " "
        tail = f"{self.link}{glue}{family}" if self.link else family
        if self.culture in ("cn", "vn"):
            words = (*self.family, *self.before, *self.given)
            return " ".join(words)
        return " ".join(w for w in (*self.before, *self.given, tail) if w)


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, str], list[tuple[str, str]]]:
    out: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with files(__package__).joinpath("names.csv").open(encoding="utf-8") as f:
        for row in csv.DictReader(f):
            out.setdefault((row["culture"], row["part"]), []).append((row["name"], row["script"]))
    dice = Random(len(out))
    for (of, _), found in out.items():
        if of not in ("arab", "vn", "org", "vessel"):
            found += _crossed(dice, found)
    return out


def _crossed(dice: Random, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """More names of the same make: the beginning of one and the end of another."""
    out: dict[str, None] = {}
    while len(out) < CROSSED * len(found):
        head, tail = (dice.choice(found)[0] for _ in range(2))
        cuts = [
            i for i in range(2, len(tail) - 2) if tail[i] not in _VOWELS and tail[i + 1] in _VOWELS
        ]
        ends = [i for i in range(2, len(head)) if head[i - 1] in _VOWELS]
        if cuts and ends:
            out[head[: dice.choice(ends[:2])] + tail[dice.choice(cuts) :]] = None
    return [(name, "") for name in out]


def _draw(dice: Random, culture: str, part: str) -> tuple[str, str]:
    """A name of the table, the first ones oftener (Zipf)."""
    found = _names()[culture, part]
    weights = list(accumulate(1 / (n + 12) for n in range(len(found))))
    return dice.choices(found, cum_weights=weights)[0]


def _several(dice: Random, culture: str, part: str, count: int) -> tuple[str, ...]:
    return tuple(_draw(dice, culture, part)[0] for _ in range(count))


def culture(dice: Random) -> str:
    return dice.choices(list(PEOPLE), list(PEOPLE.values()))[0]


def issuer(dice: Random, of: str) -> str:
    if of == "vessel":
        return dice.choices(list(_FLAGS), list(_FLAGS.values()))[0]
    if of == "arab":
        return dice.choice(("SAU", "EGY", "SYR", "YEM", "IRQ", "PAK", "BGD"))
    if of == "cn":
        return dice.choice(("CHN", "TWN", "SGP", "MYS", "IDN"))
    if of == "west":
        return dice.choice(("AUS", "GBR", "USA", "NLD", "RUS", "DEU"))
    return _ISSUERS.get(of, "IDN")


def person(dice: Random, of: str) -> Named:
    """Somebody of a culture."""
    female = dice.random() < 0.35
    if of == "jav":
        return Named(
            of, _several(dice, of, "given", dice.choice((1, 1, 2, 2, 2, 3))), female=female
        )
    if of == "mus":
        before = ("Siti" if female else "Muhammad",) if dice.random() < 0.3 else ()
        return Named(
            of, _several(dice, of, "given", dice.choice((1, 2, 2))), before=before, female=female
        )
    if of == "bali":
        return _balinese(dice, female)
    if of in ("malay", "tamil"):
        return _child_of(dice, of, female)
    if of == "arab":
        return _arab(dice)
    if of == "cn":
        return _chinese(dice)
    if of == "vn":
        given = _several(dice, of, "given", dice.choice((2, 2, 3)))
        return Named(of, given, _several(dice, of, "family", 1), female=female)
    given = _several(dice, of, "given", dice.choice((1, 1, 2) if of != "batak" else (1, 2)))
    family = _several(dice, of, "family", 2 if of in ("tl", "ph") and dice.random() < 0.5 else 1)
    link = dice.choice(_PARTICLES) if of == "tl" else ""
    return Named(of, given, family, link, female=female)


def _balinese(dice: Random, female: bool) -> Named:
    given = _several(dice, "bali", "given", dice.choice((1, 1, 2)))
    before = ("Ni" if female else "I", dice.choice(_BIRTH_ORDER))
    if dice.random() < 0.3:
        return Named("bali", given, before=(dice.choice(_BALINESE_RANK)[female],), female=female)
    return Named("bali", given, before=before, female=female)


def _child_of(dice: Random, of: str, female: bool) -> Named:
    part = "woman" if female else "man"
    given = _several(dice, of, part, dice.choice((1, 1, 2)))
    father: tuple[str, ...] = _several(dice, of, "man", 1)
    before: tuple[str, ...] = ()
    if of == "malay":
        if dice.random() < 0.4:
            before = (dice.choice(("Nur", "Siti")) if female else "Mohd",)
        if dice.random() < 0.2:
            father = (dice.choice(("Mohd", "Haji", "Abdul")), father[0])
        link = "binti" if female else "bin"
    else:
        link = "a/p" if female else "a/l"
    return Named(of, given, father, link, before, female)


def _arab(dice: Random) -> Named:
    drawn = [_draw(dice, "arab", "given") for _ in range(dice.choice((1, 2, 2, 3)))]
    family = _draw(dice, "arab", "family")
    before, script = (("Muhammad",), ("محمد",)) if dice.random() < 0.3 else ((), ())
    given = [name for name, _ in drawn]
    if len(given) > 1 and dice.random() < 0.3:
        given.insert(1, dice.choice(("bin", "ibn", "ben")))
    scripts = (*script, *(s for _, s in drawn), "ال" + family[1])
    return Named(
        "arab", tuple(given), (family[0],), dice.choice(_ARTICLES), before, scripts=scripts
    )


def _chinese(dice: Random) -> Named:
    readings = chinese_readings()
    surname = dice.choice(sorted(r for r in readings if r.endswith("/surname")))
    given = tuple(
        dice.choice(sorted(r for r in readings if r.endswith("/given")))
        for _ in range(dice.choice((1, 2, 2, 2, 2)))
    )
    characters = (surname, *given)
    words = tuple(dice.choice(readings[c]).title() for c in characters)
    return Named("cn", words[1:], words[:1], readings=characters)


def firm(dice: Random) -> Named:
    words = _several(dice, "org", "word", dice.choice((1, 2, 2, 3)))
    trade = _several(dice, "org", "trade", 1) if dice.random() < 0.5 else ()
    return Named("org", (*words, *trade), before=(dice.choice(_FORMS),))


def ship(dice: Random) -> Named:
    words = _several(dice, "vessel", "word", dice.choice((1, 2, 2, 3)))
    number = dice.choice(("", "", "I", "II", "III", "V", "01", "05", "07", "12", "88"))
    return Named("vessel", (*words, *((number,) if number else ())), before=(dice.choice(_SHIPS),))
