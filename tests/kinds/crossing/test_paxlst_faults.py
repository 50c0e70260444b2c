"""Passenger lists as the wire brings them: folded, wrapped, doubled, upside down."""

from __future__ import annotations

import pytest

from tapal.core.reading import Draft, Header, Item, Rejection
from tapal.kinds.crossing import paxlst
from tapal.kinds.crossing.model import Crossing
from tests.kinds.builders import READING

UNB = "UNB+UNOA:4+CARRIER+IMIGRASI+260310:0830+R1'"
VOYAGE = "TDT+20+AL754+++AL'LOC+125+DIL'DTM+189:2603100930:201'LOC+87+KOE'DTM+232:2603101015:201'"
PERSON = "NAD+FL+++SARI:DEWI'ATT+2++F'DTM+329:900214'NAT+2+IDN'DOC+P+A1'DTM+36:300101'LOC+91+IDN'"


def interchange(*persons: str, voyage: str = VOYAGE, unb: str = UNB) -> str:
    inner = f"UNH+1+PAXLST:D:05B:UN:IATA'BGM+745'{voyage}{''.join(persons)}"
    return f"UNA:+.? '{unb}{inner}UNT+{inner.count(chr(39)) + 1}+1'UNZ+1+R1'"


def read(data: bytes | str) -> tuple[Header, list[Item]]:
    data = data.encode() if isinstance(data, str) else data
    header, *items = paxlst.read(data, READING)
    assert isinstance(header, Header)
    return header, items


def one(data: bytes | str) -> tuple[Crossing, list[str]]:
    _, (item,) = read(data)
    assert isinstance(item, Draft), item
    assert isinstance(item.body, Crossing)
    return item.body, [finding.rule for finding in item.findings]


def codes(header: Header) -> list[str]:
    return [finding.rule for finding in header.findings]


PLAIN, _ = one(interchange(PERSON))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (interchange(PERSON).lower().encode(), ["edifact_lower_case"]),
        (b"\xef\xbb\xbf" + interchange(PERSON).encode(), []),
        (interchange(PERSON).encode("utf-16"), ["edifact_charset"]),
        (interchange(PERSON).encode("utf-16-be"), ["edifact_charset"]),
        (interchange(PERSON).replace("'", "'\r\n").encode(), []),
        (
            interchange(PERSON.replace("NAT+", "N\r\nAT+")).encode(),
            ["edifact_line_break_in_segment"],
        ),
    ],
)
def test_the_same_list_in_another_dress_says_the_same(data: bytes, told: list[str]) -> None:
    assert paxlst.sniff(data[:4096]) == 95
    header, _ = read(data)
    body, _ = one(data)
    assert body == PLAIN
    assert codes(header) == told


def test_letters_are_read_by_the_charset_that_fits() -> None:
    """UNOC names Latin-1; UTF-8 sent under its name is seen by its form."""
    unoc = UNB.replace("UNOA", "UNOC")
    named = interchange("NAD+FL+++MÜLLER:JOSÉ'", unb=unoc)
    for data, told in ((named.encode("latin-1"), 0), (named.encode(), 1)):
        header, _ = read(data)
        body, _ = one(data)
        assert (body.person.primary_identifier, body.person.secondary_identifier) == (
            "MÜLLER",
            "JOSÉ",
        )
        assert codes(header).count("edifact_charset") == told


def test_a_table_that_mentions_the_message_type_is_no_list_of_a_carrier() -> None:
    assert not paxlst.sniff(b"name,direction,remarks\nSARI,entry,from the PAXLST of AL754\n")


def test_a_fault_in_every_segment_is_told_a_few_times_and_counted() -> None:
    data = interchange(*[PERSON] * 20).replace("'", "\n").replace("UNA:+.? \n", "UNA:+.? '", 1)
    header, items = read(data)
    assert len(items) == 20
    assert codes(header).count("edifact_terminator_missing") == 6
    assert header.findings[-1].data["count"] > 100


