"""Zones as scanners, spreadsheets and people hand them in: fillers lost, added, blank; halves of zones."""

from __future__ import annotations

import pytest

from tapal.formats.mrz import Document, Problem, read
from tapal.formats.mrz_writer import Values, compose

VALUES = Values(
    "TD3", "P", "IDN", "X1234567", "IDN", "800115", "M", "300115", "CONTOH", "SARI DEWI"
)
TD3 = compose(VALUES)


def zone(layout: str, code: str = "I") -> str:
    return compose(
        Values(
            layout, code, "IDN", "X1234567", "IDN", "800115", "M", "300115", "CONTOH", "SARI DEWI"
        )
    )


TD1, TD2, MRV_A, MRV_B = zone("TD1"), zone("TD2"), zone("MRV-A", "V"), zone("MRV-B", "V")
UPPER, LOWER = TD3.split("\n")


def one(text: str) -> tuple[Document, list[str]]:
    (document,) = read(text.encode())
    assert isinstance(document, Document), document
    return document, [problem.code for problem in document.problems]


@pytest.mark.parametrize("text", [TD3, TD1, TD2])
@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("change", [-4, -1, 1, 4])
def test_fillers_lost_or_added_in_a_line_are_put_right_and_told(
    text: str, row: int, change: int
) -> None:
    lines = text.split("\n")
    run = lines[row].rindex("<<")
    lines[row] = (
        lines[row][:run] + "<" * change + lines[row][run:]
        if change > 0
        else lines[row][: run + change + 2] + lines[row][run + 2 :]
    )
    document, codes = one("\n".join(lines))
    assert document.lines == tuple(text.split("\n"))
    assert set(codes) <= {"padded", "fillers_shifted"}
    assert codes


def test_a_line_that_lost_a_letter_is_not_made_to_fit() -> None:
    broken = f"{UPPER}\n{LOWER[:12]}{LOWER[13:]}"
    (problem,) = read(broken.encode())
    assert isinstance(problem, Problem)
    assert (problem.code, str(problem.place)) == ("not_mrz", "line 1")
    assert problem.value == broken


@pytest.mark.parametrize("text", [TD3, TD1, TD2, MRV_A, MRV_B])
def test_blanks_in_place_of_fillers(text: str) -> None:
    document, codes = one(text.replace("<", " "))
    assert document.lines == tuple(text.split("\n"))
    assert "blanks_as_fillers" in codes


def test_blanks_between_the_letters_are_taken_out() -> None:
    document, codes = one("\n".join(" ".join(line) for line in TD3.split("\n")))
    assert document.lines == tuple(TD3.split("\n"))
    assert codes == ["blanks_removed"]


def test_a_numbered_list_of_zones() -> None:
    places = [str(i.place) for i in read(f"1. {UPPER}\n   {LOWER}\n2) {UPPER}\n{LOWER}".encode())]
    assert places == ["MRZ 1", "MRZ 2"]


def test_quotes_and_utf_16_around_a_zone() -> None:
    assert one(f'"{UPPER}"\n"{LOWER}"')[0].lines == (UPPER, LOWER)
    (document,) = read(TD3.encode("utf-16"))
    assert isinstance(document, Document)
    assert document.valid


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ([LOWER, *TD1.split("\n")], ["line 1", "MRZ 1"]),
        ([UPPER, *TD1.split("\n")], ["line 1", "MRZ 1"]),
        ([*TD1.split("\n")[:2], UPPER, LOWER], ["line 1", "MRZ 1"]),
        ([UPPER, LOWER[:30], UPPER, LOWER], ["line 1", "MRZ 1"]),
        ([LOWER, UPPER], ["line 1", "line 2"]),
        ([UPPER, UPPER, LOWER], ["line 1", "MRZ 1"]),
        ([*TD1.split("\n")[:2], *TD1.split("\n")], ["line 1", "MRZ 1"]),
        ([*TD1.split("\n")[:2], *TD2.split("\n")], ["line 1", "MRZ 1"]),
        (["", UPPER, "", LOWER, "", "", LOWER], ["MRZ 1", "line 7"]),
    ],
)
def test_half_a_zone_is_one_problem_and_costs_no_other(lines: list[str], places: list[str]) -> None:
    assert [str(item.place) for item in read("\r\n".join(lines).encode())] == places
