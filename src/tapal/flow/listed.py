"""The lists in force, ready to be asked: each entry with the law of its list, taken over as it changes.

A large index is built by a process of its own and saved in the home: what building takes of memory
goes when that ends, and all processes of the node map the same files.
"""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

from django.db import transaction

from tapal.core.text import Text
from tapal.engines.screening import Index, Listed, load_loops, prepare
from tapal.flow import reference, saved_index
from tapal.flow.packs.held import ended_rolls
from tapal.store.models import Cursor, Listing, Roll

log = logging.getLogger(__name__)

LISTS = "lists"
DOCUMENTS = "documents"
SMALL = 2000
"""So many entries are arranged anew in each process: that takes less than to save and find them."""
REBUILD_AT = 0.1
"""The saved index is built anew when so large a part of the entries has changed since."""
MARKS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with the law of its list. `since` is when it came in force here as it stands."""

    id: str
    roll: str
    label: Text
    subject: str
    direction: str
    never_citizens: bool
    number: str
    authority: str
    reason: str
    valid_from: date | None
    valid_until: date | None
    since: datetime | None = None

    def holds(self, on: date, direction: str) -> bool:
        """True within its days, and for the way that the record goes."""
        inside = (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )
        return inside and self.goes(direction)

    def goes(self, direction: str) -> bool:
        """True for the way that the record goes."""
        return self.direction in ("both", "") or not direction or self.direction == direction


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of this node, ready to be asked; `position` is how far they were taken over."""

    index: Index
    entries: Mapping[str, Entry]
    # Whether any of them lists documents: most records need not be held against those.
    documents: bool
    position: int = 0
    # Lists of a pack that has ended: nobody is screened with them.
    shut: frozenset[str] = frozenset()

    def entry(self, key: str) -> Entry | None:
        """The entry of a hit; None where it is gone, or its list may not be screened with.

        The index may be a moment ahead of the entries that a question was asked with.
        """
        found = self.entries.get(key)
        return None if found is None or found.roll in self.shut else found


_held: list[Lists] = []
_updating = Lock()
reference.forget_too(_held.clear)


def current() -> Lists:
    """The lists in force, as they may be screened with now."""
    lists, shut = _taken_over(), ended_rolls()
    return replace(lists, shut=shut) if shut else lists


def make_ready() -> None:
    """Load the lists and the engine's loops now, so that nobody's first traveller waits for them.

    What is loaded stays: the collector of garbage need not walk over it with every batch (some 3 %
    of the road). A trouble is logged and left to the first who asks.
    """
    try:
        if Listing.objects.filter(removed_at__isnull=True).exists():
            # The loops before the entries: loading them takes 100 MB, which are let go of again.
            load_loops()
            current().index.warm()
        gc.collect()
        gc.freeze()
    except Exception:
        log.exception("the lists are not loaded yet: the first who asks will load them")


def _taken_over() -> Lists:
    """The lists in force. While one thread takes a change over, others are answered from before it."""
    position = reference.version(LISTS)
    held = _held[0] if _held else None
    if held is not None and held.position == position:
        return held
    if not _updating.acquire(blocking=held is None):
        assert held is not None
        return held
    try:
        held = _held[0] if _held else None
        if held is None or held.position != position:
            fresh = _newer(held, position) if held and held.position < position else None
            _held[:] = [fresh or _whole(position)]
        return _held[0]
    finally:
        _updating.release()


def change() -> int:
    """The stamp under which the caller's transaction changes listings.

    Others who change lists wait until that transaction ends, so that stamps follow commits.
    """
    with transaction.atomic():
        reference.bump(LISTS)
        row = Cursor.objects.get(name=LISTS)
        marks = {**row.data.get("marks", {}), str(row.position): secrets.token_hex(8)}
        kept = sorted(marks, key=int)[-MARKS_KEPT:]
        row.data = {**row.data, "marks": {number: marks[number] for number in kept}}
        row.save(update_fields=["data"])
    return row.position


def mark_of(position: int) -> str:
    """What this store, and no other history of it, calls a state of its lists; empty if unknown."""
    row = Cursor.objects.filter(name=LISTS).first()
    return str(row.data.get("marks", {}).get(str(position), "")) if row else ""


