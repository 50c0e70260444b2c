"""What tests of kinds are built from: a post, a moment, a record, the seed's legal rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, get_args

from tapal.core.kind import Kind
from tapal.core.legal import Confidence, LegalBook, LegalRow
from tapal.core.reading import Draft, Header, Item, ReadContext
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context, ListedDocument
from tapal.data import table
from tapal.kinds import KINDS

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
POST = Place("PLBN-11", "PLBN Motaain", "plbn", "NTT", "TLS", "Asia/Makassar")
OTHER_POST = Place("PLBN-16", "PLBN Skouw", "plbn", "Papua", "PNG", "Asia/Jayapura")
PLACES = {place.id: place for place in (POST, OTHER_POST)}
READING = ReadContext(received_at=NOW, post=POST, places=PLACES)

# Any: bodies, legal values and golden files are JSON.
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A record and its context on which a rule speaks, or stays quiet."""

    rule: str
    fires: bool
    record: RecordView
    context: Context
    name: str = ""

    def __str__(self) -> str:
        return f"{self.rule}-{'fires' if self.fires else 'quiet'}-{self.name}".rstrip("-")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def legal_seeds() -> list[dict[str, str]]:
    """The legal rows that ship as text, the shared ones and each kind's own."""
    found = table("legal_rows.csv")
    for kind in KINDS.values():
        if kind.legal is not None:
            with kind.legal.open(encoding="utf-8", newline="") as rows:
                found += csv.DictReader(rows)
    return found


@cache
def seed_rows() -> tuple[LegalRow, ...]:
    """The legal rows that the package ships."""
    return tuple(
        LegalRow(
            id=row["id"],
            topic=row["topic"],
            value=json.loads(row["value"]),
            unit=row["unit"],
            citation=row["citation"],
            confidence=_confidence(row["confidence"]),
            selector=json.loads(row["selector"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source=row["source"],
            note=row["note"],
        )
        for row in legal_seeds()
    )


def _confidence(text: str) -> Confidence:
    return next(each for each in get_args(Confidence) if each == text)


def legal_row(topic: str, value: Any, *, sure: Confidence = "checked", **selector: str) -> LegalRow:
    """A made-up row of one topic."""
    return LegalRow(f"{topic}:test", topic, value, "test", "a test", sure, selector)


def view(
    kind: str,
    body: Body,
    *,
    id: str = "r-1",
    place: str | None = POST.id,
    received_at: datetime = NOW,
    occurred_at: datetime | None = None,
    owner: str = "",
    keys: Iterable[Any] = (),
) -> RecordView:
    """A record as a rule sees it."""
    known = KINDS[kind]
    return RecordView(
        id=id,
        kind=kind,
        owner=owner,
        place=place,
        occurred_at=occurred_at,
        received_at=received_at,
        sensitivity=known.sensitivity(body),
        body=body,
        keys=tuple(keys) or tuple(known.keys(body)),
    )


def context(
    *,
    now: datetime = NOW,
    legal: Iterable[LegalRow] | None = None,
    history: Iterable[RecordView] = (),
    history_since: datetime | None = None,
    listed: Iterable[ListedDocument] = (),
) -> Context:
    """What a rule knows: the seed's legal rows unless others are given."""
    rows = seed_rows() if legal is None else tuple(legal)
    return Context(now, LegalBook(rows), tuple(history), history_since, tuple(listed), PLACES)


def golden(kind: Kind, item: Item) -> dict[str, Any]:
    """An item as its golden file tells it."""
    if isinstance(item, Header):
        return {"header": {"sender": item.sender, "message_id": item.message_id}}
    if not isinstance(item, Draft):
        return {"place": item.place, "rejected": True}
    told = sorted(f"{f.rule}:{f.about}" if f.about else f.rule for f in item.findings)
    return {
        "place": item.place,
        "occurred_at": item.occurred_at.astimezone(UTC).isoformat() if item.occurred_at else None,
        "occurred_text": item.occurred_text,
        "findings": told,
        "body": item.body.model_dump(mode="json", exclude_none=True),
    }
