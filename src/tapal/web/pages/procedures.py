"""Prosedur: the procedures in force, their diagrams and text, drafts, signatures."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import moving, procedures, rehearsal, runs, sop
from tapal.store.models import Procedure
from tapal.web import speech
from tapal.web.desk import Desk, DeskRequest, at_desk
from tapal.web.pages.alerts import both
from tapal.web.pages.paper import code

STATES = {
    "in_force": Text("berlaku", "in force"),
    "proposed": Text("menunggu tanda tangan", "waits for signatures"),
    "draft": Text("rancangan", "draft"),
    "followed": Text("digantikan", "followed by another"),
}


@at_desk("procedures")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """The procedures in force, then what is being drawn or signed, then old versions."""
    rows = [r for r in procedures.versions() if _may_see(r, request.desk)]
    order = list(STATES)
    rows.sort(key=lambda r: (order.index(r.state), r.name, -r.version))
    lines = [version_line(row) for row in rows]
    return render(request, "procedures/listed.html", {"rows": lines, "current": "procedures"})


def version_line(row: Procedure) -> dict[str, object]:
    """What every page of a version says of it."""
    signed = {each["agency"] for each in row.signatures}
    return {
        "row": row,
        "label": Text.of(row.label),
        "state": STATES[row.state],
        "signed": sorted(signed),
        "missing": sorted(set(row.signers) - signed),
    }


@at_desk("procedures")
@require_safe
def show(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """One version: its diagram, its text, who signed it, and its sisters."""
    return page(request, found(request, procedure_id))


def page(
    request: DeskRequest, row: Procedure, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a version, perhaps with why something was refused."""
    diagram, _ = engine.checked(procedures.xml_of(row))
    sisters = [r for r in procedures.versions_of(row.name) if _may_see(r, request.desk)]
    actor = request.desk.actor
    context = {
        **version_line(row),
        "diagram": diagram,
        "lines": engine.outline(diagram) if diagram is not None else (),
        "sisters": [version_line(each) for each in sisters if each.id != row.id],
        "may_begin": row.state == "in_force" and runs.hand_reason(row, actor) is not None,
        "may_draw": request.desk.may(procedures.EDIT),
        "may_move": moving.may_move(row, actor),
        "may_rehearse": rehearsal.may_rehearse(actor),
        "may_propose": procedures.may_propose(row, actor),
        "may_sign": procedures.may_sign(row, actor),
        "error": error,
        "current": "procedures",
    }
    return render(request, "procedures/show.html", context, status=status)


@at_desk("procedures")
@require_safe
def diagram(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The diagram's bytes; with `lihat` in the language of the screen, else just as it was drawn."""
    xml = procedures.xml_of(found(request, procedure_id))
    if "lihat" in request.GET and (get_language() or "id").startswith("en"):
        xml = engine.in_english(xml)
    response = HttpResponse(xml, content_type="application/xml")
    response.headers["Content-Disposition"] = 'attachment; filename="procedure.bpmn"'
    return response


@at_desk("procedures")
@require_http_methods(["GET", "POST"])
def draw(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The editor: a diagram drawn from this version is kept as a draft of the next."""
    row = found(request, procedure_id)
    context: dict[str, object] = {**version_line(row), "current": "procedures", "note": ""}
    if request.method == "POST":
        xml, note = request.POST.get("xml", "").encode(), request.POST.get("note", "")
        try:
            draft = procedures.save_draft(xml, note, actor=request.desk.actor)
        except Rejected as wrong:
            context |= {"error": both(wrong), "at": wrong.place, "xml": xml.decode(), "note": note}
            return render(request, "procedures/draw.html", context, status=422)
        messages.success(request, speech.say(Text("Rancangan disimpan.", "The draft is kept.")))
        return redirect("procedure", draft.id)
    return render(request, "procedures/draw.html", context)


@at_desk("procedures")
@require_safe
def printed(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The procedure as a text on A4, in the order of the government's pattern for SOPs."""
    row = found(request, procedure_id)
    diagram, _ = engine.checked(procedures.xml_of(row))
    if diagram is None:
        raise Missing
    context = {
        **version_line(row),
        "diagram": diagram,
        "lines": engine.outline(diagram),
        "clocks": procedures.clocks_of(diagram),
        "head": sop.head_of(row, diagram),
        "signatures": row.signatures,
        "code": code(request, reverse("procedure", args=[row.id])),
        "back": reverse("procedure", args=[row.id]),
    }
    return render(request, "procedures/printed.html", context)


@at_desk("procedures")
@require_POST
def propose(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Put a draft forward for signature."""
    row = found(request, procedure_id)
    try:
        procedures.propose(procedure_id, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    return redirect("procedure", procedure_id)


@at_desk("procedures")
@require_POST
def begin(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Begin by hand a procedure that no alert begins, at the officer's post."""
    row = found(request, procedure_id)
    try:
        run = runs.begin_by_hand(procedure_id, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    return redirect("run", run.id)


@at_desk("procedures")
@require_POST
def sign(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Sign for the officer's agency."""
    row = found(request, procedure_id)
    try:
        row = procedures.sign(procedure_id, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    told = (
        Text("Ditandatangani; sekarang berlaku.", "Signed; it is now in force.")
        if row.state == "in_force"
        else Text("Ditandatangani.", "Signed.")
    )
    messages.success(request, speech.say(told))
    return redirect("procedure", procedure_id)


def found(request: DeskRequest, procedure_id: uuid.UUID) -> Procedure:
    """A version. Raises Missing where there is none for the reader."""
    row = procedures.version(procedure_id)
    if row is None or not _may_see(row, request.desk):
        raise Missing
    return row


def _may_see(row: Procedure, desk: Desk) -> bool:
    """A draft is its agency's; what waits for signatures is theirs who are asked, too."""
    if row.state == "draft" and not row.seed:
        return row.owner_id == desk.actor.agency and desk.may(procedures.EDIT)
    if row.state == "proposed":
        return desk.actor.agency in (row.owner_id, *row.signers)
    return True
