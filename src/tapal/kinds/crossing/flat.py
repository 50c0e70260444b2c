"""A body as flat fields: the opposite of `typed`, for tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tapal.core.redaction import value_at

# Any: a body is JSON.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("direction", "direction"),
    ("post", "post"),
    ("time", "local_time"),
    ("zone", "zone"),
    ("mode", "mode"),
    ("role", "role"),
    ("primary_identifier", "person.primary_identifier"),
    ("secondary_identifier", "person.secondary_identifier"),
    ("sex", "person.sex"),
    ("birth_date", "person.birth_date"),
    ("birth_place", "person.birth_place"),
    ("nationality", "person.nationality"),
    ("document_class", "document.document_class"),
    ("document_code", "document.document_code"),
    ("document_number", "document.number"),
    ("issuing_state", "document.issuing_state"),
    ("issued", "document.issued"),
    ("expires", "document.expires"),
    ("residence", "residence.text"),
    ("destination", "destination.text"),
    ("purpose", "purpose"),
    ("extensions", "extensions"),
    ("permitted_days", "stay.permitted_days"),
    ("permitted_until", "stay.permitted_until"),
    ("stay_basis", "stay.basis"),
    ("guardian", "guardian.name"),
    ("guardian_document", "guardian.document_number"),
    ("guardian_relation", "guardian.relation"),
    ("evidence", "guardian.evidence"),
    ("plate", "vehicle.plate"),
    ("vehicle_state", "vehicle.state"),
    ("vehicle_type", "vehicle.type"),
    ("carrier", "journey.carrier"),
    ("voyage", "journey.number"),
    ("remarks", "remarks"),
    ("mrz", "mrz.lines"),
)
COLUMNS = tuple(name for name, _ in _COLUMNS)
PATHS: Mapping[str, str] = dict(_COLUMNS)
"""Where a flat field stands in the body."""


def flat(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a table's row; columns that came without a field of ours go out again.

    Of what could not be read the original text goes out.
    """
    row = {str(name): str(value) for name, value in (body.get("extra") or {}).items()}
    unread = body.get("unread") or {}
    for name, path in _COLUMNS:
        value = value_at(body, path)
        value = unread.get(path) if value is None else value
        if name == "nationality" and value:
            value = [value, *(value_at(body, "person.other_nationalities") or ())]
        if name == "mrz" and value:
            value = "".join(value)
        if isinstance(value, list):
            value = ";".join(map(str, value))
        row[name] = "" if value is None or value == "unknown" else str(value)
    return row
