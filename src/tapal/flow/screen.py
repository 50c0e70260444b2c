"""Screening: what a record names, held against the lists, each list under its own law.

*Cegah* holds at exit, *tangkal* at entry and never for a citizen; an entry outside its days never
matches; a match that a person has cleared stays cleared until the clearance ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils import timezone

from tapal.core.country import HOME
from tapal.core.entity import Entity
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import Settled
from tapal.core.record import Place, RecordView
from tapal.core.rules import ListedDocument
from tapal.core.text import Text, same
from tapal.engines.screening import Band, Hit, Listed, Query, in_words
from tapal.flow.bands import bands_at
from tapal.flow.listed import DOCUMENTS, Entry, Lists, current
from tapal.flow.reference import legal_book, places
from tapal.flow.screen_words import PERHAPS_CITIZEN, Named, retrospective, sentence
from tapal.kinds import KINDS
from tapal.store.models import Link

MOST_OF_A_LIST = 10
"""Entries of one list that are told of one traveller."""
MOST_OF_ALL = 1000
DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")
"""The day of a record that names no post."""
SCREENED = frozenset({"Person", "Organization", "Company", "LegalEntity", "Vessel", "Vehicle"})


RETROSPECTIVE = "screening.retrospective_days"
"""Rule rows: how many days back a list may be held against past records, by what right."""


class Standing(Enum):
    """How an entry stands to a record: in force when it came, or only since."""

    THEN = "then"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class Held:
    """A record as an entry's law looks at it: its day, its way, when it came, and today."""

    on: date
    direction: str
    received_at: datetime
    today: date
    place: str = ""

    @classmethod
    def of(cls, view: RecordView, posts: Mapping[str, Place]) -> Held:
        direction = KINDS[view.kind].direction(view.body)
        return cls(
            day_at(view, posts), direction, view.received_at, timezone.localdate(), view.place or ""
        )

    def under(self, entry: Entry) -> Standing | None:
        """How the entry stands to the record, None where it says nothing of it.

        One that came in force here after the record reaches back only while it holds today, and
        only as far as the rule row of its list allows.
        """
        if entry.since is None or entry.since <= self.received_at:
            return Standing.THEN if entry.holds(self.on, self.direction) else None
        days = retrospective_days(retrospective_basis(entry.roll, self.today))
        if not days or not entry.holds(self.today, self.direction):
            return None
        return Standing.SINCE if self.today - self.on <= timedelta(days=days) else None


def retrospective_basis(roll: str, on: date) -> Settled:
    """The rule rows on how far a list reaches back."""
    return legal_book().settle(RETROSPECTIVE, on, list=roll)


def retrospective_days(basis: Settled) -> int:
    """How many days back the rule rows allow, the fewest where they differ; 0 for not at all."""
    return min((v for v in basis.values if isinstance(v, int)), default=0) if basis else 0


def screen(
    views: Sequence[RecordView],
    entities: Mapping[str, Sequence[Entity]],
    identities: Mapping[str, str],
    lists: Lists | None = None,
) -> dict[str, list[Finding]]:
    """Findings of each record against the lists in force, or against some that are given.

    `identities` names the bearer of each record: entries that a person has ruled out for him say nothing.
    """
    held = lists or current()
    if not held.entries:
        return {}
    posts, cleared = places(), _clearances(identities)
    return {
        view.id: [
            finding
            for entity in entities[view.id]
            if entity.schema in SCREENED
            for finding in _screen_one(
                held, entity, cleared.get(view.id, frozenset()), Held.of(view, posts)
            )
        ]
        for view in views
    }


def _screen_one(
    lists: Lists, entity: Entity, cleared: frozenset[str], at: Held
) -> Iterator[Finding]:
    speaking: dict[str, tuple[Entry, Standing]] = {}
    told: Counter[str] = Counter()

    def speaks(listed: Listed) -> bool:
        entry = lists.entry(listed.entity_id)
        if entry is None or entry.subject == DOCUMENTS or entry.id in cleared:
            return False
        standing = at.under(entry)
        if standing is None or (entry.never_citizens and _citizen(entity)):
            return False
        told[entry.roll] += 1
        speaking[entry.id] = entry, standing
        return told[entry.roll] <= MOST_OF_A_LIST

    # What does not hold takes no place of what does, and one list none of another's.
    for hit in lists.index.match(query_of(entity), MOST_OF_ALL, wanted=speaks):
        entry, standing = speaking[hit.listed.entity_id]
        band = bands_at(entry.roll, at.place, at.today).of(hit)
        if band is not Band.SILENT:
            yield _finding(entry, replace(hit, band=band), entity, standing)


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
    weight = _WEIGHTS[hit.band]
    return min(weight, Weight.LOOK) if name_alone(hit) else weight


def name_alone(hit: Hit) -> bool:
    """True where nothing but the name agrees."""
    return not any(field != "name" and verdict == "agree" for field, _, _, verdict in hit.compared)


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


def _finding(entry: Entry, hit: Hit, entity: Entity, standing: Standing) -> Finding:
    reasons = [_said(entry, hit), *hit.reasons]
    since = entry.since if standing is Standing.SINCE else None
    if since is not None:
        reasons.insert(1, retrospective(timezone.localdate(since)))
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
        data={
            "entry": entry.id,
            "roll": entry.roll,
            "band": str(hit.band),
            **({"since": since.isoformat()} if since else {}),
        },
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
    lists: Lists, entities: Iterable[Entity], at: Held
) -> tuple[ListedDocument, ...]:
    """Entries of document lists that equal, number and country, a document in a record."""
    found: dict[str, ListedDocument] = {}
    for entity in entities:
        for number, country in query_of(entity).documents:
            for listed in lists.index.documents(number, country):
                entry = lists.entry(listed.entity_id)
                if entry is not None and entry.subject == DOCUMENTS and (how := at.under(entry)):
                    found[entry.id] = _listed_document(entry, number, country or "", how)
    return tuple(found[key] for key in sorted(found))


def _listed_document(entry: Entry, number: str, country: str, standing: Standing) -> ListedDocument:
    later = timezone.localdate(entry.since) if entry.since else None
    return ListedDocument(
        list_code=entry.roll,
        list_label=entry.label,
        number=number,
        country=country,
        authority=entry.authority,
        reason=entry.reason,
        entity_id=entry.id,
        since=later if standing is Standing.SINCE else None,
    )


def _clearances(identities: Mapping[str, str]) -> dict[str, frozenset[str]]:
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
