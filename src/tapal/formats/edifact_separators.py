"""The service characters of an UN/EDIFACT interchange: told by UNA or worked out from UNB.

Source: ISO 9735; UNA is "UNA" and six characters: component, element, decimal mark, release,
repetition (a blank before version 4), terminator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CHARSETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp",
    "UNOY": "utf-8",
}
"""Syntax identifier (UNB S001 0001) to Python codec."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters of one interchange; an empty string means "not used"."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    terminator: str = "'"


DEFAULT = Separators()
LEVEL_B = Separators("\x1f", "\x1d", ".", "", "", "\x1c")
"""The information separators of UNOB's non-printing variant (ISO 9735 version 1 to 3)."""


_START = re.compile(
    rb"UNA(?P<una>[^\r\n]{5,6}?)\s*(?=UNB)"
    rb"|(?P<unb>UNB(?P<el>[^A-Za-z0-9\s])[A-Z]{4}(?P<co>[^A-Za-z0-9\s])\d)"
)


def interchange_starts(
    data: bytes,
) -> Iterator[tuple[int, int, Separators, tuple[str, ...]]]:
    """Yield (offset, offset of UNB, separators, problem codes) of each interchange."""
    after_una = -1
    for match in _START.finditer(data):
        una = match.group("una")
        if una is not None:
            after_una = match.end()
            separators, codes = _separators_of_una(una.decode("latin-1"))
            yield match.start(), after_una, separators, codes
        elif match.start() != after_una:
            yield match.start(), match.start(), *_inferred(data, match)


def _separators_of_una(una: str) -> tuple[Separators, tuple[str, ...]]:
    # A transport that trims blanks leaves five characters: the reserved blank is what is lost.
    short = len(una) == 5
    chars = una[:4] + " " + una[4] if short else una
    component, element, decimal, release, repetition, terminator = tuple(chars)
    separators = Separators(
        component, element, decimal, release.strip(), repetition.strip(), terminator
    )
    working = [component, element, release.strip(), terminator]
    if len(set(working)) < len(working):
        return DEFAULT, ("una_unusable",)
    if separators.repetition in working:
        separators = Separators(component, element, decimal, release.strip(), "", terminator)
    return separators, ("una_short",) if short else ()


def _inferred(data: bytes, match: re.Match[bytes]) -> tuple[Separators, tuple[str, ...]]:
    """Work out the separators of an interchange that has no UNA from how UNB is written."""
    element, component = match.group("el"), match.group("co")
    if element == b"\x1d" and component == b"\x1f":
        return LEVEL_B, ()
    after = re.compile(
        rb"(?P<end>[^A-Za-z0-9]?)(?P<gap>\s{0,8})UN[GH]" + re.escape(element)
    ).search(data, match.end(), match.end() + 600)
    terminator = "'"
    if after is not None:
        end = after.group("end").strip() or (b"\n" if b"\n" in after.group(0) else b"'")
        terminator = end.decode("latin-1")
    separators = Separators(
        component=component.decode("latin-1"),
        element=element.decode("latin-1"),
        release="?" if terminator != "?" else "",
        terminator=terminator,
    )
    if len({separators.component, separators.element, terminator}) < 3:
        return DEFAULT, ("separators_unclear",)
    return separators, () if separators == DEFAULT else ("separators_inferred",)
