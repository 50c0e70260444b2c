"""Agreements and mandates compiled into what one reader reaches, kept until one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from tapal.core.actions import Actor
from tapal.core.clauses import (
    HIGHEST_GIVEN,
    HIGHEST_OUTSIDE,
    OUTSIDE_ROLES,
    Clause,
    Marks,
    Reach,
    Scope,
    Terms,
    opened,
    read_terms,
)
from tapal.core.errors import Rejected
from tapal.core.mandates import OVERSEE, READ, level
from tapal.core.marking import Purpose, Sensitivity
from tapal.flow.reference import cached
from tapal.kinds import KINDS
from tapal.store import models

# An agreement holds from its first day to its last in the capital, where agreements are signed.
CAPITAL = ZoneInfo("Asia/Jakarta")
# Counted up by the database itself with every change of an agreement or an agency.
VERSION = "agreements"
_KEPT = 512
_PURPOSES = frozenset(p.value for p in Purpose)


@dataclass(frozen=True, slots=True)
class Agencies:
    """The institutions with what they became."""

    roles: Mapping[str, str]
    mine: Mapping[str, frozenset[str]]

    def owners(self, code: str) -> frozenset[str]:
        """The agency's own code and those of agencies that have become it by now."""
        return self.mine.get(code, frozenset({code}))

    def outside(self, code: str) -> bool:
        """True for another state's agencies, partners, and those that deal with them."""
        words = self.roles.get(code, "").replace(",", " ").split()
        return code not in self.roles or not OUTSIDE_ROLES.isdisjoint(words)


@dataclass(frozen=True, slots=True)
class _Key:
    agency: str
    level: Sensitivity
    reads: bool
    oversees: bool
    purpose: Purpose
    newest_scope: int
    day: date


@dataclass(slots=True)
class _Kept:
    """What this process has compiled from one version of the agreements and agencies."""

    reaches: dict[_Key, Reach] = field(default_factory=dict)
    agencies: dict[date, Agencies] = field(default_factory=dict)
    scopes: dict[int, dict[int, Scope]] = field(default_factory=dict)
    agreed: dict[tuple[str, date], frozenset[Purpose]] = field(default_factory=dict)


# Asked anew at each look by one small query: a revocation acts at once in every process.
_kept = cached(_Kept, VERSION)


def reach_of(actor: Actor, purpose: Purpose, now: datetime) -> Reach:
    """What the actor reaches for a purpose at a moment."""
    key = _Key(
        actor.agency,
        level(actor.powers),
        READ in actor.powers,
        OVERSEE in actor.powers,
        purpose,
        _newest_scope(),
        today(now),
    )
    reaches = _kept().reaches
    found = reaches.get(key)
    if found is None:
        if len(reaches) >= _KEPT:
            reaches.clear()
        found = reaches[key] = _compile(key)
    return found


def _newest_scope() -> int:
    return models.Scope.objects.aggregate(newest=Max("id"))["newest"] or 0


def today(now: datetime) -> date:
    """The day by which agreements count."""
    return now.astimezone(CAPITAL).date()


def _compile(key: _Key) -> Reach:
    scopes = scope_table()
    agencies = agencies_on(key.day)
    clauses: list[Clause] = []
    if key.reads:
        clauses.append(_own(key, scopes, agencies))
        clauses += _given(key, scopes, agencies)
    if key.oversees and key.purpose is Purpose.OVERSIGHT:
        clauses.append(_oversight(scopes))
    return Reach.of(clauses, scopes)


def scope_table() -> dict[int, Scope]:
    """Every interned scope by its number."""
    newest, kept = _newest_scope(), _kept().scopes
    if newest not in kept:
        kept.clear()
        kept[newest] = _read_scopes()
    return kept[newest]


def _read_scopes() -> dict[int, Scope]:
    rows = models.Scope.objects.values_list("id", "owner_id", "kind", "sensitivity")
    return {n: Scope(n, owner, kind, Sensitivity(s)) for n, owner, kind, s in rows}


def kind_marks() -> dict[str, Marks]:
    """The fields of every kind with their marks."""
    return {name: kind.fields for name, kind in KINDS.items()}


def agencies_on(day: date) -> Agencies:
    """The institutions as they are on a day: who has become whom."""
    kept = _kept().agencies
    if day not in kept:
        kept.clear()
        kept[day] = _read_agencies(day)
    return kept[day]


