"""Tables as offices keep them: titles, totals, spreadsheets' habits, dates in every order, joined columns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tapal.core.reading import Draft, Header, Item, Rejection
from tapal.formats.table_dates import Shown, serial_time, table_date, table_time
from tapal.kinds.crossing import persons_csv
from tapal.kinds.crossing.codes import state_code
from tapal.kinds.crossing.model import Crossing
from tests.kinds.builders import READING

HEAD = "name,nationality,birth_date,direction\n"


def read(text: str | bytes) -> list[Item]:
    return list(persons_csv.read(text.encode() if isinstance(text, str) else text, READING))


def bodies(text: str | bytes) -> list[Crossing]:
    return [i.body for i in read(text) if isinstance(i, Draft) and isinstance(i.body, Crossing)]


def told(text: str) -> list[str]:
    first = read(text)[0]
    return [finding.rule for finding in first.findings] if isinstance(first, Header) else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1980/01/15", "1980-01-15"),
        ("15 Januari 1980", "1980-01-15"),
        ("15-Jan-1980", "1980-01-15"),
        ("15/Mei/1980", "1980-05-15"),
        ("Senin, 5 Agustus 1980", "1980-08-05"),
        ("January 15, 1980", "1980-01-15"),
        ("Dec 1 1980", "1980-12-01"),
        ("1980-01-15T00:00:00Z", "1980-01-15"),
        ("15/01/1980 00:00", "1980-01-15"),
        ("00/00/1980", "1980"),
    ],
)
def test_dates_by_words_and_with_slashes(text: str, expected: str) -> None:
    assert table_date(text) == expected


@pytest.mark.parametrize(
    "text", ["15/01/80", "15-Jan-80", "31 Juni 1980", "15 Xyz 1980", "80-01-15"]
)
def test_no_century_and_no_day_is_made_up(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        table_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20/11/2026 8:15", "2026-11-20T08:15"),
        ("20/11/2026 8:15 PM", "2026-11-20T20:15"),
        ("20/11/2026 12:05 am", "2026-11-20T00:05"),
        ("20-11-2026 pukul 08.15", "2026-11-20T08:15"),
        ("20 November 2026, 08:15:30", "2026-11-20T08:15:30"),
        ("20 August 2026 08:15", "2026-08-20T08:15"),
        ("2026/11/20 08:15", "2026-11-20T08:15"),
    ],
)
def test_times_of_day(text: str, expected: str) -> None:
    time, clock = table_time(text)
    assert clock
    assert time.isoformat(timespec="auto").removesuffix(":00") == expected


@pytest.mark.parametrize(
    "text", ["20/11/2026 13:15 PM", "20/11/2026 25:00", "08:15", "11/2026 08:15"]
)
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        table_time(text)


def test_a_day_alone_has_no_clock() -> None:
    assert not table_time("20 11 2026")[1]
    assert not table_time("2026-11-20")[1]


def test_day_numbers_of_spreadsheets() -> None:
    assert serial_time("29235") is not None
    for days in (10_000, 29_235, 36_526, 60_000):
        found = serial_time(str(days))
        assert found is not None
        assert found.date() == date(1899, 12, 30) + timedelta(days)
    time = serial_time("46346.34375")
    assert time is not None
    assert time.isoformat() == "2026-11-20T08:15:00"
    assert serial_time("2026") is None
    (body,) = bodies(HEAD + "SARI,IDN,29235,entry\n")
    assert body.person.birth_date == "1980-01-15"
    (item,) = read(HEAD + "SARI,IDN,29235,entry\n")
    assert isinstance(item, Draft)
    assert [finding.rule for finding in item.findings] == ["date_from_day_number"]


def test_a_column_with_the_month_first_is_read_so_and_told() -> None:
    text = HEAD + "A,IDN,03/04/1980,entry\nB,IDN,01/15/1980,entry\n"
    assert [body.person.birth_date for body in bodies(text)] == ["1980-03-04", "1980-01-15"]
    assert told(text) == ["table_order_month"]


def test_dates_that_could_be_two_are_not_read_where_a_table_mixes_orders() -> None:
    text = (
        HEAD
        + "A,IDN,03/04/1980,entry\nB,IDN,01/15/1980,entry\nC,IDN,15/02/1980,exit\nD,IDN,5/5/1980,exit\n"
    )
    assert [body.person.birth_date for body in bodies(text)] == [
        None,
        "1980-01-15",
        "1980-02-15",
        "1980-05-05",
    ]
    assert told(text) == ["table_order_unclear"]


def order(*texts: str) -> str | None:
    shown = Shown()
    for text in texts:
        shown.add(text)
    return shown.order


def test_one_slip_among_many_does_not_unsettle_a_column() -> None:
    assert order(*["15/02/1980"] * 40, "01/15/1980") == "day"
    assert order(*["15/02/1980"] * 4, "01/15/1980") == "unclear"
    assert order("03/04/1980") is None


def test_columns_that_show_nothing_go_by_the_others() -> None:
    text = "name,nationality,birth_date,expires,direction\nA,IDN,01/15/1980,03/04/2030,entry\n"
    (body,) = bodies(text)
    assert body.document is not None
    assert body.document.expires == "2030-03-04"


@pytest.mark.parametrize(
    "table",
    [
        "sep=;\nname;nationality;birth_date;direction\nSARI;IDN;1990-02-14;entry\n",
        "Pelintas PLBN Motaain\n20 November 2026\n\n" + HEAD + "SARI,IDN,1990-02-14,entry\n",
        "LAPORAN,,,\n,,,\n" + HEAD + "SARI,IDN,1990-02-14,entry\n",
        "Daftar, pelintas; Motaain\nname;nationality;birth_date;direction\nSARI;IDN;1990-02-14;entry\n",
        "\ufeff" + HEAD.replace(",", "|") + "SARI|IDN|1990-02-14|entry\n",
        HEAD.replace("direction", '"direction\n(in/out)"').replace('"direction\n(in/out)"', "arah")
        + "SARI,IDN,1990-02-14,masuk\n",
        "Nama Pelintas;WN;Tgl. Lahir;Arah Lintas\nSARI;WNI;14 Februari 1990;MASUK\n",
    ],
)
def test_headings_are_found_below_titles_and_whatever_parts_the_cells(table: str) -> None:
    for data in (table.encode(), table.encode("utf-16")):
        assert persons_csv.sniff(data) == 80
        (body,) = bodies(data)
        assert (body.person.primary_identifier, body.person.nationality) == ("SARI", "IDN")
        assert (body.person.birth_date, body.direction) == ("1990-02-14", "entry")


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    titled = "Pelintas PLBN Motaain\n\n" + HEAD + '"SARI\nDEWI",IDN,1990-02-14,entry\n,IDN,,exit\n'
    assert [i.place for i in read(titled) if not isinstance(i, Header)] == ["row 4", "row 5"]
    said = "sep=,\n" + HEAD + "SARI,IDN,1990-02-14,entry\n"
    assert [i.place for i in read(said) if not isinstance(i, Header)] == ["row 2"]


def test_headings_again_are_no_person_and_a_total_is_none_either() -> None:
    text = HEAD + "SARI,IDN,1990-02-14,entry\n" + HEAD + "TONO,IDN,1990-02-14,exit\nTOTAL,,,2\n"
    *kept, last = read(text)
    assert [item.place for item in kept if isinstance(item, Draft)] == ["row 2", "row 4"]
    assert isinstance(last, Rejection)
    assert last.place == "row 5"


def test_a_person_called_total_is_a_person() -> None:
    (body,) = bodies(HEAD + "Total,TLS,1990-02-14,entry\n")
    assert body.person.primary_identifier == "Total"


def test_what_a_spreadsheet_adds_is_taken_off() -> None:
    table = (
        "name,nationality,birth_date,passport no,expiry,direction\n"
        'SARI,IDN,########,"=""0012345""",#N/A,entry\n'
        "Null,-,n/a,'0012345,-,exit\n"
        "TONO,TLS,,1.23457E+11,,exit\n"
    )
    sari, null, tono = bodies(table)
    assert sari.document is not None
    assert (sari.document.number, sari.document.expires) == ("0012345", None)
    assert sari.unread == {"person.birth_date": "########"}
    assert null.person.primary_identifier == "Null"
    assert null.document is not None
    assert (null.document.number, null.person.nationality) == ("0012345", None)
    assert tono.document is not None
    assert tono.document.number is None
    assert tono.unread == {"document.number": "1.23457E+11"}