@pytest.mark.parametrize(
    "voyage",
    [
        "TDT+20+AL754+++AL'DTM+189:2603100930:201'DTM+232:2603101015:201'LOC+125+DIL'LOC+87+KOE'",
        "TDT+20+AL754+++AL'DTM+189:2603100930:201'LOC+125+DIL'DTM+232:2603101015:201'LOC+87+KOE'",
        "TDT+20+AL754+++AL'LOC+125+DIL'LOC+87+KOE'DTM+189:2603100930:201'DTM+232:2603101015:201'",
    ],
)
def test_times_written_before_their_port_or_behind_the_wrong_one_find_theirs(voyage: str) -> None:
    body, _ = one(interchange(PERSON, voyage=voyage))
    assert body == PLAIN


def test_a_time_of_a_port_on_the_way_is_not_made_the_arrival() -> None:
    way = "LOC+92+SIN'DTM+232:2603101015:201'"
    voyage = f"TDT+20+AL754+++AL'LOC+125+DIL'DTM+189:2603100930:201'{way}LOC+87+KOE'"
    body, _ = one(interchange(PERSON, voyage=voyage))
    assert body.journey is not None
    assert (body.journey.arrives, body.local_time) == (None, None)


def test_a_departure_is_never_taken_for_the_arrival() -> None:
    voyage = "TDT+20+AL754+++AL'LOC+125+DIL'LOC+87+KOE'DTM+189:2603100930:201'"
    body, _ = one(interchange(PERSON, voyage=voyage))
    assert body.journey is not None
    assert (body.journey.departs, body.journey.arrives) == ("2026-03-10T09:30", None)


def test_a_carrier_by_name_alone_is_kept() -> None:
    voyage = VOYAGE.replace(
        "TDT+20+AL754+++AL'", "TDT+20+V12+1++:::PELNI+++9074729:146::KM CONTOH'"
    )
    body, _ = one(interchange(PERSON, voyage=voyage))
    assert body.journey is not None
    assert (body.journey.carrier, body.journey.vessel) == ("PELNI", "KM CONTOH")
    assert body.journey.vessel_number == "9074729"


def test_a_value_given_twice_is_told_and_neither_is_lost() -> None:
    twice = PERSON + "ATT+2++M'DTM+329:910214'DTM+36:310101'LOC+91+TLS'"
    body, rules = one(interchange(twice))
    assert (body.person, body.document) == (PLAIN.person, PLAIN.document)
    assert rules.count("value_given_twice") == 4
    assert set((body.extra or {}).values()) == {"M", "1991-02-14", "2031-01-01", "TLS"}


def test_the_same_value_twice_is_no_fault() -> None:
    body, rules = one(interchange(PERSON + "ATT+2++F'DTM+329:900214'"))
    assert body == PLAIN
    assert "value_given_twice" not in rules


def test_references_of_one_name_stand_side_by_side() -> None:
    body, _ = one(interchange(PERSON + "RFF+CR:1'RFF+CR:2'EMP+1+C1'EMP+1+C2'"))
    assert body.journey is not None
    assert body.journey.references == {"CR": "1", "CR 2": "2", "EMP": "C1", "EMP 2": "C2"}


def test_a_document_group_written_upside_down_is_one_document() -> None:
    person = (
        "NAD+FL+++SARI:DEWI'ATT+2++F'DTM+329:900214'NAT+2+IDN'DTM+36:300101'LOC+91+IDN'DOC+P+A1'"
    )
    body, _ = one(interchange(person))
    assert body == PLAIN


def test_the_dates_of_a_document_that_is_not_there_are_kept_as_they_came() -> None:
    body, _ = one(interchange("NAD+FL+++SARI:DEWI'DTM+36:300101'"))
    assert body.document is None
    assert body.extra == {"DTM": "DTM+36:300101"}


