"""The readers of a crossing where the samples do not reach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tapal.core.reading import Draft, Header, Item, ReadContext, Rejection
from tapal.core.record import Place
from tapal.formats.edifact_writer import Element, Envelope, write_interchange
from tapal.formats.mrz_layout import check_digit
from tapal.formats.table_dates import table_date
from tapal.kinds.crossing import CROSSING
from tapal.kinds.crossing.edifact_date import read_day, read_time
from tapal.kinds.crossing.form import BorderPass, Scan
from tapal.kinds.crossing.model import Crossing
from tests.kinds.builders import READING

NEAR = date(2026, 3, 10)
ENVELOPE = Envelope("AIRLINE", "IMIGRASI", datetime(2026, 3, 9, tzinfo=UTC), "R1", "PAXLST:D:05B")
Segments = Sequence[Sequence[Element]]


def read(name: str, data: bytes, context: ReadContext = READING) -> list[Item]:
    form = CROSSING.format(name)
    assert form is not None
    return list(form.read(data, context))


def body_of(item: Item) -> Crossing:
    assert isinstance(item, Draft), item
    assert isinstance(item.body, Crossing)
    return item.body


def heading(
    start: str = "DIL", end: str = "KOE", list_type: str = "745"
) -> list[Sequence[Element]]:
    return [
        ("BGM", list_type),
        ("TDT", "20", "AL754", "", "", "AL"),
        ("LOC", "125", start),
        ("DTM", ("189", "2603100930", "201")),
        ("LOC", "87", end),
        ("DTM", ("232", "2603101015", "201")),
    ]


def person(name: str = "SARI", code: str = "FL", *more: Sequence[Element]) -> Segments:
    return [("NAD", code, "", "", (name, "DEWI")), *more]


def listed(*parts: Segments, context: ReadContext = READING) -> tuple[Header, list[Item]]:
    segments = [segment for part in parts for segment in part]
    data = write_interchange(ENVELOPE, [segments])
    header, *items = read("paxlst", data, context)
    assert isinstance(header, Header)
    return header, items


def rules(item: Item) -> list[str]:
    assert isinstance(item, (Draft, Header))
    return [finding.rule for finding in item.findings]


def test_ways_and_instants_by_the_ports() -> None:
    """In: arrival counts, in the zone of the post here; out: departure."""
    _, (inward,) = listed(heading(), person())
    _, (outward,) = listed(heading("KOE", "DIL"), person())
    assert isinstance(inward, Draft)
    assert isinstance(outward, Draft)
    assert body_of(inward).direction == "entry"
    assert inward.occurred_at == datetime(2026, 3, 10, 2, 15, tzinfo=UTC)
    assert body_of(outward).direction == "exit"
    assert outward.occurred_at == datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def test_a_zone_that_is_not_known_gives_no_instant_and_says_so() -> None:
    nowhere = ReadContext(received_at=READING.received_at)
    _, (item,) = listed(heading("DIL", "SIN"), person(), context=nowhere)
    assert isinstance(item, Draft)
    assert item.occurred_at is None
    assert item.occurred_text == "2603101015"
    assert (body_of(item).local_time, body_of(item).zone) == ("2026-03-10T10:15", "unknown")
    assert "zone_unknown" in rules(item)


def test_a_port_that_is_a_place_brings_its_own_zone() -> None:
    port = Place("KOE", "Kupang El Tari", zone="Asia/Makassar")
    context = ReadContext(received_at=READING.received_at, places={"KOE": port})
    _, (item,) = listed(heading(), person(), context=context)
    assert isinstance(item, Draft)
    assert item.occurred_at == datetime(2026, 3, 10, 2, 15, tzinfo=UTC)
    assert item.post == "KOE"


def test_a_flight_between_foreign_ports_has_no_direction() -> None:
    header, (item,) = listed(heading("FRA", "JFK"), person())
    assert body_of(item).direction is None
    assert "direction_unknown" in rules(header)


@pytest.mark.parametrize("list_type", ["745", "250", "266", "336"])
def test_list_types_of_the_guide(list_type: str) -> None:
    header, (item,) = listed(heading(list_type=list_type), person(code="FM"))
    journey = body_of(item).journey
    assert journey is not None
    assert journey.list_type == list_type
    assert rules(header) == []


@pytest.mark.parametrize(("status", "crosses"), [("CLOB", True), ("CLNB", False), ("XR", False)])
def test_who_did_not_board_did_not_cross(status: str, crosses: bool) -> None:
    first, *rest = heading(list_type="266")
    _, (item,) = listed([(*first, status), *rest], person())
    assert isinstance(item, Draft)
    assert (body_of(item).direction == "entry") is crosses
    assert (item.occurred_at is not None) is crosses
    assert ("not_on_board" in rules(item)) is not crosses


def test_unknown_list_type_is_told_once() -> None:
    header, items = listed(heading(list_type="999"), person(), person("TAN"))
    assert rules(header) == ["list_type_unknown"]
    assert len(items) == 2


@pytest.mark.parametrize(
    ("totals", "wrong"),
    [
        ([("CNT", ("42", "2")), ("CNT", ("41", "1"))], 0),
        ([("CNT", ("42", "3"))], 0),  # those in transit counted in
        ([("CNT", ("42", "7"))], 1),
        ([("CNT", ("41", ""))], 1),
    ],
)
def test_control_totals(totals: Segments, wrong: int) -> None:
    header, _ = listed(
        heading(), person(), person("TAN"), person("LIM", "DDU"), person("ADI", "FM"), totals
    )
    assert rules(header).count("control_total") == wrong


def test_one_bad_passenger_never_stops_the_plane() -> None:
    _, items = listed(
        heading(),
        person(),
        person(""),
        [("NAD", "FL"), ("DTM", ("329", "??"))],
        person("TAN", "FL", ("DTM", ("329", "20260231", "102")), ("ATT", "2", "", "Q")),
        person("LIM"),
    )
    assert [type(item).__name__ for item in items] == [
        "Draft",
        "Draft",  # a single name in the second place
        "Rejection",
        "Draft",
        "Draft",
    ]
    assert [item.place for item in items if isinstance(item, Rejection)] == ["NAD 3"]
    assert body_of(items[1]).person.primary_identifier == "DEWI"
    assert body_of(items[3]).unread == {"person.birth_date": "20260231", "person.sex": "Q"}


def test_what_has_no_field_is_kept() -> None:
    more = [("XXX", "1", ("A", "B")), ("DTM", ("700", "1")), ("RFF", ("AEA", "K1")), ("XXX", "2")]
    _, (item,) = listed(heading(), person("SARI", "FL", *more))
    body = body_of(item)
    assert body.extra == {"XXX": "XXX+1+A:B", "DTM": "DTM+700:1", "XXX 2": "XXX+2"}
    assert body.journey is not None
    assert body.journey.references == {"AEA": "K1"}


def test_visas_are_further_documents_wherever_they_stand() -> None:
    _, (item,) = listed(
        heading(),
        person("SARI", "FL", ("DOC", "V", "V1"), ("LOC", "91", "IDN"), ("DOC", "P", "C1")),
    )
    body = body_of(item)
    assert body.document is not None
    assert body.further_documents is not None
    assert (body.document.number, body.further_documents[0].number) == ("C1", "V1")


def test_the_samples_of_the_field_keep_every_person(shared: Path) -> None:
    """An independent count of NAD groups against the records that come out."""
    for path in sorted((shared / "data/samples/paxlst").iterdir()):
        data = path.read_bytes()
        persons = sum(data.count(b"NAD+" + c + b"+") for c in (b"FL", b"FM", b"DDU", b"DDT"))
        drafts = [item for item in read("paxlst", data) if isinstance(item, Draft)]
        assert len(drafts) == persons, path.name
        if not persons:
            assert any(isinstance(item, Rejection) for item in read("paxlst", data))


# Dates, each by its own format.


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("880214", "", "1988-02-14"),
        ("880214", "101", "1988-02-14"),
        ("140288", "2", "1988-02-14"),
        ("021488", "3", "1988-02-14"),
        ("14021988", "4", "1988-02-14"),
        ("19880214", "102", "1988-02-14"),
        ("19880214", "", "1988-02-14"),
        ("1988", "602", "1988"),
        ("198802", "610", "1988-02"),
        ("850000", "101", "1985"),
        ("850300", "101", "1985-03"),
        ("19850000", "102", "1985"),
        ("260300", "101", "2026-03"),
        ("260310", "101", "2026-03-10"),
        ("260311", "101", "1926-03-11"),
    ],
)
def test_birth_dates(value: str, code: str, expected: str) -> None:
    assert read_day(value, code, NEAR, past=True) == expected


def test_a_period_has_two_ends() -> None:
    for period in ("2020010120300101", "20200101-20300101"):
        assert read_day(period, "718", NEAR) == "2020-01-01"
        assert read_day(period, "718", NEAR, last=True) == "2030-01-01"
    assert read_day("200101300101", "717", NEAR, last=True) == "2030-01-01"


@pytest.mark.parametrize(
    ("value", "code"),
    [("YYMMDD", ""), ("991399", "101"), ("880214", "999"), ("1988021", "102"), ("", ""),
     ("98022", "610"), ("850012", "101"), ("851300", "101"),
     ("20200101", "718"), ("202001012030010", "718"), ("٨٨٠٢١٤", "101"), ("880214XX", "101")],
)  # fmt: skip
def test_dates_that_are_none(value: str, code: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(value, code, NEAR)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("2603101015", "201", "2026-03-10T10:15:00"),
        ("202603101015", "203", "2026-03-10T10:15:00"),
        ("20260310101530", "204", "2026-03-10T10:15:30"),
        ("202603101015UTC", "303", "2026-03-10T10:15:00+00:00"),
        ("202603101015+08", "303", "2026-03-10T10:15:00+08:00"),
        ("2603101015-0330", "301", "2026-03-10T10:15:00-03:30"),
    ],
)
def test_times(value: str, code: str, expected: str) -> None:
    assert read_time(value, code, NEAR).isoformat() == expected


@pytest.mark.parametrize("value", ["202603101015XYZ", "202603101015+99"])
def test_zones_that_are_none(value: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        read_time(value, "303", NEAR)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1988-02-14", "1988-02-14"),
        ("14/02/1988", "1988-02-14"),
        ("14.2.1988", "1988-02-14"),
        ("19880214", "1988-02-14"),
        ("1988-02", "1988-02"),
        ("1988", "1988"),
        ("1988-02-14 00:00:00", "1988-02-14"),
    ],
)
def test_dates_of_tables(text: str, expected: str) -> None:
    assert table_date(text) == expected


@pytest.mark.parametrize("text", ["02/14/1988", "14-02-88", "kemarin", "1988-02-31", "0001-01-01"])
def test_dates_of_tables_are_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        table_date(text)


# Tables and JSON.


def test_headings_in_english_and_words_in_either_language() -> None:
    table = (
        "Direction,Full name,Date of birth,Gender,Nationality,Passport No,Expiry date\n"
        'keluar,"TAN, AH KOW",1970-01-05,male,Malaysia,A1234567,2030-01-01\n'
    )
    (item,) = read("crossing_csv", table.encode())
    body = body_of(item)
    assert (body.direction, body.person.sex, body.person.nationality) == ("exit", "M", "MYS")
    assert (body.person.primary_identifier, body.person.secondary_identifier) == ("TAN", "AH KOW")
    assert body.document is not None
    assert body.document.expires == "2030-01-01"


def test_a_watch_list_is_no_table_of_crossings() -> None:
    form = CROSSING.format("crossing_csv")
    assert form is not None
    assert form.sniff(b"id,schema,name,aliases,dob,nationality,doc_number\n") == 0
    assert form.sniff(b"certificate_number,issuing_country,result\n") == 0


def test_daylight_and_abbreviated_zones() -> None:
    table = b"arah;nama;tanggal lahir;waktu\nmasuk;SARI;1990;10-03-2026 08:00 WIT\n"
    (item,) = read("crossing_csv", table)
    assert isinstance(item, Draft)
    assert item.occurred_at == datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
    assert body_of(item).zone == "Asia/Jayapura"


def test_typed_and_scanned_that_differ_are_told() -> None:
    flat = {
        "direction": "entry",
        "sex": "M",
        "document_class": "border_pass",
        "mrz": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    }
    (item,) = read("crossing_json", json.dumps(flat).encode())
    body = body_of(item)
    assert "zone_differs" in rules(item)
    assert body.person.sex == "F"
    assert body.document is not None
    assert body.document.document_class == "border_pass"


def test_what_only_this_node_may_say_is_not_taken_from_outside() -> None:
    body = {
        "person": {"primary_identifier": "SARI"},
        "decision": {"outcome": "admitted"},
        "protection": {"fear_of_return": True},
    }
    (item,) = read("crossing_json", json.dumps(body).encode())
    assert body_of(item).decision is None
    assert body_of(item).protection is None


def test_characters_that_no_database_takes_are_left_out() -> None:
    data = b'[{"direction":"entry","name":"SA\\u0000RI\\ud800","document_number":"A1\\u0000"}]'
    (item,) = read("crossing_json", data)
    assert body_of(item).person.primary_identifier == "SARI?"
    shaped = b'{"person":{"primary_identifier":"SA\\u0000RI"},"remarks":"\\ud800"}'
    (item,) = read("crossing_json", shaped)
    assert body_of(item).person.primary_identifier == "SARI"


def test_lines_of_json_are_read_one_by_one() -> None:
    items = read("crossing_json", b'{"name":"SARI","direction":"in"}\n{"name":\n{"name":"TAN"}\n')
    assert [type(item).__name__ for item in items] == ["Draft", "Rejection", "Draft"]
    assert [item.place for item in items if not isinstance(item, Header)] == [
        "item 1",
        "item 2",
        "item 3",
    ]


# The counter's forms go through the JSON reader.


def test_the_border_pass_form_reads_as_it_was_filled_in() -> None:
    answers: dict[str, Any] = {
        "direction": "exit",
        "primary_identifier": "LUAN",
        "nationality": "IDN",
        "document_number": "XB 000123",
        "issuing_state": "IDN",
        "residence": "Kobalima Timur",
        "destination": "TLS-COV-TILOMAR",
        "purpose": "custom_ceremony",
        "extensions": 1,
        "companions": [{"primary_identifier": "ROSA", "birth_date": "2019-01-01"}],
        "time": "2026-03-10T08:00:00+08:00",
    }
    filled = BorderPass.model_validate(answers).model_dump(mode="json", exclude_none=True)
    (item,) = read("crossing_json", json.dumps(filled).encode())
    body = body_of(item)
    assert body.capture == "form"
    assert body.residence is not None
    assert body.destination is not None
    assert (body.residence.area, body.destination.area) == ("53.21.10", "TLS-COV-TILOMAR")
    assert (body.purpose, body.extensions) == ("custom_ceremony", 1)
    assert body.companions is not None
    assert body.companions[0].primary_identifier == "ROSA"
    assert body.unread is None
    assert body.extra is None


def test_the_scan_form_reads_as_it_was_filled_in() -> None:
    zone = (
        "P<IDNSUHARTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nX1234567<6IDN7001057M2901012<<<<<<<<<<<<<<04"
    )
    filled = Scan.model_validate({"direction": "exit", "mode": "bus", "mrz": zone})
    data = json.dumps(filled.model_dump(mode="json", exclude_none=True)).encode()
    (item,) = read("crossing_json", data)
    body = body_of(item)
    assert body.person.primary_identifier == "SUHARTO"
    assert body.person.secondary_identifier is None
    assert (body.direction, body.mode) == ("exit", "bus")


def test_entities_and_keys_of_a_body() -> None:
    body = {
        "person": {"primary_identifier": "LUAN", "secondary_identifier": "ROSA BETE",
                   "birth_date": "1990-05-01", "nationality": "IDN", "sex": "F"},
        "document": {"document_class": "border_pass", "number": "XB-000123", "issuing_state": "IDN"},
        "vehicle": {"plate": "DH 1234 AB"},
        "journey": {"number": "QQ 0877", "arrives": "2026-03-10T10:15"},
        "companions": [{"primary_identifier": "ADI"}],
    }  # fmt: skip
    assert {(key.type, key.value) for key in CROSSING.keys(body)} == {
        ("document", "IDN:XB000123"),
        ("person", "BETE LUAN ROSA|1990-05-01"),
        ("plate", "DH1234AB"),
        ("voyage", "QQ877/2026-03-10"),
    }
    found = {(e.schema, e.role): e for e in CROSSING.entities(body)}
    traveller = found["Person", "traveller"]
    assert traveller.first("name") == "ROSA BETE LUAN"
    assert traveller.first("idNumber") == "XB-000123"
    assert [a.value for a in traveller.anchors] == ["IDN:XB000123"]
    assert found["Identification", "document"].first("number") == "XB-000123"
    assert found["Person", "companion"].path == "companions.0"
    assert found["Vehicle", "vehicle"].first("registrationNumber") == "DH 1234 AB"


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [("880000", "1988"), ("880300", "1988-03"), ("88<<<<", "1988"), ("000229", "2000-02-29"),
     ("260310", "2026-03-10"), ("260311", "1926-03-11"), ("<<<<<<", None)],
)  # fmt: skip
def test_birth_dates_of_zones_known_in_part(printed: str, read_as: str | None) -> None:
    zone = "P<PNGWANGGAI".ljust(44, "<") + "\n" + line_two(printed)
    (item,) = read("mrz", zone.encode())
    assert body_of(item).person.birth_date == read_as
    assert "value_unreadable" not in rules(item)


def line_two(birth: str) -> str:
    number, expiry, optional = "P0000001<", "300101", "<" * 14
    first, born = number + check_digit(number), birth + check_digit(birth)
    until = expiry + check_digit(expiry)
    whole = check_digit(f"{first}{born}{until}{optional}<")
    return f"{first}PNG{born}M{until}{optional}<{whole}"


def test_a_second_nationality_is_kept_beside_the_first() -> None:
    _, (item,) = listed(heading(), person("A", "FL", ("NAT", "2", "AUS"), ("NAT", "2", "IDN")))
    child = body_of(item).person
    assert (child.nationality, child.other_nationalities) == ("AUS", ["IDN"])
    table = b"name,nationality,birth date,direction\nANAK,AUS; Indonesia,2015-01-01,entry\n"
    (row,) = read("crossing_csv", table)
    assert body_of(row).person.other_nationalities == ["IDN"]
    traveller = next(iter(CROSSING.entities(body_of(row).model_dump(exclude_none=True))))
    assert traveller.properties["nationality"] == ("AUS", "IDN")


@pytest.mark.parametrize(
    ("written", "local", "rule"),
    [
        ("2026-03-10", "2026-03-10", ["time_is_a_day"]),
        ("10/03/2026", "2026-03-10", ["time_is_a_day"]),
        ("2026-03-10 00:00", "2026-03-10T00:00", []),
        ("10-03-2026 08.15", "2026-03-10T08:15", []),
        ("2026-03-10 08:15 WIT", "2026-03-10T08:15", []),
    ],
)
def test_a_day_without_an_hour_stays_a_day(written: str, local: str, rule: list[str]) -> None:
    table = f"name,birth date,direction,time\nANA,1990-01-01,entry,{written}\n"
    (item,) = read("crossing_csv", table.encode())
    assert body_of(item).local_time == local
    assert rules(item) == rule
    assert isinstance(item, Draft) and item.occurred_at is not None
    body = body_of(item).model_dump(mode="json", exclude_none=True)
    (again,) = read("crossing_json", json.dumps(body).encode())
    assert body_of(again).local_time == local
    assert isinstance(again, Draft) and again.occurred_at == item.occurred_at


def test_a_number_under_a_passports_heading_is_a_passports() -> None:
    for heads, given in (("Nomor Paspor", "passport"), ("Nomor Dokumen", None)):
        table = f"Nama;Tanggal Lahir;{heads};Arah\nANA;1990-01-01;X1;masuk\n"
        (item,) = read("crossing_csv", table.encode())
        document = body_of(item).document
        assert document is not None and document.document_class == given
