"""When the lake is tended, and the sheet of the week."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet
import pytest

from tapal.flow import lake, lake_clock, officers
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.figures import weekly
from tapal.flow.figures.door import open_figures
from tapal.flow.figures.export import exported
from tapal.flow.lake_rows import CAPITAL
from tapal.flow.sequence import number_all
from tapal.store.models import Access, Cursor, Officer
from tests.flow.figures.test_door import HEAD, lines
from tests.flow.test_lake import FIRST, cross

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def now() -> datetime:
    return datetime.now(UTC)


def test_a_first_event_is_taken_at_once_and_later_ones_by_the_hour(home: Path) -> None:
    assert lake_clock.due(now()) == []
    cross(FIRST)
    number_all()
    assert lake_clock.due(now()) == ["append"]
    assert lake_clock.tend()[0] == "append"
    cross(FIRST.replace("C1", "C2"))
    number_all()
    assert "append" not in lake_clock.due(now())
    assert "append" in lake_clock.due(now() + lake_clock.HOURLY)


def test_many_events_do_not_wait_for_the_hour(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cross(FIRST)
    lake.build()
    cross(FIRST.replace("C1", "C2"))
    number_all()
    monkeypatch.setattr(lake, "COMMIT_EVENTS", lake.waiting())
    assert "append" in lake_clock.due(now())


def test_files_are_joined_once_a_night(home: Path) -> None:
    cross(FIRST)
    lake.build()
    assert "compact" in lake_clock.due(now())
    assert "compact" in lake_clock.tend()
    assert "compact" not in lake_clock.due(now())
    assert "compact" in lake_clock.due(now() + timedelta(days=1))


def test_the_night_is_the_capitals() -> None:
    # 03.00 in Jakarta; and 01.00, when the night before is meant.
    assert lake_clock.last_night(datetime(2026, 11, 23, 20, tzinfo=UTC)).isoformat() == (
        "2026-11-24T02:00:00+07:00"
    )
    assert lake_clock.last_night(datetime(2026, 11, 23, 18, tzinfo=UTC)).isoformat() == (
        "2026-11-23T02:00:00+07:00"
    )


def test_a_week_is_over_on_monday_morning() -> None:
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert weekly.Week.before(monday) == weekly.Week(2026, 47)
    assert weekly.Week.before(monday - timedelta(hours=8)) == weekly.Week(2026, 46)
    # 1 January 2027 lies in week 53 of 2026.
    assert weekly.Week.before(datetime(2027, 1, 4, 5, tzinfo=UTC)) == weekly.Week(2026, 53)


def test_each_agency_with_somebody_for_statistics_gets_its_sheet_once(home: Path) -> None:
    make_demo_officers()
    cross(FIRST)
    lake.build()
    assert {"BNPP", "HUBINTER"} <= set(weekly.missing(now()))
    # Immigration's shift leaders hold it for one post each; quarantine's officers do not.
    before = Access.objects.count()
    written = weekly.write(now())
    assert weekly.missing(now()) == [] and weekly.write(now()) == []
    assert Access.objects.filter(act="export").count() == len(written)
    assert Access.objects.count() > before
    (sheet,) = weekly.of_agency("BNPP")
    with zipfile.ZipFile(sheet) as book:
        names = book.read("xl/workbook.xml").decode()
        text = book.read("xl/sharedStrings.xml").decode()
    assert 'name="crossings_by_day"' in names and "Berapa orang melintas tiap hari?" in text
    assert "Sumber:" in text and "SOARES" not in text
    assert weekly.of_agency("BN") == []


def test_an_answer_as_csv_and_parquet(home: Path) -> None:
    make_demo_officers()
    from tapal.flow.intake import HandIn
    from tapal.flow.report import hand_in

    rows = (HEAD + lines("PLBN-11", 7) + lines("PLBN-16", 6)).encode()
    hand_in(rows, HandIn("a.csv", "IMI", None, None, "IMI-0001"))
    lake.build()
    actor = officers.actor_of(Officer.objects.get(username="bnpp.analis"))
    answers = open_figures(actor).ask(["crossings_by_post"], days=366)
    text = exported(answers, "csv", "en", CAPITAL).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert table[:3] == [
        ["Post", "Entries", "Exits"],
        ["PLBN Motaain", "7", "0"],
        ["PLBN Skouw", "6", "0"],
    ]
    assert any(line and line[0].startswith("Source: ") for line in table)
    data = pyarrow.parquet.read_table(io.BytesIO(exported(answers, "parquet", "en", CAPITAL)))
    assert data.to_pylist()[0] == {"place": "PLBN-11", "entries": 7, "exits": 0}
    assert b"Source: " in data.schema.metadata[b"notes"]


def test_the_worker_starts_the_tending_when_it_is_due(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []

    class Process:
        def __init__(self, command: object, **_: object) -> None:
            started.append(command)

        def poll(self) -> int | None:
            return None if len(started) < 2 else 0

    monkeypatch.setattr("tapal.flow.lake_clock.subprocess.Popen", Process)
    monkeypatch.setattr(lake_clock, "ASK_SECONDS", 0.0)
    tending = lake_clock.Tending()
    assert not tending.step()
    cross(FIRST)
    number_all()
    assert tending.step() and not tending.step()
    assert len(started) == 1
    assert Cursor.objects.filter(name=lake.CURSOR).first() is None
