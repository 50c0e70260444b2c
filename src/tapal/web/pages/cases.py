"""Perkara: files that join what belongs together, for those who work on them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tapal.core.cases import ITEMS, CaseOutcome
from tapal.core.errors import Missing, Rejected
from tapal.core.mandates import READ_CONFIDENTIAL, WRITE_CASES
from tapal.core.text import Text
from tapal.flow import cases, reference
from tapal.flow.share.targets import Target
from tapal.flow.share.targets import seen as targets_seen
from tapal.store.models import Case
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import agency_names, door_of
from tapal.web.pages.alerts import both

# So many of his open cases an officer is offered to add something to.
OFFERED = 50


@at_desk("cases")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Open cases, the newest first; closed ones on request."""
    state = "closed" if request.GET.get("state") else "open"
    page = door_of(request).cases(state=state, before=request.GET.get("before"))
    context = {
        "page": page,
        "state": state,
        "may_write": request.desk.may(WRITE_CASES),
        **_names(),
        "current": "cases",
    }
    return render(request, "cases/list.html", context)


# Any: names by code, asked for once a page where each row would ask anew.
def _names() -> dict[str, Any]:
    return {"agencies": agency_names(), "places": reference.places()}


@at_desk("cases")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Open a case, perhaps with a record, an alert, a task, a run or a person as its first line."""
    if request.method == "GET":
        return _new_page(request)
    sort, ref = _item(request)
    title = request.POST.get("title", "")
    known = {word: word in request.POST for word in ("confidential", "sealed")}
    door = door_of(request)
    try:
        if ref:
            case = cases.open_with(title, sort, ref, door=door, **known)
        else:
            case = cases.open_case(title, actor=door.actor, **known)
    except Rejected as wrong:
        return _new_page(request, both(wrong), 422)
    return redirect("case", case.id)


def _item(request: DeskRequest) -> tuple[str, str]:
    """What the page was asked about: a sort of thing and its id, both empty where nothing was."""
    given = request.POST if request.method == "POST" else request.GET
    sort = given.get("sort", "")
    return (sort, given.get("ref", "")) if sort in ITEMS else ("", "")


def _target(request: DeskRequest, sort: str, ref: str) -> Target | None:
    """What shall be added, as the officer sees it. Raises Missing for what he may not see."""
    if not ref:
        return None
    door = door_of(request)
    shown = "record" if sort == "person" else sort
    try:
        key = (shown, str(uuid.UUID(ref)))
    except ValueError:
        raise Missing from None
    found = targets_seen(door.actor, door.reach, door.now, [key])
    if key not in found:
        raise Missing
    return found[key]


def _new_page(request: DeskRequest, error: Text | None = None, status: int = 200) -> HttpResponse:
    sort, ref = _item(request)
    target = _target(request, sort, ref)
    door = door_of(request)
    context = {
        "sort": sort,
        "ref": ref,
        "target": target,
        "open_cases": door.cases(limit=OFFERED).rows if target else (),
        "may_seal": request.desk.may(READ_CONFIDENTIAL),
        "may_write": request.desk.may(WRITE_CASES),
        **_names(),
        "error": error,
        "given": request.POST,
        "current": "cases",
    }
    return render(request, "cases/new.html", context, status=status)


@at_desk("cases")
@require_GET
def show(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case with its timeline."""
    return page(request, case_id)


