"""The Access log read: who looked, at what, why, and by which clause."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from tapal.core.mandates import READ_WITHHELD
from tapal.core.marking import Sensitivity
from tapal.flow.share import cases
from tapal.flow.share.cursors import Mark
from tapal.flow.share.lists import paged
from tapal.flow.share.seen import Look, Page
from tapal.store.models import Access, Officer, Task


def of_subject(
    subject: str, start: Mark | None, limit: int, of: str, *, withheld: bool
) -> Page[Look]:
    """The looks at one record, newest first; denied ones are among them."""
    rows = Access.objects.filter(subject=subject)
    return _page([rows if withheld else _told_to_all(rows)], start, limit, of)


def log(
    owners: Collection[str] | None,
    officer: str | None,
    subject: str | None,
    start: Mark | None,
    limit: int,
    of: str,
    *,
    withheld: bool,
) -> Page[Look]:
    """The log; `owners` narrows it to looks by these agencies' officers or at their records.

    Without `withheld` what would tell that something is withheld is left out.
    """
    # Looks at a sealed case are read in the case itself, by its members.
    rows = Access.objects.exclude(subject__in=cases.sealed_ids())
    if not withheld:
        rows = _told_to_all(rows)
    if officer is not None:
        rows = rows.filter(officer=officer)
    if subject is not None:
        rows = rows.filter(subject=subject)
    if owners is None:
        return _page([rows], start, limit, of)
    if officer is not None or subject is not None:
        # Few rows by an index of their own: these are sifted.
        part = rows.filter(Q(owner__in=owners) | Q(agency__in=owners))
        return _page([part], start, limit, of)
    # Each an index read from its end; one condition with OR would sort the whole log.
    parts = [rows.filter(owner=code) for code in owners]
    parts += [rows.filter(agency=code) for code in owners]
    return _page(parts, start, limit, of)


def _told_to_all(rows: QuerySet[Access]) -> QuerySet[Access]:
    """Without looks at withheld tasks, and without those of the protection officers.

    Theirs at a record would tell what the record must not; auditors see them.
    """
    hidden = Task.objects.filter(sensitivity=Sensitivity.WITHHELD).values_list("pk", flat=True)
    # Looks lie in a database of their own: the ids are carried over.
    told = rows.exclude(subject__in=[str(pk) for pk in hidden])
    return told.exclude(officer__in=_protectors())


def _protectors() -> list[str]:
    """The numbers of all who hold or held a role that reads what is withheld."""
    from tapal.flow.officers import roles  # which asks this package for the day

    warding = [code for code, role in roles().items() if READ_WITHHELD in role.powers]
    numbers = Officer.objects.filter(mandates__role__in=warding).values_list("number", flat=True)
    return sorted(set(numbers))


def _page(parts: Sequence[QuerySet[Access]], start: Mark | None, limit: int, of: str) -> Page[Look]:
    """The newest rows of all parts together, a row of two parts once."""
    found: dict[uuid.UUID, Access] = {}
    for rows in parts:
        left = rows if start is None else rows.filter(id__lt=start[1])
        found.update((row.id, row) for row in left.order_by("-id")[: limit + 1])
    newest = sorted(found.values(), key=lambda row: row.id, reverse=True)[: limit + 1]
    return paged([((row.at, row.id), _look(row)) for row in newest], limit, of)


def _look(row: Access) -> Look:
    return Look(
        id=str(row.id),
        at=row.at,
        officer=row.officer,
        agency=row.agency,
        post=row.post,
        purpose=row.purpose,
        act=row.act,
        subject=row.subject,
        owner=row.owner,
        question=row.question,
        clauses=tuple(row.clauses),
        count=row.count,
    )
