"""Pindahkan kasus: running cases moved to the version in force, each by a person's choice."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import moving, procedures
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.alerts import both
from tapal.web.pages.procedures import found, version_line


@at_desk("procedures")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """What can move to this version and what stays, and why; a POST moves what was chosen."""
    row, actor = found(request, procedure_id), request.desk.actor
    if not moving.may_move(row, actor):
        raise Denied
    error: Text | None = None
    if request.method == "POST":
        moved, error = _moved(request, procedure_id)
        told = Text("{n} kasus dipindahkan.", "{n} cases were moved.").fill(n=moved)
        if error is None:
            messages.success(request, speech.say(told))
            return redirect("procedure_move", procedure_id)
    door_of(request).looked_through(f"procedure {row.name}")
    cases = moving.preview(row, actor=actor)
    diagram, _ = engine.checked(procedures.xml_of(row))
    labels = {i: s.label for i, s in diagram.steps.items()} if diagram is not None else {}
    context = {
        **version_line(row),
        "lines": [
            {
                "case": case,
                "label": Text.of(case.run.procedure.label),
                "waits": [labels.get(step) or step for step in case.waits],
            }
            for case in cases
        ],
        "most": moving.MOST,
        "error": error,
        "current": "procedures",
    }
    return render(request, "procedures/move.html", context, status=422 if error else 200)


def _moved(request: DeskRequest, procedure_id: uuid.UUID) -> tuple[int, Text | None]:
    """How many of the chosen cases were moved, and why the first that stayed did."""
    row, moved = found(request, procedure_id), 0
    chosen = request.POST.getlist("run")[: moving.MOST]
    if not chosen:
        return 0, Text("Pilih dulu kasusnya.", "Choose the cases first.")
    error: Text | None = None
    for each in chosen:
        try:
            moving.move(uuid.UUID(each), row, actor=request.desk.actor)
            moved += 1
        except Rejected as wrong:
            error = error or both(wrong)
        except (Missing, ValueError):
            # It ended or moved since the page was shown.
            error = error or Text("Kasus itu tidak berjalan lagi.", "That case no longer runs.")
    return moved, error
