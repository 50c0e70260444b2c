"""Stolen and lost documents by the ten million: exact look-up in one file of 11 bytes a row.

The numbers themselves are not in the file: a row is 64 bits of a keyed hash, the issuing State and
the list. Among 50 million rows a number that is not listed meets one by chance once in 400,000
million look-ups.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.evidence import SHORTEST_NUMBER, document_number, scanned

MAGIC = b"TAPALDOC1\n"
_HEADER = 65536
"""Bytes before the first column; States and lists are named there."""
_NEAR = 8
"""Standard deviations about the expected place within which a hash is looked for."""
Row = tuple[str, str | None, str]
"""Document number, issuing State or None, list code."""


class ListedNumber(NamedTuple):
    """A listed document: issuing State (alpha-3, empty where the list does not say) and list."""

    issuer: str
    list_code: str


def _hash(number: str, salt: bytes) -> int:
    """Of the number as a scanner reads it: `O` is `0`."""
    read = scanned(document_number(number)).encode()
    return int.from_bytes(blake2b(read, digest_size=8, key=salt).digest(), "little")


def write(path: Path, rows: Iterable[Row], *, salt: bytes = b"") -> int:
    """Write a file of these rows in place of an older one; how many there are.

    Rows whose number has fewer than three characters name no document and are left out.
    """
    hashes, issuers, lists = array("Q"), array("H"), array("B")
    states: dict[str, int] = {}
    codes: dict[str, int] = {}
    for number, issuer, code in rows:
        if len(document_number(number)) < SHORTEST_NUMBER:
            continue
        hashes.append(_hash(number, salt))
        issuers.append(states.setdefault(alpha3(issuer or ""), len(states)))
        lists.append(codes.setdefault(code, len(codes)))
    keys = np.frombuffer(hashes, np.uint64) if hashes else np.zeros(0, np.uint64)
    order = np.argsort(keys)
    head = {"rows": len(keys), "salt": salt.hex(), "states": list(states), "lists": list(codes)}
    text = MAGIC + json.dumps(head).encode()
    if len(text) > _HEADER:
        raise ValueError("too many lists for one file")
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as f:
        f.write(text.ljust(_HEADER, b" "))
        for column in (keys, np.array(issuers, np.uint16), np.array(lists, np.uint8)):
            f.write(column[order].tobytes())
        f.flush()
        os.fsync(f.fileno())
    temporary.replace(path)
    return len(keys)


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """An open file; `find` may be called from many threads."""

    keys: NDArray[np.uint64]
    issuers: NDArray[np.uint16]
    lists: NDArray[np.uint8]
    states: tuple[str, ...]
    codes: tuple[str, ...]
    salt: bytes

    @classmethod
    def open(cls, path: Path) -> DocumentFile:
        """Map a file into memory. Raises ValueError where it is none of ours or is cut short."""
        with path.open("rb") as f:
            text = f.read(_HEADER)
        if not text.startswith(MAGIC):
            raise ValueError(f"{path} is no document file")
        head = json.loads(text[len(MAGIC) :])
        n = int(head["rows"])
        if path.stat().st_size != _HEADER + 11 * n:
            raise ValueError(f"{path} is cut short")

        def column(kind: type[np.generic], at: int) -> NDArray[np.generic]:
            if not n:
                return np.zeros(0, kind)
            return np.asarray(np.memmap(path, kind, "r", _HEADER + at * n, (n,)))

        return cls(
            column(np.uint64, 0),  # type: ignore[arg-type]
            column(np.uint16, 8),  # type: ignore[arg-type]
            column(np.uint8, 10),  # type: ignore[arg-type]
            tuple(head["states"]),
            tuple(head["lists"]),
            bytes.fromhex(head["salt"]),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, number: str, issuer: str | None = None) -> list[ListedNumber]:
        """The listed documents of this number; with an issuer, not those issued elsewhere."""
        n = len(self.keys)
        if not n or len(document_number(number)) < SHORTEST_NUMBER:
            return []
        wanted = _hash(number, self.salt)
        # Hashes lie evenly, so the place is known to within a few pages.
        middle, spread = (wanted * n) >> 64, int(_NEAR * n**0.5) + 2
        low, high = max(0, middle - spread), min(n, middle + spread)
        at = low + int(np.searchsorted(self.keys[low:high], np.uint64(wanted)))
        state = alpha3(issuer) if issuer else ""
        out = []
        while at < n and int(self.keys[at]) == wanted:
            held = self.states[self.issuers[at]]
            if not state or not held or held == state:
                out.append(ListedNumber(held, self.codes[self.lists[at]]))
            at += 1
        return out
