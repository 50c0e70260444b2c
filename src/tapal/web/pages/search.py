"""Cari: by any key or by a name; what the reader may not see is not found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tapal.kinds import KINDS
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of

LONGEST = 100


@at_desk("search")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Search, or without a question the newest records of this post."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    chosen = request.GET.get("jenis", "")
    kind = chosen if chosen in KINDS else None
    door = door_of(request)
    context: dict[str, object] = {
        "q": text,
        "kinds": KINDS.values(),
        "kind": kind or "",
        "current": "search",
    }
    if text:
        context["hits"] = door.search(text, kind=kind)
    else:
        post = request.desk.post
        context["page"] = door.records(
            kind=kind, place=post.id if post else None, before=request.GET.get("before"), limit=20
        )
    return render(request, "search.html", context)
