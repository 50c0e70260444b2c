"""The trace of every look: one row each, in a database of its own, outside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.marking import Purpose
from tapal.store.models import Access

# The one field of a look that may tell of a person: what he typed into a search.
PERSONAL = frozenset({"question"})

READ, LIST, COUNT, SEARCH = "read", "list", "count", "search"
EXPORT, PRINT, LOOKS, DENIED = "export", "print", "looks", "denied"
DOWNLOAD = "download"


def note(
    actor: Actor,
    purpose: Purpose,
    act: str,
    *,
    subject: str = "",
    owner: str = "",
    question: str = "",
    clauses: Iterable[str] = (),
    count: int = 0,
) -> None:
    """Write down one look."""
    Access.objects.create(
        at=timezone.now(),
        officer=actor.number,
        agency=actor.agency,
        post=actor.post or "",
        purpose=purpose.value,
        act=act,
        subject=subject[:80],
        owner=owner,
        question=question[:200],
        clauses=sorted(set(clauses)),
        count=count,
    )
