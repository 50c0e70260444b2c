"""Who is, may be, or is not a citizen of this country, by what one record says.

A citizen's entry is clarified, never refused (legal row immigration.citizen_entry). Doubt counts for
the person: a nationality that nobody states, a second one, or a document that this country issued
each make a citizen possible, until an officer who may sign has settled it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tapal.core.country import HOME
from tapal.core.record import RecordView

UNSTATED = frozenset({"", "XXX"})
"""No nationality, or the code that says it is unspecified (ICAO Doc 9303 part 3 section 5)."""

# Any in this file: a body is JSON.


def nationalities(record: RecordView) -> tuple[str, ...]:
    """Every nationality that is stated, the first one first."""
    first = str(record.get("person.nationality") or "")
    others = record.get("person.other_nationalities") or ()
    return tuple(each for each in (first, *map(str, others)) if each not in UNSTATED)


def is_citizen(record: RecordView) -> bool:
    """True for a holder one of whose nationalities is this country's."""
    return HOME in nationalities(record)


def is_foreigner(record: RecordView) -> bool:
    """True for a holder whose nationalities are known, none of them this country's."""
    held = nationalities(record)
    return bool(held) and HOME not in held


def may_be_citizen(record: RecordView) -> bool:
    """True unless every statement speaks of a foreigner, or an officer has settled that he is one."""
    if is_citizen(record):
        return True
    if record.get("decision.citizenship") == "foreigner":
        return False
    return not nationalities(record) or any(map(_is_ours, _documents(record)))


def _documents(record: RecordView) -> Iterator[Mapping[str, Any]]:
    yield record.get("document") or {}
    yield from record.get("further_documents") or ()


def _is_ours(document: Mapping[str, Any]) -> bool:
    """A document of this country that is no visa: a visa is for foreigners only."""
    return document.get("issuing_state") == HOME and document.get("document_class") != "visa"
