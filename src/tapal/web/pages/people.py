"""Pos dan orang: officers, their mandates, and the posts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import BaseModel, Field, create_model

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import accounts, mandates, officers, passwords, posts, proposals, reference
from tapal.flow.accounts import OPERATOR, SETUP, Person
from tapal.flow.mandates import Given
from tapal.flow.share.compile import today
from tapal.store.models import Mandate, Officer, Place, Proposal
from tapal.web import forms, speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import agency_names
from tapal.web.pages.alerts import both
from tapal.web.pages.sharing import asked
from tapal.web.passwords import wrong_password

PAGE = 50
WAITS = Text("Menunggu persetujuan orang kedua.", "It waits for a second person to approve it.")


class NewOfficer(BaseModel):
    """The form of a new officer."""

    username: Annotated[
        str, Field(pattern=r"^[a-z0-9._-]{3,60}$"), Text("Nama pengguna", "User name")
    ]
    name: Annotated[str, Field(min_length=2, max_length=120), Text("Nama", "Name")]
    number: Annotated[
        str, Field(min_length=2, max_length=30), Text("Nomor petugas", "Officer number")
    ]
    language: Annotated[Literal["id", "en"], Text("Bahasa", "Language")] = "id"
    password: Annotated[
        str, Text("Kata sandi pertama (paling sedikit 10 huruf)", "First password (10 or more)")
    ]


def mandate_model() -> type[BaseModel]:
    """The form of a mandate; its choices are those of this node today."""
    places = {p.id: Text(p.name, p.name) for p in reference.places().values()}
    words = {code: role.label for code, role in officers.roles().items()}
    fields: dict[str, Any] = {
        "agency": (Annotated[str, asked(Text("Instansi", "Agency"), dict(agency_names()))], ...),
        "role": (Annotated[str, asked(Text("Peran", "Role"), words)], ...),
        "place": (
            Annotated[str | None, asked(Text("Pos (kosong: semua)", "Post (none: all)"), places)],
            None,
        ),
        "valid_from": (Annotated[date, Text("Sejak", "From")], ...),
        "valid_to": (Annotated[date | None, Text("Sampai", "Until")], None),
    }
    return create_model("NewMandate", **fields)


@at_desk("people")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Officers by name; a word narrows the list, and pages follow by name, never by number."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    rows = Officer.objects.order_by("username").prefetch_related(
        "mandates__agency", "mandates__place"
    )
    if text:
        rows = rows.filter(username__icontains=text) | rows.filter(first_name__icontains=text)
    found = list(rows.filter(username__gt=after)[: PAGE + 1])
    context = {
        "officers": found[:PAGE],
        "after": found[PAGE - 1].username if len(found) > PAGE else "",
        "q": text,
        "proposals": [each_proposal(request, p) for p in proposals.waiting()],
        "today": today(speech.now()),
        "current": "people",
    }
    return render(request, "people.html", context)


@at_desk("people")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make an officer."""
    context: dict[str, object] = {"current": "people", "title": Text("Petugas baru", "New officer")}
    typed, given = forms.answers(request.POST, NewOfficer) if request.method == "POST" else ({}, {})
    if request.method == "GET":
        context["entries"] = forms.plan(NewOfficer)
        return render(request, "people_form.html", context)
    checked, errors = forms.check(NewOfficer, given)
    typed.pop("password", None)
    if isinstance(checked, NewOfficer):
        person = Person(checked.username, checked.name, checked.number, checked.language)
        try:
            made = accounts.create_officer(person, checked.password, actor=request.desk.actor)
            return redirect("officer", made.number)
        except Rejected as wrong:
            errors = {wrong.place: [both(wrong)]}
    context |= {"entries": forms.plan(NewOfficer, typed, errors), "errors": errors.get("", [])}
    return render(request, "people_form.html", context, status=422)


@at_desk("people")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest, number: str) -> HttpResponse:
    """One officer with his mandates; a posted form proposes another one."""
    officer = officers.find_officer(number)
    model = mandate_model()
    entries, errors, status = forms.plan(model), [], 200
    if request.method == "POST":
        typed, given = forms.answers(request.POST, model)
        checked, wrongs = forms.check(model, given)
        if checked is not None:
            try:
                given_ = Given(**dict(checked))
                proposals.propose_mandate(officer, given_, actor=request.desk.actor)
                messages.success(request, speech.say(WAITS))
                return redirect("officer", number)
            except Rejected as wrong:
                errors = [both(wrong)]
        entries, status = forms.plan(model, typed, wrongs), 422
    return officer_page(request, officer, {"entries": entries, "errors": errors}, status)


