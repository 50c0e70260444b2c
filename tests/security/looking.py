"""All that a reader can open, follow, export or be told, in a form in which two states can be compared."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tapal.flow import lake
from tapal.flow.outbox.writing import write_notices
from tapal.flow.sequence import number_all
from tapal.store.models import Alert, Notice, Procedure
from tests.security.test_fear_in_history import plain, tasks_seen

ATTEMPTS = 3
Look = Callable[[Client, str], dict[str, object]]


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
    with NamedTemporaryFile(suffix=".parquet") as file:
        file.write(body)
        file.flush()
        table = duckdb.sql(f"select columns(*)::varchar from '{file.name}'")
        return [plain(str(row)) for row in table.fetchall()]


class _Undone(Exception):
    """Takes back all that was done."""


def undone(client: Client, record: str, act: Callable[[], object], look: Look) -> dict[str, object]:
    """What a look finds after an act, which is then as if it had not been done."""
    seen: dict[str, object] = {}
    try:
        with transaction.atomic(), transaction.atomic(using="access"):
            act()
            number_all()
            seen = look(client, record)
            raise _Undone
    except _Undone:
        return seen


def compare(
    client: Client,
    record: str,
    ordinary: Callable[[], object],
    hidden: Callable[[], object],
    look: Look,
) -> None:
    """The look finds the same after the ordinary act and after the one that nobody may know of.

    What is kept for some seconds is read again now and then, in either state: a difference counts
    that is there each time.
    """
    undone(client, record, ordinary, look)  # what is read once and kept is read now
    different: list[str] = []
    for _ in range(ATTEMPTS):
        expected = undone(client, record, ordinary, look)
        found = undone(client, record, hidden, look)
        assert list(found) == list(expected)
        different = [n for n, told in expected.items() if found[n] != told]
        if not different:
            return
    raise AssertionError({n: _differences(found[n], expected[n]) for n in different})


def _differences(found: object, told: object) -> str:
    """The first place at which two answers differ, with what stands around it."""
    one, other = str(found), str(told)
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"...{one[max(0, at - 60) : at + 60]} | {other[max(0, at - 60) : at + 60]}"
