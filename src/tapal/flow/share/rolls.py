"""Who may see which watch list: its authority, and those to whom an agreement in force gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from tapal.core.actions import Actor
from tapal.core.mandates import READ
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.listed import LISTS
from tapal.flow.reference import cached
from tapal.flow.share import compile
from tapal.flow.share.terms import in_force, terms_of
from tapal.store.models import Agreement, Listing, Roll

OWN = "own"


@dataclass(frozen=True, slots=True)
class OpenRoll:
    """A list that the reader may see, and the clause that opens it: `own`, or an agreement's."""

    code: str
    label: Text
    authority: str
    subject: str
    version: int
    imported_at: datetime | None
    entries: int
    clause: str


def open_rolls(actor: Actor, purpose: Purpose, now: datetime) -> Mapping[str, OpenRoll]:
    """The lists that the actor may see for a purpose, by code. None without the power to read."""
    if READ not in actor.powers:
        return {}
    agencies = compile.agencies_on(compile.today(now))
    own = agencies.owners(actor.agency)
    given, entries = _given(actor.agency, purpose, now), _counts()
    found = {}
    for roll in Roll.objects.order_by("code"):
        clauses = [
            clause
            for giver, clause in given.get(roll.code, ())
            if roll.authority in agencies.owners(giver)
        ]
        clause = OWN if roll.authority in own else next(iter(clauses), "")
        if clause:
            found[roll.code] = OpenRoll(
                roll.code,
                Text(roll.label_id, roll.label_en),
                roll.authority,
                roll.subject,
                roll.version,
                roll.imported_at,
                entries.get(roll.code, 0),
                clause,
            )
    return found


def _read_counts() -> Mapping[str, int]:
    rows = Listing.objects.filter(removed_at=None).values("roll").annotate(entries=Count("id"))
    return dict(rows.values_list("roll", "entries"))


_counts = cached(_read_counts, LISTS)


def rolls_of(agency: str) -> Mapping[str, Text]:
    """The lists of which an agency is the authority, in words: what it may give by an agreement."""
    rows = Roll.objects.filter(authority=agency).order_by("code")
    return {roll.code: Text(roll.label_id, roll.label_en) for roll in rows}


def _given(agency: str, purpose: Purpose, now: datetime) -> Mapping[str, list[tuple[str, str]]]:
    """The lists that agreements in force name for a taker: the givers and clauses of each."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    day = compile.today(now)
    rows = Agreement.objects.filter(taker_id=agency, purpose=purpose.value).order_by("code")
    for agreement in rows:
        if not in_force(agreement, day):
            continue
        for number, terms in enumerate(terms_of(agreement), 1):
            for code in terms.lists if terms else ():
                found[code].append((agreement.giver_id, f"{agreement.code}#{number}"))
    return found
