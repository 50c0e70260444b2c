"""The MRZ reader tells what stands there, digit by digit; the writer yields only valid zones.

The specimens of ICAO Doc 9303 (Utopia) are the ground truth here.
"""

import random
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapal.formats.mrz import BY_NAME, Document, Problem, check_digit, read, read_one
from tapal.formats.mrz_dates import birth_date, expiry_date
from tapal.formats.mrz_ocr import suggest_checked
from tapal.formats.mrz_writer import MrzError, Values, compose, name_field, transliterate

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
MRV_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRV_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
TD1_LONG = (
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"
ALL = {"TD3": TD3, "TD2": TD2, "TD1": TD1, "MRV-A": MRV_A, "MRV-B": MRV_B}


def one(text: str) -> Document:
    (item,) = read(text.encode())
    assert isinstance(item, Document)
    return item


def faults(text: str) -> list[tuple[str, str, str]]:
    return [(p.code, p.field, p.suggestion) for p in one(text).problems]


@pytest.mark.parametrize("name", ALL)
def test_specimens_are_valid_and_in_their_layout(name: str) -> None:
    document = one(ALL[name])
    assert document.layout == name
    assert document.valid
    assert document.problems == ()
    assert (document.primary_identifier, document.secondary_identifier) == (
        "ERIKSSON",
        "ANNA MARIA",
    )


def test_td3_fields() -> None:
    document = one(TD3)
    assert (document.document_code, document.issuing_state) == ("P", "UTO")
    assert (document.document_number, document.nationality) == ("L898902C3", "UTO")
    assert (document.birth, document.sex, document.expiry) == ("740812", "F", "120415")
    assert document.optional == "ZE184226B"
    assert [check.field for check in document.checks] == [
        "document_number",
        "birth",
        "expiry",
        "optional",
        "composite",
    ]


@pytest.mark.parametrize(
    ("column", "field"),
    [(9, "document_number"), (19, "birth"), (27, "expiry"), (42, "optional"), (43, "composite")],
)
def test_each_check_digit_is_reported_by_itself(column: int, field: str) -> None:
    first, second = TD3.split("\n")
    wrong = second[:column] + str((int(second[column]) + 1) % 10) + second[column + 1 :]
    failing = [check.field for check in one(f"{first}\n{wrong}").checks if not check.ok]
    # A wrong digit before the last also breaks the composite, which covers it.
    assert failing == ([field] if field == "composite" else [field, "composite"])


@pytest.mark.parametrize("text", [TD1_LONG, TD2_LONG])
def test_number_longer_than_nine_goes_on_in_the_optional_field(text: str) -> None:
    document = one(text)
    assert document.document_number == "D23145890734"
    assert document.optional == ""
    assert document.valid


def test_long_number_whose_issuer_counts_the_filler() -> None:
    document = one(
        "I<UTOD23145890<1240<XYZ<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<8\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    )
    assert (document.document_number, document.optional, document.valid) == (
        "D23145890124",
        "XYZ",
        True,
    )


def test_empty_personal_number_may_have_a_filler_or_zero() -> None:
    name = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<"
    specimen = name + "\nC01X0006H1D<<6408125F1710319<<<<<<<<<<<<<<{}0"
    assert one(specimen.format("<")).valid
    assert one(specimen.format("0")).valid
    assert one(specimen.format("<")).issuing_state == "D"


def test_single_name_is_the_primary_identifier() -> None:
    document = one(TD3.replace("ERIKSSON<<ANNA<MARIA", "SUHARTO".ljust(20, "<")))
    assert (document.primary_identifier, document.secondary_identifier) == ("SUHARTO", "")
    assert document.problems == ()


def test_name_that_fills_its_field_may_be_truncated() -> None:
    full = "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"
    assert len(full) == 39
    text = TD3.replace("ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", full)
    assert faults(text) == [("name_may_be_truncated", "name", "")]


def test_lower_case_is_read_and_told() -> None:
    document = one(TD3.lower())
    assert document.valid
    assert [p.code for p in document.problems] == ["lower_case"]


@pytest.mark.parametrize("name", ALL)
def test_missing_line_breaks(name: str) -> None:
    document = one(ALL[name].replace("\n", ""))
    assert (document.layout, document.valid) == (name, True)
    assert [p.code for p in document.problems] == ["line_breaks_missing"]


@pytest.mark.parametrize("name", ALL)
def test_trailing_fillers_cut_off(name: str) -> None:
    cut = "\n".join(line.rstrip("<") for line in ALL[name].split("\n"))
    document = one(cut)
    assert (document.layout, document.valid) == (name, True)
    assert "padded" in [p.code for p in document.problems]


def test_blanks_and_foreign_fillers() -> None:
    assert faults(TD3.replace("UTO7408122", "UTO 7408122 ")) == [("blanks_removed", "", "")]
    assert faults(TD3.replace("ERIKSSON<<ANNA", "ERIKSSON«ANNA")) == [("filler_replaced", "", "")]


def test_scanner_control_characters_are_no_text() -> None:
    assert one("\x02" + TD3.replace("\n", "\r") + "\r\x03").valid


def test_stream_of_documents_of_every_layout() -> None:
    stream = "\n\n".join([*ALL.values(), TD1_LONG]) + "\n"
    items = list(read(stream.encode()))
    assert [item.layout for item in items if isinstance(item, Document)] == [*ALL, "TD1"]
    assert [str(item.place) for item in items] == [f"MRZ {n}" for n in range(1, 7)]


def test_stream_without_any_line_break() -> None:
    stream = "".join(ALL.values()).replace("\n", "")
    items = list(read(stream.encode()))
    assert [item.layout for item in items if isinstance(item, Document)] == [*ALL]
    assert all(item.valid for item in items if isinstance(item, Document))


def test_foreign_lines_are_told_with_their_number_and_stop_nothing() -> None:
    items = list(read(f"# shift 1\n{TD3}\nnothing to see\n{TD1}\n".encode()))
    assert [str(item.place) for item in items] == ["line 1", "MRZ 1", "line 4", "MRZ 2"]
    assert [item.code for item in items if isinstance(item, Problem)] == ["not_mrz", "not_mrz"]


def test_lone_first_line_does_not_swallow_the_next_document() -> None:
    items = list(read(f"{TD3.splitlines()[0]}\n{TD3}\n".encode()))
    assert [type(item).__name__ for item in items] == ["Problem", "Document"]


def test_misread_letters_are_suggested_never_corrected() -> None:
    text = TD3.replace("7408122", "74O8122").replace("ERIKSSON", "ERIK55ON")
    document = one(text)
    assert (document.birth, document.primary_identifier) == ("74O812", "ERIK55ON")
    suggested = {p.field: p.suggestion for p in document.problems if p.suggestion}
    assert suggested["birth"] == "740812"
    assert suggested["name"].startswith("ERIKSSON<<ANNA")


def test_misread_document_number_is_suggested_by_its_check_digit() -> None:
    assert suggest_checked("L8989O2C3", "6") == "L898902C3"
    assert suggest_checked("L898902C3", "G") == "L898902C3"
    assert suggest_checked("AAAA", "1") == ""


def test_unknown_sex_code_and_digits_in_alphabetic_fields() -> None:
    assert ("sex_code", "sex", "") in faults(TD3.replace("2F12", "2Q12"))
    assert ("not_alphabetic", "nationality", "UTO") in faults(TD3.replace("6UTO", "6UT0"))


def test_name_faults() -> None:
    assert faults(TD2.replace("ERIKSSON<<ANNA<MARIA", "<" * 20)) == [
        ("name_missing", "name", ""),
    ]
    assert faults(TD2.replace("ERIKSSON<<ANNA<MARIA", "<ERIKSSON<<ANNA<MARI")) == [
        ("name_starts_with_filler", "name", "")
    ]
    assert faults(TD2.replace("ANNA<MARIA", "ANNA<<MARI")) == [("name_extra_separator", "name", "")]


def test_read_one() -> None:
    document = read_one(TD2)
    assert document is not None
    assert document.document_number == "D23145890"
    assert read_one("nothing") is None


def test_check_digit_by_the_standards_own_example() -> None:
    assert check_digit("520727") == "3"  # 9303-3, 4.9, example 1
    assert check_digit("AB2134<<<") == "5"  # example 2


TODAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("740812", "1974-08-12"),
        ("250630", "2025-06-30"),
        ("250701", "1925-07-01"),
        ("000229", "2000-02-29"),
        ("85<<<<", "1985"),
        ("8503<<", "1985-03"),
        ("<<<<<<", ""),
    ],
)
def test_birth_dates(text: str, expected: str) -> None:
    assert birth_date(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("120415", "2012-04-15"), ("740812", "2074-08-12"), ("760101", "1976-01-01")],
)
def test_expiry_dates(text: str, expected: str) -> None:
    assert expiry_date(text, TODAY) == expected


