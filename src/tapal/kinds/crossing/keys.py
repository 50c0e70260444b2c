"""What crossings are searched and linked by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tapal.core.record import Key, KeyType
from tapal.core.redaction import value_at
from tapal.core.text import Text
from tapal.kinds.crossing.codes import plain

KEY_TYPES = (
    KeyType(
        "document",
        Text("Dokumen perjalanan", "Travel document"),
        ("document.number", "document.issuing_state"),
    ),
    KeyType(
        "person",
        Text("Nama dan tanggal lahir", "Name and birth date"),
        ("person.primary_identifier", "person.secondary_identifier", "person.birth_date"),
    ),
    KeyType("plate", Text("Nomor polisi", "Registration"), ("vehicle.plate",)),
    KeyType("voyage", Text("Perjalanan", "Voyage"), ("journey.number", "journey.arrives")),
)


# Any: a body is JSON.
def keys(body: Mapping[str, Any]) -> Iterator[Key]:
    """The keys of a body: its documents, its person, its vehicle, its voyage."""
    seen: set[str] = set()
    for document in (body.get("document") or {}, *(body.get("further_documents") or ())):
        state = document.get("issuing_state") or value_at(body, "person.nationality")
        value = document_key(state, document.get("number"))
        if value and value not in seen:
            seen.add(value)
            yield Key("document", value)
    if value := person_key(body.get("person") or {}):
        yield Key("person", value)
    if plate := _letters(value_at(body, "vehicle.plate")):
        yield Key("plate", plate)
    if number := voyage_number(value_at(body, "journey.number")):
        day = value_at(body, "journey.arrives") or value_at(body, "local_time") or ""
        yield Key("voyage", f"{number}/{str(day)[:10]}")


def document_key(state: Any, number: Any) -> str:
    """State and number, "IDN:X1234567"; "" without a number."""
    letters = _letters(number)
    return f"{state or ''}:{letters}" if letters else ""


def person_key(person: Mapping[str, Any]) -> str:
    """The words of the name in order of the alphabet, and a whole birth date; "" without them.

    Name order differs between carriers, scanners and clerks.
    """
    born = person.get("birth_date") or ""
    names = f"{person.get('primary_identifier') or ''} {person.get('secondary_identifier') or ''}"
    words = sorted(plain(names).split())
    return f"{' '.join(words).upper()}|{born}"[:80] if words and len(born) == 10 else ""


def voyage_number(text: Any) -> str:
    """A flight or voyage number without blanks and leading zeros: QQ0877 and QQ 877 are one."""
    letters = _letters(text)
    match = re.fullmatch(r"([A-Z0-9]{2}[A-Z]?)0*(\d{1,4}[A-Z]?)", letters)
    return f"{match[1]}{match[2]}" if match else letters


def _letters(text: Any) -> str:
    return "".join(c for c in str(text or "").upper() if c.isalnum())
