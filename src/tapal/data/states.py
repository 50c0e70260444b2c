"""Countries in words, by their alpha-3 code of ISO 3166."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache

import pycountry

from tapal.core.text import Text, same
from tapal.data import table


@cache
def state_words() -> Mapping[str, Text]:
    """Every country of ISO 3166-1, in its short form.

    The names are pycountry's and its Indonesian translation's; state_names.csv mends those that
    are out of date, inverted ("Bolivia, Plurinational State of") or formal.
    """
    words = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, ["id"], fallback=True)
    found = {}
    for country in pycountry.countries:
        short = getattr(country, "common_name", country.name)
        found[country.alpha_3] = Text(words.gettext(short), short)
    mended = {r["code"]: Text(r["label_id"], r["label_en"]) for r in table("state_names.csv")}
    return {**found, **mended}


def state_said(code: str) -> Text:
    """A country in words; what is no such code stands for itself."""
    return state_words().get(code) or same(code)


def state_meant(text: str) -> str | None:
    """The alpha-3 code that an alpha-2 or alpha-3 code or a name in either language means."""
    given = text.strip()
    if len(given) == 2 and (country := pycountry.countries.get(alpha_2=given.upper())):
        return str(country.alpha_3)
    return given.upper() if given.upper() in state_words() else _by_name().get(given.casefold())


@cache
def _by_name() -> Mapping[str, str]:
    found = {country.name.casefold(): str(country.alpha_3) for country in pycountry.countries}
    for code, words in state_words().items():
        found[words.id.casefold()] = found[words.en.casefold()] = code
    return found
