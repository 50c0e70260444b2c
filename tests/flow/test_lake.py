"""The lake follows the log: what the store holds, no more, and again after whatever happened to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tapal.core.actions import Actor
from tapal.core.ids import uuid7
from tapal.core.lake import LAKE_LEVEL
from tapal.core.marking import Sensitivity
from tapal.engines.lake import manifest
from tapal.engines.lake.ask import LakeReader
from tapal.flow import alert, lake, lake_rows
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all
from tapal.store.models import Alert, Cursor, Event, Record
from tests.flow.conftest import ALL_POWERS

pytestmark = pytest.mark.django_db(databases=["default", "access"])

HEAD = "name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,"
HEAD += "direction,post,time,mode\n"
# The first one's document has expired: an alert.
FIRST = '"SOARES, MARIA",F,1988-02-14,TLS,passport,C1,TLS,2025-06-30,entry,PLBN-11,'
FIRST += "2026-11-24T23:12:00,foot\n"
SECOND = '"LOPES, JOSE",M,1990-01-01,TLS,passport,C2,TLS,2030-06-30,exit,PLBN-11,'
SECOND += "2026-11-25T09:12:00,foot\n"
SHARED_SAMPLES = Path(__file__).parents[2] / "src/tapal/kinds/phyto/samples/ephyto"


def cross(*lines: str) -> list[str]:
    """Hand crossings in; gives the records' ids."""
    given = HandIn(f"{len(lines)}.csv", "IMI", "PLBN-11", None, "IMI-0001")
    return [item.id for item in hand_in((HEAD + "".join(lines)).encode(), given).items]


def rows(type_: str = "record.received") -> list[dict[str, object]]:
    """The lake's rows of one type of event, in order."""
    reader = LakeReader(lake.folder(), lake_rows.all_columns())
    return reader.run(lambda events: events.filter(events.type == type_).order_by("seq"))


def equal() -> bool:
    """Whether lake and store agree, both holding something."""
    position = Cursor.objects.get(name=lake.CURSOR).position
    ours, theirs = lake.totals_of_lake(), lake.totals_of_store(position)
    return bool(ours) and ours == theirs and lake.problems() == []


def test_records_are_counted_as_the_store_counts_them(home: Path) -> None:
    cross(FIRST, SECOND)
    for sample in sorted(SHARED_SAMPLES.glob("*.xml"))[:4]:
        hand_in(sample.read_bytes(), HandIn(sample.name, "BARANTIN", "PLBN-11", None, "KRT-0001"))
    built = lake.build()
    assert built.rows > 0 and built.position == Event.objects.count()
    totals = lake.totals_of_lake()
    assert totals["crossing"]["records"] == 2
    assert totals["phyto"]["f_items__net_weight__value"] > 0
    assert equal()
    assert lake.build().commits == 0


def test_no_name_number_or_birth_date_is_in_any_file(home: Path) -> None:
    ids = cross(FIRST)
    lake.build()
    held = b"".join(path.read_bytes() for path in lake.folder().rglob("*") if path.is_file())
    text = json.dumps(rows() + rows("alert.opened"), default=str)
    for word in ("SOARES", "MARIA", "1988-02-14", 'C1"', ids[0]):
        assert word not in text and word.encode() not in held
    assert "TLS" in text


def test_the_day_and_hour_are_the_posts_own(home: Path) -> None:
    cross(FIRST)
    lake.build()
    (row,) = rows()
    # Motaain is in WITA: 23.12 there is 15.12 UTC.
    assert str(row["local_day"]) == "2026-11-24" and row["local_hour"] == 23
    assert row["f_direction"] == "entry" and row["f_person__nationality"] == "TLS"


def test_an_edit_of_what_the_lake_holds_is_the_newest_state(home: Path) -> None:
    from tapal.flow.records import revise

    (first,) = cross(FIRST)
    lake.build()
    record = Record.objects.get(pk=first)
    revise(record, {"direction": "exit", "stay.permitted_days": 7}, actor="X", action="mend")
    revise(record, {"remarks": "seen with a red bag"}, actor="X", action="mend")
    lake.build()
    # The remark is personal: the lake does not even hold that something was written.
    (row,) = rows("record.revised")
    assert row["f_direction"] == "exit" and row["f_stay__permitted_days"] == 7
    assert lake.totals_of_lake()["crossing"] == {"records": 1, "f_stay__permitted_days": 7}
    assert equal()


