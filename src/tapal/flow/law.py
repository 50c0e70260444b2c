"""Legal values: a change adds a dated row and ends the one before; what was in force stays readable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.legal import CONFIDENCE_LABELS
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.reference import bump
from tapal.store.models import LegalRow

POWER = "legal_row.edit"


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to hold from a day on. `value` is JSON text in the shape and unit of the row before."""

    value: str
    citation: str
    confidence: str
    valid_from: date
    source: str = ""
    note: str = ""


@transaction.atomic
def amend(row_id: str, to: Amendment, *, actor: Actor) -> LegalRow:
    """Put a new value of a legal row in force from a day on; the old row ends the day before.

    Raises Missing, Denied without the power, Rejected for a value that is no JSON of the same
    sort, without a citation, of no known confidence, or from before the old row began.
    """
    if POWER not in actor.powers:
        raise Denied
    old = LegalRow.objects.select_for_update().filter(pk=row_id).first()
    if old is None:
        raise Missing
    value = _check(old, to)
    new = LegalRow.objects.create(
        id=_next_id(old),
        topic=old.topic,
        selector=old.selector,
        value=value,
        unit=old.unit,
        citation=to.citation.strip(),
        source=to.source.strip(),
        confidence=to.confidence,
        valid_from=to.valid_from,
        valid_to=old.valid_to,
        note=to.note.strip(),
    )
    old.valid_to = to.valid_from - timedelta(days=1)
    old.save(update_fields=["valid_to"])
    record_event("legal_row.saved", new.id, _told(old, new), actor=actor.number)
    bump()
    return new


def unknown(on: date) -> list[LegalRow]:
    """The rows in force on a day whose value was never found: rules that ask for them do not count."""
    rows = LegalRow.objects.order_by("topic", "id")
    return [row for row in rows if row.value is None and in_force(row, on)]


def in_force(row: LegalRow, on: date) -> bool:
    """True on the days of validity; an open end is open."""
    return (row.valid_from is None or row.valid_from <= on) and (
        row.valid_to is None or on <= row.valid_to
    )


def _check(old: LegalRow, to: Amendment) -> Any:  # Any: JSON
    try:
        value = json.loads(to.value)
    except ValueError as wrong:
        raise _refused("value", "Nilainya bukan JSON.", "The value is not JSON.") from wrong
    # A row whose value was never found (null) takes any; others keep their shape, a number a number.
    if old.value is not None and _sort(value) != _sort(old.value):
        raise _refused(
            "value",
            f"Nilai lama berbentuk {_sort(old.value)}, yang baru {_sort(value)}.",
            f"The old value is a {_sort(old.value)}, the new one a {_sort(value)}.",
        )
    if not to.citation.strip():
        raise _refused("citation", "Rujukannya belum diisi.", "The citation is missing.")
    if to.confidence not in CONFIDENCE_LABELS:
        raise _refused("confidence", "Keyakinan tidak dikenal.", "Unknown confidence.")
    if old.valid_from and to.valid_from <= old.valid_from:
        raise _refused(
            "valid_from",
            f"Baris lama berlaku sejak {old.valid_from}: mulai sesudahnya.",
            f"The old row holds from {old.valid_from}: begin after it.",
        )
    if old.valid_to and to.valid_from > old.valid_to:
        raise _refused(
            "valid_from",
            f"Baris lama sudah berakhir {old.valid_to}.",
            f"The old row ended on {old.valid_to}.",
        )
    return value


def _sort(value: object) -> str:
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        ((int, float), "number"),
        (str, "text"),
        (list, "list"),
        (dict, "object"),
    )
    return next((name for sort, name in names if isinstance(value, sort)), "null")


def _refused(place: str, said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(said_id, said_en), Text("Perbaiki isian itu.", "Mend that entry."), place=place
    )


def _next_id(old: LegalRow) -> str:
    stem = old.id.split("#")[0]
    number = LegalRow.objects.filter(id__startswith=stem).count() + 1
    while LegalRow.objects.filter(pk=f"{stem}#{number}").exists():
        number += 1
    return f"{stem}#{number}"


def _told(old: LegalRow, new: LegalRow) -> dict[str, Any]:
    return {
        "before": {"id": old.id, "value": old.value, "valid_to": str(old.valid_to)},
        "after": {
            "value": new.value,
            "citation": new.citation,
            "confidence": new.confidence,
            "valid_from": str(new.valid_from),
        },
    }
