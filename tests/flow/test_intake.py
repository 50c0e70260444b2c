"""From bytes to findings, on a kind that the house has never seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.flow import raw, rejects
from tapal.flow.intake import BadHandIn, HandIn, take, take_and_read
from tapal.flow.report import hand_in, report
from tapal.store.models import Alert, Event, Finding, Message, Record, Reject, Work
from tests.flow.parcels import message

HEAVY = "P1,20000,MARIA BERE,1990-01-02,TLS:A1,DH 1234 AB,entry"
LIGHT = "P2,500,JOSE SERAN,1991-01-02,TLS:A2,,entry"


def test_a_message_becomes_records_findings_and_an_alert(parcels: Path) -> None:
    told = report(hand_in(message(HEAVY, LIGHT), HandIn(source="a.csv")), "a.csv", "en")
    assert (told["records"], told["rejects"], told["known"], told["alerts"]) == (2, 0, 0, 1)
    assert told["items"][0]["findings"][0] == {
        "rule": "parcel_heavy",
        "label": "Parcel heavy",
        "text": "Weighs 20000 g.",
        "weight": "alert",
        "disputed": False,
    }
    assert Record.objects.get(keys__value="P1").owner == "DJBC"
    assert Alert.objects.get().findings.count() == 1
    assert not Work.objects.exists()


def test_the_same_bytes_are_known(parcels: Path) -> None:
    hand_in(message(HEAVY), HandIn())
    told = report(hand_in(message(HEAVY), HandIn()), "-", "id")
    assert (told["records"], told["known"], Record.objects.count()) == (0, 1, 1)


def test_the_same_number_doubles_nothing_and_loses_nothing(parcels: Path) -> None:
    hand_in(message(HEAVY), HandIn())
    told = report(hand_in(message(HEAVY, LIGHT), HandIn()), "-", "id")
    assert (told["records"], told["known"], Record.objects.count()) == (1, 1, 2)


def test_another_number_is_another_statement(parcels: Path) -> None:
    hand_in(message(HEAVY, number="1"), HandIn())
    hand_in(message(HEAVY, number="2"), HandIn())
    assert Record.objects.count() == 2


def test_one_bad_row_stops_nothing(parcels: Path, owner: Actor) -> None:
    data = message("P1,heavy,X,,,,entry", LIGHT)
    reading = hand_in(data, HandIn())
    assert [i.status for i in reading.items] == ["reject", "record"]
    reject = Reject.objects.get()
    assert (reject.place, reject.raw) == ("row 1", "P1,heavy,X,,,,entry")
    mended = rejects.mend(reject.id, data.replace(b"heavy", b"9"), actor=owner)
    assert mended.closed
    reject.refresh_from_db()
    assert (reject.state, reject.closed_by) == ("mended", owner.number)
    assert Record.objects.count() == 2


def test_a_stranger_mends_nothing(parcels: Path, stranger: Actor, owner: Actor) -> None:
    hand_in(message("P1,heavy,X,,,,entry"), HandIn())
    reject = Reject.objects.get()
    with pytest.raises(Missing):
        rejects.dismiss(reject.id, "no", actor=stranger)
    with pytest.raises(Rejected):
        rejects.dismiss(reject.id, " ", actor=owner)
    rejects.dismiss(reject.id, "test row", actor=owner)
    assert Reject.objects.get().state == "dismissed"


def test_replay_gives_no_doubles(parcels: Path, owner: Actor) -> None:
    hand_in(message("P1,heavy,X,,,,entry", LIGHT), HandIn())
    mended = rejects.replay(Reject.objects.get().id, actor=owner)
    assert not mended.closed
    assert [i.status for i in mended.reading.items] == ["reject", "known"]
    assert (Record.objects.count(), Reject.objects.count()) == (1, 1)


def test_what_nobody_can_read_is_kept_with_its_bytes(parcels: Path) -> None:
    told = report(hand_in(b"\x00\x01 what is this", HandIn()), "-", "en")
    assert (told["records"], told["rejects"]) == (0, 1)
    assert "parcel.csv" in told["items"][0]["reason"]
    assert raw.fetch(Message.objects.get().sha256) == b"\x00\x01 what is this"


def test_an_unknown_agency_or_format_is_wrong_use(parcels: Path) -> None:
    for wrong in (HandIn(agency="NONE"), HandIn(post="NONE"), HandIn(format="none")):
        with pytest.raises(BadHandIn):
            take(message(HEAVY), wrong)
    assert not Message.objects.exists()


def test_a_reading_goes_on_where_it_was_cut(parcels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapal.flow.intake.BATCH", 2)
    rows = [f"P{n},1,NAME {n},,,,entry" for n in range(7)]
    data = message(*rows)
    calls = []

    def cut(*args: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("tapal.flow.intake._write_rejects", cut)
        with pytest.raises(KeyboardInterrupt):
            take_and_read(data, HandIn())
    assert Message.objects.get().position == 4
    take_and_read(data, HandIn())
    assert sorted(r.body["number"] for r in Record.objects.all()) == [f"P{n}" for n in range(7)]


def test_every_record_has_its_event_and_the_event_makes_the_record(parcels: Path) -> None:
    hand_in(message(HEAVY), HandIn())
    event = Event.objects.get(type="record.received")
    told = json.loads(event.content.content)
    record = Record.objects.get()
    assert told["body"] == record.body
    assert told["owner"] == record.owner


def test_repeats_join_the_open_alert(parcels: Path) -> None:
    hand_in(message(HEAVY, number="1"), HandIn())
    hand_in(message(HEAVY.replace("P1", "P9"), number="2"), HandIn())
    alert = Alert.objects.get()
    assert (alert.count, alert.findings.count()) == (2, 2)
    assert Finding.objects.filter(rule="parcel_again").count() == 1


def test_what_was_read_as_the_wrong_format_can_be_handed_in_as_the_right_one(
    parcels: Path,
) -> None:
    data = message(HEAVY)
    wrong = report(hand_in(data, HandIn(agency="DJBC", format="mrz")), "-", "en")
    assert (wrong["records"], wrong["rejects"] > 0) == (0, True)
    right = HandIn(agency="DJBC", format="parcel.csv")
    assert report(hand_in(data, right), "-", "en")["records"] == 1
    assert report(hand_in(data, right), "-", "en")["known"] == 1
    assert report(hand_in(data, HandIn(agency="DJBC", format="mrz")), "-", "en")["known"] == 1


def test_what_a_reader_says_twice_of_one_field_stops_no_message(home: Path) -> None:
    person = "NAD+FL+++{}:DEWI'DTM+329:{}'DTM+329:{}'DTM+329:{}'NAT+2+IDN'DOC+P+A1'"
    person += "ATT+2++F'ATT+2++M'ATT+2++X'"
    persons = person.format("SARI", 901314, 903333, 901314) + person.format("TONO", *[900214] * 3)
    list_ = f"UNB+UNOA:4+A+B+260310:0830+R1'UNH+1+PAXLST:D:05B:UN:IATA'BGM+745'{persons}UNT+9+1'"
    reading = hand_in(list_.encode(), HandIn())
    assert [each.status for each in reading.items] == ["record", "record"]
    first = Finding.objects.filter(record_id=reading.items[0].id, rule="value_unreadable")
    assert sorted(first.values_list("about", flat=True)) == [
        "person.birth_date",
        "person.birth_date 2",
    ]
    sexes = Finding.objects.filter(record_id=reading.items[1].id, rule="value_given_twice")
    assert sorted(sexes.values_list("about", flat=True)) == ["person.sex", "person.sex 2"]