@pytest.mark.parametrize("noughts", ["000000", "00000000:102"])
def test_noughts_are_no_date(noughts: str) -> None:
    person = f"NAD+FL+++SARI:DEWI'DTM+329:{noughts}'DOC+P+A1'DTM+36:{noughts}'"
    body, _ = one(interchange(person))
    assert body.document is not None
    assert (body.person.birth_date, body.document.expires) == (None, None)
    assert set(body.unread or {}) == {"person.birth_date", "document.expires"}


@pytest.mark.parametrize(
    ("segment", "sex", "extra"),
    [
        ("ATT+2++:::M", "M", {}),
        ("ATT+2++MALE", "M", {}),
        ("ATT+2++U:110:111", "X", {}),
        ("ATT+2++", None, {}),
        ("ATT+2+M", None, {"ATT": "ATT+2+M"}),
    ],
)
def test_sex_by_code_or_by_word(segment: str, sex: str | None, extra: dict[str, str]) -> None:
    body, _ = one(interchange(f"NAD+FL+++SARI:DEWI'{segment}'"))
    assert (body.person.sex, body.extra or {}) == (sex, extra)


def test_roles_in_lower_case_begin_a_person() -> None:
    _, items = read(interchange(PERSON, "NAD+fm+++TONO:A'", "NAD+FL'"))
    assert [type(item) for item in items] == [Draft, Draft, Rejection]
    assert [item.place for item in items if not isinstance(item, Header)] == [
        "NAD 1",
        "NAD 2",
        "NAD 3",
    ]


def test_a_segment_without_end_is_cut_and_told() -> None:
    header, items = read(interchange(f"NAD+FL+++{'A' * 100_000}'", PERSON))
    assert "edifact_segment_too_long" in codes(header)
    assert [item.place for item in items if isinstance(item, Draft)] == ["NAD 1", "NAD 2"]


def test_lists_without_a_person_are_told_apart_by_their_place() -> None:
    data = f"{UNB}UNH+1+PAXLST:D:05B:UN'not'UNT+2+1'UNH+2+PAXLST:D:05B:UN'none'UNT+2+2'UNZ+2+R1'"
    _, items = read(data)
    assert [type(item) for item in items] == [Rejection, Rejection]
    places = [item.place for item in items if isinstance(item, Rejection)]
    assert len(set(places)) == 2


def test_one_of_an_unknown_role_is_rejected_by_his_place_and_lends_nobody_his_values() -> None:
    other = PERSON.replace("+FL+", "+ZZ+").replace("SARI", "LAIN").replace("IDN", "TLS")
    _, (first, stranger, last) = read(interchange(PERSON, other, PERSON))
    assert isinstance(first, Draft) and isinstance(last, Draft)
    assert first.body == PLAIN and last.body == PLAIN
    assert isinstance(stranger, Rejection)
    assert (stranger.place, "LAIN" in stranger.raw) == ("NAD 2", True)


def test_a_contact_named_among_the_persons_is_none_of_them() -> None:
    body, _ = one(interchange(PERSON, "NAD+MR+++IMIGRASI'COM+021 555:TE'LOC+22+SIN'"))
    assert body == PLAIN


def test_who_is_listed_twice_alike_is_told() -> None:
    _, items = read(interchange(PERSON, PERSON.replace("DEWI", "RINI"), PERSON))
    rules = [[f.rule for f in i.findings] for i in items if isinstance(i, Draft)]
    assert rules == [[], [], ["person_listed_twice"]]


def test_a_list_without_ports_says_that_its_way_is_not_known() -> None:
    header, (person,) = read(interchange(PERSON, voyage="TDT+20+AL754+++AL'"))
    assert isinstance(person, Draft)
    assert codes(header) == ["direction_unknown"]


def test_a_date_that_cannot_be_read_twice_is_kept_twice() -> None:
    twice = PERSON.replace("DTM+329:900214'", "DTM+329:901314'DTM+329:903333'DTM+329:901314'")
    _, (item,) = read(interchange(twice))
    assert isinstance(item, Draft) and isinstance(item.body, Crossing)
    assert item.body.unread == {"person.birth_date": "901314", "person.birth_date 2": "903333"}
