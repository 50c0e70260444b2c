"""The demo's officers and agreements: synthetic people, examples of agreements, one known password."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.mandates import EDIT_AGREEMENTS, EDIT_OFFICERS
from tapal.core.text import Text
from tapal.data import document, table
from tapal.flow import accounts, agreements, mandates
from tapal.store.models import Agreement, Officer

# Known to everybody: `tapal check` calls a node unsafe on which it still opens a door.
DEMO_PASSWORD = "perbatasan-kita-2026"
DEMO_PIN = "314159"
SINCE = date(2026, 1, 1)

_MAKER = Actor("0", accounts.SETUP, "set-up", "BNPP", None, frozenset({EDIT_OFFICERS}))


@lru_cache(maxsize=1)
def demo_usernames() -> tuple[str, ...]:
    """The user names of the demo."""
    return tuple(row["username"] for row in table("demo_officers.csv"))


@transaction.atomic
def make_demo_officers() -> int:
    """Make the demo's officers with their mandates and the example agreements; returns how many are new."""
    made = 0
    for row in table("demo_officers.csv"):
        if Officer.objects.filter(username=row["username"]).exists():
            continue
        person = accounts.Person(row["username"], row["name"], row["number"], row["language"])
        officer = accounts.create_officer(person, DEMO_PASSWORD, actor=_MAKER, temporary=False)
        own = Actor(str(officer.pk), officer.number, row["name"], row["agency"], None, frozenset())
        accounts.set_pin(officer, DEMO_PIN, actor=own)
        for role in row["roles"].split(";"):
            given = mandates.Given(row["agency"], role, SINCE, row["post"] or None)
            mandates.give_at_setup(officer, given, by=accounts.SETUP)
        made += 1
    for each in document("demo_agreements.json"):
        if not Agreement.objects.filter(pk=str(each["code"])).exists():
            _make_agreement(each)
    return made


def _make_agreement(each: dict[str, Any]) -> None:
    steward = Actor(
        "0", accounts.SETUP, "set-up", each["giver"], None, frozenset({EDIT_AGREEMENTS})
    )
    terms = agreements.Terms(
        code=each["code"],
        title=Text.of(each["title"]),
        giver=each["giver"],
        taker=each["taker"],
        purpose=each["purpose"],
        clauses=each["clauses"],
        valid_from=date.fromisoformat(each["valid_from"]),
        valid_to=date.fromisoformat(each["valid_to"]) if each["valid_to"] else None,
        legal_basis=each["legal_basis"],
    )
    agreements.save_agreement(terms, actor=steward)
