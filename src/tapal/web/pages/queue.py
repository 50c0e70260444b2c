"""Pos saya: what waits at this post for this role, most urgent first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tapal.web.desk import DeskRequest, at_desk


@at_desk("queue")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """The queue."""
    return render(request, "queue.html", {"current": "queue"})
