"""Screening: what a record names, held against the lists, each list under its own law.

*Cegah* holds at exit, *tangkal* at entry and never for a citizen; an entry outside its days never
matches; a match that a person has cleared stays cleared until the clearance ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from tapal.core.country import HOME
from tapal.core.entity import Entity
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import Place, RecordView
from tapal.core.rules import ListedDocument
from tapal.core.text import Text, same
from tapal.engines.screening import Band, Hit, Index, Listed, Query, in_words
from tapal.flow.reference import cached, places
from tapal.flow.screen_words import PERHAPS_CITIZEN, Named, sentence
from tapal.kinds import KINDS
from tapal.store.models import Link, Listing, Roll

LISTS = "lists"
DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")
"""The day of a record that names no post."""
DOCUMENTS = "documents"
SCREENED = frozenset({"Person", "Organization", "Company", "LegalEntity", "Vessel", "Vehicle"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with the law of its list."""

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

    def holds(self, on: date, direction: str) -> bool:
        """True within its days, and for the way that the record goes."""
        inside = (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )
        return inside and (
            self.direction in ("both", "") or not direction or self.direction == direction
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of this node, ready to be asked."""

    index: Index
    entries: Mapping[str, Entry]
    # Whether any of them lists documents: most records need not be held against those.
    documents: bool


def _read_lists() -> Lists:
    entries: dict[str, Entry] = {}
    rolls = {roll.code: roll for roll in Roll.objects.all()}

    def listed() -> Iterator[Listed]:
        rows = Listing.objects.filter(removed_at__isnull=True).order_by("id")
        for row in rows.iterator(chunk_size=2000):
            roll = rolls[row.roll_id]
            key = f"{row.roll_id}:{row.entity_id}"
            entries[key] = _entry(key, row, roll)
            yield listed_of(key, row)

    index = Index.build(listed())
    return Lists(index, entries, any(e.subject == DOCUMENTS for e in entries.values()))


def _entry(key: str, row: Listing, roll: Roll) -> Entry:
    return Entry(
        id=key,
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
    )


def listed_of(key: str, row: Listing) -> Listed:
    """A stored entry as the engine takes it, under the id by which its hits are told."""
    data = row.data
    return Listed(
        entity_id=key,
        schema=row.schema,
        names=tuple(data.get("names", ())),
        aliases=tuple(data.get("aliases", ())),
        birth_dates=tuple(data.get("birth_dates", ())),
        nationalities=tuple(data.get("nationalities", ())),
        documents=tuple((number, country) for number, country in data.get("documents", ())),
        gender=data.get("gender"),
        list_code=row.roll_id,
    )


current = cached(_read_lists, LISTS)


def screen(
    views: Sequence[RecordView],
    entities: Mapping[str, Sequence[Entity]],
    cleared: Mapping[str, frozenset[str]],
) -> dict[str, list[Finding]]:
    """Findings of each record against the lists.

    `cleared` names, for each record, the entries that a person has ruled out for its bearer.
    """
    lists = current()
    if not lists.entries:
        return {}
    posts = places()
    return {
        view.id: [
            finding
            for entity in entities[view.id]
            if entity.schema in SCREENED
            for finding in _screen_one(
                lists, view, entity, cleared.get(view.id, frozenset()), day_at(view, posts)
            )
        ]
        for view in views
    }


def _screen_one(
    lists: Lists, view: RecordView, entity: Entity, cleared: frozenset[str], on: date
) -> Iterator[Finding]:
    direction = KINDS[view.kind].direction(view.body)
    query = query_of(entity)
    for hit in lists.index.match(query):
        entry = lists.entries[hit.listed.entity_id]
        if entry.subject == DOCUMENTS or entry.id in cleared or not entry.holds(on, direction):
            continue
        if entry.never_citizens and _citizen(entity):
            continue
        if hit.band is not Band.SILENT:
            yield _finding(entry, hit, entity)


def query_of(entity: Entity) -> Query:
    """What the engine is asked about an entity."""
    get = entity.properties.get
    numbers = [
        (value, entity.first("country") or None)
        for name in ("passportNumber", "idNumber", "registrationNumber", "imoNumber", "number")
        for value in get(name, ())
    ]
    return Query(
        schema=entity.schema,
        names=tuple(get("name", ())),
        birth_date=entity.first("birthDate") or None,
        nationalities=tuple(get("nationality", ())),
        documents=tuple(numbers),
        gender=entity.first("gender") or None,
    )


_WEIGHTS = {Band.ALERT: Weight.ALERT, Band.LOOK: Weight.LOOK, Band.TIE: Weight.LOOK}

# The compared properties in the officer's words.
_FIELDS = {
    "name": Text("nama", "name"),
    "birthDate": Text("tanggal lahir", "date of birth"),
    "nationality": Text("kewarganegaraan", "nationality"),
    "document": Text("nomor dokumen", "document number"),
    "gender": Text("jenis kelamin", "sex"),
}


def _weight(hit: Hit) -> Weight:
    """A name alone alerts nobody: something besides it must agree."""
    more = any(field != "name" and verdict == "agree" for field, _, _, verdict in hit.compared)
    return _WEIGHTS[hit.band] if more else min(_WEIGHTS[hit.band], Weight.LOOK)


def _said(entry: Entry, hit: Hit) -> Text:
    return sentence(
        hit.band,
        Named(
            entry.roll, entry.label, entry.number or entry.id, entry.authority, entry.valid_until
        ),
    )


def _citizen(entity: Entity) -> bool:
    """One of his nationalities is this country's; where none is stated his document speaks for him."""
    stated = entity.properties.get("nationality", ())
    return HOME in stated or (not stated and entity.first("country") == HOME)


def _perhaps_citizen(entity: Entity) -> bool:
    """No nationality is stated, or the document is this country's."""
    return not entity.properties.get("nationality") or entity.first("country") == HOME


def _finding(entry: Entry, hit: Hit, entity: Entity) -> Finding:
    reasons = [_said(entry, hit), *hit.reasons]
    weight = _weight(hit)
    if entry.never_citizens and _perhaps_citizen(entity):
        # Citizenship is clarified first: until then the list says nothing that may be acted on.
        reasons.insert(1, PERHAPS_CITIZEN)
        weight = min(weight, Weight.LOOK)
    return Finding(
        rule="list_match",
        weight=weight,
        text=Text(" ".join(r.id for r in reasons), " ".join(r.en for r in reasons)),
        fields=entity.fields,
        compared=tuple(
            Compared(
                _FIELDS.get(c[0]) or same(c[0]),
                _value(c[0], c[1]),
                _value(c[0], c[2]),
                {"agree": True, "differ": False}.get(c[3]),
            )
            for c in hit.compared
        ),
        score=round(hit.score, 3),
        reason=f"list_match:{entry.roll}",
        about=f"{entity.path}:{entry.id}"[-140:],
        data={"entry": entry.id, "roll": entry.roll, "band": str(hit.band)},
    )


def _value(name: str, value: str) -> str | Text:
    """Sex and countries in words; days stay ISO, the screen gives them their local form."""
    return in_words(name, value) if name != "birthDate" else value


def day_at(view: RecordView, posts: Mapping[str, Place]) -> date:
    """The calendar day at its post: an entry ends with its last day there, not with Greenwich's."""
    held = posts.get(view.place or "")
    zone = ZoneInfo(held.zone) if held and held.zone else DEFAULT_ZONE
    return (view.occurred_at or view.received_at).astimezone(zone).date()


def listed_documents(
    lists: Lists, entities: Iterable[Entity], on: date
) -> tuple[ListedDocument, ...]:
    """Entries of document lists that equal, number and country, a document in a record."""
    found: dict[str, ListedDocument] = {}
    for entity in entities:
        for number, country in query_of(entity).documents:
            for listed in lists.index.documents(number, country):
                entry = lists.entries[listed.entity_id]
                if entry.subject == DOCUMENTS and entry.holds(on, ""):
                    found[entry.id] = _listed_document(entry, number, country or "")
    return tuple(found[key] for key in sorted(found))


def _listed_document(entry: Entry, number: str, country: str) -> ListedDocument:
    return ListedDocument(
        list_code=entry.roll,
        list_label=entry.label,
        number=number,
        country=country,
        authority=entry.authority,
        reason=entry.reason,
        entity_id=entry.id,
    )


def clearances(identities: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The entries ruled out for each record's identity and still in force today."""
    today = timezone.localdate()
    rows = Link.objects.filter(
        identity__in=set(identities.values()),
        roll__isnull=False,
        verdict=-1,
        undone_at__isnull=True,
    ).values_list("identity_id", "roll_id", "entity_id", "until")
    ruled: dict[str, set[str]] = {}
    for identity, roll, entity_id, until in rows:
        if until is None or until >= today:
            ruled.setdefault(str(identity), set()).add(f"{roll}:{entity_id}")
    return {r: frozenset(ruled[i]) for r, i in identities.items() if i in ruled}
