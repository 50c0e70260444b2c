"""Name parts by culture from names.csv, written from general knowledge; nobody real is meant.

Cultures: `timor` (Belu, Malaka, Timor Tengah Utara), `tetun` (Bobonaro, Covalima, Oecussi),
`java`, `dayak` (the Kalimantan line), `iban` (Sarawak), `malay` (Sambas, Batam, Johor), `papua`
(Jayapura, Keerom), `png` (Sandaun, Western), `chindo` (Chinese Indonesians), `singapore`,
`philippines` (the Sulu and Celebes seas). For `iban` and `malay` the family names are fathers'.
"""

import csv
import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Names(NamedTuple):
    """Given names by sex, and the names that follow them."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]


@cache
def tables() -> dict[str, Names]:
    """The parts of names by culture."""
    text = files(__package__ or "tapal.simulation").joinpath("names.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))

    def part(culture: str, kind: str) -> tuple[str, ...]:
        return tuple(r["name"] for r in rows if (r["culture"], r["part"]) == (culture, kind))

    cultures = dict.fromkeys(row["culture"] for row in rows)
    return {c: Names(part(c, "woman"), part(c, "man"), part(c, "family")) for c in cultures}