@pytest.mark.parametrize("text", ["990229", "740832", "741301", "74O812", "1234"])
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        birth_date(text, TODAY)


def values(**changes: str) -> Values:
    fields = {
        "layout": "TD3",
        "document_code": "P",
        "issuing_state": "UTO",
        "document_number": "L898902C3",
        "nationality": "UTO",
        "birth": "740812",
        "sex": "F",
        "expiry": "120415",
        "primary_identifier": "Eriksson",
        "secondary_identifier": "Anna Maria",
        "optional": "ZE184226B",
    }
    return Values(**(fields | changes))


def test_compose_gives_the_specimen() -> None:
    assert compose(values()) == TD3
    td2 = values(layout="TD2", document_code="I", document_number="D23145890", optional="")
    assert compose(td2) == TD2


def test_compose_long_number_gives_the_specimen() -> None:
    long = values(
        layout="TD1",
        document_code="I",
        document_number="D23145890734",
        birth="340712",
        sex="M",
        expiry="950712",
        primary_identifier="Stevenson",
        secondary_identifier="Peter John",
        optional="",
    )
    assert compose(long) == TD1_LONG


@pytest.mark.parametrize(
    "changes",
    [
        {"layout": "TD9"},
        {"document_number": ""},
        {"document_number": "D23145890734"},
        {"birth": "12 May"},
        {"sex": "X"},
        {"primary_identifier": ""},
        {"primary_identifier": "ПЕТРОВ"},
        {"optional": "A" * 15},
        {"optional_2": "A"},
        {"nationality": "ÄÖÜ"},
    ],
)
def test_compose_refuses_what_cannot_stand(changes: dict[str, str]) -> None:
    with pytest.raises(MrzError):
        compose(values(**changes))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Müller-Groß", "MUELLER<GROSS"),
        ("D'Artagnan", "DARTAGNAN"),
        ("Núñez, José", "NUNEZ<JOSE"),
        ("Ådne Þór", "AADNE<THOR"),
        ("Siti  Nurhaliza", "SITI<NURHALIZA"),
    ],
)
def test_transliteration(name: str, expected: str) -> None:
    assert transliterate("name", name) == expected


