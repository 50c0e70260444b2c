"""Peta: the posts with what each had today and what waits there; the list beside says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import geo
from tapal.flow.share import Door
from tapal.flow.share.seen import SeenAlert
from tapal.store.models import Place
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.middleware import POLICY
from tapal.web.pages.alerts import both

# The map's worker comes from the desk itself.
MAP_POLICY = f"{POLICY}; worker-src 'self'"
# So many open alerts are counted onto the map, what is due first first; past them it says "more".
MOST_PAGES, PAGE = 2, 200
# Records of one day at a post from which its circle is the next size.
SIZES = (1, 10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Spot:
    """A post on the map, with what the reader may see of it."""

    place: Place
    today: int
    alerts: int
    late: int

    @property
    def size(self) -> int:
        """The size of its circle, from 0 for nothing today."""
        return sum(self.today >= least for least in SIZES)


@at_desk("map")
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """The map with its list."""
    return allowed(render(request, "map/map.html", {"map": drawn(request), "current": "map"}))


def allowed(page: HttpResponse) -> HttpResponse:
    """A page that may draw the map."""
    page.headers["Content-Security-Policy"] = MAP_POLICY
    return page


# Any: what the template is given.
def drawn(request: DeskRequest) -> dict[str, Any]:
    """What the map and its list show."""
    door, post = door_of(request), request.desk.post
    places = list(Place.objects.exclude(lat=None).exclude(lon=None).order_by("name"))
    now = speech.now().astimezone(ZoneInfo(request.desk.zone))
    since = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = door.by_place([p.id for p in places], since)
    alerts, more = _open_alerts(door)
    waiting = Counter(a.place for a in alerts)
    late = Counter(a.place for a in alerts if a.due_at < speech.now())
    spots = [Spot(p, today[p.id], waiting[p.id], late[p.id]) for p in places]
    return {
        # What waits first, then what is busy; the officer's own post above all.
        "spots": sorted(
            spots,
            key=lambda s: (post is None or s.place.id != post.id, -s.late, -s.alerts, -s.today),
        ),
        "own": post.id if post else "",
        "since": since,
        # A sign that stands nowhere on this reader's map is not explained either.
        "alerts": bool(alerts),
        "late": any(spot.late for spot in spots),
        "more": more,
        "elsewhere": waiting[None],
        "boundary": _boundary(),
        "standings": geo.STANDINGS.items(),
    }


def _open_alerts(door: Door) -> tuple[Sequence[SeenAlert], bool]:
    found: list[SeenAlert] = []
    before: str | None = None
    for _ in range(MOST_PAGES):
        page = door.alerts(before=before, limit=PAGE)
        found += page.rows
        before = page.next
        if before is None:
            return found, False
    return found, True


def _boundary() -> Text | None:
    """What is wrong with the operator's boundary file; None where it can be drawn."""
    try:
        geo.layer(geo.BOUNDARY)
    except Rejected as wrong:
        return both(wrong)
    return None


@at_desk("map")
@require_safe
def layer(request: DeskRequest, name: str) -> HttpResponse:
    """One layer of the ground that the map draws on; kept by the browser for a day."""
    found = geo.layer(name)
    etag = f'"{found.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(
        found.packed,
        content_type="application/geo+json",
        headers={
            "Content-Encoding": "gzip",
            "ETag": etag,
            "Cache-Control": f"private, max-age={int(timedelta(days=1).total_seconds())}",
        },
    )
