"""Mesin: the health of this node."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tapal.flow import health
from tapal.web.desk import DeskRequest, at_desk


@at_desk("machine")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Queue lengths and freshness; the full examination, which reads the whole database, on request."""
    context = {
        "current": "machine",
        "queue": health.queue(),
        "lists_at": health.lists_at(),
        "node": settings.TAPAL_NODE,
        "signs": list(health.signs()) if "periksa" in request.GET else None,
    }
    return render(request, "machine.html", context)