def test_columns_of_one_field_are_joined_or_stand_side_by_side() -> None:
    table = (
        "First name,Middle name,Surname,Nationality,Citizenship,Tempat/Tanggal Lahir,Tanggal,Jam,Arah\n"
        'Budi,Santoso,CONTOH,IDN,AUS,"Kupang, 15-01-1980",20/11/2026,8.15,masuk\n'
    )
    (body,) = bodies(table)
    assert body.person.secondary_identifier == "Budi Santoso"
    assert (body.person.birth_place, body.person.birth_date) == ("Kupang", "1980-01-15")
    assert body.local_time == "2026-11-20T08:15"
    assert (body.person.nationality, body.extra) == ("IDN", {"nationality 2": "AUS"})


def test_the_number_s_heading_names_the_document() -> None:
    head = "name,{},direction\nSARI,X1,exit\n"
    classes = {}
    for heading in ("No. PLB", "Passport No.", "Document number"):
        (body,) = bodies(head.format(heading))
        assert body.document is not None
        classes[heading] = body.document.document_class
    assert classes == {
        "No. PLB": "border_pass",
        "Passport No.": "passport",
        "Document number": None,
    }


def test_blanks_that_do_not_break_part_words() -> None:
    (body,) = bodies(HEAD + "SARI\u00a0DEWI,IDN,\u00a01990-02-14,entry\n")
    assert (body.person.primary_identifier, body.person.birth_date) == ("SARI DEWI", "1990-02-14")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WNI", "IDN"),
        ("Republik Indonesia", "IDN"),
        ("indonesian", "IDN"),
        ("Timor-Leste", "TLS"),
        ("East Timor", "TLS"),
        ("Korea Selatan", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Amerika Serikat", "USA"),
        ("Belanda", "NLD"),
        ("Jepang", "JPN"),
        ("ID", "IDN"),
        ("D<<", "DEU"),
        ("XXA", "XXA"),
        ("Atlantis", "Atlantis"),
        ("QQQ", "QQQ"),
    ],
)
def test_states_by_code_and_by_name(text: str, code: str) -> None:
    assert state_code(text) == code


