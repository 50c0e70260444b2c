"""Agreements and mandates compiled into what one reader reaches, kept until one of them changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from tapal.core.actions import Actor
from tapal.core.clauses import HIGHEST_GIVEN, OVERSIGHT, Clause, Reach, Scope, opened
from tapal.core.mandates import OVERSEE, READ, level
from tapal.core.marking import Purpose, Sensitivity
from tapal.flow.reference import cached
from tapal.flow.share.agencies import Agencies, read_agencies
from tapal.flow.share.terms import clauses_of, in_force, kind_marks
from tapal.store import models

# An agreement holds from its first day to its last in the capital, where agreements are signed.
CAPITAL = ZoneInfo("Asia/Jakarta")
# Counted up by the database itself with every change of an agreement or an agency.
VERSION = "agreements"
_KEPT = 512


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


def agencies_on(day: date) -> Agencies:
    """The institutions as they are on a day: who has become whom."""
    return _agencies(_kept().agencies, day)


def _agencies(kept: dict[date, Agencies], day: date) -> Agencies:
    if day not in kept:
        kept.clear()
        kept[day] = read_agencies(day)
    return kept[day]


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
    return Clause(OVERSIGHT, fields, HIGHEST_GIVEN)


def _given(key: _Key, scopes: Mapping[int, Scope], agencies: Agencies) -> list[Clause]:
    found = []
    for agreement in models.Agreement.objects.filter(
        taker_id=key.agency, purpose=key.purpose.value
    ).order_by("code"):
        if in_force(agreement, key.day):
            found += clauses_of(agreement, scopes, agencies, limit=key.level)
    return found


def standing(agency: str, day: date) -> tuple[str, frozenset[Purpose]]:
    """The agency's role, and the purposes for which an agreement in force gives it something."""
    kept = _kept()
    role = _agencies(kept.agencies, day).roles.get(agency, "")
    return role, _agreed(kept.agreed, agency, day)


def _agreed(
    kept: dict[tuple[str, date], frozenset[Purpose]], agency: str, day: date
) -> frozenset[Purpose]:
    found = kept.get((agency, day))
    if found is None:
        if len(kept) >= _KEPT:
            kept.clear()
        taken = models.Agreement.objects.filter(taker_id=agency)
        named = {a.purpose for a in taken if a.clauses and in_force(a, day)}
        found = kept[agency, day] = frozenset(p for p in Purpose if p in named)
    return found
