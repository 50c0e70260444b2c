"""Gather listings into the columns of a segment."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

import numpy as np

from tapal.engines.screening.fold import Token, deletions, token
from tapal.engines.screening.joining import joined_hashes, solo_hashes
from tapal.engines.screening.model import Listed
from tapal.engines.screening.names import Family, Name
from tapal.engines.screening.segment import (
    INITIALS,
    Columns,
    Segment,
    code,
    forms_mask,
    halves,
)
from tapal.engines.screening.subject import Subject
from tapal.engines.screening.word_table import (
    SOFT,
    Bytes,
    Floats,
    Hashes,
    Ints,
    Words,
    block_hash,
    starts,
    table,
)

BACKGROUND = 5000
"""Names a list is thought to stand among, so that a list of three does not call all names rare."""
MOST_NATS, LEAST_NATS, SOFT_NATS = 8.0, 0.5, 1.2
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
KNOWN_FROM = 4
"""Listings that bear a word from which it is a name in its own right."""


class Gathered:
    """Grows the columns listing by listing."""

    def __init__(self) -> None:
        self.vocabulary: dict[tuple[str, bool], int] = {}
        self.texts: list[bytes] = []
        self.ids: list[int] = []
        self.names, self.words, self.days = array("i"), array("i"), array("i")
        self.per_listing, self.per_name = array("i"), array("i")
        self.day_counts, self.country_counts = array("i"), array("i")
        self.countries, self.forms = array("i"), array("i")
        self.own, self.initials, self.gender = bytearray(), bytearray(), bytearray()
        self.number_counts, self.number_lengths = array("i"), array("i")
        self.issuers, self.numbers = array("i"), bytearray()
        self.half_hash, self.half_listing = array("I"), array("i")
        self.lists: dict[str, int] = {}
        self.list_of = array("i")

    def take(self, listed: Listed, subject: Subject) -> None:
        slot = len(self.ids)
        self.texts.append(_WRITER.encode(fields_of(listed)).encode("utf-8", "surrogatepass"))
        self.list_of.append(self.lists.setdefault(listed.list_code, len(self.lists)))
        self.ids.append(crc32(listed.entity_id.encode("utf-8", "surrogatepass")))
        self.per_listing.append(len(subject.names))
        for name in subject.names:
            self._name(name)
        self.days.extend(subject.days)
        self.day_counts.append(len(subject.days))
        self.countries.extend(map(code, sorted(subject.countries)))
        self.country_counts.append(len(subject.countries))
        self.gender.append(subject.gender)
        self.number_counts.append(len(subject.documents))
        for number, issuer in subject.documents:
            self.numbers += number.encode()
            self.number_lengths.append(len(number))
            self.issuers.append(code(issuer) if issuer else 0)
            for half in halves(number):
                self.half_hash.append(half)
                self.half_listing.append(slot)

    def _name(self, name: Name) -> None:
        known = self.vocabulary
        for key in name.parts():
            self.words.append(known.setdefault(key, len(known)))
        self.per_name.append(len(name.words))
        self.own.append(name.own)
        self.initials += "".join(name.initials)[:INITIALS].encode().ljust(INITIALS, b"\0")
        self.forms.append(forms_mask(name.forms))

    def by_list(self) -> tuple[Ints, Bytes]:
        """The list of each listing by its place among their codes, and these as JSON."""
        codes = _WRITER.encode(list(self.lists)).encode("utf-8", "surrogatepass")
        return np.array(self.list_of, np.int32), np.frombuffer(codes, np.uint8).copy()


def fields_of(listed: Listed) -> dict[str, Any]:
    """The fields that are set; `dataclasses.asdict` copies deeply and takes ten times as long."""
    return {
        "entity_id": listed.entity_id,
        "schema": listed.schema,
        "names": listed.names,
        "aliases": listed.aliases,
        "birth_dates": listed.birth_dates,
        "nationalities": listed.nationalities,
        "documents": listed.documents,
        "gender": listed.gender,
        "list_code": listed.list_code,
    }


def _by_hash(hashes: Any, places: Any) -> tuple[Hashes, Ints]:
    hashes, places = np.asarray(hashes, np.uint32), np.asarray(places, np.int32)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], places[order]


def _hashed_blocks(vocabulary: Iterable[Token]) -> tuple[Hashes, Ints, Hashes, Ints]:
    """Words by each of their blocks, and by what their first block becomes by losing a letter."""
    hashes, holders = array("I"), array("i")
    slips, slippers = array("I"), array("i")
    for number, word in enumerate(vocabulary):
        for block in word.blocks:
            hashes.append(block_hash(block))
            holders.append(number)
        for shorter in deletions(word.blocks[0]):
            slips.append(block_hash(shorter))
            slippers.append(number)
    return *_by_hash(hashes, holders), *_by_hash(slips, slippers)


def _postings(word: Ints, listing: Ints, vocabulary: int) -> tuple[Ints, Ints]:
    """The listings that bear each word, in order and each once."""
    order = np.argsort(word, kind="stable")
    words, listings = word[order], listing[order]
    first = np.ones(len(words), bool)
    first[1:] = (words[1:] != words[:-1]) | (listings[1:] != listings[:-1])
    words, listings = words[first], listings[first]
    return starts(np.bincount(words, minlength=vocabulary).tolist()), listings.astype(np.int32)


def _weights(
    flags: Bytes, holders: Ints, groups: Ints, family: Family, size: int
) -> tuple[Floats, Bytes]:
    """How much each word tells, in nats, the rarer the more; and which are borne by several.

    Words of one sound (`groups`) share what they tell.
    """
    held = np.bincount(groups, weights=holders)[groups] if len(groups) else np.zeros(0)
    weight = np.log((size + BACKGROUND) / (held + 0.7)).clip(LEAST_NATS, MOST_NATS)
    if family == "person":
        weight = np.where(flags & SOFT, np.minimum(weight, SOFT_NATS), weight)
    return weight.astype(np.float32), (held >= KNOWN_FROM).astype(np.uint8)


def _holders(words: Words, other: Segment) -> Ints:
    """How many listings of another segment bear each word."""
    c, theirs = other.columns, other.words
    out = np.zeros(len(words.flags), np.int32)
    for n in range(len(out)):
        text = words.text[words.text_at[n] : words.text_at[n + 1]]
        wanted = words.blocks[words.blocks_at[n]]
        at = int(np.searchsorted(c.block_hash, wanted))
        while at < len(c.block_hash) and c.block_hash[at] == wanted:
            k = int(c.block_word[at])
            if np.array_equal(text, theirs.text[theirs.text_at[k] : theirs.text_at[k + 1]]):
                out[n] += c.post_at[k + 1] - c.post_at[k]
            at += 1
    return out


def build(family: Family, found: Gathered, *, beside: Sequence[Segment] = ()) -> Segment:
    """The segment of what was gathered, `beside` other segments of its family."""
    size = len(found.ids)
    vocabulary = [token(*key) for key in found.vocabulary]
    words = table(vocabulary)
    word = np.array(found.words, np.int32)
    word_at = starts(found.per_name)
    of_name = np.repeat(np.arange(size, dtype=np.int32), found.per_listing)
    post_at, post = _postings(word, np.repeat(of_name, found.per_name), len(vocabulary))
    first_block = words.blocks[words.blocks_at[:-1]]
    groups = np.unique(first_block, return_inverse=True)[1].astype(np.int32)
    holders = sum((_holders(words, other) for other in beside), np.diff(post_at))
    everyone = size + sum(len(other) for other in beside)
    weight, known = _weights(words.flags, holders, groups, family, everyone)
    block, block_word, slip, slip_word = _hashed_blocks(vocabulary)
    days = np.array(found.days, np.int32)
    born = np.argsort(days, kind="stable")
    of_day = np.repeat(np.arange(size, dtype=np.int32), found.day_counts)
    columns = Columns(
        block,
        block_word,
        slip,
        slip_word,
        *_by_hash(solo_hashes(words), np.arange(len(vocabulary))),
        weight,
        known,
        post_at,
        post,
        starts(found.per_listing),
        word_at,
        word,
        np.frombuffer(bytes(found.own), np.uint8).copy(),
        np.frombuffer(bytes(found.initials), np.uint8).copy(),
        np.array(found.forms, np.int32),
        *_by_hash(*joined_hashes(words, word_at, word, of_name)),
        np.frombuffer(bytes(found.gender), np.uint8).copy(),
        starts(found.day_counts),
        days,
        days[born],
        of_day[born],
        starts(found.country_counts),
        np.array(found.countries, np.int32),
        starts(found.number_counts),
        starts(found.number_lengths),
        np.frombuffer(bytes(found.numbers), np.uint8).copy(),
        np.array(found.issuers, np.int32),
        *_by_hash(found.half_hash, found.half_listing),
    )
    return Segment(
        family,
        words,
        columns,
        np.ones(size, np.uint8),
        np.frombuffer(b"".join(found.texts), np.uint8).copy(),
        np.concatenate(([0], np.cumsum([len(t) for t in found.texts], dtype=np.int64))),
        *_by_hash(found.ids, np.arange(size)),
        *found.by_list(),
    )
