"""What in a row is not read, or not whole: told, while the row is screened with the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tapal.core.text import Text
from tapal.engines.screening.countries import unknown
from tapal.engines.screening.names import MAX_LENGTH, MAX_WORDS, cut, family, read_name
from tapal.engines.screening.tables import Row
from tapal.formats.listing import Fault, ListingRow, schema_of, unknown_schema
from tapal.formats.listing_csv import partial_date

_MAY_BE_CUT = 2 * MAX_WORDS
"""Letters of the shortest name that has more words than are read."""
_PLAIN = re.compile(r"[A-Za-z0-9]")


def unread(
    row: Row, place: str, names: Sequence[str], days: Sequence[str], countries: Sequence[str]
) -> Iterator[Fault]:
    """What cannot be read under these columns: the row stands without it."""
    for column in names:
        yield from _of_name(row.get(column), row.get("schema"), f"{place}, {column}")
    for column in days:
        written = row.get(column).strip()
        if written and partial_date(written) is None:
            said = Text(f"“{written[:60]}” tidak terbaca.", f"“{written[:60]}” cannot be read.")
            mend = Text("Tulis seperti 1980-07-04.", "Write it like 1980-07-04.")
            yield Fault(f"{place}, {column}", said, mend, taken=True)
    for column in countries:
        yield from _of_countries(unknown(row.get(column)), f"{place}, {column}")
    if schema_of(row.get("schema")) is None:
        yield unknown_schema(place, row.get("schema"))


def of_listing(row: ListingRow) -> Iterator[Fault]:
    """What of an entry of a list is not compared: the entry stands without it."""
    for name in (*row.names, *row.aliases, *row.weak_aliases):
        yield from _of_name(name, row.schema, f"{row.place}, name")
    for country in row.nationalities:
        yield from _of_countries(unknown(country), f"{row.place}, nationality")
    for _, issuer in row.documents:
        yield from _of_countries(unknown(issuer or ""), f"{row.place}, doc_country")


def _of_name(name: str, schema: str, place: str) -> Iterator[Fault]:
    kind = family(schema)
    if len(name) >= _MAY_BE_CUT and cut(name, kind):
        said = Text(
            f"Nama terlalu panjang: hanya {MAX_WORDS} kata pertama, dalam {MAX_LENGTH} huruf, dibandingkan.",
            f"The name is too long: its first {MAX_WORDS} words, within {MAX_LENGTH} letters, are compared.",
        )
        mend = Text("Pisahkan nama lain ke aliases.", "Put other names under aliases.")
        yield Fault(place, said, mend, name[:200], taken=True)
    elif name.strip() and not _PLAIN.search(name) and not read_name(name, kind).words:
        said = Text(
            f"“{name[:60]}” tidak berisi huruf yang terbaca.",
            f"“{name[:60]}” holds no letter that can be read.",
        )
        yield Fault(place, said, Text("Tulis namanya.", "Write the name."), name[:200], taken=True)


def _of_countries(names: Sequence[str], place: str) -> Iterator[Fault]:
    for name in names:
        said = Text(
            f"Negara “{name[:60]}” tidak dikenal: tidak dibandingkan.",
            f"Country “{name[:60]}” is not known: it is not compared.",
        )
        mend = Text(
            "Tulis kode ISO 3166, misalnya TLS.", "Write its code of ISO 3166, such as TLS."
        )
        yield Fault(place, said, mend, name[:200], taken=True)
