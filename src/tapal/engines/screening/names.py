"""A whole name, taken apart into the words that tell one bearer from another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from anyascii import anyascii

from tapal.engines.screening import words
from tapal.engines.screening.fold import Token, is_syllable, syllable_cut, token

Family = Literal["person", "body", "craft"]
"""Natural persons; organisations; ships, vehicles and aircraft: each is named its own way."""

MAX_LENGTH = 300
"""Characters of a name that are read; the longest name in the public lists has 190."""
MAX_WORDS = 24
"""Words of a name that are read; the longest in the public lists has 24."""
_CHILD_OF = "/"
"""Stands for `bin` and the like while a name is read; no word holds it."""

_CRAFT = frozenset({"vessel", "vehicle", "airplane", "car", "train"})
_BODY = frozenset({"organization", "company", "publicbody", "legalentity", "asset"})

_DAUGHTER_FORMS = re.compile(r"\b(?:a/p|d/o)(?=\W|$)|\banak perempuan\b")
_SON_FORMS = re.compile(r"\b(?:a/l|s/o)(?=\W|$)|\banak lelaki\b")
_BIN_SHORT = re.compile(r"(?<=\w\s)b(?:in)?\.(?=\s*\w)")
_DEGREE = re.compile(r"\b[a-z]{1,3}(?:\.\s?[a-z]{1,4})+\b\.?")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?(?![a-z])")
_WORD = re.compile(r"[a-z0-9]+")
_NUMBERED = re.compile(r"(?<=\s)no(?:mor)?\b[.:]?\s*(?=\d)|(?<=[a-z]{3})(?=\d+$)", re.IGNORECASE)
"""`No. 7` and `Laut7`: a ship's number, read as a word of its own."""
_INNER = re.compile(r"['`’‘ʼ´ʿʾ]")
_ARABIC = re.compile(r"[؀-ۿ]")
_CUT_CHILD_OF = frozenset({"bi", "bint"})
"""What a machine-readable zone leaves of `bin` and `binti` at its end."""
_DIGIT_AS_LETTER = str.maketrans("015839", "oisbeg")
_ABD = re.compile(r"^abd(?:oe|[aeiou])?l?$")
_ABD_JOINED = re.compile(r"^abd(?:oe|[aeiou])(?:l(?=[^l])|(?=ll)l?(?!ah|at))?(?=.{3})")

# Letters only: short vowels and alef are not written alike, so only the firm letters are read.
_ARABIC_LETTERS = str.maketrans(
    dict(
        zip(
            "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةآأإؤپچژگک",
            "abttjhkddrssssdtsagpkklmnhwyahaaawpcsgk",
            strict=True,
        )
    )
)
_ARABIC_WORDS = {"محمد": "muhammad", "بن": "", "بنت": "", "ابن": "", "آل": "", "ال": ""}


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """The telling words of a name, its lone initials and its legal or ship forms."""

    text: str
    words: tuple[str, ...]
    initials: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    own: int = 0
    """Tokens before `bin` or the like, after which the father is named; 0 without such a word."""
    sex: int = 0
    """1 male, 2 female, where a word of the name says so (`bin`, `binti`, `Siti`); else 0."""
    script: bool = False
    """Written in a script without vowels."""

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The telling words, folded."""
        return tuple(token(*key) for key in self.parts())

    def parts(self) -> Iterator[tuple[str, bool]]:
        """What tells each word from every other: its letters, and whether vowels are missing."""
        return ((w, self.script and w != "muhammad") for w in self.words)


def family(schema: str) -> Family:
    """How things of a FollowTheMoney schema are named; what is unknown is read as a person."""
    low = schema.lower()
    return "craft" if low in _CRAFT else "body" if low in _BODY else "person"


def _arabic(text: str) -> list[str]:
    out: list[str] = []
    for raw in text.split():
        if raw in _ARABIC_WORDS:
            out.append(_ARABIC_WORDS[raw])
            continue
        # God's name is written with two lams, which no romanised word shows as two consonants.
        raw = raw.replace("الله", "اله")
        bare = raw[2:] if raw.startswith("ال") and len(raw) > 4 else raw
        letters = _WORD.findall(bare.translate(_ARABIC_LETTERS))
        out.append("".join(letters))
    return [w for w in out if w]


def plain(text: str) -> str:
    """Lower-case ASCII of any script; marks inside a word vanish."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", text).replace("ç", "s").replace("Ç", "S")
    return anyascii(_INNER.sub("", text)).lower()


def cut(text: str, kind: Family) -> bool:
    """Whether a name is longer than what is read of it."""
    return len(text) > MAX_LENGTH or len(_all_words(text, kind)) > MAX_WORDS


def _split(text: str, kind: Family) -> list[str]:
    return _all_words(text, kind)[:MAX_WORDS]


def _all_words(text: str, kind: Family) -> list[str]:
    low = plain(text).replace("'", "").replace("`", "")
    # Most names hold no such sign: each pattern is only tried where it may fit.
    if "/" in low or "anak " in low:
        low = _SON_FORMS.sub(" bin ", _DAUGHTER_FORMS.sub(" binti ", low))
    if "tan sri" in low:
        low = low.replace("tan sri ", "tansri ")
    if "." in low:
        low = _BIN_SHORT.sub(" bin ", low)
        if kind == "person":
            low = _DEGREE.sub(_without_degree, low)
        low = _DOTTED.sub(_initials if kind == "person" else _acronym, low)
    return _WORD.findall(low)


def _without_degree(found: re.Match[str]) -> str:
    """Nothing for `S.Pd.` and the like; letters parted by blanks may as well be initials."""
    parts = re.split(r"\.\s?", found.group().rstrip("."))
    apart = " " in found.group() and max(map(len, parts)) == 1
    return " " if "".join(parts) in words.DEGREES and not apart else found.group()