def page(
    request: DeskRequest, case_id: uuid.UUID, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a case, perhaps with why something was refused."""
    seen = door_of(request).case(case_id, before=request.GET.get("before"))
    context = {
        "case": seen,
        "head": seen.head,
        "people": [e for e in seen.joined if e.sort == "person"],
        "things": [e for e in seen.joined if e.sort != "person"],
        "later": "before" in request.GET,
        "open": seen.head.state == "open",
        "outcomes": list(CaseOutcome),
        **_names(),
        "taking": sorted({m.agency for m in seen.members} - {seen.head.owner}),
        "me": request.desk.actor.number,
        "megabytes": settings.TAPAL_ATTACHMENT_MB,
        "scanned": bool(settings.TAPAL_SCAN_COMMAND),
        "error": error,
        "given": request.POST,
        "current": "cases",
    }
    return render(request, "cases/case.html", context, status=status)


@at_desk("cases")
@require_GET
def looks(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """Who looked at the case and fetched its files."""
    found = door_of(request).case_looks(case_id, before=request.GET.get("before"))
    context = {"page": found, "case_id": case_id, "current": "cases"}
    return render(request, "cases/looks.html", context)


def _done(request: DeskRequest, case_id: uuid.UUID, act: Callable[[], object]) -> HttpResponse:
    """Do it and show the case again, with what was wrong where it was refused."""
    try:
        act()
    except Rejected as wrong:
        return page(request, case_id, both(wrong), 422)
    return redirect("case", case_id)


@at_desk("cases")
@require_POST
def add(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """Join a thing to a case."""
    sort, ref = _item(request)
    text = request.POST.get("text", "")
    return _done(
        request, case_id, lambda: cases.add_item(case_id, sort, ref, text, door=door_of(request))
    )


@at_desk("cases")
@require_POST
def write(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write a note or a decision."""
    given, actor = request.POST, request.desk.actor
    sort, text = given.get("sort", "note"), given.get("text", "")
    audience = given.get("audience", "")
    return _done(request, case_id, lambda: cases.write(case_id, sort, text, audience, actor=actor))


@at_desk("cases")
@require_POST
def attach(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """Put a file into a case."""
    sent, given, actor = request.FILES.get("file"), request.POST, request.desk.actor
    size = (sent.size or 0) if sent is not None else 0

    def keep() -> object:
        cases.attachments.check_size(size)
        data = sent.read() if sent is not None else b""
        name, text = str(getattr(sent, "name", "") or ""), given.get("text", "")
        return cases.attach(case_id, name, data, text, given.get("audience", ""), actor=actor)

    return _done(request, case_id, keep)


@at_desk("cases")
@require_GET
def download(request: DeskRequest, case_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Hand a file out: never shown in the browser, never under a type that it could run as."""
    try:
        data, name = cases.fetch(case_id, entry_id, door=door_of(request))
    except Rejected as wrong:
        return page(request, case_id, both(wrong), 422)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


@at_desk("cases")
@require_POST
def take_out(request: DeskRequest, case_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Take something out of a case."""
    return _done(request, case_id, lambda: cases.take_out(case_id, entry_id, door=door_of(request)))


@at_desk("cases")
@require_POST
def restore(request: DeskRequest, case_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Put back what was taken out."""
    return _done(request, case_id, lambda: cases.restore(case_id, entry_id, door=door_of(request)))


@at_desk("cases")
@require_POST
def add_member(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """Make an officer a member."""
    number, agency = request.POST.get("officer", "").strip(), request.POST.get("agency", "")
    actor = request.desk.actor
    return _done(request, case_id, lambda: cases.add_member(case_id, number, agency, actor=actor))


@at_desk("cases")
@require_POST
def end_member(request: DeskRequest, case_id: uuid.UUID) -> HttpResponse:
    """End a membership. Who ended his own may see the case no more, so the list follows."""
    number, agency = request.POST.get("officer", ""), request.POST.get("agency", "")
    actor = request.desk.actor
    try:
        cases.end_member(case_id, number, agency, actor=actor)
    except Rejected as wrong:
        return page(request, case_id, both(wrong), 422)
    if number == actor.number:
        return redirect("cases")
    return redirect("case", case_id)


# What a lead decides, by the word in the address: flow's act, the form's fields it takes.
def _seal(case_id: uuid.UUID, request: DeskRequest) -> Case:
    return cases.seal(case_id, actor=request.desk.actor)


def _close(case_id: uuid.UUID, request: DeskRequest) -> Case:
    wanted = request.POST.get("outcome")
    outcome = next((o for o in CaseOutcome if o == wanted), None)
    if outcome is None:
        raise Rejected(
            Text("Hasilnya belum dipilih.", "How it ended was not chosen."),
            Text("Pilih satu.", "Choose one."),
            place="outcome",
        )
    return cases.close(case_id, outcome, request.POST.get("text", ""), actor=request.desk.actor)


def _reopen(case_id: uuid.UUID, request: DeskRequest) -> Case:
    return cases.reopen(case_id, request.POST.get("text", ""), actor=request.desk.actor)


def _offer(case_id: uuid.UUID, request: DeskRequest) -> Case:
    agency, text = request.POST.get("agency", ""), request.POST.get("text", "")
    return cases.offer(case_id, agency, text, actor=request.desk.actor)


def _withdraw(case_id: uuid.UUID, request: DeskRequest) -> Case:
    return cases.withdraw(case_id, actor=request.desk.actor)


def _accept(case_id: uuid.UUID, request: DeskRequest) -> Case:
    return cases.accept(case_id, actor=request.desk.actor)


def _decline(case_id: uuid.UUID, request: DeskRequest) -> Case:
    return cases.decline(case_id, request.POST.get("text", ""), actor=request.desk.actor)


STEPS: dict[str, Callable[[uuid.UUID, DeskRequest], Case]] = {
    "segel": _seal,
    "tutup": _close,
    "buka": _reopen,
    "tawarkan": _offer,
    "tarik": _withdraw,
    "terima": _accept,
    "tolak": _decline,
}


@at_desk("cases")
@require_POST
def step(request: DeskRequest, case_id: uuid.UUID, step: str) -> HttpResponse:
    """A step of the case itself."""
    if step not in STEPS:
        raise Missing
    reply = _done(request, case_id, lambda: STEPS[step](case_id, request))
    if reply.status_code == 302:
        messages.success(request, speech.say(Text("Tersimpan.", "Saved.")))
    return reply