def _read_agencies(day: date) -> Agencies:
    rows = {a.code: a for a in models.Agency.objects.all()}
    mine: dict[str, set[str]] = {code: {code} for code in rows}
    for code in rows:
        heir, seen = code, {code}
        # A name still in use, or one to end later, has no heir yet.
        while (row := rows.get(heir)) and row.successor and row.valid_to and row.valid_to < day:
            heir = row.successor
            if heir in seen or heir not in rows:
                break
            seen.add(heir)
            mine[heir].add(code)
    return Agencies(
        {code: a.role for code, a in rows.items()},
        {code: frozenset(codes) for code, codes in mine.items()},
    )


def _own(key: _Key, scopes: Mapping[int, Scope], agencies: Agencies) -> Clause:
    owners = agencies.owners(key.agency)
    marks = kind_marks()
    fields = {
        n: opened("*", marks.get(s.kind, {}), highest=key.level, purpose=key.purpose)
        for n, s in scopes.items()
        if s.owner in owners and s.sensitivity <= key.level
    }
    return Clause("own", fields, key.level, own=True)


def _oversight(scopes: Mapping[int, Scope]) -> Clause:
    by_kind = {
        kind: opened("non_personal", marks, highest=HIGHEST_GIVEN, purpose=Purpose.OVERSIGHT)
        for kind, marks in kind_marks().items()
    }
    fields = {
        n: by_kind.get(s.kind, frozenset())
        for n, s in scopes.items()
        if s.sensitivity <= HIGHEST_GIVEN
    }
    return Clause("oversight", fields, HIGHEST_GIVEN)


def _given(key: _Key, scopes: Mapping[int, Scope], agencies: Agencies) -> list[Clause]:
    found = []
    for agreement in models.Agreement.objects.filter(
        taker_id=key.agency, purpose=key.purpose.value
    ).order_by("code"):
        if in_force(agreement, key.day):
            found += clauses_of(agreement, scopes, agencies, limit=key.level)
    return found


def agreed_purposes(agency: str, day: date) -> frozenset[Purpose]:
    """The purposes for which an agreement in force gives the agency something."""
    kept = _kept().agreed
    found = kept.get((agency, day))
    if found is None:
        if len(kept) >= _KEPT:
            kept.clear()
        taken = models.Agreement.objects.filter(taker_id=agency)
        named = {a.purpose for a in taken if a.clauses and in_force(a, day)}
        found = kept[agency, day] = frozenset(p for p in Purpose if p in named)
    return found


def in_force(agreement: models.Agreement, day: date) -> bool:
    """True on the days of validity, as long as nobody has revoked it."""
    return (
        agreement.revoked_at is None
        and agreement.valid_from <= day
        and (agreement.valid_to is None or day <= agreement.valid_to)
    )


def clauses_of(
    agreement: models.Agreement,
    scopes: Mapping[int, Scope],
    agencies: Agencies,
    *,
    limit: Sensitivity,
) -> list[Clause]:
    """An agreement's clauses for a reader who reads up to `limit`.

    A clause that has come to name something unknown (a kind that is gone) gives nothing.
    """
    if agreement.purpose not in _PURPOSES:
        return []
    owners = agencies.owners(agreement.giver_id)
    outside = agencies.outside(agreement.taker_id)
    highest = min(limit, HIGHEST_OUTSIDE if outside else HIGHEST_GIVEN)
    theirs = [s for s in scopes.values() if s.owner in owners]
    found = []
    for number, terms in enumerate(terms_of(agreement), 1):
        if terms is None:
            continue
        found.append(
            _clause(
                f"{agreement.code}#{number}",
                terms,
                theirs,
                min(terms.highest, highest),
                Purpose(agreement.purpose),
                outside,
            )
        )
    return found


def terms_of(agreement: models.Agreement) -> Iterable[Terms | None]:
    """The saved clauses read again; None for one that no longer fits the kinds."""
    places = _Anything()
    for raw in agreement.clauses if isinstance(agreement.clauses, list) else ():
        try:
            yield read_terms(raw, kinds=kind_marks(), places=places)
        except Rejected:
            yield None


class _Anything:
    """A place that has gone since can match no row, so it need not be looked for."""

    def __contains__(self, item: object) -> bool:
        return True


def _clause(
    code: str,
    terms: Terms,
    scopes: Iterable[Scope],
    highest: Sensitivity,
    purpose: Purpose,
    outside: bool,
) -> Clause:
    marks = kind_marks()
    by_kind = {
        kind: opened(terms.fields, marks[kind], highest=highest, purpose=purpose, outside=outside)
        for kind in marks
        if terms.names_kind(kind)
    }
    fields = {
        s.number: by_kind[s.kind] for s in scopes if s.kind in by_kind and s.sensitivity <= highest
    }
    return Clause(code, fields, highest, places=terms.places, since=terms.since)
