"""Listings of one family as columns: built once, read by compiled loops, saved as they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tapal.engines.screening import evidence
from tapal.engines.screening.features import ANY_FORM
from tapal.engines.screening.model import Listed
from tapal.engines.screening.names import Family
from tapal.engines.screening.word_table import Bytes, Floats, Hashes, Ints, Words

INITIALS = 3
"""Initials of a name that are kept."""


class Columns(NamedTuple):
    """The arrays of a segment; `x_at[i]:x_at[i + 1]` is where entry i lies in column x."""

    block_hash: Hashes
    block_word: Ints
    slip_hash: Hashes
    slip_word: Ints
    solo_hash: Hashes
    solo_word: Ints
    weight: Floats
    known: Bytes
    post_at: Ints
    post: Ints
    name_at: Ints
    word_at: Ints
    word: Ints
    own: Bytes
    initials: Bytes
    forms: Ints
    joined_hash: Hashes
    joined_listing: Ints
    gender: Bytes
    day_at: Ints
    day: Ints
    born: Ints
    born_listing: Ints
    country_at: Ints
    country: Ints
    number_at: Ints
    number_text_at: Ints
    number_text: Bytes
    issuer: Ints
    half_hash: Hashes
    half_listing: Ints


@dataclass(frozen=True, slots=True)
class Segment:
    """Listings of one family. `alive` is the one column that changes: 0 for what was removed."""

    family: Family
    words: Words
    columns: Columns
    alive: Bytes
    texts: Bytes
    """The listings as JSON, one after the other."""
    text_at: NDArray[np.int64]
    id_hash: Hashes
    id_listing: Ints
    list_of: Ints
    """The list of each listing, by its place among `lists`."""
    lists: Bytes
    """The codes of the lists, as JSON."""

    def __len__(self) -> int:
        return len(self.text_at) - 1

    def listed(self, slot: int) -> Listed:
        raw = json.loads(self.texts[self.text_at[slot] : self.text_at[slot + 1]].tobytes())
        return Listed(
            raw["entity_id"],
            raw["schema"],
            names=tuple(raw["names"]),
            aliases=tuple(raw["aliases"]),
            birth_dates=tuple(raw["birth_dates"]),
            nationalities=tuple(raw["nationalities"]),
            documents=tuple((number, country) for number, country in raw["documents"]),
            gender=raw["gender"],
            list_code=raw["list_code"],
        )

    def alive_on(self, lists: Collection[str] | None) -> Bytes:
        """`alive`, where the listing is on one of these lists: the others are as if they were removed."""
        if lists is None:
            return self.alive
        codes = json.loads(self.lists.tobytes())
        chosen = np.array([each in lists for each in codes], np.uint8)
        return self.alive & chosen[self.list_of] if len(self) else self.alive

    def slots(self, entity_id: str) -> list[int]:
        """The listings with this id that were not removed."""
        wanted = crc32(entity_id.encode("utf-8", "surrogatepass"))
        at = int(np.searchsorted(self.id_hash, wanted))
        out = []
        while at < len(self.id_hash) and self.id_hash[at] == wanted:
            slot = int(self.id_listing[at])
            if self.alive[slot] and self.listed(slot).entity_id == entity_id:
                out.append(slot)
            at += 1
        return out


def code(country: str) -> int:
    """A country as a number; what is no code gets one by hash."""
    if len(country) == 3 and country.isascii():
        return ord(country[0]) << 16 | ord(country[1]) << 8 | ord(country[2])
    return crc32(country.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF | 1 << 24


def forms_mask(forms: Iterable[str]) -> int:
    """Legal or ship forms as bits; two forms may share one, `any` has its own."""
    mask = 0
    for form in forms:
        mask |= ANY_FORM if form == "any" else 1 << (crc32(form.encode()) % 30)
    return mask


def halves(number: str) -> tuple[int, ...]:
    """Hashes of both halves of a scanned number: one wrong character leaves one half whole."""
    scanned = evidence.scanned(number)
    cut = len(scanned) // 2
    if len(scanned) < 6:
        return (crc32(b"=" + scanned.encode()),)
    return (
        crc32(b"<" + scanned[:cut].encode()),
        crc32(b">" + scanned[-cut:].encode()),
    )
