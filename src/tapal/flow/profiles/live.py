"""Profiles at work: the versions in force decide about each record of their owner's."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tapal.core.finding import Finding, Weight
from tapal.core.kind import Kind
from tapal.core.profiles import (
    CONTEXT,
    Case,
    Ready,
    Table,
    compared,
    conditions,
    earlier,
    make_ready,
    named,
    seen_findings,
)
from tapal.core.text import Text
from tapal.flow.finding_words import PROFILE_HIT
from tapal.flow.gather import Gathered
from tapal.flow.profiles.fields import bounds, fields_of, finding_level
from tapal.flow.reference import cached
from tapal.flow.share.compile import today
from tapal.kinds import KINDS
from tapal.store.models import Profile

log = logging.getLogger(__name__)

CURSOR = "profiles"
# A hit tells at most so many of the records that it rests on.
RESTS_ON = 20


@dataclass(frozen=True, slots=True)
class Live:
    """A version with its table made ready."""

    id: str
    name: str
    version: int
    label: Text
    place: str
    valid_to: date | None
    ready: Ready

    @property
    def reason(self) -> str:
        """The reason of its alerts: a procedure may name it, or `profile:*` for all."""
        return f"profile:{self.name}"


def live(row: Profile) -> Live:
    """A stored version made ready. Raises ValueError or KeyError for what no kind has any more."""
    return Live(
        id=str(row.id),
        name=row.name,
        version=row.version,
        label=Text.of(row.label),
        place=row.place,
        valid_to=row.valid_to,
        ready=make_ready(Table.of(row.table), fields_of(KINDS[row.kind])),
    )


def _read_in_force() -> Mapping[tuple[str, str], tuple[Live, ...]]:
    found: dict[tuple[str, str], tuple[Live, ...]] = {}
    for row in Profile.objects.filter(state="in_force").order_by("name"):
        try:
            ready = live(row)
        except (KeyError, ValueError):
            log.exception("profile %s version %s cannot be run", row.name, row.version)
            continue
        key = (row.owner_id, row.kind)
        found[key] = (*found.get(key, ()), ready)
    return found


in_force = cached(_read_in_force, CURSOR)


def judge(gathered: Gathered, said: Mapping[str, Sequence[Finding]]) -> dict[str, list[Finding]]:
    """What the profiles in force say of each record of a batch, after all that rules have said.

    One that has expired, or that asks of a field which is forbidden today, says nothing.
    """
    table = in_force()
    if not table:
        return {}
    found: dict[str, list[Finding]] = {}
    holds: dict[tuple[str, str], tuple[Live, ...]] = {}
    for view in gathered.views:
        key = (view.owner, view.kind)
        if key not in holds:
            holds[key] = _holding(table.get(key, ()), gathered.contexts[view.id].now)
        if holds[key]:
            kind = KINDS[view.kind]
            context = gathered.contexts[view.id]
            case = Case(view, context, tuple(said.get(view.id, ())), finding_level(kind))
            found[view.id] = list(decide(holds[key], case, kind))
    return found


def _holding(profiles: tuple[Live, ...], now: datetime) -> tuple[Live, ...]:
    if not profiles:
        return ()
    day = today(now)
    forbidden = bounds(day).forbidden
    if forbidden is None:
        return ()
    return tuple(
        p
        for p in profiles
        if p.valid_to is not None
        and day <= p.valid_to
        and not any(named(f, forbidden) for f in p.ready.fields)
    )


def decide(profiles: Iterable[Live], case: Case, kind: Kind) -> Iterable[Finding]:
    """What each of these profiles says of one record; one that breaks stops no other."""
    for profile in profiles:
        if profile.place and profile.place != case.view.place:
            continue
        try:
            number = profile.ready.decide(case)
            if number is not None and (hit := hit_of(profile, case, kind, number)) is not None:
                yield hit
        except Exception:
            log.exception("profile %s broke on record %s", profile.name, case.view.id)
            yield _broken(profile)


def hit_of(profile: Live, case: Case, kind: Kind, number: int) -> Finding | None:
    """The finding of the row that decided, None where that row lets the record pass."""
    row = profile.ready.table.rows[number]
    if row.verdict.weight is None:
        return None
    cells = profile.ready.cells(case, number)
    asked = [cell.field.name for cell in cells]
    said = conditions([(c.field, c.operator, c.operand) for c in cells])
    return Finding(
        rule=PROFILE_HIT,
        weight=row.verdict.weight,
        text=Text(
            "Cocok dengan profil risiko “{p}” (versi {v}, baris {n}): {c}. Ini petunjuk untuk"
            " memeriksa, bukan bukti.",
            "Fits the risk profile “{p}” (version {v}, row {n}): {c}. It is a lead to look at, not"
            " a proof.",
        ).fill(p=profile.label, v=profile.version, n=number + 1, c=said),
        fields=tuple(dict.fromkeys(_used(asked, case, kind, profile.ready))),
        compared=tuple(map(compared, cells)),
        rests_on=_rests_on(asked, case, profile.ready),
        reason=profile.reason,
        about=profile.name,
        data={"profile": profile.id, "version": profile.version, "row": number + 1},
    )


def _used(asked: Sequence[str], case: Case, kind: Kind, ready: Ready) -> Iterable[str]:
    """The body fields that a hit tells of, those behind findings and earlier records among them."""
    for name in asked:
        if not name.startswith(CONTEXT):
            yield name
        elif name == f"{CONTEXT}findings":
            for finding in seen_findings(case, ready.ceiling):
                yield from finding.fields
        elif name.startswith(f"{CONTEXT}earlier"):
            borne = {key.type for key in case.view.keys}
            yield from (f for t in kind.key_types if t.name in borne for f in t.fields)


def _rests_on(asked: Sequence[str], case: Case, ready: Ready) -> tuple[str, ...]:
    found: dict[str, None] = {}
    if any(name.startswith(f"{CONTEXT}earlier") for name in asked):
        found |= dict.fromkeys(view.id for view in earlier(case, None))
    if f"{CONTEXT}findings" in asked:
        found |= dict.fromkeys(i for f in seen_findings(case, ready.ceiling) for i in f.rests_on)
    return tuple(found)[:RESTS_ON]


def _broken(profile: Live) -> Finding:
    return Finding(
        rule="rule_broken",
        weight=Weight.LOOK,
        text=Text(
            "Profil risiko {p} tidak dapat dijalankan pada catatan ini.",
            "Risk profile {p} could not be run on this record.",
        ).fill(p=profile.label),
        about=profile.reason,
    )
