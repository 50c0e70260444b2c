"""Make a person's name as his culture builds it, and write the same name as others would."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tapal.simulation.name_tables import tables


class PersonName(NamedTuple):
    """A name in the two parts of ICAO 9303; a name that stands alone is the primary identifier."""

    primary: str
    secondary: str

    @property
    def full(self) -> str:
        """As spoken: given names first."""
        return f"{self.secondary} {self.primary}".strip()


def make_name(rng: Random, culture: str, sex: str) -> PersonName:
    """A name of `culture` (a key of `tables()`) for sex M or F."""
    table = tables()[culture]
    given = table.women if sex == "F" else table.men
    first = rng.choice(given)
    family = rng.choice(table.family)
    if culture == "java":
        return _javanese(rng, first, given, family)
    if culture == "iban":
        return PersonName(f"{first} anak {family}", "")
    if culture == "malay":
        return PersonName(f"{first} {'binti' if sex == 'F' else 'bin'} {family}", "")
    if culture in ("timor", "tetun", "papua", "dayak") and rng.random() < 0.35:
        second = rng.choice([name for name in given if name != first])
        return PersonName(family, f"{first} {second}")
    return PersonName(family, first)


def _javanese(rng: Random, first: str, given: tuple[str, ...], family: str) -> PersonName:
    """One name (a third), two given names, or a given name before a second one."""
    draw = rng.random()
    if draw < 0.33:
        return PersonName(first, "")
    if draw < 0.6:
        second = rng.choice([name for name in given if name != first])
        return PersonName(f"{first} {second}", "")
    return PersonName(family, first)


# Old and new spelling, and sounds that clerks of the region write either way.
_RESPELL = (
    ("ks", "x"), ("y", "j"), ("u", "oe"), ("ph", "f"), ("f", "ph"), ("k", "c"), ("c", "k"),
    ("th", "t"), ("z", "s"), ("s", "z"), ("ei", "ey"), ("i", "y"),
)  # fmt: skip


def respell(rng: Random, name: str) -> str:
    """The name with one sound written the other way; unchanged if it has none of them."""
    options = [(a, b) for a, b in _RESPELL if a in name[1:].lower()]
    if not options:
        return name
    old, new = rng.choice(options)
    at = name.lower().index(old, 1)
    written = new.capitalize() if name[at].isupper() else new
    return name[:at] + written + name[at + len(old) :]


def swap_order(name: PersonName) -> str:
    """Family name first, as registers print it."""
    return f"{name.primary}, {name.secondary}" if name.secondary else name.primary


def drop_middle(name: PersonName) -> str:
    """Without the second given name, if there is one."""
    first = name.secondary.split(" ")[0]
    return f"{first} {name.primary}".strip()
