"""Countries of nationality and issue as ISO 3166 alpha-3."""

from __future__ import annotations

from functools import lru_cache

import pycountry

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
}


@lru_cache(maxsize=2048)
def alpha3(country: str) -> str:
    """The alpha-3 code of a code or English name; what is not known comes back in capitals."""
    code = country.strip().strip("<").upper()
    if not code:
        return ""
    if code in _OTHER:
        return _OTHER[code]
    if len(code) == 2:
        found = pycountry.countries.get(alpha_2=code)
    elif len(code) == 3:
        return code
    else:
        found = pycountry.countries.get(name=country.strip().title())
    return str(found.alpha_3) if found is not None else code
