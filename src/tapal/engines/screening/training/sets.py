"""A practice list and practice queries, some of listed people, some of others like them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tapal.engines.screening.model import Listed, Query
from tapal.engines.screening.training import people, writing
from tapal.engines.screening.training.people import Named

_LETTERS = "ABCEGHKLMNPRTX"
FIRMS, SHIPS = 0.06, 0.05
"""Shares of a list that are firms and ships."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, who it is (empty: nobody listed), and the culture of the name."""

    query: Query
    expected: str
    culture: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a listed person, known to the maker alone."""

    named: Named
    listed: Listed
    born: str
    country: str


def practice(
    seed: int, listings: int, queries: int, *, ships: float = SHIPS
) -> tuple[list[Listed], list[Asked]]:
    """A list and queries against it, two in three of them of somebody listed; a share are ships."""
    dice = Random(seed)
    truths = [_truth(dice, n, ships) for n in range(listings)]
    asked = [_ask(dice, dice.choice(truths)) for _ in range(queries)]
    return [t.listed for t in truths], asked


def _born(dice: Random) -> str:
    if dice.random() < 0.03:
        return f"{dice.randint(1938, 2004)}-{dice.choice(('01-01', '07-01'))}"
    return f"{dice.randint(1938, 2004)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def _number(dice: Random) -> str:
    return dice.choice(_LETTERS) + str(dice.randrange(10**6, 10**7))


def _truth(dice: Random, n: int, ships: float) -> Truth:
    draw = dice.random()
    of = people.culture(dice)
    schema = "Person"
    if draw < ships:
        named, schema = people.ship(dice), "Vessel"
    elif draw < ships + FIRMS:
        named, schema = people.firm(dice), "Organization"
    else:
        named = people.person(dice, of)
    born = _born(dice) if schema == "Person" else ""
    country = people.issuer(dice, named.culture)
    seen = dice.random()
    shown = born if seen < 0.75 else born[:4] if seen < 0.84 else ""
    text = named.written()
    number = str(dice.randrange(10**6, 10**7)) if schema == "Vessel" else _number(dice)
    listed = Listed(
        f"L{n}",
        schema,
        (text.upper() if dice.random() < 0.35 else text,),
        birth_dates=(shown,) if shown else (),
        nationalities=(country,) if dice.random() < 0.9 else (),
        documents=((number, None),) if dice.random() < 0.45 else (),
        gender=("F" if named.female else "M") if schema == "Person" else None,
    )
    return Truth(named, listed, born, country)


def _ask(dice: Random, truth: Truth) -> Asked:
    same = dice.random() < 0.66
    named = truth.named
    if same:
        name, born = writing.written_anew(dice, named), _born_anew(dice, truth.born)
    else:
        name, born = _somebody_else(dice, truth)
    namesake = not same and name == named.written()
    number = _number_anew(dice, truth, same=same, namesake=namesake)
    kept = 0.93 if same else 0.85
    if truth.listed.schema == "Vessel":
        # Ships change flags; sister ships fly one; ships of one name have nothing else in common.
        kept = 0.0 if namesake else 0.88 if same else 0.85
    query = Query(
        truth.listed.schema,
        (name,),
        born or None,
        (truth.country,)
        if dice.random() < kept
        else (
            people.issuer(dice, "vessel" if named.culture == "vessel" else people.culture(dice)),
        ),
        ((number, None),) if number else (),
    )
    if dice.random() < 0.3:
        # A name alone: an old paper, a tip, a hotel's list.
        query = replace(query, birth_date=None, documents=())
    return Asked(query, truth.listed.entity_id if same else "", named.culture)


def _born_anew(dice: Random, born: str) -> str:
    """The birth date as another document has it."""
    draw = dice.random()
    if not born:
        return born
    if draw < 0.04 and int(born[8:]) <= 12:
        return f"{born[:5]}{born[8:]}-{born[5:7]}"
    if draw < 0.075:
        at = dice.choice((2, 3, 6, 8, 9))
        digit = dice.choice("0123456789" if at != 8 else "012")
        slipped = born[:at] + digit + born[at + 1 :]
        return slipped if 1 <= int(slipped[5:7]) <= 12 and 1 <= int(slipped[8:]) <= 28 else born
    return born[:4] if draw < 0.1 else born


def _somebody_else(dice: Random, truth: Truth) -> tuple[str, str]:
    """Name and birth date of a person who is not the one listed, but like him in something."""
    named, draw = truth.named, dice.random()
    if named.culture in ("org", "vessel"):
        fresh = people.firm(dice) if named.culture == "org" else people.ship(dice)
        if named.culture == "vessel" and draw < 0.2 and truth.listed.documents:
            return named.written(), ""
        if named.culture == "vessel" and draw < 0.4:
            return fresh.written(), ""
        return writing.other(dice, named, fresh).written(), ""
    fresh = people.person(dice, named.culture)
    if draw < 0.17:
        return named.written(), _born(dice)
    if draw < 0.27:
        return fresh.written(), truth.born
    if draw < 0.42:
        return fresh.written(), _born(dice)
    near = writing.other(dice, named, fresh)
    born = _born(dice)
    if dice.random() < 0.15:
        born = truth.born[:4] + born[4:]
    return near.written(), born


def _number_anew(dice: Random, truth: Truth, *, same: bool, namesake: bool) -> str:
    held = truth.listed.documents[0][0] if truth.listed.documents else ""
    draw = dice.random()
    if truth.listed.schema == "Vessel":
        # A hull keeps its number for life; a namesake has another.
        own = held if dice.random() < 0.5 else ""
        if same and own and draw < 0.06:
            # Mistyped, or painted over.
            return (
                str(dice.randrange(10**6, 10**7)) if draw < 0.04 else f"{own[:-1]}{draw * 100:.0f}"
            )
        if same:
            return own
        return str(dice.randrange(10**6, 10**7)) if namesake or dice.random() < 0.4 else ""
    if same and held and draw < 0.2:
        if draw < 0.05:
            at = dice.randrange(1, len(held))
            return held[:at] + dice.choice("0123456789") + held[at + 1 :]
        return held
    if not same and held and draw < 0.06:
        at = dice.randrange(1, len(held))
        return held[:at] + dice.choice("0123456789") + held[at + 1 :]
    return _number(dice) if draw < 0.9 else ""