def test_truncation_as_in_the_standard() -> None:
    # 9303-4, 4.2.3: the secondary identifier is cut; the last character is a letter.
    assert (
        name_field("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 39)
        == "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"
    )
    long = "Bennelong Wooloomooloo Warrandyte Warnambool"
    assert name_field(long, "", 39) == "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARNA"
    cut = name_field(long, "Dingo Potoroo", 39)
    assert re.fullmatch(r"BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W[A-Z]*<<D[A-Z]*", cut)


NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=18)
NAMES = st.lists(NAME, min_size=1, max_size=5).map(" ".join)


@given(NAMES, st.one_of(st.just(""), NAMES), st.sampled_from([30, 31, 39]))
def test_truncated_names_keep_both_identifiers_and_say_so(
    primary: str, secondary: str, width: int
) -> None:
    written = name_field(primary, secondary, width)
    assert len(written) == width
    first, _, second = written.rstrip("<").partition("<<")
    assert first
    assert "<<" not in second
    assert bool(second) == bool(secondary)
    whole = len(primary) + (len(secondary) + 2 if secondary else 0) <= width
    if whole:
        assert (first.replace("<", " "), second.replace("<", " ")) == (primary, secondary)
    else:
        assert written[-1] != "<"


@given(
    st.sampled_from(sorted(BY_NAME)),
    NAMES,
    st.one_of(st.just(""), NAMES),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9),
    st.dates(date(1926, 1, 1), date(2025, 1, 1)),
    st.sampled_from(["M", "F", ""]),
)
def test_what_is_composed_reads_back_valid(
    layout: str, primary: str, secondary: str, number: str, born: date, sex: str
) -> None:
    code = {"TD3": "P", "TD1": "I", "TD2": "I"}.get(layout, "V")
    text = compose(
        values(
            layout=layout,
            document_code=code,
            document_number=number,
            birth=born.strftime("%y%m%d"),
            sex=sex,
            primary_identifier=primary,
            secondary_identifier=secondary,
            optional="",
        )
    )
    document = one(text)
    assert (document.layout, document.valid) == (layout, True)
    assert (document.document_number, document.sex) == (number, sex)
    assert birth_date(document.birth, TODAY) == born.isoformat()


