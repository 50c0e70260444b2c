"""The table reader keeps every row's place and loses one row at most to one fault."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tapal.formats.delimited import Problem, Row, headings, read


def rows(data: bytes) -> list[Row]:
    return [item for item in read(data) if isinstance(item, Row)]


def codes(data: bytes) -> list[str]:
    return [item.code for item in read(data) if isinstance(item, Problem)]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    found = rows(b"name,sex\r\nSARI,F\r\n\r\nTAN,M\r\n")
    assert [(str(r.place), r.cells["name"]) for r in found] == [("row 2", "SARI"), ("row 4", "TAN")]


def test_delimiter_and_byte_order_mark_are_found() -> None:
    for data in (
        b"\xef\xbb\xbfname;sex\nA;F\n",
        b"name\tsex\nA\tF\n",
        "name|sex\nA|F".encode("utf-16"),
    ):
        assert codes(data) == []
        assert rows(data)[0].cells == {"name": "A", "sex": "F"}


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks() -> None:
    (row,) = rows(b'name,note\n"SARI, DEWI","says ""no""\nand goes"\n')
    assert row.cells == {"name": "SARI, DEWI", "note": 'says "no"\nand goes'}


def test_unclosed_quote_costs_its_own_row_only() -> None:
    data = b'name,sex\nSARI,F\n"TAN,M\nBUDI,M\nDEWI,F\n'
    assert [r.cells["name"] for r in rows(data)] == ["SARI", "BUDI", "DEWI"]
    (problem,) = (item for item in read(data) if isinstance(item, Problem))
    assert (problem.code, str(problem.place)) == ("quote_unclosed", "row 3")


def test_ragged_rows_say_so() -> None:
    short, long = rows(b"a,b,c\n1\n1,2,3,4,\n")
    assert (short.missing, long.extra) == (2, ("4",))


def test_faults_of_the_whole_table() -> None:
    assert codes(b"") == ["no_heading"]
    assert codes(b"a,a\n1,2") == ["heading_twice"]
    assert codes(b"name\nN\xfa\xf1ez") == ["charset"]
    assert rows(b"name\nN\xfa\xf1ez")[0].cells == {"name": "Núñez"}


def test_headings() -> None:
    assert headings(b"\n a ; b \n1;2") == ("a", "b")
    assert headings(b"") == ()


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    list(read(data))


def test_ten_thousand_mutated_tables_end_in_rows_or_problems() -> None:
    rng = random.Random(4180)
    plain = b'name,sex,note\nSARI,F,"a, b"\nTAN,M,\nBUDI,M,"x\ny"\n'
    for _ in range(10_000):
        data = bytearray(plain)
        for _ in range(rng.randint(1, 5)):
            at = rng.randrange(len(data))
            data[at : at + rng.randint(0, 2)] = rng.choice(
                [b'"', b",", b"\n", b"\x00", b"\xff\xfe", bytes([rng.randrange(256)])]
            )
        assert list(read(bytes(data))) or headings(bytes(data))


def test_long_runs_take_linear_time() -> None:
    for filler in (b'"', b",", b"\n", b'"\n', b'a,"b\n', b" "):
        list(read(b"name,sex\n" + filler * (300_000 // len(filler))))


def test_a_broken_first_row_is_told_once() -> None:
    (only,) = read(b'"never closed')
    assert isinstance(only, Problem)
    assert only.code == "quote_unclosed"


def test_headings_without_a_row_are_told() -> None:
    (only,) = read(b"\r\nname,nationality\r\n")
    assert isinstance(only, Problem)
    assert (only.code, str(only.place)) == ("no_rows", "row 2")
