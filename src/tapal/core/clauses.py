"""Agreements compiled: which rows, which fields, from when. Nothing here asks a database.

A clause opens a row when it covers the row's scope, place and time. A row's readable fields are
the union of those that its clauses open. What no clause opens is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from tapal.core.errors import Rejected
from tapal.core.marking import Mark, Purpose, Sensitivity
from tapal.core.text import Text

ALL = "*"
NON_PERSONAL = "non_personal"
# No agreement opens what only the owner's own officers with the power for it may see.
HIGHEST_GIVEN = Sensitivity.CONFIDENTIAL
# Agencies of these roles stand outside the house: they get neither CONFIDENTIAL rows or fields
# nor any field that serves protection alone.
OUTSIDE_ROLES = frozenset({"counterpart", "partner", "diplomacy", "consulate"})
HIGHEST_OUTSIDE = Sensitivity.RESTRICTED

Marks = Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Terms:
    """One clause of an agreement as it was written. `kinds` and `places` None mean every one.

    `lists` names watch lists of the giver that the taker may screen with and read.
    """

    kinds: frozenset[str] | None
    highest: Sensitivity
    fields: frozenset[str] | Literal["*", "non_personal"]
    places: frozenset[str] | None = None
    since: datetime | None = None
    lists: frozenset[str] = frozenset()

    def names_kind(self, kind: str) -> bool:
        return self.kinds is None or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Scope:
    """An interned (owner, kind, sensitivity)."""

    number: int
    owner: str
    kind: str
    sensitivity: Sensitivity


OVERSIGHT = "oversight"
"""The code of an auditor's clause."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause opens, compiled: per scope number the readable leaf paths.

    `code` is "own", "oversight" or the agreement's code with the clause's place in it; `highest`
    bounds the findings that it shows; `own` is true for the owner's officers.
    """

    code: str
    fields: Mapping[int, frozenset[str]] = field(hash=False)
    highest: Sensitivity
    own: bool = False
    places: frozenset[str] | None = None
    since: datetime | None = None

    def covers(self, scope: int, place: str, occurred_at: datetime) -> bool:
        """True when the clause opens a row of this scope, place and time."""
        return (
            scope in self.fields
            and (self.places is None or place in self.places)
            and (self.since is None or occurred_at >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Seek:
    """One stretch of an index: a scope, perhaps a place, from `since` up to before `until`."""

    scope: int
    place: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """All clauses of one reader for one purpose, with the disjoint stretches that they open.

    `timeless` are the stretches without their times, for rows whose own time is not their record's;
    `own` are the scopes that the reader's agency owns.
    """

    clauses: tuple[Clause, ...]
    by_scope: Mapping[int, tuple[Clause, ...]] = field(hash=False)
    seeks: tuple[Seek, ...]
    scopes: Mapping[int, Scope] = field(hash=False)
    timeless: tuple[Seek, ...]
    own: frozenset[int]

    @classmethod
    def of(cls, clauses: Iterable[Clause], scopes: Mapping[int, Scope]) -> Reach:
        """Compile; a clause that opens no field of a scope does not open the scope."""
        kept = tuple(clauses)
        by_scope: dict[int, list[Clause]] = defaultdict(list)
        for clause in kept:
            for number, fields in clause.fields.items():
                if fields:
                    by_scope[number].append(clause)
        seeks = tuple(s for number in sorted(by_scope) for s in _seeks(number, by_scope[number]))
        frozen = {number: tuple(found) for number, found in by_scope.items()}
        own = frozenset(n for n, found in frozen.items() if any(c.own for c in found))
        return cls(kept, frozen, seeks, {n: scopes[n] for n in frozen}, _timeless(seeks), own)

    def satisfied(self, scope: int, place: str, occurred_at: datetime) -> tuple[Clause, ...]:
        """The clauses that open such a row; none means that it is not there."""
        found = self.by_scope.get(scope, ())
        return tuple(c for c in found if c.covers(scope, place, occurred_at))


def union(clauses: Iterable[Clause], scope: int) -> frozenset[str]:
    """The leaf paths that some clauses open of a row of this scope."""
    sets = [clause.fields[scope] for clause in clauses]
    return sets[0] if len(sets) == 1 else frozenset().union(*sets)


def narrow(
    seeks: Iterable[Seek],
    *,
    scopes: Container[int] | None = None,
    place: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Seek, ...]:
    """The parts of the stretches that also meet what a reader asks for."""
    if scopes is None and place is None and since is None and until is None:
        return tuple(seeks)
    found = []
    for seek in seeks:
        if (scopes is not None and seek.scope not in scopes) or (
            place is not None and seek.place not in (None, place)
        ):
            continue
        low = max(seek.since, since) if seek.since and since else seek.since or since
        high = min(seek.until, until) if seek.until and until else seek.until or until
        if low is None or high is None or low < high:
            found.append(Seek(seek.scope, place or seek.place, low, high))
    return tuple(found)


def _seeks(scope: int, clauses: Iterable[Clause]) -> list[Seek]:
    """Disjoint stretches of one scope: the whole of it from a time on, and more at some places.

    Disjoint so that a merged list shows no row twice and counts add up.
    """
    start = datetime.min.replace(tzinfo=UTC)
    whole: datetime | None = None
    places: dict[str, datetime] = {}
    for clause in clauses:
        since = clause.since or start
        if clause.places is None:
            whole = since if whole is None else min(whole, since)
        for place in clause.places or ():
            places[place] = min(places.get(place, since), since)
    found = [] if whole is None else [Seek(scope, None, None if whole == start else whole)]
    for place, since in sorted(places.items()):
        if whole is None or since < whole:
            found.append(Seek(scope, place, None if since == start else since, whole))
    return found


def _timeless(seeks: Iterable[Seek]) -> tuple[Seek, ...]:
    pairs = {(s.scope, s.place) for s in seeks}
    whole = {scope for scope, place in pairs if place is None}
    return tuple(
        Seek(scope, place)
        for scope, place in sorted(pairs, key=lambda p: (p[0], p[1] or ""))
        if place is None or scope not in whole
    )


def opened(
    terms_fields: frozenset[str] | Literal["*", "non_personal"],
    marks: Marks,
    *,
    highest: Sensitivity,
    purpose: Purpose,
    outside: bool = False,
) -> frozenset[str]:
    """The leaf paths that are named, not above `highest`, and marked for the purpose."""
    return frozenset(
        path
        for path, mark in marks.items()
        if mark.sensitivity <= highest
        and purpose in mark.purposes
        and names(terms_fields, path, mark)
        and not (outside and mark.purposes <= {Purpose.PROTECTION})
    )


def names(wanted: frozenset[str] | str, path: str, mark: Mark) -> bool:
    """True when a list of fields names this path: itself, or by `document.*`."""
    if wanted == ALL:
        return True
    if wanted == NON_PERSONAL:
        return not mark.personal
    parts = path.split(".")
    return path in wanted or any(".".join([*parts[:n], ALL]) in wanted for n in range(len(parts)))


# Any: JSON as it was saved; whatever does not fit is refused.
def read_terms(
    raw: Any, *, kinds: Mapping[str, Marks], places: Container[str], lists: Container[str]
) -> Terms:
    """Read one clause; raises Rejected with a sentence for a name that nothing bears.

    `{"kinds": ["crossing"] | "*", "max_sensitivity": "restricted", "fields": ["document.*",
    "person.birth_date"] | "*" | "non_personal", "places": ["PLBN-11"] | null, "occurred_after":
    "2026-01-01T00:00:00+07:00" | null, "lists": ["sanctions"]}`. An empty list names nothing; a time
    without a zone is UTC.
    """
    if not isinstance(raw, Mapping):
        raise _refused("", "klausul harus berupa objek", "a clause must be an object")
    parts = {"kinds", "max_sensitivity", "fields", "places", "occurred_after", "lists"}
    extra = sorted(set(raw) - parts)
    if extra:
        raise _refused(extra[0], f"bagian {extra[0]} tidak dikenal", f"unknown part {extra[0]}")
    named = _list_or_all(raw.get("kinds", []), "kinds")
    for kind in sorted(named or ()):
        if kind not in kinds:
            raise _refused("kinds", f"jenis {kind} tidak dikenal", f"unknown kind {kind}")
    reach = {k: m for k, m in kinds.items() if named is None or k in named}
    where = raw.get("places")
    if where is not None:
        for place in sorted(_names(where, "places")):
            if place not in places:
                raise _refused("places", f"pos {place} tidak dikenal", f"unknown post {place}")
    given = _names(raw.get("lists", []), "lists")
    for code in sorted(given):
        if code not in lists:
            raise _refused(
                "lists", f"daftar {code} bukan milik pemberi", f"list {code} is not the giver's"
            )
    return Terms(
        kinds=named,
        highest=_highest(raw.get("max_sensitivity")),
        fields=_fields(raw.get("fields", []), reach),
        places=None if where is None else _names(where, "places"),
        since=_moment(raw.get("occurred_after")),
        lists=given,
    )


def _fields(raw: Any, kinds: Mapping[str, Marks]) -> frozenset[str] | Literal["*", "non_personal"]:
    if raw == NON_PERSONAL:
        return "non_personal"
    wanted = _list_or_all(raw, "fields")
    if wanted is None:
        return "*"
    known = {path: mark for marks in kinds.values() for path, mark in marks.items()}
    for name in sorted(wanted):
        if not any(names(frozenset({name}), path, mark) for path, mark in known.items()):
            raise _refused("fields", f"isian {name} tidak dikenal", f"unknown field {name}")
    return wanted


def _list_or_all(raw: Any, part: str) -> frozenset[str] | None:
    if raw == ALL or raw == [ALL]:
        return None
    return _names(raw, part)


def _names(raw: Any, part: str) -> frozenset[str]:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise _refused(part, f"{part} harus berupa daftar nama", f"{part} must be a list of names")
    return frozenset(raw)


def _highest(raw: Any) -> Sensitivity:
    given = {s.name.lower(): s for s in Sensitivity if s <= HIGHEST_GIVEN}
    if raw not in given:
        allowed = ", ".join(given)
        raise _refused(
            "max_sensitivity",
            f"tingkat {raw} tidak dapat diberikan; yang dapat: {allowed}",
            f"level {raw} cannot be given; what can: {allowed}",
        )
    return given[raw]


def _moment(raw: Any) -> datetime | None:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise _refused(
            "occurred_after", f"waktu {raw} tidak terbaca", f"time {raw} cannot be read"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(part: str, said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(
            f"Klausul tidak dapat disimpan: {said_id}.", f"The clause cannot be saved: {said_en}."
        ),
        Text("Perbaiki bagian itu lalu simpan lagi.", "Mend that part and save again."),
        place=part,
    )
