"""A desk with its demo officers: the owner, the grantee, the stranger; one crossing with findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from tapal.core.marking import Sensitivity
from tapal.core.text import same
from tapal.flow import reference, setup
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.flow.tasks import Wanted, open_task
from tapal.store.models import Alert, Officer, Record, Reject, Task

OWNER, GRANTEE, STRANGER = "imi.motaain", "beacukai.motaain", "psdkp.asing"
LEADER, SIGNER, STEWARD, ADMIN = (
    "imi.motaain.kepala", "imi.motaain.ttd", "imi.walidata", "mesin.admin"
)  # fmt: skip
# Administrators: immigration's, who approves what ADMIN proposes for it, and another agency's.
SECOND, OTHER = "imi.pengelola", "karantina.pengelola"

# An expired passport and a child alone: both alert without any list.
PEOPLE = """\
name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,direction,\
post,time,mode,remarks
"SOARES, MARIA",F,1988-02-14,TLS,passport,C0123456,TLS,2025-06-30,entry,PLBN-11,\
2026-11-24T08:12:00,foot,seen with a red bag
"""
UNREADABLE = "name,sex,document_number\n,F,C777\n"

Sit = Callable[[str], Client]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A home of this test's own with reference data and the demo's officers."""
    settings.TAPAL_HOME = tmp_path
    reference.forget()
    cache.clear()
    setup.seed()
    make_demo_officers()
    yield tmp_path
    reference.forget()


@pytest.fixture
def sit(desk: Path) -> Sit:
    """A browser in which somebody has logged in."""

    def seated(username: str) -> Client:
        client = Client()
        client.force_login(Officer.objects.get(username=username))
        return client

    return seated


@pytest.fixture
def crossing(desk: Path) -> str:
    """The id of a crossing that immigration at Motaain holds."""
    given = HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001")
    return hand_in(PEOPLE.encode(), given).items[0].id


@pytest.fixture
def alert(crossing: str) -> Alert:
    """An open alert about the crossing."""
    return Alert.objects.filter(record_id=crossing).order_by("reason")[0]


@pytest.fixture
def reject(desk: Path) -> Reject:
    """A row that could not become a record."""
    hand_in(UNREADABLE.encode(), HandIn("bad.csv", "IMI", "PLBN-11", None, "IMI-0001"))
    return Reject.objects.get()


@pytest.fixture
def task(crossing: str) -> Task:
    """A task of the owner's."""
    wanted = Wanted("look", same("Look"), same("Look again"), "task.do", Sensitivity.INTERNAL)
    return open_task(wanted, actor="system", record=Record.objects.get(pk=crossing))
