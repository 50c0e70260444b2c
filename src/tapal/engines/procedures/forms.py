"""The answers of a step's form as typed values: what does not fit is refused with its question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines.procedures.words import KEPT_TYPES, Field

LONGEST: Final = {"line": 300, "text": 4_000}
"""The most characters of an answer in words."""
_NUMBER: Final = re.compile(r"^[+-]?[0-9]{1,15}$")
_DATE: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}


def fitting(form: tuple[Field, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a form as typed values.

    Raises Rejected, naming the field, for one that does not fit and for one that nobody asked.
    """
    strange = sorted(set(answers) - {field.name for field in form})
    if strange:
        raise Rejected(
            Text(
                f"Isian {strange[0][:60]} tidak ada pada langkah ini.",
                f"This step has no field {strange[0][:60]}.",
            ),
            Text("Kirim hanya isian yang ditanyakan.", "Send only what is asked."),
            place=strange[0][:60],
        )
    return {f.name: v for f in form if (v := _typed(f, answers.get(f.name))) is not None}


def kept(form: tuple[Field, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What goes on with the run. A question left open is there as null, so that gateways may ask."""
    fits = fitting(form, answers)
    return {f.name: fits.get(f.name) for f in form if f.type in KEPT_TYPES}


def _typed(field: Field, given: Any) -> Any:  # Any: JSON
    if isinstance(given, str):
        given = given.strip()
    if given is None or given == "":
        if field.required:
            raise _unfit(field, Text("belum diisi", "is missing"))
        return None
    if field.type == "yes_no" and isinstance(given, bool):
        return given
    if field.type == "number" and isinstance(given, int) and not isinstance(given, bool):
        given = str(given) if abs(given) < 10**15 else ""
    if not isinstance(given, str):
        raise _unfit(field, Text("tidak sesuai", "does not fit"))
    if field.type in LONGEST:
        if len(given) > (most := LONGEST[field.type]):
            raise _unfit(
                field, Text(f"lebih dari {most} huruf", f"has more than {most} characters")
            )
        return given
    return _told(field, given)


def _told(field: Field, given: str) -> Any:
    try:
        if field.type == "choice":
            return next(o.value for o in field.options if o.value == given)
        if field.type == "yes_no":
            return _YES[given]
        if field.type == "date" and _DATE.match(given):
            return date.fromisoformat(given).isoformat()
        if field.type == "number" and _NUMBER.match(given):
            return int(given)
    except (StopIteration, KeyError, ValueError):
        pass
    raise _unfit(field, Text("tidak sesuai", "does not fit"))


def _unfit(field: Field, what: Text) -> Rejected:
    return Rejected(
        Text(f"{field.label.id}: {what.id}.", f"{field.label.en}: {what.en}."),
        Text("Perbaiki isian itu lalu kirim lagi.", "Mend it and send again."),
        place=field.name,
    )
