"""The same name as others write it: spellings, romanisations, clerks, scanners, machines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from anyascii import anyascii

from tapal.engines.screening.fold import chinese_readings
from tapal.engines.screening.training.people import Named

_OLD = (("sy", "sj"), ("ny", "nj"), ("c", "tj"), ("j", "dj"), ("y", "j"), ("u", "oe"), ("kh", "ch"))
_SOUNDS = (
    ("f", "p"), ("v", "f"), ("f", "v"), ("dh", "d"), ("th", "t"), ("z", "s"), ("q", "k"),
    ("i", "y"), ("y", "i"), ("ei", "ai"), ("kh", "h"), ("nn", "n"), ("ll", "l"), ("t", "th"),
    ("d", "dh"), ("ks", "x"), ("k", "c"), ("ie", "i"), ("o", "u"), ("aa", "a"),
)  # fmt: skip
_ARAB = (
    ("i", "ee"), ("u", "oo"), ("u", "ou"), ("ou", "u"), ("a", "e"), ("q", "k"), ("kh", "k"),
    ("gh", "g"), ("sh", "ch"), ("ss", "s"), ("d", "dd"), ("y", "i"), ("w", "ou"), ("aw", "au"),
    ("i", "e"), ("u", "o"), ("j", "g"), ("dh", "d"), ("th", "t"), ("i", "y"), ("ee", "i"),
)  # fmt: skip
_TAMIL = (
    ("th", "t"), ("sh", "s"), ("v", "w"), ("ee", "i"), ("i", "ee"), ("u", "oo"), ("ksh", "tch"),
    ("y", "i"), ("aa", "a"), ("mm", "m"), ("am", "um"), ("d", "t"), ("s", "ch"), ("l", "zh"),
)  # fmt: skip
_MUHAMMAD = (
    "Muhammad",
    "Mohammad",
    "Mohd",
    "Mohd.",
    "Md",
    "Moh.",
    "Muh.",
    "M.",
    "Mochamad",
    "Muhamad",
)
_TITLES = ("H.", "Hj.", "Drs.", "Ir.", "Dr.", "R.", "K.H.", "Haji", "Raden", "Tgk.")
_FILLERS = ("{0} {0}", "{0} -", "FNU {0}", "{0} LNU", "{0} XXX", "{0} {1}.", "{0} NFN")
_OCR = {
    "O": "0",
    "I": "1",
    "S": "5",
    "B": "8",
    "E": "F",
    "H": "N",
    "M": "N",
    "U": "V",
    "Z": "2",
    "L": "I",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _swap_some(dice: Random, text: str, pairs: tuple[tuple[str, str], ...], share: float) -> str:
    """Write some sounds the other way, at least one where there is one."""
    low = text.lower()
    can = [p for p in pairs if p[0] in low]
    if not can:
        return text
    chosen = [p for p in can if dice.random() < share] or [dice.choice(can)]
    for old, new in chosen[:3]:
        low = low.replace(old, new, 1)
    return low.title()


def old_spelling(dice: Random, name: str) -> str:
    return " ".join(_swap_some(dice, w, _OLD, 0.6) if len(w) > 3 else w for w in name.split())


def phonetic(dice: Random, name: str) -> str:
    words = name.split()
    at = dice.randrange(len(words))
    words[at] = _swap_some(dice, words[at], _SOUNDS, 0.15)
    return " ".join(words)


def slip(dice: Random, name: str) -> str:
    """One typing error."""
    places = [i for i, c in enumerate(name) if c.isalpha()]
    if len(places) < 3:
        return name
    i, letter = dice.choice(places), dice.choice(_LETTERS)
    letter = letter.upper() if name.isupper() else letter
    kind = dice.randrange(4)
    if kind == 0:
        return name[:i] + letter + name[i:]
    if kind == 1:
        return name[:i] + name[i + 1 :]
    if kind == 2:
        return name[:i] + letter + name[i + 1 :]
    return name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]


def scanned(dice: Random, name: str) -> str:
    upper = name.upper()
    places = [i for i, c in enumerate(upper) if c in _OCR]
    if not places:
        return upper
    i = dice.choice(places)
    return upper[:i] + _OCR[upper[i]] + upper[i + 1 :]


def swapped(dice: Random, name: str) -> str:
    """Family name first or last; a name that says whose child somebody is keeps its order."""
    words = name.split()
    if len(words) < 2 or any(w.lower() in ("bin", "binti", "a/l", "a/p", "ibn") for w in words):
        return name.upper()
    if dice.random() < 0.3:
        return f"{words[-1]}, {' '.join(words[:-1])}"
    return " ".join([*words[1:], words[0]] if dice.random() < 0.5 else [words[-1], *words[:-1]])


def titled(dice: Random, name: str) -> str:
    title = dice.choice(_TITLES)
    return f"{title} {name}" if dice.random() < 0.8 else f"{name} {title}"


def filled(dice: Random, name: str) -> str:
    """A lone name as forms and passports fill it up."""
    return dice.choice(_FILLERS).format(name, name[0])


def less(dice: Random, name: str) -> str:
    """A word left out, never the only one that tells."""
    words = name.split()
    if len(words) < 3:
        return name
    del words[dice.randrange(1, len(words) - 1) if dice.random() < 0.7 else -1]
    return " ".join(w for i, w in enumerate(words) if i + 1 < len(words) or len(w) > 3) or name


def initialled(dice: Random, name: str) -> str:
    words = name.split()
    if len(words) < 2:
        return name
    at = dice.randrange(len(words) - 1)
    words[at] = f"{words[at][0]}."
    return " ".join(words)


def cut(dice: Random, name: str) -> str:
    """A name as a short machine-readable zone keeps it."""
    words = anyascii(name).upper().split()
    keep = dice.randint(3, 5)
    at = dice.randrange(len(words))
    words[at] = words[at][:keep]
    return "<".join(words) if dice.random() < 0.3 else " ".join(words)


def glued(dice: Random, name: str) -> str:
    """Two words as one, or one as two."""
    words = name.split()
    if len(words) > 1 and dice.random() < 0.6:
        at = dice.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1].lower()]
    else:
        at = max(range(len(words)), key=lambda i: len(words[i]))
        word = words[at]
        if len(word) > 6:
            words[at : at + 1] = [word[: len(word) // 2], word[len(word) // 2 :].title()]
    return " ".join(words)


def by_culture(dice: Random, named: Named) -> str:
    """The name as its own culture writes it another time."""
    own = {
        "bali": _balinese,
        "malay": _malay,
        "tamil": _tamil,
        "arab": _arab,
        "cn": _chinese,
        "vn": _vietnamese,
        "tl": _portuguese,
        "ph": _portuguese,
        "mus": _muslim,
        "batak": _batak,
    }.get(named.culture)
    return own(dice, named) if own else phonetic(dice, named.written())


def _balinese(dice: Random, named: Named) -> str:
    short = {"Ketut": "Kt", "Nyoman": "Nym", "Komang": "Kmg", "Gede": "Gd", "Kadek": "Kdk",
             "I Gusti": "IGst", "Ida Bagus": "IB", "Wayan": "Wyn", "Putu": "Pt"}  # fmt: skip
    if dice.random() < 0.4:
        return " ".join((*named.before[1:], *named.given))
    return " ".join((*(short.get(w, w) for w in named.before), *named.given))


def _malay(dice: Random, named: Named) -> str:
    link = (
        dice.choice(("bin", "b.", "B", ""))
        if not named.female
        else dice.choice(("binti", "bt.", "bte", ""))
    )
    before = tuple(dice.choice(_MUHAMMAD) if w == "Mohd" else w for w in named.before)
    family = tuple(w for w in named.family if w not in ("Haji", "Mohd") or dice.random() < 0.5)
    return " ".join(w for w in (*before, *named.given, link, *family) if w)


def _tamil(dice: Random, named: Named) -> str:
    given = [_swap_some(dice, w, _TAMIL, 0.25) for w in named.given]
    father = [_swap_some(dice, w, _TAMIL, 0.25) if dice.random() < 0.5 else w for w in named.family]
    if dice.random() < 0.25:
        return " ".join((f"{father[0][0]}.", *given))
    link = dice.choice(
        ("A/L", "s/o", "anak lelaki", "") if not named.female else ("A/P", "d/o", "")
    )
    return " ".join(w for w in (*given, link, *father) if w)


def _arab(dice: Random, named: Named) -> str:
    if named.scripts and dice.random() < 0.2:
        return " ".join(named.scripts)
    given = [
        w if w in ("bin", "ibn", "ben") else _swap_some(dice, w, _ARAB, 0.2) for w in named.given
    ]
    family = _swap_some(dice, named.family[0], _ARAB, 0.2)
    article = dice.choice(("Al-", "El ", "Al ", "al-", "Al", "el-", ""))
    before = [dice.choice(_MUHAMMAD[:5]) for _ in named.before]
    if dice.random() < 0.1:
        before = [dice.choice(("Sheikh", "Al-Hajj", "Abu Bakr"))]
    return " ".join((*before, *given, f"{article}{family}"))


def _chinese(dice: Random, named: Named) -> str:
    readings = chinese_readings()
    words = [
        dice.choice(readings[c]).title() if dice.random() < 0.75 else w
        for c, w in zip(named.readings, (*named.family, *named.given), strict=True)
    ]
    surname, given = words[0], words[1:]
    draw = dice.random()
    if draw < 0.25 and len(given) == 2:
        given = [given[0] + given[1].lower()]
    elif draw < 0.4 and len(given) == 2:
        given = [f"{given[0]}-{given[1].lower()}"]
    elif draw < 0.47:
        return "".join(words).title()
    if dice.random() < 0.08:
        return " ".join((dice.choice(("Vincent", "Susanna", "Andrew", "Linda")), surname, *given))
    return " ".join((*given, surname) if dice.random() < 0.35 else (surname, *given))


def _vietnamese(dice: Random, named: Named) -> str:
    given = named.given if len(named.given) < 3 or dice.random() < 0.6 else named.given[1:]
    words = (*given, *named.family) if dice.random() < 0.3 else (*named.family, *given)
    return anyascii(" ".join(words))


def _portuguese(dice: Random, named: Named) -> str:
    given, family = named.given, named.family
    if dice.random() < 0.4:
        given, family = (given[:1], family) if len(given) > 1 else (given, family[-1:])
    link = dice.choice(("da", "de", "dos", "")) if named.culture == "tl" else ""
    text = " ".join(w for w in (*given, link, *family) if w)
    return anyascii(text) if dice.random() < 0.6 else text


def _muslim(dice: Random, named: Named) -> str:
    before = tuple(dice.choice(_MUHAMMAD) if w == "Muhammad" else w for w in named.before)
    if before and dice.random() < 0.2:
        before = ()
    text = " ".join((*before, *named.given))
    if dice.random() < 0.25:
        father = dice.choice(("Abdullah", "Hasan", "Saleh", "Amin", "Yusuf", "Djafar"))
        return f"{text} {'binti' if named.female else 'bin'} {father}"
    return _swap_some(dice, text, _SOUNDS, 0.1) if dice.random() < 0.4 else text


def _batak(dice: Random, named: Named) -> str:
    if dice.random() < 0.25 and len(named.given) > 1:
        return " ".join(named.given)
    if len(named.given) > 1 and dice.random() < 0.5:
        return " ".join((named.given[0], f"{named.given[1][0]}.", *named.family))
    return swapped(dice, named.written())


_SHIP_WORDS = {
    "KM": ("MV", "Kapal Motor", "MS"),
    "KMN": ("KM", "KM.", "Kapal Motor Nelayan", "FV"),
    "KLM": ("KM", "Kapal Layar Motor"),
    "MV": ("KM", "M/V", "Motor Vessel"),
    "MT": ("MV", "M/T", "Motor Tanker"),
    "FV": ("F/V", "MV", "Fishing Vessel", "KMN"),
}
"""Other words for a ship's prefix, some of them more general."""


