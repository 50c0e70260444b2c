"""An entry's fields as the desk says them: sorts, ways, countries and sexes in words, days as here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tapal.core.text import Text, same
from tapal.engines.screening import in_words

SORTS: Mapping[str, Text] = {
    "person": Text("orang", "person"),
    "organization": Text("organisasi", "organization"),
    "company": Text("perusahaan", "company"),
    "publicbody": Text("badan publik", "public body"),
    "legalentity": Text("orang atau badan", "person or body"),
    "vessel": Text("kapal", "ship"),
    "vehicle": Text("kendaraan", "vehicle"),
    "airplane": Text("pesawat", "aircraft"),
}
"""By the FollowTheMoney schema in small letters."""
WAYS: Mapping[str, Text] = {
    "entry": Text("masuk", "entry"),
    "exit": Text("keluar", "exit"),
    "both": Text("masuk dan keluar", "entry and exit"),
}
# Fields of an entry, and how screening names the property whose words they share.
_SHARED = {
    "birth_dates": "birthDate",
    "valid_from": "birthDate",
    "valid_until": "birthDate",
    "nationalities": "nationality",
    "gender": "gender",
}


# Any: JSON.
def said(name: str, value: Any) -> Text:
    """One field of an entry in words; several values are parted by semicolons."""
    if isinstance(value, list):
        told = list(_each(name, value))
        return Text("; ".join(t.id for t in told), "; ".join(t.en for t in told))
    return _one(name, str(value))


def _each(name: str, values: Iterable[Any]) -> Iterable[Text]:
    for value in values:
        if name == "documents":
            yield _document(*value)
        elif value:
            yield _one(name, str(value))


def _document(number: str, country: str | None) -> Text:
    if not country:
        return same(number)
    issuer = said("nationalities", country)
    return Text(f"{number} ({issuer.id})", f"{number} ({issuer.en})")


def _one(name: str, value: str) -> Text:
    if name == "schema":
        return SORTS.get(value.lower()) or same(value)
    if name == "direction":
        return WAYS.get(value) or same(value)
    found = in_words(_SHARED.get(name, name), value)
    return found if isinstance(found, Text) else same(found)