def test_a_foreigner_without_a_state_has_no_nationality_made_up() -> None:
    (body,) = bodies(HEAD + "SARI,WNA,1990-02-14,entry\n")
    assert (body.person.nationality, body.unread) == (None, {"person.nationality": "WNA"})


def test_headings_with_an_aside_and_what_it_says_of_dates() -> None:
    table = (
        "Surname*,Given Name(s),Sex (M/F),Date of Birth (MM/DD/YYYY),Nationality:,Direction (in/out)\n"
        "CONTOH,SARI,F,03/04/1990,IDN,in\n"
    )
    assert persons_csv.sniff(table.encode()) == 80
    (body,) = bodies(table)
    assert body.person.model_dump(exclude_none=True) == {
        "primary_identifier": "CONTOH",
        "secondary_identifier": "SARI",
        "sex": "F",
        "birth_date": "1990-03-04",
        "nationality": "IDN",
    }
    assert told(table) == ["table_order_month"]


def test_a_row_again_is_told_with_both_places_though_its_running_number_differs() -> None:
    head = "no;name;nationality;birth_date;direction;time\n"
    row = "{};SARI;IDN;1990-02-14;{};2026-03-10 09:30\n"
    rows = [row.format(1, "entry"), row.format(2, "exit"), row.format(3, "entry")]
    drafts = [i for i in read(head + "".join(rows)) if isinstance(i, Draft)]
    rules = [[(f.rule, f.about) for f in d.findings] for d in drafts]
    assert rules == [[], [], [("table_row_repeated", "row 2")]]
