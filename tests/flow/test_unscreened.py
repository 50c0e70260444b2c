"""A record that was not screened is never told as one without findings."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tapal.core.actions import Actor
from tapal.core.marking import Purpose
from tapal.flow import unscreened
from tapal.flow.intake import HandIn, take_and_read
from tapal.flow.lists import import_list
from tapal.flow.report import report
from tapal.flow.share import open_door
from tapal.flow.work import work_all
from tapal.store.models import Finding, Record, Task, Work
from tests.flow.lists.test_versions import put
from tests.flow.parcels import message

LIGHT = "P2,500,JOSE SERAN,1991-01-02,TLS:A2,,entry"
LISTER = Actor("0", "SETUP", "set-up", "", None, frozenset({"listing.edit"}))
LIST = b"id,schema,name,list\nS-1,Person,Nobody At All,sanctions\n"
GIVEN = HandIn("a.csv", "DJBC", "PLBN-11")


def beat(home: Path) -> None:
    (home / "worker.beat").write_text(json.dumps({"at": time.time()}))


def stored() -> str:
    """A record that nobody has worked."""
    return take_and_read(message(LIGHT), GIVEN).items[0].id


def test_a_report_counts_what_was_not_screened(parcels: Path) -> None:
    import_list(LIST, actor=LISTER)
    reading = take_and_read(message(LIGHT), GIVEN)
    told = report(reading, "a.csv", "en")
    assert (told["findings"], told["unscreened"]) == (0, 1)
    assert told["items"][0]["screened"] is False
    work_all()
    told = report(reading, "a.csv", "en")
    assert (told["unscreened"], told["items"][0]["screened"]) == (0, True)


def test_without_a_list_nothing_is_screened(parcels: Path) -> None:
    reading = take_and_read(message(LIGHT), GIVEN)
    work_all()
    assert report(reading, "a.csv", "en")["unscreened"] == 1
    why = unscreened.unscreened(reading.items[0].id)
    assert why is not None and "no list" in why.text.en


def test_the_first_list_screens_what_came_before(parcels: Path) -> None:
    record = stored()
    work_all()
    import_list(LIST, actor=LISTER)
    assert [row.records for row in Work.objects.all()] == [[record]]
    work_all()
    assert unscreened.unscreened(record) is None
    put(LIST.replace(b"S-1", b"S-2"))
    assert not Work.objects.exists()


def test_it_says_when_it_will_be(parcels: Path) -> None:
    import_list(LIST, actor=LISTER)
    record = stored()
    stopped = unscreened.unscreened(record)
    assert stopped is not None and "worker has stopped" in stopped.text.en
    beat(parcels)
    queued = unscreened.unscreened(record)
    assert queued is not None and "number 1" in queued.text.en
    again = datetime.now(UTC).timestamp() + 30
    Work.objects.update(trouble="OperationalError", lease_until=again)
    retried = unscreened.unscreened(record)
    assert retried is not None and retried.at == datetime.fromtimestamp(again, UTC)


def test_what_failed_for_good_asks_for_a_person(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_list(LIST, actor=LISTER)
    record = stored()

    def broken(ids: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("tapal.flow.work.judge", broken)
    for _ in range(3):
        work_all()
        Work.objects.update(lease_until=0)
    assert Task.objects.filter(name="record_not_worked").exists() and not Work.objects.exists()
    why = unscreened.unscreened(record)
    assert why is not None and "by hand" in why.text.en


@pytest.mark.django_db(databases=["default", "access"])
def test_the_owner_sees_it_in_lists_and_at_his_post(parcels: Path, owner: Actor) -> None:
    import_list(LIST, actor=LISTER)
    record = stored()
    assert Record.objects.get().worked is False and not Finding.objects.exists()
    seen = open_door(owner, Purpose.CUSTOMS).record(record)
    assert not seen.row.screened
    assert (unscreened.waiting_at("PLBN-11"), unscreened.waiting_at("PLBN-16")) == (1, 0)
    work_all()
    assert open_door(owner, Purpose.CUSTOMS).record(record).row.screened
    assert unscreened.waiting_at(None) == 0
