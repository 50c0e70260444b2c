"""What a pack holds: of each entry only what screening needs, as rows that compare and compress."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapal.store.models import Listing

# Any: JSON, here and below.
Row = list[Any]
Marks = dict[int, int]
"""Entry by a hash of its list and id -> a hash of all that a pack holds of it."""
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 5}]
_IN = ("names", "aliases", "birth_dates", "nationalities", "documents", "gender")


@dataclass(slots=True)
class Content:
    """The inside of a pack. `rolls` describes every list held after it; `whole` for no delta."""

    rolls: list[dict[str, Any]]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    digest: str = ""
    whole: bool = True

    def packed(self) -> bytes:
        told = {n: getattr(self, n) for n in self.__dataclass_fields__}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return lzma.compress(text.encode(), format=lzma.FORMAT_XZ, filters=_FILTERS)

    @classmethod
    def unpacked(cls, data: bytes) -> Content:
        return cls(**json.loads(lzma.decompress(data)))


def row_of(entry: Listing) -> Row:
    """An entry as a pack holds it: without its reason, legal basis and number."""
    data = entry.data
    return [
        entry.entity_id,
        entry.schema,
        *(data.get(name) for name in _IN),
        entry.direction,
        _day(entry.valid_from),
        _day(entry.valid_until),
    ]


def entry_of(code: str, row: Row) -> Listing:
    """A row as this node stores it."""
    held = dict(zip(_IN, row[2:8], strict=True))
    return Listing(
        roll_id=code,
        entity_id=row[0],
        schema=row[1],
        data={name: value for name, value in held.items() if value is not None},
        direction=row[8],
        valid_from=date.fromisoformat(row[9]) if row[9] else None,
        valid_until=date.fromisoformat(row[10]) if row[10] else None,
    )


def mark(code: str, entity_id: str) -> int:
    """An entry's name among the marks."""
    return _hash(f"{code}\0{entity_id}".encode("utf-8", "surrogatepass"))


def marks_of(rows: Mapping[str, Iterable[Row]]) -> Marks:
    """What the rows are, by entry."""
    return {
        mark(code, row[0]): _hash(json.dumps(row, separators=(",", ":")).encode())
        for code, held in rows.items()
        for row in held
    }


def digest_of(marks: Marks) -> str:
    """One word for all that is held, in any order."""
    return sha256(np.sort(_array(marks.values())).tobytes()).hexdigest()


def save_marks(marks: Marks) -> bytes:
    return np.stack([_array(marks), _array(marks.values())]).tobytes()


def read_marks(data: bytes) -> Marks:
    names, hashes = np.frombuffer(data, np.uint64).reshape(2, -1).tolist()
    return dict(zip(names, hashes, strict=True))


def _array(values: Iterable[int]) -> NDArray[np.uint64]:
    return np.fromiter(values, np.uint64)


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
