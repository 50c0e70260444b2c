"""The EDIFACT reader takes what the wire brings, and the writer writes only what is right."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapal.formats.edifact import Message, Problem, Segment, messages, read
from tapal.formats.edifact_separators import Separators
from tapal.formats.edifact_writer import (
    EdifactError,
    Envelope,
    write_interchange,
    write_segment,
)

PLAIN = (
    b"UNB+UNOA:4+SENDER:ZZ+RECIPIENT+250101:0800+REF1'"
    b"UNH+1+PAXLST:D:05B:UN:IATA'BGM+745'NAD+FL+++SARI:DEWI'NAD+FL+++TAN'UNT+5+1'UNZ+1+REF1'"
)


def segments(data: bytes) -> list[Segment]:
    return [item for item in read(data) if isinstance(item, Segment)]


def codes(data: bytes) -> list[str]:
    return [item.code for item in read(data) if isinstance(item, Problem)]


def test_clean_interchange_has_no_problems() -> None:
    assert codes(PLAIN) == []
    assert [s.tag for s in segments(PLAIN)] == ["UNB", "UNH", "BGM", "NAD", "NAD", "UNT", "UNZ"]


def test_place_reads_as_tag_and_number_among_its_kind() -> None:
    second = [s for s in segments(PLAIN) if s.tag == "NAD"][1]
    assert str(second.place) == "NAD 2"
    assert PLAIN[second.place.offset :].startswith(b"NAD+FL+++TAN")
    assert (second.place.position, second.place.line) == (5, 1)


def test_get_reads_components_and_forgives_absence() -> None:
    first = segments(PLAIN)[3]
    assert (first.get(3), first.get(3, 1), first.get(3, 9), first.get(9)) == (
        "SARI",
        "DEWI",
        "",
        "",
    )


@pytest.mark.parametrize("gap", [b" ", b"\r\n", b"\n\n", b"\r", b"\t \n"])
def test_blanks_between_segments_are_nothing(gap: bytes) -> None:
    assert codes(PLAIN.replace(b"'", b"'" + gap)) == []


def test_lines_are_counted_for_each_line_end() -> None:
    spread = segments(PLAIN.replace(b"'", b"'\r\n").replace(b"BGM", b"\r\rBGM"))
    assert [s.place.line for s in spread] == [1, 2, 5, 6, 7, 8, 9]


def test_una_brings_its_own_separators() -> None:
    data = b"UNA:(.) -\nUNB(UNOA:4(A(B(250101:0800(1-UNH(1(X:D-NAD(MS(((A)(B-UNT(3(1-UNZ(1(1-"
    assert codes(data) == []
    assert segments(data)[2].get(3) == "A(B"


def test_una_whose_blank_was_lost_is_told_and_read() -> None:
    assert codes(b"UNA:+.?'" + PLAIN) == ["una_short"]
    assert len(segments(b"UNA:+.?'" + PLAIN)) == 7


def test_repetition_separator_of_version_4() -> None:
    data = b"UNA:+.?*'" + PLAIN.replace(b"NAD+FL+++TAN", b"ATT+2++M:X*F:Y")
    attribute = next(s for s in segments(data) if s.tag == "ATT")
    assert attribute.elements[2] == ("M", "X")
    assert attribute.repeats == ((2, ("F", "Y")),)


def test_star_is_plain_text_where_una_names_no_repetition() -> None:
    assert segments(PLAIN.replace(b"SENDER", b"APIS*ABE"))[0].get(1) == "APIS*ABE"


@pytest.mark.parametrize("terminator", [b'"', b"~", b"\n"])
def test_terminator_without_una_is_worked_out(terminator: bytes) -> None:
    data = PLAIN.replace(b"'", terminator)
    assert codes(data) == ["separators_inferred"]
    assert len(segments(data)) == 7


def test_information_separators_of_level_b() -> None:
    data = PLAIN.replace(b"'", b"\x1c").replace(b"+", b"\x1d").replace(b":", b"\x1f")
    assert codes(data.replace(b"UNOA", b"UNOB")) == []
    assert segments(data)[3].get(3, 1) == "DEWI"


def test_telex_header_is_told_and_skipped() -> None:
    data = b"\x01QK LONPPXS\r\n.MUCKMTS 250521\r\n\x02" + PLAIN + b"\x03"
    assert codes(data) == ["text_before_interchange"]
    assert segments(data)[0].place.line == 3


def test_release_character_frees_every_service_character() -> None:
    data = PLAIN.replace(b"SARI:DEWI", b"O?'NEIL ?+?:??:A")
    assert segments(data)[3].get(3) == "O'NEIL +:?"


def test_line_break_inside_a_segment_is_mended_and_told() -> None:
    data = PLAIN.replace(b"DEWI", b"DE\r\nWI")
    assert codes(data) == ["line_break_in_segment"]
    assert segments(data)[3].get(3, 1) == "DEWI"


def test_lost_terminator_costs_no_segment() -> None:
    data = PLAIN.replace(b"SARI:DEWI'", b"SARI:DEWI\n")
    assert codes(data) == ["terminator_missing"]
    assert [s.get(3) for s in segments(data) if s.tag == "NAD"] == ["SARI", "TAN"]


@pytest.mark.parametrize(
    ("old", "new", "code", "expected", "found"),
    [
        (b"UNT+5", b"UNT+23", "unt_count", "5", "23"),
        (b"UNT+5", b"UNT+", "unt_count", "5", ""),
        (b"UNT+5+1", b"UNT+5+9", "unt_reference", "1", "9"),
        (b"UNZ+1", b"UNZ+2", "unz_count", "1", "2"),
        (b"UNZ+1+REF1", b"UNZ+1+REF2", "unz_reference", "REF1", "REF2"),
        (b"UNT+5+1'", b"", "unt_missing", "UNT", ""),
        (b"UNZ+1+REF1'", b"", "unz_missing", "UNZ", ""),
        (b"UNH+1+PAXLST:D:05B:UN:IATA'", b"", "unh_missing", "UNH", "BGM"),
    ],
)
def test_frame_faults(old: bytes, new: bytes, code: str, expected: str, found: str) -> None:
    problems = [p for p in read(PLAIN.replace(old, new)) if isinstance(p, Problem)]
    assert (code, expected, found) in [(p.code, p.expected, p.found) for p in problems]


def test_leading_zeros_of_a_count_are_not_a_fault() -> None:
    assert codes(PLAIN.replace(b"UNT+5", b"UNT+0005")) == []


def test_group_is_counted_and_closed() -> None:
    data = PLAIN.replace(b"UNH+", b"UNG+PAXLST+A+B+250101:0800+7+UN+D:05B'UNH+").replace(
        b"UNZ", b"UNE+1+7'UNZ"
    )
    assert codes(data) == []
    assert codes(data.replace(b"UNE+1+7'", b"UNE+2+8'")) == ["une_count", "une_reference"]


def test_text_after_the_interchange_is_told() -> None:
    assert codes(PLAIN + b"\r\n13Nov09") == ["text_after_interchange"]


def test_several_interchanges_each_with_its_own_separators() -> None:
    other = b"UNA:(.) -UNB(UNOA:4(A(B(250101:0800(1-UNH(9(X:D-BGM(745-UNT(3(9-UNZ(1(1-"
    data = PLAIN + b"\r\n" + other
    assert codes(data) == []
    assert [str(s.place) for s in segments(data) if s.tag == "BGM"] == ["BGM 1", "BGM 2"]


def test_missing_unb_is_told_and_the_rest_read() -> None:
    data = PLAIN[PLAIN.index(b"UNH") :]
    assert codes(data)[0] == "unb_missing"
    assert [s.get(3) for s in segments(data) if s.tag == "NAD"] == ["SARI", "TAN"]


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"hello", b"P<UTOERIKSSON<<ANNA<MARIA"])
def test_what_is_no_edifact_is_said_to_be_none(data: bytes) -> None:
    assert codes(data) == ["not_edifact"]


@pytest.mark.parametrize(
    ("level", "codec", "name"),
    [("UNOC", "latin-1", "MÜLLER"), ("UNOE", "iso8859-5", "ПЕТРОВ"), ("UNOY", "utf-8", "陳")],
)
def test_charset_named_by_unb(level: str, codec: str, name: str) -> None:
    data = PLAIN.replace(b"UNOA", level.encode()).replace(b"TAN", name.encode(codec))
    assert codes(data) == []
    assert segments(data)[4].get(3) == name


def test_bytes_outside_the_charset_fall_back_and_are_told() -> None:
    latin = PLAIN.replace(b"TAN", b"N\xfa\xf1ez")
    found = [p for p in read(latin) if isinstance(p, Problem)]
    assert [(p.code, str(p.place), p.found) for p in found] == [("charset", "NAD 2", "latin-1")]
    assert segments(latin)[4].get(3) == "Núñez"


def test_messages_keep_their_envelope_and_their_problems() -> None:
    found = list(messages(PLAIN.replace(b"UNT+5", b"UNT+6")))
    assert len(found) == 1
    (message,) = found
    assert message.interchange is not None
    assert message.header is not None
    assert message.interchange.get(4) == "REF1"
    assert message.header.get(1) == "PAXLST"
    assert [s.tag for s in message.segments] == ["BGM", "NAD", "NAD"]
    assert [p.code for p in message.problems] == ["unt_count"]


ENVELOPE = Envelope(
    sender="SENDER",
    recipient=("RECIPIENT", "ZZ"),
    prepared=datetime(2025, 1, 1, 8, 0, tzinfo=UTC),
    reference="REF1",
    identifier=("PAXLST", "D", "05B", "UN", "IATA"),
)


def test_written_interchange_reads_back_clean() -> None:
    data = write_interchange(ENVELOPE, [[("BGM", "745")], [("BGM", "250"), ("CNT", ("42", "0"))]])
    assert data.startswith(b"UNA:+.? 'UNB+UNOA:4+SENDER+RECIPIENT:ZZ+250101:0800+REF1'UNH+1+")
    assert data.endswith(b"UNT+4+2'UNZ+2+REF1'")
    assert codes(data) == []


def test_written_segment_leaves_out_empty_ends() -> None:
    assert write_segment("NAD", "FL", "", "", ("SARI", "", ""), "") == "NAD+FL+++SARI'"


def test_writer_refuses_what_the_level_cannot_hold() -> None:
    with pytest.raises(EdifactError, match="UNOA"):
        write_segment("NAD", "sari")
    with pytest.raises(EdifactError, match="UNOC"):
        write_segment("NAD", "陳", level="UNOC")
    with pytest.raises(EdifactError, match="control"):
        write_segment("NAD", "A\nB", level="UNOC")


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12
)
BODY = st.lists(
    st.tuples(st.sampled_from(["NAD", "FTX", "RFF"]), st.lists(TEXT, min_size=1, max_size=4)),
    max_size=5,
)


@given(BODY, st.sampled_from([Separators(), Separators("/", "(", ",", "!", "*", "-")]))
def test_any_text_survives_writing_and_reading(
    body: list[tuple[str, list[str]]], separators: Separators
) -> None:
    envelope = Envelope("A", "B", ENVELOPE.prepared, "1", "X", syntax="UNOY")
    data = write_interchange(envelope, [[(t, *e) for t, e in body]], separators=separators)
    (message,) = messages(data)
    assert message.problems == []
    got = [
        [s.get(i) for i in range(len(e))] for s, (_, e) in zip(message.segments, body, strict=True)
    ]
    assert got == [[text.strip() for text in e] for _, e in body]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    assert list(read(data))


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Change, take out, double or move a few bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(5):
            case 0:
                changed[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del changed[at : at + rng.randint(1, 20)]
            case 2:
                changed[at:at] = changed[at : at + rng.randint(1, 40)]
            case 3:
                changed[at:at] = rng.choice(
                    [b"'", b"+", b":", b"?", b"UNB+", b"UNZ+", b"\r\n", b"\x00"]
                )
            case _:
                changed[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 5)))
    return bytes(changed)


def test_ten_thousand_mutated_interchanges_end_in_segments_or_problems() -> None:
    rng = random.Random(9735)
    for _ in range(10_000):
        data = mutate(PLAIN, rng)
        items = list(read(data))
        assert items
        assert all(item.place.offset <= len(data) and item.place.line >= 1 for item in items)


def test_mutated_interchanges_keep_the_persons_that_stand_whole() -> None:
    """A fault elsewhere in the message takes no whole NAD segment with it."""
    rng = random.Random(42)
    body = b"".join(b"NAD+FL+++NAME%d:GIVEN'" % n for n in range(20))
    for _ in range(300):
        n = rng.randrange(20)
        data = PLAIN.replace(b"NAD+FL+++TAN'", body.replace(b"NAME%d:GIVEN'" % n, b"\xff\x00'"))
        got = {s.get(3) for s in segments(data) if s.tag == "NAD"}
        assert got >= {f"NAME{m}" for m in range(20) if m != n}


def test_the_samples_are_all_read(shared: Path) -> None:
    files = sorted((shared / "data/samples/paxlst").iterdir())
    assert files
    for path in files:
        data = path.read_bytes()
        terminator = b"-" if b"UNA:(.) -" in data else b"'"
        element = b"(" if terminator == b"-" else b"+"
        persons = sum(
            data.count(b"NAD" + element + code + element) for code in (b"FL", b"FM", b"DDU", b"DDT")
        )
        got = [
            s for s in segments(data) if s.tag == "NAD" and s.get(0) in ("FL", "FM", "DDU", "DDT")
        ]
        assert len(got) == persons, path.name


def test_message_without_anything_is_empty() -> None:
    assert [type(m) for m in messages(b"")] == [Message]


@pytest.mark.parametrize(
    "filler", [b"\n", b" ", b"?", b"'", b"+", b"UNA:+.? '\n", b"UNB+UNOA:4", b"NAD+FL\n", b"\x00"]
)
def test_long_runs_take_linear_time(filler: bytes) -> None:
    """Half a megabyte of any one thing is read at once; a quadratic reader would never end."""
    data = PLAIN[:60] + filler * (500_000 // len(filler)) + PLAIN[60:]
    assert list(read(data))