@given(
    st.sampled_from(["TD1", "TD2"]),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=10, max_size=14),
)
def test_long_numbers_read_back(layout: str, number: str) -> None:
    text = compose(values(layout=layout, document_code="I", document_number=number, optional=""))
    assert (one(text).document_number, one(text).valid) == (number, True)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    for item in read(data):
        assert str(item.place)


@given(st.lists(st.text("PVI<ABC0123456789", min_size=28, max_size=91), max_size=6))
def test_no_zone_like_lines_make_the_reader_raise(lines: list[str]) -> None:
    items = list(read("\n".join(lines).encode()))
    assert len(items) >= bool(lines)


def test_ten_thousand_mutated_zones_end_in_documents_or_problems() -> None:
    rng = random.Random(9303)
    zones = [text.encode() for text in [*ALL.values(), TD1_LONG, TD2_LONG]]
    documents = 0
    for _ in range(10_000):
        data = bytearray(rng.choice(zones))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data))
            match rng.randrange(4):
                case 0:
                    data[at] = rng.randrange(256)
                case 1:
                    del data[at : at + rng.randint(1, 3)]
                case 2:
                    data[at] = rng.choice(b"O0I1Z2S5B8<")
                case _:
                    data[at:at] = rng.choice([b"\n", b"<", b" ", b"\xff"])
        items = list(read(bytes(data)))
        assert items
        assert all(item.place.line >= 1 for item in items)
        documents += any(isinstance(item, Document) for item in items)
    assert documents > 2_000  # most small faults leave a document to look at


def test_the_samples_are_all_read(shared: Path) -> None:
    files = sorted((shared / "data/samples/mrz").iterdir())
    assert files
    for path in files:
        items = list(read(path.read_bytes()))
        assert [type(item) for item in items] == [Document], path.name
        (document,) = items
        assert isinstance(document, Document)
        assert document.valid == ("ocr_errors" not in path.name), path.name


@pytest.mark.parametrize("filler", ["<", "P<", "A1", "\n", " ", TD3.replace("\n", "")])
def test_long_runs_take_linear_time(filler: str) -> None:
    """Half a megabyte of any one thing is read at once; a quadratic reader would never end."""
    assert list(read((filler * (500_000 // len(filler)) + "\n" + TD3).encode()))
