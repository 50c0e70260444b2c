"""A sealed case is to everybody but its members what no case is: wherever one could count, follow or ask."""

from __future__ import annotations

import logging
import re
import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tapal.core.cases import CaseOutcome
from tapal.flow import cases
from tapal.flow.officers import actor_of
from tapal.flow.share import open_door
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Access, Alert, Attachment, Case, CaseEntry, Officer
from tests.security.looking import (
    compare,
    feed,
    files_of,
    lake_rows,
    notices,
    opened,
    pages_of,
    undone,
)  # fmt: skip
from tests.security.test_fear_in_history import plain
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STEWARD, STRANGER, Sit
from tests.web.test_outbox import told_to

pytestmark = pytest.mark.django_db(databases=["default", "access"])

AUDITOR, ANALYST = "bnpp.auditor", "imi.analis.kepala"
READERS = (OWNER, STEWARD, AUDITOR, GRANTEE, STRANGER, ADMIN, "hubinter.penyidik")
# A long address is kept without its end.
_ID = re.compile(r"[0-9a-f-]{16,}")
PDF = b"%PDF-1.4 invented"
NOWHERE, NO_FILE = (uuid.UUID(f"01a20c1c-0000-7000-8000-00000000000{n}") for n in (1, 2))


@pytest.fixture(autouse=True)
def known(crossing: str) -> None:
    """A case that was there before: the scopes of cases are not new to the store."""
    case = sealed(crossing)
    CaseEntry.objects.filter(case=case, ref__gt="").update(undone_at=timezone.now())
    Attachment.objects.all().delete()
    CaseEntry.objects.filter(sort="file").delete()
    Case.objects.update(sealed=False, opened_at=timezone.now())


def sealed(record: str) -> Case:
    """The leader's sealed case with all that a case can hold, and a member of another agency."""
    actor = actor_of(Officer.objects.get(username=LEADER), "PLBN-11")
    door = open_door(actor, purposes_of(actor)[0])
    case = cases.open_with("Kurir", "record", record, door=door, sealed=True)
    for alert in Alert.objects.filter(record_id=record):
        cases.add_item(case.id, "alert", alert.pk, door=door)
    cases.write(case.id, "note", "dugaan kurir", actor=actor)
    cases.write(case.id, "decision", "periksa lagi", actor=actor)
    cases.attach(case.id, "surat.pdf", PDF, actor=actor)
    cases.add_member(case.id, "KRT-0002", "BARANTIN", actor=actor)
    cases.close(case.id, CaseOutcome.UNFOUNDED, "bukan", actor=actor)
    cases.reopen(case.id, "ada lagi", actor=actor)
    return case


def pages(client: Client, record: str) -> list[str]:
    """Where a case could show: the thing that it joins, the lists, the case's own addresses."""
    case = Case.objects.filter(sealed=True).values_list("pk", flat=True).first() or NOWHERE
    file = CaseEntry.objects.filter(sort="file").values_list("pk", flat=True).first() or NO_FILE
    found = pages_of(client, record)
    found += [reverse("looks", args=[record]), reverse("access_log"), reverse("cases")]
    found += [f"{reverse('cases')}?state=closed", f"{reverse('case_new')}?sort=record&ref={record}"]
    found += [reverse("bearer", args=[record]), reverse("search") + "?q=C0123456"]
    found += [reverse(name, args=[case]) for name in ("case", "case_looks", "case_add")]
    return [*found, reverse("case_file", args=[case, file]), f"/api/v1/cases/{case}"]


def acts(client: Client) -> list[str]:
    """What acting upon the case answers: as upon one that is not there."""
    case = Case.objects.filter(sealed=True).values_list("pk", flat=True).first() or NOWHERE
    told = []
    for name, more in (
        ("case_write", {"sort": "note", "text": "x"}),
        ("case_member", {"officer": "IMI-0001", "agency": "IMI"}),
        ("case_member_end", {"officer": "IMI-0002", "agency": "IMI"}),
    ):
        answer = client.post(reverse(name, args=[case]), more)
        told.append(f"{name} {answer.status_code} {plain(answer.content.decode())}")
    for step in ("tutup", "segel", "tawarkan", "terima"):
        answer = client.post(
            reverse("case_step", args=[case, step]), {"text": "x", "agency": "IMI"}
        )
        told.append(f"{step} {answer.status_code} {plain(answer.content.decode())}")
    return told


@pytest.mark.parametrize("reader", READERS)
def test_nothing_tells_that_a_sealed_case_is_there(
    sit: Sit, crossing: str, reader: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="tapal")

    def look(client: Client, record: str) -> dict[str, object]:
        caplog.clear()
        seen: dict[str, object] = dict(opened(client, pages(client, record)))
        seen |= {"acts": acts(client), "feed": feed(client)}
        rows = Access.objects.filter(officer=Officer.objects.get(username=reader).number)
        seen["looks"] = sorted(_ID.sub("id", f"{a.act} {a.subject} {a.count}") for a in rows)
        seen["log"] = [plain(r.getMessage()) for r in caplog.records]
        return seen

    compare(sit(reader), crossing, lambda: None, lambda: sealed(crossing), look)


def test_neither_lake_nor_figures_nor_notices_tell(
    sit: Sit, crossing: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPAL_HOOK_NETWORKS", "127.0.0.0/8")
    for reader in (OWNER, LEADER, GRANTEE):
        told_to(reader, "http://127.0.0.1:9/hook")

    def look(client: Client, record: str) -> dict[str, object]:
        return {"lake": lake_rows(desk), "told": notices()} | files_of(client)

    compare(sit(ANALYST), crossing, lambda: None, lambda: sealed(crossing), look)


def test_a_case_that_is_not_sealed_does_show(sit: Sit, crossing: str) -> None:
    """Else the tests above could pass by looking at nothing."""
    client = sit(OWNER)

    def look(reader: Client, record: str) -> dict[str, object]:
        return dict(opened(reader, pages(reader, record)))

    def unsealed() -> None:
        Case.objects.filter(pk=sealed(crossing).pk).update(sealed=False)

    assert undone(client, crossing, unsealed, look) != undone(client, crossing, lambda: None, look)
