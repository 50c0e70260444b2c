"""Findings as rows: what a rule said, kept with the values it compared and the law it cited."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tapal.core.finding import Compared, Weight
from tapal.core.finding import Finding as Said
from tapal.core.ids import uuid7
from tapal.core.kind import Kind
from tapal.core.legal import LegalRow
from tapal.core.marking import Sensitivity, strictest
from tapal.core.redaction import leaf_path
from tapal.core.text import Text
from tapal.flow.storable import storable, storable_json
from tapal.store.models import Finding


def finding_row(
    record_id: uuid.UUID, said: Said, kind: Kind, at: datetime, *, reading: bool = False
) -> Finding:
    """A row for what a rule said; it inherits the strictest mark of the fields that it tells of.

    `reading` marks what the reader of the message said, which no rule can say again.
    """
    marks = [kind.fields[p] for p in map(leaf_path, said.fields) if p in kind.fields]
    return Finding(
        id=uuid7(),
        record_id=record_id,
        rule=said.rule,
        about=storable(said.about)[:140],
        reason=said.reason or said.rule,
        weight=int(said.weight),
        sensitivity=int(strictest(marks)),
        text=storable_json(said.text.json()),
        data=storable_json({**_data(said), "reading": True} if reading else _data(said)),
        at=at,
    )


def finding_json(said: Said) -> dict[str, Any]:
    """A finding about a whole message, which has no record to hang on."""
    told = {
        "rule": said.rule,
        "weight": int(said.weight),
        "text": said.text.json(),
        "data": _data(said),
    }
    return dict(storable_json(told))


def _data(said: Said) -> dict[str, Any]:
    return {
        "fields": [leaf_path(path) for path in said.fields],
        "rests_on": list(said.rests_on),
        "disputed": said.disputed,
        "score": said.score,
        "compared": [
            {
                "label": c.label.json(),
                "ours": _stored(c.ours),
                "theirs": _stored(c.theirs),
                "agree": c.agree,
            }
            for c in said.compared
        ],
        "cites": [
            {
                "id": row.id,
                "topic": row.topic,
                "value": row.value,
                "unit": row.unit,
                "citation": row.citation,
                "confidence": row.confidence,
            }
            for row in said.cites
        ],
        "data": dict(said.data),
    }


def said_of(row: Finding) -> Said:
    """What a stored row said, as the rule said it."""
    data: Mapping[str, Any] = row.data
    return Said(
        rule=row.rule,
        weight=Weight(row.weight),
        text=Text.of(row.text),
        fields=tuple(data["fields"]),
        compared=tuple(
            Compared(Text.of(c["label"]), _value(c["ours"]), _value(c["theirs"]), c["agree"])
            for c in data["compared"]
        ),
        rests_on=tuple(data["rests_on"]),
        cites=tuple(_cited(c) for c in data["cites"]),
        disputed=data["disputed"],
        score=data["score"],
        reason=row.reason,
        about=row.about,
        data=dict(data["data"]),
    )


def _stored(value: str | Text) -> str | dict[str, str]:
    return value.json() if isinstance(value, Text) else value


def _value(stored: str | Mapping[str, str]) -> str | Text:
    return stored if isinstance(stored, str) else Text.of(stored)


def _cited(stored: Mapping[str, Any]) -> LegalRow:
    return LegalRow(
        id=stored["id"],
        topic=stored["topic"],
        value=stored["value"],
        unit=stored["unit"],
        citation=stored["citation"],
        confidence=stored["confidence"],
    )


def level(row: Finding) -> Sensitivity:
    """How far the finding may travel."""
    return Sensitivity(row.sensitivity)