def test_what_lies_above_the_lakes_level_is_not_there(home: Path) -> None:
    cross(FIRST)
    opened = Alert.objects.get()
    Alert.objects.update(sensitivity=LAKE_LEVEL + 1)
    lake.build()
    assert opened and rows("alert.opened") == []
    assert LAKE_LEVEL is Sensitivity.RESTRICTED


def test_alerts_and_tasks_carry_reason_and_outcome_but_no_words(home: Path) -> None:
    cross(FIRST)
    chief = Actor("1", "IMI-0002", "Chief", "IMI", "PLBN-11", ALL_POWERS)
    opened = Alert.objects.get()
    alert.take_alert(opened.id, actor=chief)
    alert.close_alert(opened.id, alert.Outcome.FALSE, "he is my cousin", actor=chief)
    lake.build()
    (closed,) = rows("alert.closed")
    assert closed["name"] == opened.reason and closed["outcome"] == "false"
    assert closed["owner"] == "IMI" and closed["place"] == "PLBN-11"
    assert "cousin" not in json.dumps(closed, default=str)
    assert len(rows("alert.taken")) == 1


def test_a_commit_that_was_never_confirmed_is_taken_back(home: Path) -> None:
    cross(FIRST)
    lake.build()
    before = manifest.read(lake.folder())
    assert before is not None
    cross(SECOND)
    lake.build()
    # The power went before the manifest was written, and tore the last commit of the Delta log.
    manifest.write(lake.folder(), before)
    last = sorted((lake.folder() / "events/_delta_log").glob("*.json"))[-1]
    last.write_bytes(last.read_bytes()[:20])
    lake.build()
    assert equal() and lake.totals_of_lake()["crossing"]["records"] == 2


@pytest.mark.parametrize("harm", ["shorter", "gone", "no manifest", "another log"])
def test_a_damaged_lake_is_made_again_from_the_log(home: Path, harm: str) -> None:
    cross(FIRST, SECOND)
    lake.build()
    held = manifest.read(lake.folder())
    assert held is not None
    file = lake.folder() / "events" / next(iter(held.files))
    if harm == "shorter":
        file.write_bytes(file.read_bytes()[:-10])
    elif harm == "gone":
        file.unlink()
    elif harm == "no manifest":
        (lake.folder() / manifest.NAME).unlink()
    else:
        # The store was put back to an earlier day and numbered other events since.
        manifest.write(lake.folder(), replace(held, event=str(uuid7())))
    if harm in ("shorter", "gone"):
        assert lake.problems()
    built = lake.build()
    assert built.commits > 0 and equal()


def test_compacting_changes_no_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake, "COMMIT_EVENTS", 3)
    cross(FIRST, SECOND)
    built = lake.build()
    held = manifest.read(lake.folder())
    assert built.commits > 1 and held is not None and len(held.files) > 1
    before = rows()
    assert lake.compact() == 1
    assert rows() == before and equal()
    cross(FIRST.replace("C1", "C3"))
    assert not lake.build().rebuilt and equal()


def test_only_numbered_events_are_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cross(FIRST)
    monkeypatch.setattr(lake, "number_all", lambda: 0)
    Event.objects.update(seq=None)
    assert lake.build().position == 0
    Cursor.objects.filter(name="sequencer").update(position=0)
    number_all()
    assert lake.build().rows > 0 and equal()


def test_one_writer_at_a_time(home: Path) -> None:
    from tapal.engines.lake import disk

    lake.folder().mkdir()
    with disk.only_one(lake.folder() / "writer.lock") as mine:
        assert mine and lake.build().busy and lake.compact() is None


def test_waiting_counts_what_lies_past_the_cursor(home: Path) -> None:
    cross(FIRST)
    number_all()
    assert lake.waiting() == Event.objects.count() > 0
    lake.build()
    assert lake.waiting() == 0
