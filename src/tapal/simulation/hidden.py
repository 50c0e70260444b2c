"""What no rule can find: planted so that nobody believes the system sees everything."""

from __future__ import annotations

from dataclasses import replace

from tapal.simulation.names import make_name
from tapal.simulation.planting import Planter
from tapal.simulation.problems import (
    BELU_PASS,
    KALBAR_CITIZEN,
    NTT_CITIZEN,
    SARAWAKIAN,
    TIMORESE,
    TIMORESE_PASS,
)
from tapal.simulation.watchlist import listed


def plant_hidden(planter: Planter) -> None:
    """Problems with nothing in any message that could betray them."""
    _borrowed_document(planter)
    _escort_with_true_papers(planter)
    _other_name(planter)
    _entered_by_a_path(planter)
    _untrue_destination(planter)
    _goods_in_a_car(planter)


def _borrowed_document(planter: Planter) -> None:
    day = planter.day()
    planter.plant(
        "crosses with the genuine passport of a sister who looks alike",
        None,
        planter.cross(planter.somebody(KALBAR_CITIZEN, day), "PLBN-02", "exit", day),
        why="the document is genuine, valid and not reported; only a face could tell",
    )


def _escort_with_true_papers(planter: Planter) -> None:
    day = planter.day()
    child = planter.somebody(NTT_CITIZEN, day, ages=(15, 16))
    escort = planter.somebody(NTT_CITIZEN, day)
    planter.plant(
        "a minor taken to work abroad by a recruiter with a signed consent letter",
        None,
        planter.cross(
            child,
            "PLBN-11",
            "exit",
            day,
            guardian=escort,
            evidence=("birth_certificate", "consent_letter"),
        ),
        why="every paper that is asked for was shown; only a private talk could tell",
    )


def _other_name(planter: Planter) -> None:
    day = planter.day()
    person = planter.somebody(TIMORESE, day)
    alias = make_name(planter.rng, "philippines", person.sex).full
    planter.enter(
        listed(planter.entry_id(), "sanctions", alias, planter.days[0], reason="nama samaran saja")
    )
    planter.plant(
        f"on the sanctions list, but only under the alias “{alias}”",
        None,
        planter.cross(person, "PLBN-11", "entry", day),
        why="the list knows neither the name nor the birth date of the passport",
    )


def _entered_by_a_path(planter: Planter) -> None:
    day = planter.day()
    planter.plant(
        "came in by a path two months ago and leaves through the post",
        None,
        planter.cross(planter.somebody(TIMORESE_PASS, day), "PLBN-11", "exit", day),
        why="there is no entry to count from; an exit without entry is a note, often a closed post",
    )


def _untrue_destination(planter: Planter) -> None:
    day = planter.day()
    planter.plant(
        "a border pass for Balibo, on the way to work in Dili",
        None,
        planter.cross(
            planter.somebody(BELU_PASS, day), "PLBN-11", "exit", day, destination="TLS-BOB-BALIBO"
        ),
        why="the declared destination is permitted",
    )


def _goods_in_a_car(planter: Planter) -> None:
    day = planter.day()
    driver = planter.somebody(SARAWAKIAN, day)
    crossing = planter.cross(driver, "PLBN-02", "entry", day, mode="car", plate="QAB 4417")
    planter.plant(
        "undeclared sugar under the back seat of a car",
        None,
        replace(crossing, purpose="family_visit"),
        why="nothing was declared and no message speaks of goods",
    )