def of_thing(dice: Random, named: Named) -> str:
    """A firm or a ship: its form written out, shortened, dotted or left out; a slip."""
    forms = {
        "PT": ("P.T.", "PT.", "Perseroan Terbatas"),
        "CV": ("C.V.", "CV."),
        "UD": ("UD.", "Usaha Dagang"),
    }
    numbers = {
        "I": "1",
        "II": "2",
        "III": "03",
        "V": "5",
        "01": "1",
        "05": "V",
        "07": "VII",
        "12": "XII",
    }
    before = " ".join(named.before)
    draw = dice.random()
    if draw < 0.25:
        before = ""
    elif draw < 0.35 and named.culture == "vessel":
        before = dice.choice(_SHIP_WORDS.get(before, (before,)))
    elif draw < 0.6:
        before = dice.choice(forms.get(before, (before, ".".join(before) + ".", "/".join(before))))
    words = tuple(numbers.get(w, w) if dice.random() < 0.5 else w for w in named.given)
    text = " ".join(words)
    if dice.random() < 0.3:
        text = slip(dice, text)
    elif dice.random() < 0.3:
        text = old_spelling(dice, text)
    return f"{before} {text}".strip()


def written_anew(dice: Random, named: Named) -> str:
    """A name as somebody else writes it, by one habit or two."""
    if named.culture in ("org", "vessel"):
        return of_thing(dice, named)
    name = named.written()
    if len(name.split()) == 1 and dice.random() < 0.35:
        return filled(dice, name)
    if dice.random() < 0.3:
        out = by_culture(dice, named)
        if dice.random() < 0.15:
            out = slip(dice, out)
    else:
        out = dice.choices([h for h, _ in _HABITS], [w for _, w in _HABITS])[0](dice, name)
    out = re.sub(r"\s+", " ", out).strip() or name
    return out.upper() if dice.random() < 0.4 else out


