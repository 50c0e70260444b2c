"""A fear of return is hidden where records are counted, exported, followed or told about as well.

Two crossings, one after an ordinary referral, one after a fear of return that was received: what the
feed, the notices, the figures, their files, the lake, the log of the process and the number of
questions that each page costs tell of them must be the same, for a partner state and a consulate too.
"""

from __future__ import annotations

import io
import logging
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.mandates import EDIT_AGREEMENTS
from tapal.core.text import Text
from tapal.flow import agreements, lake
from tapal.flow.demo_officers import DEMO_PASSWORD
from tapal.flow.outbox.writing import write_notices
from tapal.flow.sequence import number_all
from tapal.store.models import Access, Agency, Alert, Mandate, Notice, Officer, Procedure
from tests.security.test_fear_in_history import (
    ALIKE,
    REFER,
    Step,
    _Undone,
    do,
    plain,
    tasks_seen,
)  # fmt: skip
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STRANGER, Sit
from tests.web.test_outbox import told_to

pytestmark = pytest.mark.django_db(databases=["default", "access"])

PARTNER, CONSUL = "tlmig.batugade", "konsulat.atambua"
ANALYST, PLANNER, MACHINE = "imi.analis", "bnpp.analis", "imi.pengelola"
READERS = (
    OWNER, LEADER, GRANTEE, STRANGER, PARTNER, CONSUL, ANALYST, PLANNER, ADMIN, MACHINE,
    "imi.walidata", "kemlu.penghubung", "imi.skouw", "imi.motaain.ttd",
)  # fmt: skip
CASES = (
    "at the counter", "received meanwhile", "at the second desk", "taken back", "second desk ended",
)  # fmt: skip
Look = Callable[[Client, str], dict[str, object]]
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


def pages_of(client: Client, record: str) -> list[str]:
    """What a reader can open about the record, by the API and where work is counted."""
    pages = [f"/api/v1/{name}" for name in ("records", "alerts", "tasks", "cases", "rejects")]
    pages += ["/api/v1/search?text=C0123456", "/api/v1/lists", f"/api/v1/records/{record}"]
    pages += [f"/api/v1/tasks/{task}" for task in tasks_seen(client, record)]
    pages += [f"/api/v1/alerts/{a.pk}" for a in Alert.objects.filter(record_id=record)]
    pages += [reverse(name, args=[record]) for name in ("record", "counter_answer", "print")]
    pages += [
        reverse(name)
        for name in (
            "queue", "tasks", "alerts", "shift", "strip", "quality", "figures", "worth", "machine",
            "procedures", "people", "posts", "outbox", "signals", "sharing", "intake",
        )
    ]  # fmt: skip
    names = ("asylum_request", "document_irregularity")
    for row in Procedure.objects.filter(state="in_force", name__in=names).order_by("name"):
        views = ("procedure", "procedure_rehearse", "procedure_move", "procedure_text")
        pages += [reverse(view, args=[row.pk]) for view in views]
    return pages


def opened(client: Client, pages: Sequence[str]) -> dict[str, str]:
    """Each page with its status and the number of questions that it put to the store."""
    seen = {}
    for index, address in enumerate(pages):
        with CaptureQueriesContext(connections["default"]) as asked:
            answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        seen[f"{index} {plain(address)}"] = (
            f"{answer.status_code} {len(asked)} questions {plain(body.decode())}"
        )
    return seen


def feed(client: Client) -> list[str]:
    """Everything that the feed of changes tells, to its end, without the ids."""
    told: list[str] = []
    cursor = ""
    for _ in range(20):
        answer = client.get("/api/v1/changes", {"cursor": cursor} if cursor else {})
        if answer.status_code != 200:
            return [str(answer.status_code)]
        page = answer.json()
        told += [
            f"{c['type']} {c['about']} {c['kind']} {c['owner']} {c['place']}" for c in page["items"]
        ]
        if page["next"] is None or not page["items"]:
            return told
        cursor = page["next"]
    raise AssertionError("the feed has no end")


def notices() -> list[tuple[str, int]]:
    """How many notices each subscriber has got, and of how many changes."""
    number_all()
    write_notices()
    rows = Notice.objects.select_related("subscription__officer").order_by("id")
    return [(n.subscription.officer.username, len(n.changes)) for n in rows]


def lake_rows(folder: Path) -> list[tuple[Any, ...]]:
    """The lake's rows without what differs between any two: numbers, times, pseudonyms."""
    import duckdb

    shutil.rmtree(folder / "lake", ignore_errors=True)
    lake.build(again=True)
    files = [str(p) for p in (folder / "lake").rglob("*.parquet")]
    assert files
    rows = duckdb.sql(f"select * from read_parquet({files}, union_by_name=true) order by seq")
    apart = {"seq", "at", "received_at", "due_at", "record", "subject", "id"}
    names = ", ".join(f'"{n}"::varchar' for n in rows.columns if n not in apart)
    return [tuple(row) for row in rows.project(names).fetchall()]


def files_of(client: Client) -> dict[str, object]:
    """The figures as files, in all three forms."""
    found: dict[str, object] = {}
    for name in (
        "crossings_by_day",
        "late_tasks",
        "time_in_queue",
        "alert_yield",
        "source_freshness",
    ):
        for form in ("csv", "xlsx", "parquet"):
            answer = client.get(reverse("figures_file", args=[name, form]))
            body = b"".join(answer) if answer.streaming else answer.content
            found[f"{name}.{form}"] = (answer.status_code, _sheet(body, form, answer.status_code))
    return found


def _sheet(body: bytes, form: str, status: int) -> object:
    if status != 200:
        return plain(body.decode())
    if form == "csv":
        return plain(body.decode())
    if form == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(body))
        names = sorted(n for n in book.namelist() if not n.startswith("docProps"))
        return [(n, plain(book.read(n).decode())) for n in names]
    import duckdb

    with NamedTemporaryFile(suffix=".parquet") as file:
        file.write(body)
        file.flush()
        table = duckdb.sql(f"select columns(*)::varchar from '{file.name}'")
        return [plain(str(row)) for row in table.fetchall()]


def undone(
    sit: Sit, reader: str, record: str, steps: Sequence[Step], look: Look
) -> dict[str, object]:
    """What a look finds after these acts, which are then as if they had not been done."""
    seen: dict[str, object] = {}
    try:
        with transaction.atomic(), transaction.atomic(using="access"):
            client = sit(reader)
            do(record, steps)
            number_all()
            seen = look(client, record)
            raise _Undone
    except _Undone:
        return seen


def alike(sit: Sit, reader: str, record: str, case: str, look: Look) -> None:
    """The look finds the same after the ordinary acts and after those that hide a fear of return."""
    ordinary, afraid = ALIKE[case]
    undone(sit, reader, record, ordinary, look)  # what is read once and kept is read now
    expected = undone(sit, reader, record, ordinary, look)
    found = undone(sit, reader, record, afraid, look)
    assert list(found) == list(expected)
    for name, told in expected.items():
        assert found[name] == told, name


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

    nothing, refer = (undone(sit, OWNER, crossing, steps, look) for steps in ([], [REFER]))
    for name in nothing:
        assert nothing[name] != refer[name], name
