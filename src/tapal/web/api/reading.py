"""What programs read: records, alerts, tasks, rejects, lists and the feed of changes."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BeforeValidator

from tapal.core.marking import Purpose
from tapal.web.api import schemas, shown
from tapal.web.api.callers import door_of
from tapal.web.api.schemas import LIMIT_MOST

router = Router()

Name = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MOST)]
Cursor = Annotated[str | None, Query(min_length=1, max_length=400)]
Why = Annotated[Purpose | None, Query(description="why: the key's own purpose when not named")]


def _written_out(value: object) -> object:
    """A day and a time as RFC 3339 writes them: a bare number is no moment."""
    if isinstance(value, str) and not _RFC3339.match(value):
        raise ValueError("not a moment such as 2026-11-24T08:00:00+08:00")
    return value


_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")
Moment = Annotated[
    Annotated[AwareDatetime, BeforeValidator(_written_out)] | None,
    Query(description="with its zone"),
]
# A closed one is told too where it was asked for.
Standing = Annotated[schemas.State, Query()]

# How long a program should wait that has read the feed to its end.
IDLE_SECONDS = 5


# Any: ninja checks the answer against the response's schema, here and below.
@router.get("records", response=schemas.RecordsOut, summary="List records, newest first")
def records(
    request: HttpRequest,
    kind: Name = None,
    place: Name = None,
    since: Moment = None,
    until: Moment = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """Records that the caller may see. `since` is included, `until` is not."""
    door = door_of(request, "records", purpose)
    page = door.records(
        kind=kind,
        place=place,
        since=_utc(since),
        until=_utc(until),
        before=cursor,
        limit=limit,
    )
    return {"items": [shown.record(row) for row in page.rows], "next": page.next}


@router.get("records/{uuid:id}", response=schemas.RecordWhole, summary="Open one record")
def record(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> Any:
    """One record with its findings, alerts and tasks; hidden and absent answer alike."""
    return shown.whole(door_of(request, "records", purpose).record(id))


@router.get("search", response=schemas.HitsOut, summary="Find records by key or name")
def search(
    request: HttpRequest,
    text: Annotated[str, Query(min_length=1, max_length=120)],
    kind: Name = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """Records by a key, whole or its beginning, or by a name, where the caller may see what it is made of."""
    hits = door_of(request, "search", purpose).search(text, kind=kind, limit=limit)
    return {"items": [shown.hit(each) for each in hits]}


@router.get("alerts", response=schemas.AlertsOut, summary="List alerts, by what is due first")
def alerts(
    request: HttpRequest,
    state: Standing = "open",
    place: Name = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """Alerts of which the caller may see a finding, or all of his own agency."""
    door = door_of(request, "alerts", purpose)
    page = door.alerts(state=state, place=place, before=cursor, limit=limit)
    return {"items": [shown.alert(row) for row in page.rows], "next": page.next}


@router.get("alerts/{uuid:id}", response=schemas.AlertOut, summary="Open one alert")
def alert(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> Any:
    """One alert; hidden and absent answer alike."""
    return shown.alert(door_of(request, "alerts", purpose).alert(id))


@router.get("tasks", response=schemas.TasksOut, summary="List tasks, by what is due first")
def tasks(
    request: HttpRequest,
    state: Standing = "open",
    place: Name = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """Tasks of the caller's own agency that he may do or hand out."""
    door = door_of(request, "tasks", purpose)
    page = door.tasks(state=state, place=place, before=cursor, limit=limit)
    return {"items": [shown.task(row) for row in page.rows], "next": page.next}


@router.get("tasks/{uuid:id}", response=schemas.TaskOut, summary="Open one task")
def task(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> Any:
    """One task; hidden and absent answer alike."""
    return shown.task(door_of(request, "tasks", purpose).task(id))


@router.get("cases", response=schemas.CasesOut, summary="List cases, newest first")
def cases(
    request: HttpRequest,
    state: Standing = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """The caller's agency's cases that are not sealed, and those of which he is a member."""
    page = door_of(request, "cases", purpose).cases(state=state, before=cursor, limit=limit)
    return {"items": [shown.case(head) for head in page.rows], "next": page.next}


@router.get("cases/{uuid:id}", response=schemas.CaseWhole, summary="Open one case")
def case(request: HttpRequest, id: uuid.UUID, cursor: Cursor = None, purpose: Why = None) -> Any:
    """One case with the newest lines of its timeline, as far as the caller may see it; `older` asks
    for those before. Hidden and absent answer alike."""
    return shown.whole_case(door_of(request, "cases", purpose).case(id, before=cursor))


@router.get("rejects", response=schemas.RejectsOut, summary="List rejects, newest first")
def rejects(
    request: HttpRequest,
    state: Annotated[str, Query(pattern="^(open|mended|dismissed)$")] = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
    purpose: Why = None,
) -> Any:
    """Parts of what the caller's agency handed in that could not become records."""
    page = door_of(request, "rejects", purpose).rejects(state=state, before=cursor, limit=limit)
    return {"items": [shown.reject(row) for row in page.rows], "next": page.next}


@router.get("rejects/{uuid:id}", response=schemas.RejectOut, summary="Open one reject")
def reject(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> Any:
    """One reject with its bytes as they came; hidden and absent answer alike."""
    return shown.reject(door_of(request, "rejects", purpose).reject(id))


@router.get("lists", response=schemas.ListsOut, summary="How fresh the watch lists are")
def lists(request: HttpRequest, purpose: Why = None) -> Any:
    """Each list's version and when it was imported."""
    rolls = door_of(request, "lists", purpose).lists()
    return {
        "items": [
            {
                "code": roll.code,
                "label": shown.words(roll.label),
                "authority": roll.authority,
                "version": roll.version,
                "imported_at": roll.imported_at,
            }
            for roll in rolls
        ]
    }


@router.get("changes", response=schemas.FeedOut, summary="Follow what changes")
def changes(
    request: HttpRequest,
    cursor: Cursor = None,
    start: Annotated[str, Query(pattern="^(beginning|now)$")] = "beginning",
    limit: Limit = 100,
    purpose: Why = None,
) -> Any:
    """What changed behind a cursor, in order, as far as the caller may see it.

    Ask again with `next`, after `wait_seconds`. A cursor is bound to the account and the purpose,
    tells nothing, and differs each time it is given. Without one the feed begins at the `start`.
    """
    door = door_of(request, "changes", purpose)
    page = door.changes(cursor=cursor, from_now=start == "now", limit=limit)
    full = len(page.rows) == limit
    return {
        "items": [
            {n: getattr(row, n) for n in schemas.ChangeOut.model_fields} for row in page.rows
        ],
        "next": page.next,
        "wait_seconds": 0 if full else IDLE_SECONDS,
    }


def _utc(at: datetime | None) -> datetime | None:
    """The moment in UTC, moved within what a calendar holds."""
    if at is None:
        return None
    try:
        return at.astimezone(UTC)
    except OverflowError:
        edge = datetime.min if at.year < 5000 else datetime.max
        return edge.replace(tzinfo=UTC)
