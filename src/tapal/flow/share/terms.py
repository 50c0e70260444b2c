"""One agreement compiled into the clauses by which a reader may be let in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from tapal.core.cases import CASE, CASE_FIELDS
from tapal.core.clauses import (
    HIGHEST_GIVEN,
    HIGHEST_OUTSIDE,
    Clause,
    Marks,
    Scope,
    Terms,
    opened,
    read_terms,
)
from tapal.core.errors import Rejected
from tapal.core.marking import Purpose, Sensitivity
from tapal.flow.share.agencies import Agencies
from tapal.kinds import KINDS
from tapal.store import models

_PURPOSES = frozenset(p.value for p in Purpose)


def kind_marks() -> dict[str, Marks]:
    """The fields of every kind with their marks, and those of a case, which stands beside the kinds."""
    return {**{name: kind.fields for name, kind in KINDS.items()}, CASE: CASE_FIELDS}


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
    anything = _Anything()
    for raw in agreement.clauses if isinstance(agreement.clauses, list) else ():
        try:
            yield read_terms(raw, kinds=kind_marks(), places=anything, lists=anything)
        except Rejected:
            yield None


class _Anything:
    """A place or list that has gone since can match no row, so it need not be looked for."""

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
