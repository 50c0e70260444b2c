"""Planted people of the watch list: written otherwise there, and decoys that must stay quiet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tapal.simulation.names import PersonName, drop_middle, respell, swap_order
from tapal.simulation.people import Background, Person
from tapal.simulation.planting import Planter, days_before
from tapal.simulation.problems import (
    KALBAR_CITIZEN,
    NTT_CITIZEN,
    PAPUAN_NEIGHBOUR,
    SARAWAKIAN,
    SINGAPOREAN,
    TIMORESE,
)
from tapal.simulation.trips import Direction
from tapal.simulation.watchlist import listed

FILIPINO = Background("PHL", ("philippines",), "passport")
KEPRI_CITIZEN = Background("IDN", ("malay", "chindo", "java"), "passport")

_Write = Callable[[Random, PersonName], str]


def _as_spoken(rng: Random, name: PersonName) -> str:
    return name.full


def _swapped(rng: Random, name: PersonName) -> str:
    return swap_order(name)


def _respelt(rng: Random, name: PersonName) -> str:
    return respell(rng, name.full)


def _respelt_twice(rng: Random, name: PersonName) -> str:
    return respell(rng, respell(rng, swap_order(name)))


def _shortened(rng: Random, name: PersonName) -> str:
    return drop_middle(name)


# List, who, post, direction, how the list writes the name, and what else the list knows.
_LISTED: tuple[tuple[str, Background, str, Direction, _Write, str], ...] = (
    ("cegah", NTT_CITIZEN, "PLBN-11", "exit", _as_spoken, "document"),
    ("cegah", NTT_CITIZEN, "PLBN-11", "exit", _swapped, "birth"),
    ("cegah", KALBAR_CITIZEN, "PLBN-02", "exit", _respelt, "birth"),
    ("cegah", KEPRI_CITIZEN, "TPI-04", "exit", _swapped, "birth"),
    ("tangkal", TIMORESE, "PLBN-11", "entry", _respelt, "birth"),
    ("tangkal", TIMORESE, "PLBN-13", "entry", _shortened, "birth"),
    ("tangkal", SARAWAKIAN, "PLBN-01", "entry", _swapped, "birth"),
    ("tangkal", PAPUAN_NEIGHBOUR, "PLBN-16", "entry", _respelt_twice, "birth"),
    ("tangkal", SINGAPOREAN, "TPI-04", "entry", _swapped, "birth"),
    ("sanctions", FILIPINO, "TPI-04", "entry", _swapped, "birth"),
    ("sanctions", SARAWAKIAN, "PLBN-02", "entry", _respelt, "birth"),
    ("interpol_red", FILIPINO, "PLBN-11", "entry", _as_spoken, "birth"),
    ("interpol_yellow", KALBAR_CITIZEN, "PLBN-02", "exit", _as_spoken, "birth"),
    ("dpo", NTT_CITIZEN, "PLBN-11", "exit", _respelt, "birth"),
    ("tangkal", TIMORESE, "PLBN-11", "entry", _as_spoken, "year"),
    ("cegah", KALBAR_CITIZEN, "PLBN-02", "exit", _swapped, "swapped_day"),
    ("local_watch", TIMORESE, "PLBN-11", "entry", _respelt_twice, "name"),
)


def plant_listed(planter: Planter) -> None:
    """People whom a list names, in its own spelling."""
    for list_code, background, post, direction, write, knows in _LISTED:
        day = planter.day()
        person = planter.somebody(background, day)
        _list(planter, list_code, person, write(planter.rng, person.name), knows=knows)
        planter.plant(
            f"on the list {list_code} as “{planter.entries[-1].name}”",
            f"list_match:{list_code}",
            planter.cross(person, post, direction, day),
        )


def plant_lost_documents(planter: Planter) -> None:
    """Documents reported lost, shown by whoever holds them."""
    for background, post, direction in (
        (NTT_CITIZEN, "PLBN-11", "exit"),
        (SARAWAKIAN, "PLBN-02", "entry"),
        (PAPUAN_NEIGHBOUR, "PLBN-16", "entry"),
        (KEPRI_CITIZEN, "TPI-04", "exit"),
    ):
        day = planter.day()
        person = planter.somebody(background, day)
        planter.enter(
            listed(
                planter.entry_id(),
                "lost_documents",
                person.document.number,
                planter.days[0],
                schema="Passport",
                nationality=person.document.state,
                doc_number=person.document.number,
                reason="dilaporkan hilang oleh pemegangnya",
            )
        )
        planter.plant(
            "a passport that its holder reported lost",
            "document_reported_lost",
            planter.cross(person, post, "exit" if direction == "exit" else "entry", day),
        )


def plant_decoys(planter: Planter) -> None:
    """Entries that look like a match and must not alert."""
    day = planter.day()
    person = planter.somebody(NTT_CITIZEN, day)
    _list(planter, "cegah", person, person.name.full)
    planter.plant(
        "a person under an exit ban who comes home",
        "list_match:cegah",
        planter.cross(person, "PLBN-11", "entry", day),
        decoy=True,
        why="an exit ban concerns the exit only",
    )
    day = planter.day()
    person = planter.somebody(NTT_CITIZEN, day)
    foreigner = replace(person, nationality="TLS")
    _list(planter, "tangkal", foreigner, person.name.full)
    planter.plant(
        "an Indonesian with name and birth date of a foreigner under an entry ban",
        "list_match:tangkal",
        planter.cross(person, "PLBN-11", "entry", day),
        decoy=True,
        why="the entry-ban list never matches a citizen",
    )
    for list_code, background, direction in (
        ("cegah", KALBAR_CITIZEN, "exit"),
        ("tangkal", SARAWAKIAN, "entry"),
    ):
        day = planter.day()
        person = planter.somebody(background, day)
        _list(planter, list_code, person, person.name.full, expired=True)
        planter.plant(
            f"on the list {list_code} until a week ago",
            f"list_match:{list_code}",
            planter.cross(person, "PLBN-02", "exit" if direction == "exit" else "entry", day),
            decoy=True,
            why="an expired entry never alerts",
        )
    day = planter.day()
    son = planter.somebody(TIMORESE, day, ages=(20, 30))
    father = replace(son, birth_date=days_before(son.birth_date, 26 * 365))
    _list(planter, "tangkal", father, son.name.full)
    planter.plant(
        "a son who bears the name of his father, and the father is under an entry ban",
        "list_match:tangkal",
        planter.cross(son, "PLBN-11", "entry", day),
        decoy=True,
        why="the birth dates are a generation apart",
    )


def _list(
    planter: Planter,
    list_code: str,
    person: Person,
    name: str,
    *,
    knows: str = "birth",
    expired: bool = False,
) -> None:
    known = {"nationality": person.nationality, "gender": person.sex, "culture": person.culture}
    born = person.birth_date
    known["dob"] = str(born.year) if knows == "year" else born.isoformat()
    if knows == "swapped_day" and born.day <= 12:
        known["dob"] = born.replace(month=born.day, day=born.month).isoformat()
    if knows == "name":
        del known["dob"]
    if knows == "document":
        known["doc_number"] = person.document.number
    planter.enter(
        listed(planter.entry_id(), list_code, name, planter.days[0], expired=expired, **known)
    )
