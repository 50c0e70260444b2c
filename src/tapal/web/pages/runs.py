"""Jalannya prosedur: one run on its diagram, what was passed and what waits."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tapal.core.errors import Missing, Rejected
from tapal.core.mandates import ASSIGN_TASKS
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import handling, procedures
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.alerts import both

STATUSES = {
    "running": Text("berjalan", "running"),
    "done": Text("selesai", "ended"),
    "stopped": Text("dihentikan: peringatannya ditutup", "stopped: its alert was closed"),
    "suspended": Text("ditunda", "suspended"),
    "stuck": Text("macet", "stuck"),
}


@at_desk("procedures")
@require_safe
def show(request: DeskRequest, run_id: uuid.UUID) -> HttpResponse:
    """One run, its running steps lit on the diagram."""
    return page(request, run_id)


def page(
    request: DeskRequest, run_id: uuid.UUID, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a run, perhaps with why something was refused."""
    seen = door_of(request).run(run_id)
    row = procedures.version(seen.procedure)
    diagram = engine.checked(procedures.xml_of(row))[0] if row is not None else None
    if diagram is None:
        raise Missing
    handles = seen.own and request.desk.may(ASSIGN_TASKS) and request.desk.actor.acts_at(seen.place)
    context = {
        "run": seen,
        "status": STATUSES[seen.status],
        "lines": engine.outline(diagram),
        "may_handle": handles,
        "error": error,
        "current": "procedures",
    }
    return render(request, "procedures/run.html", context, status=status)


@at_desk("procedures")
@require_POST
def suspend(request: DeskRequest, run_id: uuid.UUID) -> HttpResponse:
    """Let a run rest."""
    door_of(request).run(run_id)
    try:
        handling.suspend(run_id, request.POST.get("note", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, run_id, both(wrong), 422)
    return redirect("run", run_id)


@at_desk("procedures")
@require_POST
def resume(request: DeskRequest, run_id: uuid.UUID) -> HttpResponse:
    """Go on with a run that rests."""
    door_of(request).run(run_id)
    try:
        handling.resume(run_id, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, run_id, both(wrong), 422)
    return redirect("run", run_id)
