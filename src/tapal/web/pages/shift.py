"""Serah terima: the leader writes a note, the open work is listed, the next leader accepts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import shift
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages.alerts import both
from tapal.web.pages.queue import waiting


@at_desk("shift")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """Hand over, or accept what was handed over."""
    error: Text | None = None
    if request.method == "POST":
        try:
            shift.hand_over(request.POST.get("note", ""), actor=request.desk.actor)
            done = Text(
                "Serah terima menunggu kepala regu berikut.", "It waits for the next leader."
            )
            messages.success(request, speech.say(done))
            return redirect("shift")
        except Rejected as wrong:
            error = both(wrong)
    found, more = waiting(request)
    held = shift.waiting(request.desk.actor)
    context = {
        "waiting": found,
        "more": more,
        "held": held,
        "error": error,
        "current": "shift",
        "text": Text.of(held.text) if held else None,
        "given": shift.given(request.desk.actor).count(),
        "in_hand": shift.in_hand(request.desk.actor).count(),
        "own": held is not None and held.opened_by == request.desk.actor.number,
        "note": request.POST.get("note", ""),
    }
    return render(request, "shift.html", context, status=422 if error else 200)


@at_desk("shift")
@require_POST
def accept(request: DeskRequest) -> HttpResponse:
    """Accept the hand-over that waits."""
    try:
        task = uuid.UUID(request.POST.get("task", ""))
    except ValueError:
        raise Missing from None
    try:
        shift.accept(task, actor=request.desk.actor, free=request.POST.get("free") == "yes")
    except Missing:
        gone = Text("Serah terima itu tidak menunggu lagi.", "That hand-over no longer waits.")
        messages.error(request, speech.say(gone))
        return redirect("shift")
    messages.success(request, speech.say(Text("Regu Anda bertugas.", "Your shift is on duty.")))
    return redirect("queue")
