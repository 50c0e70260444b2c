"""Where each field of a machine readable zone stands, and the check digit.

Source: ICAO Doc 9303 part 3 (4.9 check digits), part 4 (TD3), 5 (TD1), 6 (TD2), 7 (visas).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int, int]
"""(line, first column, column after the last), all from 0."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Layout:
    """One format: its size, its fields, what the composite digit covers."""

    name: str
    rows: int
    width: int
    spans: tuple[tuple[str, Span], ...]
    composite: tuple[Span, ...] = ()
    long_numbers: bool = False  # the number may go on in the optional field
    first: str = ""  # letters with which the document code may begin
    least: tuple[int, ...] = ()  # shortest sensible length of each row without trailing fillers

    def fields(self, lines: Sequence[str]) -> dict[str, str]:
        """Cut the lines into raw fields, fillers and all."""
        return {name: lines[row][start:end] for name, (row, start, end) in self.spans}


def check_digit(text: str) -> str:
    """The check digit: weights 7, 3, 1; digits as they are, A = 10 .. Z = 35, filler 0; modulo 10.

    A character outside the zone's alphabet counts as 0.
    """
    weights = (7, 3, 1)
    total = sum(max(ALPHABET.find(c), 0) * weights[i % 3] for i, c in enumerate(text))
    return str(total % 10)


def _second_line(optional_end: int) -> tuple[tuple[str, Span], ...]:
    """TD2, TD3 and both visas share the second line up to the optional field."""
    return (
        ("document_number", (1, 0, 9)),
        ("document_number_check", (1, 9, 10)),
        ("nationality", (1, 10, 13)),
        ("birth", (1, 13, 19)),
        ("birth_check", (1, 19, 20)),
        ("sex", (1, 20, 21)),
        ("expiry", (1, 21, 27)),
        ("expiry_check", (1, 27, 28)),
        ("optional", (1, 28, optional_end)),
    )


def _first_line(width: int) -> tuple[tuple[str, Span], ...]:
    return (
        ("document_code", (0, 0, 2)),
        ("issuing_state", (0, 2, 5)),
        ("name", (0, 5, width)),
    )


TD3 = Layout(
    "TD3",
    2,
    44,
    (
        *_first_line(44),
        *_second_line(42),
        ("optional_check", (1, 42, 43)),
        ("composite_check", (1, 43, 44)),
    ),
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 43)),
    first="P",
    least=(6, 44),
)
TD2 = Layout(
    "TD2",
    2,
    36,
    (*_first_line(36), *_second_line(35), ("composite_check", (1, 35, 36))),
    composite=((1, 0, 10), (1, 13, 20), (1, 21, 35)),
    long_numbers=True,
    first="PACI",
    least=(6, 36),
)
MRV_A = Layout("MRV-A", 2, 44, (*_first_line(44), *_second_line(44)), first="V", least=(6, 28))
MRV_B = Layout("MRV-B", 2, 36, (*_first_line(36), *_second_line(36)), first="V", least=(6, 28))
TD1 = Layout(
    "TD1",
    3,
    30,
    (
        ("document_code", (0, 0, 2)),
        ("issuing_state", (0, 2, 5)),
        ("document_number", (0, 5, 14)),
        ("document_number_check", (0, 14, 15)),
        ("optional", (0, 15, 30)),
        ("birth", (1, 0, 6)),
        ("birth_check", (1, 6, 7)),
        ("sex", (1, 7, 8)),
        ("expiry", (1, 8, 14)),
        ("expiry_check", (1, 14, 15)),
        ("nationality", (1, 15, 18)),
        ("optional_2", (1, 18, 29)),
        ("composite_check", (1, 29, 30)),
        ("name", (2, 0, 30)),
    ),
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    long_numbers=True,
    first="ACI",
    least=(15, 30, 1),
)

LAYOUTS = (TD3, TD1, TD2, MRV_A, MRV_B)
BY_NAME = {layout.name: layout for layout in LAYOUTS}


def layouts_for(letter: str) -> tuple[Layout, ...]:
    """Layouts whose documents may begin so; all of them for a letter that fits none (OCR)."""
    fit = tuple(layout for layout in LAYOUTS if letter in layout.first)
    return fit or LAYOUTS
