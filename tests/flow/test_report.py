"""What an intake tells: faults of the whole message, and what is known from an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapal.flow import intake
from tapal.flow import report as reporting
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in, report
from tapal.store.models import Message, Record

UNB = "UNB+UNOA:4+CARRIER+IMIGRASI+260310:0830+R1'"
LIST = (
    f"UNA:+.? '{UNB}UNH+1+PAXLST:D:05B:UN:IATA'BGM+745'TDT+20+AL754+++AL'LOC+125+DIL'LOC+87+KOE'"
    "NAD+FL+++SARI:DEWI'NAD+FL+++TONO:A'UNT+99+1'UNZ+1+R1'"
).encode()


def test_faults_of_the_whole_message_are_told_with_its_first_item(home: Path) -> None:
    told = report(hand_in(LIST, HandIn(source="a.edi")), "a.edi", "en")
    first, second = told["items"]
    heaviest = first["findings"][0]
    assert (heaviest["rule"], heaviest["weight"]) == ("edifact_unt_count", "note")
    assert "99" in heaviest["text"]
    assert "edifact_unt_count" not in [f["rule"] for f in second["findings"]]
    assert told["findings"] == sum(len(item["findings"]) for item in told["items"])
    again = report(hand_in(LIST, HandIn(source="a.edi")), "a.edi", "en")
    assert (again["findings"], again["known"]) == (0, 2)


def test_what_an_earlier_message_said_stays_known_however_often_it_comes(home: Path) -> None:
    hand_in(LIST, HandIn())
    more = LIST.replace(b"'", b"'\r\n").replace(b"UNT+99", b"NAD+FL+++WATI:B'\r\nUNT+99")
    expected = [("NAD 1", "known"), ("NAD 2", "known"), ("NAD 3", "record")]
    for times in range(2):
        told = report(hand_in(more, HandIn()), "-", "id")
        found = sorted((item["place"], item["status"]) for item in told["items"])
        assert found == (expected if times == 0 else [*expected[:2], ("NAD 3", "known")])


@pytest.mark.parametrize("reads_on", [True, False], ids=["it reads on", "it died"])
def test_who_hands_in_what_another_reads_waits_and_is_told_all_of_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, reads_on: bool
) -> None:
    """Two hands give in the same file at once: one message, each row once, both are told of all."""
    given, first = HandIn("a.csv", "IMI", "PLBN-11", None), list[Message]()

    def raced(data: bytes, handed: HandIn) -> intake.Reading:
        if not first:
            first.append(intake.take(data, handed))
            if reads_on:
                intake.read(first[0])
            raise intake.Overtaken(str(first[0].pk))
        return intake.take_and_read(data, handed)

    monkeypatch.setattr(reporting, "take_and_read", raced)
    monkeypatch.setattr(reporting, "STANDS_STILL_SECONDS", 0.0)
    rows = "".join(f"ROSA MALI {n},1990-01-02,TLS,C00{n},TLS,entry\n" for n in range(3))
    heading = "name,birth_date,nationality,document_number,issuing_state,direction\n"
    reading = hand_in((heading + rows).encode(), given)
    assert [i.place for i in reading.items] == ["row 2", "row 3", "row 4"]
    assert Record.objects.count() == 3 and reading.message.pk == first[0].pk