def officer_page(
    request: DeskRequest, officer: Officer, more: dict[str, object], status: int
) -> HttpResponse:
    """The page of one officer."""
    today_ = today(speech.now())
    held = list(officer.mandates.select_related("agency", "place").order_by("-valid_from"))
    context = {
        "officer": officer,
        "mandates": held,
        "ends": [m.pk for m in held if officers.shares_agency(request.desk.actor, [m], today_)],
        "proposals": [each_proposal(request, p) for p in proposals.waiting(officer)],
        "may_shut_out": officers.shares_agency(
            request.desk.actor, officers.open_mandates(officer, today_), today_
        ),
        "no_reset": passwords.why_no_reset(officer, request.desk.actor, today_),
        "at_setup": (OPERATOR, SETUP),
        "today": today_,
        "current": "people",
        **more,
    }
    context.setdefault("entries", forms.plan(mandate_model()))
    return render(request, "officer.html", context, status=status)


def each_proposal(request: DeskRequest, proposal: Proposal) -> dict[str, object]:
    """A proposal with why this officer may not approve it, if he may not."""
    actor = request.desk.actor
    return {"row": proposal, "why_not": proposals.why_not(proposal, actor, speech.now())}


@at_desk("people")
@sensitive_post_parameters("password")
@require_POST
def approve(request: DeskRequest, proposal: UUID) -> HttpResponse:
    """Put a proposal in force as its second person, who shows by his password that it is he."""
    second, asked = request.user, Proposal.objects.filter(pk=proposal).first()
    assert isinstance(second, Officer)
    if asked is None:
        raise Missing
    if error := wrong_password(request, second):
        return officer_page(request, asked.officer, {"errors": [error]}, 422)
    row = proposals.approve(proposal, actor=request.desk.actor)
    messages.success(request, speech.say(Text("Usul disetujui.", "The proposal is approved.")))
    return redirect("officer", row.officer.number)


@at_desk("people")
@require_POST
def decline(request: DeskRequest, proposal: UUID) -> HttpResponse:
    """Decline a proposal, or take one's own back."""
    reason = request.POST.get("reason", "")
    row = proposals.decline(proposal, reason, actor=request.desk.actor)
    messages.success(request, speech.say(Text("Usul ditolak.", "The proposal is declined.")))
    return redirect("officer", row.officer.number)


@at_desk("people")
@require_POST
def end(request: DeskRequest, number: str, mandate: int) -> HttpResponse:
    """End a mandate at once: yesterday was its last day."""
    officer = officers.find_officer(number)
    held = Mandate.objects.filter(pk=mandate, officer=officer).first()
    if held is None:
        raise Missing
    yesterday = today(speech.now()) - timedelta(days=1)
    mandates.end_mandate(held, yesterday, actor=request.desk.actor)
    messages.success(request, speech.say(Text("Mandat diakhiri.", "The mandate is ended.")))
    return redirect("officer", number)


@at_desk("people")
@require_POST
def switch_off(request: DeskRequest, number: str) -> HttpResponse:
    """Shut an officer out at once."""
    accounts.switch_off(officers.find_officer(number), actor=request.desk.actor)
    return redirect("officer", number)


@at_desk("people")
@require_POST
def propose_return(request: DeskRequest, number: str) -> HttpResponse:
    """Propose to switch an account on again."""
    proposals.propose_return(officers.find_officer(number), actor=request.desk.actor)
    messages.success(request, speech.say(WAITS))
    return redirect("officer", number)


@at_desk("people")
@sensitive_post_parameters("password")
@require_POST
def password(request: DeskRequest, number: str) -> HttpResponse:
    """Give an officer a temporary password, shown this once; one's own is asked for again."""
    officer, administrator = officers.find_officer(number), request.user
    assert isinstance(administrator, Officer)
    if error := wrong_password(request, administrator):
        return officer_page(request, officer, {"errors": [error]}, 422)
    made = passwords.reset_password(officer, actor=request.desk.actor)
    officer.refresh_from_db()
    return officer_page(request, officer, {"temporary": made}, 200)


@at_desk("people")
@require_http_methods(["GET", "POST"])
def posts_page(request: DeskRequest) -> HttpResponse:
    """The posts with their hours; a posted form changes one."""
    if request.method == "POST":
        posts.save_post(
            request.POST.get("place", ""),
            opening_hours=request.POST.get("opening_hours", ""),
            status=request.POST.get("status", ""),
            actor=request.desk.actor,
        )
        messages.success(request, speech.say(Text("Pos tersimpan.", "The post is saved.")))
        return redirect("posts")
    context = {
        "places": Place.objects.order_by("province", "name"),
        "edit": request.GET.get("ubah", ""),
        "may_edit": request.desk.may(posts.POWER),
        "current": "people",
    }
    return render(request, "posts.html", context)
