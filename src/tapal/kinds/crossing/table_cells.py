"""From a row's cells under its headings to fields: what a spreadsheet adds is taken off, parts are joined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tapal.formats.delimited import Row
from tapal.formats.table_dates import CLOCK_ALONE
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.typed import NAMES

_NAMES = frozenset({"name", "primary_identifier", "secondary_identifier"})
_EMPTY = frozenset(
    {"-", "--", "---", "\u2013", "\u2014", "n/a", "#n/a", "#ref!", "#value!", "#null!"}
)
_EMPTY_WORDS = frozenset({"null", "nil", "none", "(null)", "nan"})
"""No value in any column but a name's: there are people called Null."""
_LONGEST_EMPTY = max(map(len, _EMPTY | _EMPTY_WORDS))
_AS_TEXT = re.compile(r"=\"(.*)\"")
_APOSTROPHE = re.compile(r"'(?=[0-9=+\-])")
_MIDNIGHT = re.compile(r"[T ]0{1,2}[:.]00(?:[:.]00)?$")
_DIGIT = re.compile(r"\d")
_CLASSES = (
    ("passport", frozenset({"paspor", "passport"})),
    ("border_pass", frozenset({"plb", "pas", "pass"})),
)
_ASIDE = re.compile(r"\(.*?\)|\*|:\s*$")
_MONTH_FIRST = re.compile(r"\bmm\W?dd\W?y", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=4096)
def field_name(heading: str) -> str:
    """The field that a heading means, or the heading itself in its plain form."""
    plain = codes.plain(heading)
    name = plain.replace(" ", "_")
    if name in NAMES:
        return name
    known = codes.headings()
    for other in (heading, _CAMEL.sub(" ", heading), _ASIDE.sub("", heading)):
        bare = codes.plain(other)
        if found := known.get(bare) or (bare.replace(" ", "_") in NAMES and bare.replace(" ", "_")):
            return str(found)
    return name


def says_month_first(heading: str) -> bool:
    """True for a heading that asks for the month first: "Date of birth (MM/DD/YYYY)"."""
    return bool(_MONTH_FIRST.search(heading))


def values_of(row: Row) -> dict[str, str]:
    """The row's values by field; columns that mean one field are joined or stand beside it."""
    gathered: dict[str, list[str]] = {}
    number_heading = ""
    for heading, raw in row.cells.items():
        name = field_name(heading)
        if cell := _cell(name, raw):
            gathered.setdefault(name, []).append(cell)
            if name == "document_number":
                number_heading = number_heading or heading
    values = _joined(gathered)
    if row.extra:
        values["beyond the headings"] = "; ".join(row.extra)
    if number_heading and not values.get("document_class"):
        values["document_class"] = _class_of(number_heading)
    return {name: value for name, value in values.items() if value}


# Any: JSON.
def values_of_object(given: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object's values by field, names and parts treated as a table's."""
    gathered: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for key, value in given.items():
        name = field_name(key)
        if isinstance(value, (list, dict)):
            values[name] = value
        elif value is not None and (cell := _cell(name, str(value))):
            gathered.setdefault(name, []).append(cell)
    return {**_joined(gathered), **values}


def _cell(name: str, text: str) -> str:
    """A cell without what a spreadsheet puts around a text, "" for its signs of nothing."""
    bare = text.strip()
    if len(bare) <= _LONGEST_EMPTY:
        plain = bare.casefold()
        if plain in _EMPTY or (plain in _EMPTY_WORDS and name not in _NAMES):
            return ""
    if bare.startswith("=") and (match := _AS_TEXT.fullmatch(bare)):
        return match[1].strip()
    return _APOSTROPHE.sub("", text, count=1) if text.startswith("'") else text


def _joined(gathered: Mapping[str, list[str]]) -> dict[str, str]:
    given = {name: list(cells) for name, cells in gathered.items()}
    values: dict[str, str] = {}
    for place in given.pop("birth_place_date", []):
        # "Kupang, 15-01-1980": the place ends where the date's first digit stands.
        digit = _DIGIT.search(place)
        start = digit.start() if digit else len(place)
        given.setdefault("birth_place", []).append(place[:start].strip(" ,/"))
        given.setdefault("birth_date", []).append(place[start:].strip())
    times = [*given.pop("time", []), *given.pop("clock", [])]
    if times:
        given["time"] = _time(times)
    if "secondary_identifier" in given:
        given["secondary_identifier"] = [" ".join(given["secondary_identifier"])]
    for name, cells in given.items():
        if len(cells) == 1:
            if cells[0]:
                values[name] = cells[0]
            continue
        said = list(dict.fromkeys(filter(None, cells)))
        values.update({name if n == 1 else f"{name} {n}": cell for n, cell in enumerate(said, 1)})
    return values


def _time(cells: list[str]) -> list[str]:
    """A day and a clock time of two columns as one time."""
    clock = next((cell for cell in cells if CLOCK_ALONE.fullmatch(cell.strip())), None)
    day = next((cell for cell in cells if cell != clock), None)
    if clock is None or day is None:
        return cells
    rest = [cell for cell in cells if cell not in (clock, day)]
    return [f"{_MIDNIGHT.sub('', day.strip())} {clock.strip()}", *rest]


def _class_of(heading: str) -> str:
    """The document that a number's heading names, "" when it names none."""
    words = set(codes.plain(heading).split())
    return next((name for name, told in _CLASSES if words & told), "")
