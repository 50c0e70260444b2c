"""A fear of return is hidden where records are counted, exported, followed or told about as well.

Two crossings, one after an ordinary referral, one after a fear of return that was received: what the
feed, the notices, the figures, their files, the lake, the log of the process and the number of
questions that each page costs tell of them must be the same, for a partner state and a consulate too.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.mandates import EDIT_AGREEMENTS
from tapal.core.text import Text
from tapal.flow import agreements
from tapal.flow.demo_officers import DEMO_PASSWORD
from tapal.store.models import Access, Agency, Mandate, Officer
from tests.security.looking import (
    Look,
    compare,
    feed,
    files_of,
    lake_rows,
    notices,
    opened,
    pages_of,
    undone,
)  # fmt: skip
from tests.security.test_fear_in_history import (
    ALIKE,
    REFER,
    do,
    plain,
)  # fmt: skip
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STRANGER, Sit
from tests.web.test_outbox import told_to

pytestmark = pytest.mark.django_db(databases=["default", "access"])

PARTNER, CONSUL = "tlmig.batugade", "konsulat.atambua"
ANALYST, PLANNER, MACHINE = "imi.analis", "bnpp.analis", "imi.pengelola"
READERS = (
    OWNER, LEADER, GRANTEE, STRANGER, PARTNER, CONSUL, ANALYST, PLANNER, ADMIN, MACHINE,
    "imi.walidata",
)  # fmt: skip
CASES = (
    "at the counter", "received meanwhile", "at the second desk", "taken back", "second desk ended",
)  # fmt: skip
EVERYTHING = [{"kinds": "*", "max_sensitivity": "restricted", "fields": "*"}]


@pytest.fixture(autouse=True)
def abroad(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partner state and a consulate, each with an agreement that gives all that one can give."""
    monkeypatch.setenv("TAPAL_HOOK_NETWORKS", "127.0.0.0/8")
    Agency.objects.create(
        code="TL-KONS", name_id="Konsulat Timor-Leste", name_en="Consulate of Timor-Leste",
        role="consulate", confidence="unchecked",
    )  # fmt: skip
    consul = Officer.objects.create_user(CONSUL, password=DEMO_PASSWORD, number="KON-0001")
    liaison = Mandate.objects.get(officer__username=PARTNER)
    Mandate.objects.create(
        officer=consul, agency_id="TL-KONS", place=None, role=liaison.role,
        valid_from=liaison.valid_from,
    )  # fmt: skip
    steward = Actor("0", "IMI-0032", "X", "IMI", None, frozenset({EDIT_AGREEMENTS}))
    for taker, purpose in (("TL-MIG", "border_control"), ("TL-KONS", "protection")):
        terms = agreements.Terms(
            code=f"T-{taker}", title=Text("uji", "test"), giver="IMI", taker=taker,
            purpose=purpose, clauses=EVERYTHING, valid_from=date(2026, 1, 1),
        )  # fmt: skip
        agreements.save_agreement(terms, actor=steward)


def alike(sit: Sit, reader: str, record: str, case: str, look: Look) -> None:
    """The look finds the same after the ordinary acts and after those that hide a fear of return."""
    ordinary, afraid = ALIKE[case]
    compare(sit(reader), record, lambda: do(record, ordinary), lambda: do(record, afraid), look)


@pytest.mark.parametrize(
    ("case", "reader"),
    [("received meanwhile", reader) for reader in READERS]
    + [(case, OWNER) for case in CASES if case != "received meanwhile"],
)
def test_no_page_no_feed_and_no_count_of_questions_tells(
    sit: Sit, crossing: str, reader: str, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="tapal")

    def look(client: Client, record: str) -> dict[str, object]:
        caplog.clear()
        seen: dict[str, object] = dict(opened(client, pages_of(client, record)))
        seen["feed"] = feed(client)
        seen["denied"] = Access.objects.filter(act="denied").count()
        seen["log"] = [plain(r.getMessage()) for r in caplog.records]
        return seen

    alike(sit, reader, crossing, case, look)


@pytest.mark.parametrize("case", CASES[1:3])
def test_neither_lake_nor_figures_nor_their_files_tell(
    sit: Sit, crossing: str, desk: Path, case: str
) -> None:
    def look(client: Client, record: str) -> dict[str, object]:
        return {"lake": lake_rows(desk), "page": opened(client, [reverse("figures")])} | files_of(
            client
        )

    alike(sit, "imi.analis.kepala", crossing, case, look)


@pytest.mark.parametrize("case", CASES)
def test_no_notice_is_sent_more(sit: Sit, crossing: str, case: str) -> None:
    for reader in (OWNER, LEADER, GRANTEE, PARTNER):
        told_to(reader, "http://127.0.0.1:9/hook")
    alike(sit, OWNER, crossing, case, lambda client, record: {"told": notices()})


def test_what_the_tests_above_compare_is_something(sit: Sit, crossing: str, desk: Path) -> None:
    """Another act shows everywhere: else they could pass by looking at nothing."""
    told_to(OWNER, "http://127.0.0.1:9/hook")

    def look(client: Client, record: str) -> dict[str, object]:
        return {"lake": lake_rows(desk), "feed": feed(client), "told": notices()}

    client = sit(OWNER)
    nothing = undone(client, crossing, lambda: None, look)
    refer = undone(client, crossing, lambda: do(crossing, [REFER]), look)
    for name in nothing:
        assert nothing[name] != refer[name], name
