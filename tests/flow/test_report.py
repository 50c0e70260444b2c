"""What an intake tells: faults of the whole message, and what is known from an earlier one."""

from __future__ import annotations

from pathlib import Path

from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in, report

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
