"""Nobody's first traveller waits for the lists: they are loaded before a batch is claimed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tapal.core.actions import Actor
from tapal.flow import listed, lists, work
from tapal.flow.worker import Worker
from tapal.store.models import Listing

LIST = b"id,schema,name,list\nS-1,Person,Nobody At All,sanctions\n"
LISTER = Actor("0", "SETUP", "set-up", "", None, frozenset({lists.EDIT}))
pytestmark = pytest.mark.usefixtures("parcels")


def test_a_ready_process_asks_the_store_for_no_listing() -> None:
    lists.import_list(LIST, actor=LISTER)
    listed.make_ready()
    with CaptureQueriesContext(connection) as asked:
        assert len(listed.current().entries) == 1
    assert not [each for each in asked if Listing._meta.db_table in each["sql"]]


def test_a_worker_loads_the_lists_before_it_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(listed, "make_ready", lambda: told.append("lists"))
    monkeypatch.setattr("tapal.flow.worker.work_one", lambda name: told.append("claim"))
    Worker(lambda: "claim" in told).run()
    assert told == ["lists", "claim"]


def test_a_trouble_of_the_lists_keeps_nobody_from_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lists.import_list(LIST, actor=LISTER)

    def broken() -> listed.Lists:
        raise OSError("the disk is away")

    monkeypatch.setattr(listed, "current", broken)
    listed.make_ready()
    assert "not loaded yet" in caplog.text
    assert work.work_one("w") is None