def _acronym(found: re.Match[str]) -> str:
    return " " + found.group().replace(".", "") + " "


def _initials(found: re.Match[str]) -> str:
    """`K.H.` as one word, the initials of a person as so many."""
    whole = found.group().replace(".", "")
    return f" {whole} " if whole in words.TITLES else " " + " ".join(whole) + " "


def _letters(word: str) -> str:
    """A scanned word with digits in it, its digits read as the letters they look like."""
    if word.isalpha() or word.isdigit():
        return word
    return word.translate(_DIGIT_AS_LETTER) if sum(c.isdigit() for c in word) <= 2 else word


def _without_titles(found: list[str]) -> list[str]:
    if words.SET_ASIDE.isdisjoint(found) or _chinese(found):
        return found
    found = [_CHILD_OF if w in words.CHILD_OF else w for w in found]
    out = [
        w
        for w in found
        if w not in words.LINKS
        and w not in words.FILLERS
        and not (w in words.TITLES and w not in words.SOFT_TITLES)
    ]
    firm = [w for w in out if w not in words.SOFT_TITLES and len(w) > 1 and w != _CHILD_OF]
    if len(firm) >= 2 or (firm and out[0] in words.SOFT_TITLES and len(out[0]) <= 2):
        out = [w for w in out if w not in words.SOFT_TITLES or len(w) == 1]
    telling = any(w != _CHILD_OF for w in out)
    return out if telling else [w for w in found if w not in words.FILLERS and w != _CHILD_OF]


def _chinese(found: list[str]) -> bool:
    """Whether each word is a Chinese syllable: `Tan Tjay Ing` holds neither a title nor a particle."""
    return len(found) > 1 and all(map(is_syllable, found))


def _servants(found: list[str]) -> list[str]:
    """`Abdul Rahman`, `Abdurrahman`, `Abd al-Rahman` as one and the same word."""
    out: list[str] = []
    held = False
    for word in found:
        if held:
            out.append("abd" + word)
            held = False
        elif not word.startswith("abd"):
            out.append(word)
        elif _ABD.match(word):
            held = True
        else:
            out.append(_ABD_JOINED.sub("abd", word))
    return [*out, "abd"] if held else out


def _muhammad(found: list[str]) -> list[str]:
    out: list[str] = []
    for word in found:
        if out and out[-1] + word in words.MUHAMMAD:
            out[-1] = "muhammad"
        else:
            out.append("muhammad" if word in words.MUHAMMAD else word)
    return out


def _syllables(found: list[str]) -> list[str]:
    """A Chinese given name written as one word (`Longyi`) beside a Chinese surname, as two."""
    out: list[str] = []
    for i, word in enumerate(found):
        others = found[:i] + found[i + 1 :]
        cut = syllable_cut(word) if others and all(map(is_syllable, others)) else 0
        out += [word[:cut], word[cut:]] if cut else [word]
    return out


_SEX = {word: 2 for word in words.DAUGHTER_OF} | {word: 1 for word in words.SON_OF}


def _person(text: str) -> Name:
    if _ARABIC.search(text):
        found = _arabic(text)
        return Name(text, tuple(_servants(found)), script=True)
    found = _muhammad(_split(text, "person"))
    sex = next((_SEX[w] for w in found[:1] + found if w in _SEX), 0)
    if found[:1] in (["m"], ["md"]) and len(found) > 1:
        found[0] = "muhammad"
    if len(found) > 2 and found[-1] in _CUT_CHILD_OF and not _chinese(found):
        found = found[:-1]
    found = _servants(_without_titles([_letters(w) for w in found]))
    if len(found) <= 2:
        found = _syllables(found)
    own = 0
    if _CHILD_OF in found:
        own = sum(len(w) > 1 for w in found[: found.index(_CHILD_OF)])
        found = [w for w in found if w != _CHILD_OF]
    initials = tuple(w for w in found if len(w) == 1)
    short = {} if _chinese(found) else words.SHORT
    kept = [short.get(w, w) for w in found if len(w) > 1] or found
    if len(kept) == len(found):
        initials = ()
    return Name(text, tuple(kept), initials, own=own, sex=sex)


def _number(word: str) -> str:
    if word.isdigit():
        return word.lstrip("0") or "0"
    return words.NUMBERS.get(word, word)


def _body(text: str) -> Name:
    found = _split(text, "body")
    forms = frozenset(f for w in found if (f := words.LEGAL_FORMS.get(w)) and f != "filler")
    kept = [_number(w) for w in found if w not in words.LEGAL_FORMS] or found
    return Name(text, tuple(kept), (), forms)


def _prefixed(found: list[str]) -> list[str]:
    """`Kapal Motor Nelayan` and the like as their short form, the longest first."""
    for many in (3, 2):
        short = words.SHIP_PHRASES.get(" ".join(found[:many]))
        if short and len(found) > many:
            return [short, *found[many:]]
    return found


def _craft(text: str) -> Name:
    read = _NUMBERED.sub(" ", text.replace("/", ""))
    found = _prefixed(_split(read, "craft"))
    forms = frozenset(words.SHIP_TYPES[w] for w in found[:2] if w in words.SHIP_TYPES)
    kept = [w for i, w in enumerate(found) if i > 1 or w not in words.SHIP_TYPES] or found
    kept = [_number(w) if i else w for i, w in enumerate(kept)]
    return Name(text, tuple(kept), (), forms)


@lru_cache(maxsize=4096)
def read_name(text: str, kind: Family = "person") -> Name:
    """Take a name apart; a name without any letter has no words."""
    text = text[:MAX_LENGTH]
    if kind == "person":
        return _person(text)
    return _body(text) if kind == "body" else _craft(text)