def build_saved() -> int:
    """Build the index of all lists and save it in the home; gives how many entries it holds."""
    position = reference.version(LISTS)
    if not mark_of(position):
        position = change()
    # What changes while this reads has a later stamp: who loads the index takes that over.
    rows = Listing.objects.filter(removed_at__isnull=True).order_by("id")
    index = Index.build(map(listed_of, rows.iterator(chunk_size=2000)))
    saved_index.save(index, position, mark_of(position))
    return len(index)


def _whole(position: int) -> Lists:
    rows = Listing.objects.filter(removed_at__isnull=True).order_by("id")
    entries: dict[str, Entry] = {}
    rolls, number = _rolls(), rows.count()
    if not number:
        # Nothing to ask: the engine's compiled loops need not be loaded.
        return _lists(Index(), {}, position)
    prepare()

    def listed() -> Iterable[Listed]:
        for row in rows.iterator(chunk_size=2000):
            entries[key_of(row)] = entry_of(row, rolls[row.roll_id])
            yield listed_of(row)

    index = _saved(number, position) if number > SMALL else None
    if index is None:
        return _lists(Index.build(listed()), entries, position)
    for row in rows.defer("data").iterator(chunk_size=2000):
        entries[key_of(row)] = entry_of(row, rolls[row.roll_id])
    return _lists(index, entries, position)


def _saved(number: int, position: int) -> Index | None:
    """The saved index, brought to a position; built apart first where there is none, or a stale one."""
    found = saved_index.newest(mark_of)
    changed = Listing.objects.filter(stamp__gt=found[0], stamp__lte=position) if found else None
    if (changed is None or changed.count() > REBUILD_AT * number) and saved_index.build_apart():
        found = saved_index.newest(mark_of)
    if found is None:
        log.warning("the index of the lists is built in this process: it could not be saved")
        return None
    held, index = found
    rows = list(Listing.objects.filter(stamp__gt=held, stamp__lte=position))
    live = [listed_of(row) for row in rows if row.removed_at is None]
    index.update(live, map(key_of, rows))
    return index


def _newer(held: Lists, position: int) -> Lists | None:
    """The lists with what changed since; None where the rows do not say what did."""
    changed = list(Listing.objects.filter(stamp__gt=held.position, stamp__lte=position))
    if not changed:
        return None
    rolls, entries = _rolls(), dict(held.entries)
    live = [row for row in changed if row.removed_at is None]
    gone = [key_of(row) for row in changed if key_of(row) in entries]
    for key in gone:
        del entries[key]
    for row in live:
        entries[key_of(row)] = entry_of(row, rolls[row.roll_id])
    held.index.update([listed_of(row) for row in live], gone)
    return _lists(held.index, entries, position)


def _lists(index: Index, entries: Mapping[str, Entry], position: int) -> Lists:
    documents = any(e.subject == DOCUMENTS for e in entries.values())
    return Lists(index, entries, documents, position)


def alone(rows: Iterable[Listing]) -> Lists:
    """Just these listings, their names as rare as among all: what would be new, or was."""
    held, rolls, kept = current(), _rolls(), list(rows)
    entries = {key_of(row): entry_of(row, rolls[row.roll_id]) for row in kept}
    return _lists(held.index.aside(map(listed_of, kept)), entries, held.position)


def _rolls() -> dict[str, Roll]:
    return {roll.code: roll for roll in Roll.objects.all()}


def key_of(row: Listing) -> str:
    """The name of an entry among all lists."""
    return f"{row.roll_id}:{row.entity_id}"


def entry_of(row: Listing, roll: Roll) -> Entry:
    """A listing with the law of its list."""
    return Entry(
        id=key_of(row),
        roll=roll.code,
        label=Text(roll.label_id, roll.label_en),
        subject=roll.subject,
        direction=row.direction or roll.direction,
        never_citizens=roll.never_matches_citizens,
        number=row.number,
        authority=row.authority or roll.authority,
        reason=row.reason,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        since=row.since,
    )


def listed_of(row: Listing) -> Listed:
    """A listing as the engine knows it."""
    data = row.data
    return Listed(
        entity_id=key_of(row),
        schema=row.schema,
        names=tuple(data.get("names", ())),
        aliases=tuple(data.get("aliases", ())),
        birth_dates=tuple(data.get("birth_dates", ())),
        nationalities=tuple(data.get("nationalities", ())),
        documents=tuple((number, country) for number, country in data.get("documents", ())),
        gender=data.get("gender"),
        list_code=row.roll_id,
    )
