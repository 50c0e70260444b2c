"""Code lists of the kind, each row with its confidence."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Final

import pycountry

from tapal.core.text import Text


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the CSV files in this folder."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _labels(name: str) -> Mapping[str, Text]:
    return {row["code"]: Text(row["label_id"], row["label_en"]) for row in rows(name)}


CERTIFICATE_TYPES: Final = _labels("certificate_types.csv")
CERTIFICATE_STATUS: Final = _labels("certificate_status.csv")
# Types that this kind is about, and statuses under which a certificate covers its goods.
PHYTOSANITARY: Final = frozenset({"851", "657"})
RE_EXPORT: Final = "657"


def status_effect(code: str) -> str:
    """What a status does to the certificate: `valid`, `void`, or nothing known."""
    return _status().get(code, {}).get("effect", "")


def status_confidence(code: str) -> str:
    """How sure the meaning of a status code is."""
    return _status().get(code, {}).get("confidence", "unchecked")


@cache
def _status() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("certificate_status.csv")}


@dataclass(frozen=True, slots=True)
class ListedPest:
    """One entry of the list of quarantine pests (OPTK): category and group are two axes."""

    category: str
    group: str
    eppo_code: str
    scientific_name: str
    common_name: str
    list_version: str
    list_date: str
    confidence: str


def latin(name: str) -> str:
    """A scientific name for comparison: case, `Candidatus`, marks and double blanks left out."""
    kept = "".join(c if c.isalnum() or c.isspace() else " " for c in name.casefold())
    return " ".join(word for word in kept.split() if word != "candidatus")


def listed_pest(eppo_code: str, scientific_name: str) -> ListedPest | None:
    """The list's entry for a pest by EPPO code, else by a name or synonym."""
    by_code, by_name = _optk()
    code = eppo_code.strip().upper()
    return by_code.get(code) if code in by_code else by_name.get(latin(scientific_name))


def pest_condition(split: Sequence[str]) -> str:
    """By what the fixed rules know the finds of a pest: the category that the list gives its EPPO code."""
    listed = listed_pest(split[0], "")
    return f"optk_{listed.category}" if listed else ""


@cache
def _optk() -> tuple[Mapping[str, ListedPest], Mapping[str, ListedPest]]:
    by_code: dict[str, ListedPest] = {}
    by_name: dict[str, ListedPest] = {}
    for row in rows("optk.csv"):
        names = [row["scientific_name"], *filter(None, row.pop("synonyms").split(";"))]
        pest = ListedPest(**{f.name: row[f.name] for f in fields(ListedPest)})
        if pest.eppo_code:
            by_code[pest.eppo_code] = pest
        by_name.update({latin(name): pest for name in names})
    return by_code, by_name


def commodity(hs_code: str, scientific_names: list[str]) -> str:
    """The commodity that import requirements are written for: by HS code, else by genus."""
    for row in _commodities():
        prefixes = row["hs_prefixes"].split(";")
        if hs_code and any(hs_code.startswith(prefix) for prefix in prefixes):
            return row["commodity"]
    if hs_code:
        return ""
    genera = {name.split()[0] for name in map(latin, scientific_names) if name}
    found = (row["commodity"] for row in _commodities() if row["genus"].casefold() in genera)
    return next(found, "")


@cache
def _commodities() -> tuple[dict[str, str], ...]:
    return rows("commodities.csv")


@cache
def alpha3(code: str) -> str:
    """An ISO 3166 code as alpha-3; what is no such code stays as it came."""
    given = code.strip().upper()
    country = None
    if len(given) == 2:
        country = pycountry.countries.get(alpha_2=given)
    elif len(given) == 3:
        country = pycountry.countries.get(alpha_3=given)
    return str(country.alpha_3) if country else code.strip()


@cache
def alpha2(code: str) -> str:
    """The alpha-2 code that a certificate writes; what is no country stays as it came."""
    country = pycountry.countries.get(alpha_3=code) if len(code) == 3 else None
    return str(country.alpha_2) if country else code


@cache
def business_forms() -> frozenset[str]:
    """Words in a name that mark it as an organisation's, in lower case."""
    return frozenset(row["word"] for row in rows("business_forms.csv"))
