"""Ports of this country have a zone of their own, so that a list without a post has its instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tapal.core.reading import Draft, ReadContext
from tapal.kinds.crossing import paxlst
from tapal.kinds.crossing.codes import port_is_home, port_zone, rows
from tapal.kinds.crossing.model import Crossing
from tests.kinds.builders import NOW, READING
from tests.kinds.crossing.test_paxlst_faults import PERSON, interchange

NOWHERE = ReadContext(received_at=NOW)


def voyage(start: str, end: str) -> str:
    left, came = "DTM+189:2603100930:201'", "DTM+232:2603101015:201'"
    return f"TDT+20+AL754+++AL'LOC+125+{start}'{left}LOC+87+{end}'{came}"


def read(start: str, end: str, context: ReadContext = NOWHERE) -> Draft:
    data = interchange(PERSON, voyage=voyage(start, end)).encode()
    _, item = paxlst.read(data, context)
    assert isinstance(item, Draft)
    return item


def zone_of(item: Draft) -> str | None:
    assert isinstance(item.body, Crossing)
    return item.body.zone


@pytest.mark.parametrize(
    ("port", "zone", "hour"),
    [
        ("CGK", "Asia/Jakarta", 3),
        ("DPS", "Asia/Makassar", 2),
        ("DJJ", "Asia/Jayapura", 1),
        ("PNK", "Asia/Pontianak", 3),
        ("IDDJJ", "Asia/Jayapura", 1),
        ("IDBTM", "Asia/Jakarta", 3),
        ("IDBLT", "Asia/Jakarta", 3),
    ],
)
def test_an_arrival_without_a_post_has_the_ports_own_instant(
    port: str, zone: str, hour: int
) -> None:
    item = read("SIN", port)
    assert zone_of(item) == zone
    assert item.occurred_at == datetime(2026, 3, 10, hour, 15, tzinfo=UTC)
    assert "zone_unknown" not in [finding.rule for finding in item.findings]


def test_a_departure_is_timed_where_it_leaves_this_country() -> None:
    item = read("DPS", "SIN")
    assert (zone_of(item), item.occurred_at) == (
        "Asia/Makassar",
        datetime(2026, 3, 10, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(("start", "end"), [("DIL", "SIN"), ("SIN", "IDXXX"), ("SIN", "")])
def test_a_port_that_nobody_here_knows_has_no_zone_and_says_so(start: str, end: str) -> None:
    item = read(start, end)
    assert (zone_of(item), item.occurred_at) == ("unknown", None)
    assert "zone_unknown" in [finding.rule for finding in item.findings]


def test_the_ports_zone_goes_before_that_of_the_post_where_the_list_came_in() -> None:
    assert READING.post is not None and READING.post.zone == "Asia/Makassar"
    item = read("SIN", "CGK", READING)
    assert (zone_of(item), item.post) == ("Asia/Jakarta", "PLBN-11")


def test_a_port_of_this_country_without_a_zone_here_takes_the_posts() -> None:
    assert zone_of(read("SIN", "IDXXX", READING)) == "Asia/Makassar"


def test_every_port_has_a_zone_of_this_country_its_source_and_confidence() -> None:
    for row in rows("home_ports.csv"):
        offset = datetime(2026, 3, 10, tzinfo=ZoneInfo(row["tz"])).utcoffset()
        assert offset in (timedelta(hours=7), timedelta(hours=8), timedelta(hours=9)), row
        assert row["source"] and row["confidence"] in ("checked", "unchecked"), row
        assert port_is_home(row["code"]) and port_zone(row["code"]) == row["tz"]


def test_the_letters_of_a_port_abroad_are_not_taken_for_ours() -> None:
    """MAK is Malakal by IATA; only IDMAK is Makassar."""
    assert port_is_home("MAK") is None and port_zone("MAK") == ""
    assert port_zone("IDMAK") == "Asia/Makassar"
    assert port_zone("MYBTH") == ""