def _same(dice: Random, name: str) -> str:
    return name


def _twice(dice: Random, name: str) -> str:
    return slip(dice, slip(dice, name))


_HABITS: tuple[tuple[Callable[[Random, str], str], int], ...] = (
    (old_spelling, 8), (phonetic, 9), (slip, 8), (scanned, 3), (swapped, 6), (titled, 5),
    (less, 7), (initialled, 5), (cut, 4), (glued, 5), (_twice, 6), (_same, 8),
)  # fmt: skip
"""How a name is written anew, and how often of a hundred."""


def other(dice: Random, named: Named, fresh: Named) -> Named:
    """Somebody else whose name is near: a sibling, a namesake in part, a father, a longer name."""
    draw = dice.random()
    if named.culture in ("org", "vessel"):
        words = list(named.given)
        words[dice.randrange(len(words))] = dice.choice(fresh.given)
        return replace(named, given=tuple(words))
    if draw < 0.3:
        return replace(named, given=fresh.given)
    if draw < 0.5 and named.link and named.culture in ("malay", "tamil"):
        return replace(named, given=named.family[-1:], family=named.given[-1:])
    if draw < 0.6:
        return replace(named, given=(*named.given, *fresh.given[:1]))
    if draw < 0.8 and len(named.given) > 1:
        return replace(named, given=(named.given[0], *fresh.given[:1]))
    return (
        replace(named, family=fresh.family) if named.family else replace(named, given=fresh.given)
    )
