"""The demo's officers, a crossing of immigration, and doors for those who look: the stranger first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tapal.core.marking import Purpose
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn
from tapal.flow.officers import actor_of
from tapal.flow.report import hand_in
from tapal.flow.share import Door, open_door
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Alert, Officer

STRANGER, OWNER, LEADER, GRANTEE = (
    "psdkp.asing", "imi.motaain", "imi.motaain.kepala", "beacukai.motaain"
)  # fmt: skip
ELSEWHERE, INTERPOL, STEWARD, AUDITOR = (
    "imi.skouw", "hubinter.penyidik", "imi.walidata", "bnpp.auditor"
)  # fmt: skip

# An expired passport: it alerts without any list.
PEOPLE = """\
name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,direction,\
post,time,mode,remarks
"SOARES, MARIA",F,1988-02-14,TLS,passport,C0123456,TLS,2025-06-30,entry,PLBN-11,\
2026-11-24T08:12:00,foot,seen with a red bag
"SOARES, MARIA",F,1988-02-14,TLS,passport,C0123456,TLS,2025-06-30,exit,PLBN-11,\
2026-11-25T08:12:00,foot,
"""

DoorOf = Callable[..., Door]


@pytest.fixture
def people(home: Path) -> Path:
    """The demo's officers at work."""
    make_demo_officers()
    return home


@pytest.fixture
def door(people: Path) -> DoorOf:
    """The door of an officer by name, for the likeliest purpose or the one named."""

    def opened(username: str, purpose: Purpose | None = None) -> Door:
        officer = Officer.objects.get(username=username)
        post = officer.mandates.values_list("place_id", flat=True).first()
        actor = actor_of(officer, post)
        return open_door(actor, purpose or purposes_of(actor)[0])

    return opened


@pytest.fixture
def crossing(people: Path) -> str:
    """The id of a crossing that immigration at Motaain holds."""
    given = HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001")
    return hand_in(PEOPLE.encode(), given).items[0].id


@pytest.fixture
def alert(crossing: str) -> Alert:
    """An open alert about the crossing."""
    return Alert.objects.filter(record_id=crossing).order_by("reason")[0]
