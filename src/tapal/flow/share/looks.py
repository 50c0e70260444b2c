"""The Access log read: who looked, at what, why, and by which clause."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from tapal.core.marking import Sensitivity
from tapal.flow.share.cursors import Mark
from tapal.flow.share.lists import paged
from tapal.flow.share.seen import Look, Page
from tapal.store.models import Access, Task


def of_subject(subject: str, start: Mark | None, limit: int, of: str) -> Page[Look]:
    """The looks at one record, newest first; denied ones are among them."""
    return _page(Access.objects.filter(subject=subject), start, limit, of)


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

    Without `withheld` a look at a withheld task is left out: its row would tell that there is one.
    """
    rows = Access.objects.all()
    if not withheld:
        hidden = Task.objects.filter(sensitivity=Sensitivity.WITHHELD).values_list("pk", flat=True)
        # Looks lie in a database of their own: the ids are carried over.
        rows = rows.exclude(subject__in=[str(pk) for pk in hidden])
    if owners is not None:
        rows = rows.filter(Q(owner__in=owners) | Q(agency__in=owners))
    if officer is not None:
        rows = rows.filter(officer=officer)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return _page(rows, start, limit, of)


def _page(rows: QuerySet[Access], start: Mark | None, limit: int, of: str) -> Page[Look]:
    if start is not None:
        rows = rows.filter(id__lt=start[1])
    found = [((row.at, row.id), _look(row)) for row in rows.order_by("-id")[: limit + 1]]
    return paged(found, limit, of)


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
