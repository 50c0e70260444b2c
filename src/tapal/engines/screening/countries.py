"""Countries of nationality and issue as ISO 3166 alpha-3."""

from __future__ import annotations

from functools import lru_cache

import pycountry

from tapal.data.states import state_meant

# Forms that travel documents and older lists carry and ISO 3166-1 does not:
# ICAO Doc 9303 part 3 section 5 codes, withdrawn codes, everyday abbreviations.
_OTHER: dict[str, str] = {
    "D": "DEU",
    "GBD": "GBR",
    "GBN": "GBR",
    "GBO": "GBR",
    "GBP": "GBR",
    "GBS": "GBR",
    "UK": "GBR",
    "XK": "XKX",
    "RKS": "XKX",
    "TP": "TLS",
    "TMP": "TLS",
    "BU": "MMR",
    "BUR": "MMR",
    "ZR": "COD",
    "ZAR": "COD",
    "ROM": "ROU",
    "INA": "IDN",
    "RI": "IDN",
    "USSR": "SUN",
    "SU": "SUN",
    # Everyday names that neither ISO 3166 nor its Indonesian translation has.
    "BURMA": "MMR",
    "BIRMA": "MMR",
    "EAST TIMOR": "TLS",
    "TIMOR TIMUR": "TLS",
    "TIMOR LESTE": "TLS",
    "USA": "USA",
    "UNITED STATES OF AMERICA": "USA",
    "AMERIKA": "USA",
    "GREAT BRITAIN": "GBR",
    "ENGLAND": "GBR",
    "BRITAIN": "GBR",
    "UAE": "ARE",
    "HOLLAND": "NLD",
    "SOUTH KOREA": "KOR",
    "NORTH KOREA": "PRK",
    "PEOPLE'S REPUBLIC OF CHINA": "CHN",
    "CINA": "CHN",
    "IVORY COAST": "CIV",
    "HONGKONG": "HKG",
    "SWAZILAND": "SWZ",
    "CAPE VERDE": "CPV",
    "MACEDONIA": "MKD",
    "CZECH REPUBLIC": "CZE",
    "TURKEY": "TUR",
    "KOSOVO": "XKX",
    "PALESTINE": "PSE",
    "INGGRIS": "GBR",
    "BRITANIA RAYA": "GBR",
    "BRUNEI": "BRN",
    "COTE D'IVOIRE": "CIV",
    "KOREA, NORTH": "PRK",
    "KOREA, SOUTH": "KOR",
    "KOREA UTARA": "PRK",
    "YUGOSLAVIA": "YUG",
    "SOVIET UNION": "SUN",
    "UNI SOVIET": "SUN",
    "PALESTINA": "PSE",
}
_BEARERS = frozenset(
    ["XXA", "XXB", "XXC", "XOM", "XPO", "XKX", "UNO", "UNA", "UNK", "EUE", "XBA", "XIM", "XCC",
     "XCE", "XCO", "XEC", "XES", "XMP", "XDC", "XCT"]
)  # fmt: skip
"""Codes of ICAO Doc 9303 that are no country's: the stateless, refugees, organisations."""


@lru_cache(maxsize=2048)
def alpha3(country: str) -> str:
    """The alpha-3 code of a code or a name in Indonesian or English; empty for what is not known."""
    written = " ".join(country.split()).strip("<. ")
    code = written.upper().replace(".", "")
    if code in _OTHER:
        return _OTHER[code]
    if code in _BEARERS:
        return code
    if len(code) == 3 and pycountry.historic_countries.get(alpha_3=code) is not None:
        return code
    return state_meant(written) or ""


def unknown(text: str) -> list[str]:
    """Of countries parted by `|` or `;` those that are not known."""
    each = (part.strip() for part in text.replace(";", "|").split("|"))
    # XXX and UTO are written where no nationality is told, or in specimens.
    return [part for part in each if part.strip("<") and part not in _UNTOLD and not alpha3(part)]


_UNTOLD = ("XXX", "UTO", "-", "N/A", "NA", "unknown", "UNKNOWN")
