"""A record as rules, kinds and screens see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.redaction import value_at
from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class Key:
    """What people search and link by, normalised: `Key("document", "IDN:X123456")`."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class KeyType:
    """A sort of key. Looking records up by it needs a grant of every path in `fields`."""

    name: str
    label: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A post or another place as rules need it. `zone` is an IANA name; `neighbour` ISO 3166 alpha-3."""

    id: str
    name: str
    type: str = ""
    province: str = ""
    neighbour: str = ""
    zone: str = ""
    lat: float | None = None
    lon: float | None = None
    opening_hours: str = ""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One agency's statement. `occurred_at` is aware UTC, None when the sender gave no usable time."""

    id: str
    kind: str
    owner: str
    place: str | None
    occurred_at: datetime | None
    received_at: datetime
    sensitivity: Sensitivity
    body: Mapping[str, Any] = field(hash=False)  # Any: JSON shaped by the kind's model
    occurred_text: str = ""
    weight: Weight = Weight.NOTE
    keys: tuple[Key, ...] = ()

    def get(self, path: str) -> Any:
        """The value at a dotted path of the body, None where there is none."""
        return value_at(self.body, path)
