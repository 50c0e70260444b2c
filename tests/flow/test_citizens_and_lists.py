"""Travellers before the lists: an entry ban never touches who is a citizen, an exit ban holds at exit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tapal.core.finding import Weight
from tapal.flow import reference
from tapal.flow.intake import HandIn
from tapal.flow.listed import LISTS
from tapal.flow.report import hand_in
from tapal.store.models import Alert, Finding, Listing, Record

HEADING = (
    "name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,"
    "direction,post,time,mode"
)


def listed(roll: str, entity_id: str = "E1", **more: object) -> None:
    data = {
        "names": ["MARIA BERE SOARES"],
        "birth_dates": ["1990-01-02"],
        "nationalities": ["TLS"],
        "documents": [["C0123456", "TLS"]],
    }
    Listing.objects.create(
        roll_id=roll, entity_id=entity_id, schema="Person", data=data, number="N-1", **more
    )
    reference.bump(LISTS)


def crosses(
    nationality: str = "TLS",
    issuing: str = "TLS",
    *,
    number: str = "C0123456",
    document: str = "passport",
    direction: str = "entry",
    time: str = "2026-03-10T10:00",
) -> str:
    """A traveller with the listed name and birth date; returns the record's id."""
    row = (
        f'"SOARES, MARIA BERE",F,1990-01-02,{nationality},{document},{number},{issuing},2030-06-27,'
        f"{direction},PLBN-11,{time},foot"
    )
    given = HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001")
    return hand_in(f"{HEADING}\n{row}\n".encode(), given).items[0].id


def matches(record: str) -> list[tuple[str, Weight]]:
    rows = Finding.objects.filter(record_id=record, rule="list_match", withdrawn_at=None)
    return [(row.reason.removeprefix("list_match:"), Weight(row.weight)) for row in rows]


@pytest.mark.parametrize(
    ("nationality", "issuing", "document"),
    [
        ("IDN", "IDN", "passport"),
        ("IDN", "TLS", "passport"),
        ("TLS;IDN", "TLS", "passport"),
        ("", "IDN", "passport"),
        ("", "IDN", "border_pass"),
        ("XXX", "IDN", "passport"),
    ],
    ids=["citizen", "foreign paper", "two nationalities", "passport", "border pass", "unspecified"],
)
def test_an_entry_ban_never_matches_a_citizen(
    home: Path, nationality: str, issuing: str, document: str
) -> None:
    listed("tangkal")
    assert matches(crosses(nationality, issuing, document=document)) == []
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("nationality", "issuing"),
    [("", ""), ("XXX", "TLS"), ("TLS", "IDN")],
    ids=["nothing stated", "unspecified", "document of ours"],
)
def test_of_one_who_may_be_a_citizen_an_entry_ban_asks_and_never_alerts(
    home: Path, nationality: str, issuing: str
) -> None:
    listed("tangkal")
    record = crosses(nationality, issuing)
    assert matches(record) == [("tangkal", Weight.LOOK)]
    assert not Alert.objects.filter(reason="list_match:tangkal").exists()
    said = Finding.objects.get(record_id=record, rule="list_match").text["id"]
    assert "warga negara" in said


def test_an_entry_ban_alerts_for_a_foreigner_also_on_a_visa_of_ours(home: Path) -> None:
    listed("tangkal")
    assert matches(crosses()) == [("tangkal", Weight.ALERT)]
    with_visa = crosses(document="visa", issuing="IDN", number="V0000077")
    assert matches(with_visa) == [("tangkal", Weight.ALERT)]


def test_other_lists_alert_for_a_citizen_as_for_anybody(home: Path) -> None:
    listed("dpo")
    assert [roll for roll, _ in matches(crosses("IDN", "IDN"))] == ["dpo"]


@pytest.mark.parametrize(
    ("roll", "direction", "speaks"),
    [
        ("cegah", "exit", True),
        ("cegah", "entry", False),
        ("tangkal", "entry", True),
        ("tangkal", "exit", False),
    ],
)
def test_a_ban_has_its_direction(home: Path, roll: str, direction: str, speaks: bool) -> None:
    listed(roll)
    assert bool(matches(crosses(direction=direction))) is speaks


def test_an_exit_ban_holds_a_citizen_too(home: Path) -> None:
    listed("cegah")
    citizen = crosses("IDN", "TLS", direction="exit")
    assert [roll for roll, _ in matches(citizen)] == ["cegah"]


@pytest.mark.parametrize("roll", ["cegah", "tangkal"])
def test_a_ban_ends_with_its_last_day_at_the_post(home: Path, roll: str) -> None:
    """23.59 at Motaain is 15.59 Greenwich; two minutes later it is the next day there."""
    listed(roll, valid_until=date(2026, 3, 10))
    way = "exit" if roll == "cegah" else "entry"
    assert matches(crosses(direction=way, time="2026-03-10T23:59"))
    assert matches(crosses(direction=way, time="2026-03-11T00:01")) == []
    assert matches(crosses(direction=way, time="2026-03-10T16:01:00+00:00")) == []


def test_a_ban_does_not_hold_before_its_first_day(home: Path) -> None:
    listed("tangkal", valid_from=date(2026, 3, 11))
    assert matches(crosses(time="2026-03-10T23:59")) == []
    assert matches(crosses(time="2026-03-11T00:01"))


def test_the_day_of_the_crossing_counts_and_not_that_of_the_handing_in(home: Path) -> None:
    listed("tangkal", valid_until=date(2026, 3, 10))
    record = crosses(time="2026-03-10T10:00")
    assert Record.objects.get(pk=record).received_at.date() > date(2026, 3, 10)
    assert matches(record)


def test_entries_that_have_ended_take_no_place_of_one_that_holds(home: Path) -> None:
    for n in range(15):
        listed("tangkal", f"A{n}", valid_until=date(2026, 3, 9))
    listed("tangkal", "E1")
    assert matches(crosses()) == [("tangkal", Weight.ALERT)]


def test_a_list_of_many_namesakes_takes_no_place_of_another_list(home: Path) -> None:
    for n in range(15):
        listed("dpo", f"A{n}")
    listed("tangkal")
    found = matches(crosses())
    assert found.count(("dpo", Weight.ALERT)) == 10 and ("tangkal", Weight.ALERT) in found
