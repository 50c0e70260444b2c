"""Code lists of the kind: the words behind its codes, states, ports and border areas."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import pycountry

from tapal.core.text import Text, same
from tapal.data import table
from tapal.data.states import state_words


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the CSV files in this folder."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _words(name: str) -> Mapping[str, Text]:
    return {
        row["code"]: Text(row["label_id"], row["label_en"])
        for row in rows("words.csv")
        if row["list"] == name
    }


DIRECTIONS: Final = _words("direction")
ROLES: Final = _words("role")
MODES: Final = _words("mode")
DOCUMENT_CLASSES: Final = _words("document_class")
PURPOSES: Final = _words("purpose")
STAY_BASES: Final = _words("stay_basis")
EVIDENCE: Final = _words("evidence")
SEXES: Final = _words("sex")
CAPTURES: Final = _words("capture")
OUTCOMES: Final = _words("outcome")
SECOND_DESKS: Final = _words("second_desk")
PROTECTION_RESULTS: Final = _words("protection_result")
CITIZENSHIPS: Final = _words("citizenship")
LIST_TYPES: Final = _words("list_type")
"""Document name codes (1001) of BGM that the passenger list guide uses."""
ZONES: Final = _words("zone")
ZONE_FIELDS: Final = _words("zone_field")
"""The fields that a check digit of a machine readable zone covers (ICAO Doc 9303)."""

LAND_MODES: Final = frozenset({"foot", "bicycle", "motorcycle", "car", "bus", "truck"})


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text for comparison: no accents, case or marks, single blanks."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.split())


@cache
def headings() -> Mapping[str, str]:
    """Field names by the headings under which tables bring them, in their plain form."""
    return {plain(row["heading"]): row["name"] for row in rows("headings.csv")}


@cache
def special_states() -> Mapping[str, Text]:
    """Codes of ICAO 9303 part 3 section 5 that are no country."""
    return {row["code"]: Text(row["label_id"], row["label_en"]) for row in rows("icao_special.csv")}


def state_said(code: str) -> Text:
    """A State in words; what is no code of one stands for itself."""
    return STATES.get(code) or same(code)


STATES: Final[Mapping[str, Text]] = {**state_words(), **special_states()}
"""Countries and the special codes of ICAO 9303, in words."""


@cache
def state_known(code: str) -> bool:
    """True for a country of ISO 3166-1 (alpha-3) or a special code of ICAO 9303."""
    return code in special_states() or pycountry.countries.get(alpha_3=code) is not None


@cache
def state_code(text: str) -> str:
    """A state as its alpha-3 code; "D" becomes DEU; what is no state stays as it came."""
    given = text.strip().rstrip("<").upper()
    if given == "D":
        return "DEU"
    if len(given) == 2 and (country := pycountry.countries.get(alpha_2=given)):
        return str(country.alpha_3)
    if state_known(given):
        return given
    return _states_by_name().get(plain(text), text.strip() if len(given) > 3 else given)


@cache
def _states_by_name() -> Mapping[str, str]:
    """Alpha-3 codes by every name of a country in English and Indonesian, and by usual other forms."""
    found = {}
    for country in pycountry.countries:
        formal = getattr(country, "official_name", country.name)
        for name in (country.name, formal):
            found[plain(name)] = str(country.alpha_3)
    for code, words in state_words().items():
        found[plain(words.id)] = found[plain(words.en)] = code
    return found | {plain(row["form"]): row["code"] for row in rows("state_forms.csv")}


@cache
def _home_ports() -> Mapping[str, str]:
    """The zones (IANA) of this country's airports and seaports, by IATA code or UN/LOCODE."""
    return {row["code"]: row["tz"] for row in rows("home_ports.csv")}


PORTS: Final[Mapping[str, Text]] = {
    row["code"]: same(row["name"]) for row in rows("home_ports.csv")
}
"""Airports and seaports of this country in words, by IATA code or UN/LOCODE."""


def port_is_home(code: str) -> bool | None:
    """Whether a port lies in this country, by UN/LOCODE or IATA code; None when not known."""
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}", code):
        return code.startswith("ID")
    return True if code in _home_ports() else None


def port_zone(code: str) -> str:
    """The zone of a port of this country, by UN/LOCODE or IATA code; "" when it is not known.

    UN/LOCODE names a town with an airport by the airport's letters, after the country's.
    """
    ports = _home_ports()
    return ports.get(code) or (ports.get(code[2:], "") if port_is_home(code) else "")


@dataclass(frozen=True, slots=True)
class Area:
    """A border sub-district. `treaty_name` is its name in the agreement's text, from before splits."""

    id: str
    name: str
    state: str
    zone: str
    treaty_name: str
    checked: bool


@cache
def areas() -> Mapping[str, Area]:
    """All border areas by id."""
    return {
        row["id"]: Area(
            row["id"],
            row["name"],
            row["country"],
            row["treaty_zone"] or row["neighbour"].partition("/")[0],
            row["treaty_name"],
            row["mapping_confidence"] == "checked",
        )
        for row in table("border_areas.csv")
    }


AREAS: Final[Mapping[str, Text]] = {
    row["id"]: same(", ".join(filter(None, (row["name"], row["parent"]))))
    for row in table("border_areas.csv")
}
"""Border areas in words, each with what it is a part of."""


@cache
def areas_named(text: str) -> tuple[Area, ...]:
    """The areas that a text means: an id, today's name, another spelling, else the old name.

    An old name stands for every area that was split from it.
    """
    if text in areas():
        return (areas()[text],)
    for names in _area_names():
        if found := names.get(plain(text)):
            return found
    return ()


@cache
def _area_names() -> tuple[Mapping[str, tuple[Area, ...]], ...]:
    """Areas by present name, by other spelling, by the name in the agreement."""
    present: dict[str, tuple[Area, ...]] = {}
    spelt: dict[str, tuple[Area, ...]] = {}
    old: dict[str, tuple[Area, ...]] = {}
    for row in table("border_areas.csv"):
        area = (areas()[row["id"]],)
        for names, texts in (
            (present, [row["name"]]),
            (spelt, row["aliases"].split(";")),
            (old, [row["treaty_name"]]),
        ):
            for text in filter(None, map(plain, texts)):
                names[text] = names.get(text, ()) + area
    return present, spelt, old
