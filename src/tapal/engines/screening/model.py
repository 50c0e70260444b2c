"""What goes in and comes out of the screening door: `Listed`, `Query`, `Hit`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tapal.core.text import Text


class Band(StrEnum):
    """What an answer asks of the officer; a band is never a verdict."""

    ALERT = "alert"
    """Enough agrees that an officer should look now."""
    LOOK = "look"
    """Like enough to be worth a glance, with something missing or against it."""
    TIE = "tie"
    """Cannot be told apart from others by what is known: ask for more."""
    SILENT = "silent"
    """May be left out."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list, under FollowTheMoney's schema and property names.

    `birth_dates` are partial ISO dates (`1980`, `1980-07`, `1980-07-04`); countries are alpha-2
    or alpha-3; `documents` are (number, issuing country or None).
    """

    entity_id: str
    schema: str = "Person"
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    documents: tuple[tuple[str, str | None], ...] = ()
    gender: str | None = None
    list_code: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Who stands at the counter, or what lies in the hold: the same fields as `Listed`."""

    schema: str = "Person"
    names: tuple[str, ...] = ()
    birth_date: str | None = None
    nationalities: tuple[str, ...] = ()
    documents: tuple[tuple[str, str | None], ...] = ()
    gender: str | None = None


Verdict = Literal["agree", "differ", "unknown"]
Compared = tuple[str, str, str, Verdict]
"""(field, ours, theirs, verdict): ours is the traveller's value, theirs the list's."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One listed entry beside the query, with the sentences for and against."""

    listed: Listed
    score: float
    band: Band
    reasons: tuple[Text, ...]
    compared: tuple[Compared, ...]


class OtherRules(ValueError):
    """The index was saved by another version, whose words fold otherwise: build it anew."""
