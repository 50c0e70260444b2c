"""Berbagi: what the agency gives and takes by agreement, and who looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import BaseModel, Field, create_model

from tapal.core.cases import CASE, LABEL
from tapal.core.errors import Denied, Rejected
from tapal.core.marking import Mark, Purpose, Sensitivity
from tapal.core.text import Text
from tapal.flow import agreements, reference
from tapal.flow.share.rolls import rolls_of
from tapal.kinds import KINDS
from tapal.web import forms, speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import agency_names, door_of
from tapal.web.pages.alerts import both

GIVEN_LEVELS = (Sensitivity.OPEN, Sensitivity.INTERNAL, Sensitivity.RESTRICTED)


@at_desk("sharing")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Agreements of the agency."""
    context = {
        "agreements": agreements.agreements_of(request.desk.actor.agency),
        "may_edit": request.desk.may("agreement.edit"),
        "may_read_log": request.desk.may("access.read"),
        "agency_code": request.desk.actor.agency,
        "today": speech.now().date(),
        "current": "sharing",
    }
    return render(request, "sharing.html", context)


@at_desk("sharing")
@require_GET
def log(request: DeskRequest) -> HttpResponse:
    """The Access log: an auditor's whole, a steward's own agency's."""
    officer, subject = (
        request.GET.get("petugas", "").strip(),
        request.GET.get("tentang", "").strip(),
    )
    page = door_of(request).access_log(
        officer=officer or None, subject=subject or None, before=request.GET.get("before")
    )
    context = {
        "page": page,
        "officer": officer,
        "subject": subject,
        "whole": True,
        "current": "sharing",
    }
    return render(request, "access_log.html", context)


def asked(label: Text, codes: Mapping[str, Text]) -> Mark:
    """A mark that only carries words and choices for a form."""
    return Mark(label.id, label.en, Sensitivity.OPEN, codes=codes)


def terms_model(agency: str) -> type[BaseModel]:
    """The form of an agreement with one clause; its choices are those of this node today."""
    kinds = {k.name: k.label for k in KINDS.values()} | {CASE: LABEL}
    places = {p.id: Text(p.name, p.name) for p in reference.places().values()}
    levels = {level.name.lower(): level.label for level in GIVEN_LEVELS}
    words = {p.value: p.label for p in Purpose}
    agencies = dict(agency_names())
    fields: dict[str, Any] = {
        "code": (Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,60}$"), Text("Kode", "Code")], ...),
        "title": (Annotated[str, Field(max_length=200), Text("Judul", "Title")], ...),
        "taker": (Annotated[str, asked(Text("Penerima", "Taker"), agencies)], ...),
        "purpose": (Annotated[str, asked(Text("Keperluan", "Purpose"), words)], ...),
        "kinds": (Annotated[list[str], asked(Text("Jenis catatan", "Kinds"), kinds)], []),
        "max_sensitivity": (
            Annotated[str, asked(Text("Paling tinggi", "Highest level"), levels)],
            "internal",
        ),
        "fields": (
            Annotated[
                list[str],
                Text(
                    "Bidang, seperti document.* atau person.nationality",
                    "Fields, such as document.*",
                ),
            ],
            [],
        ),
        "lists": (
            Annotated[
                list[str],
                asked(Text("Daftar untuk menyaring", "Lists to screen with"), rolls_of(agency)),
            ],
            [],
        ),
        "places": (
            Annotated[list[str] | None, asked(Text("Hanya pos", "Only posts"), places)],
            None,
        ),
        "valid_from": (Annotated[date, Text("Berlaku sejak", "Valid from")], ...),
        "valid_to": (Annotated[date | None, Text("Berlaku sampai", "Valid until")], None),
        "legal_basis": (
            Annotated[str, Field(max_length=400), Text("Dasar hukum", "Legal basis")],
            "",
        ),
    }
    return create_model("AgreementTerms", **fields)


@at_desk("sharing")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Write an agreement by which one's own agency gives. Raises Denied without the power."""
    if not request.desk.may("agreement.edit"):
        raise Denied
    model = terms_model(request.desk.actor.agency)
    if request.method == "GET":
        return form_page(request, forms.plan(model), [], 200)
    typed, given = forms.answers(request.POST, model)
    checked, errors = forms.check(model, given)
    if checked is None:
        return form_page(request, forms.plan(model, typed, errors), errors.get("", []), 422)
    try:
        agreements.save_agreement(terms_of(request, checked), actor=request.desk.actor)
    except Rejected as wrong:
        return form_page(request, forms.plan(model, typed), [both(wrong)], 422)
    messages.success(request, speech.say(Text("Perjanjian berlaku.", "The agreement is in force.")))
    return redirect("sharing")


# Any: the form's model is made for each node.
def terms_of(request: DeskRequest, checked: Any) -> agreements.Terms:
    """The terms as flow saves them."""
    clause = {
        "kinds": checked.kinds,
        "max_sensitivity": checked.max_sensitivity,
        "fields": checked.fields,
        "places": checked.places,
        "occurred_after": None,
        "lists": checked.lists,
    }
    if not (checked.kinds or checked.lists):
        raise Rejected(
            Text("Perjanjian ini tidak memberi apa pun.", "This agreement gives nothing."),
            Text("Pilih jenis catatan atau daftar.", "Choose kinds of records or lists."),
            place="kinds",
        )
    return agreements.Terms(
        code=checked.code,
        title=Text(checked.title, checked.title),
        giver=request.desk.actor.agency,
        taker=checked.taker,
        purpose=checked.purpose,
        clauses=[clause],
        valid_from=checked.valid_from,
        valid_to=checked.valid_to,
        legal_basis=checked.legal_basis,
    )


def form_page(
    request: DeskRequest, entries: list[forms.Entry], errors: list[Text], status: int
) -> HttpResponse:
    """The page of the form."""
    context = {"entries": entries, "errors": errors, "current": "sharing"}
    return render(request, "agreement_form.html", context, status=status)


@at_desk("sharing")
@require_POST
def revoke(request: DeskRequest, code: str) -> HttpResponse:
    """Revoke an agreement: from now on no door opens by it."""
    agreements.revoke_agreement(code, request.POST.get("reason", ""), actor=request.desk.actor)
    messages.success(request, speech.say(Text("Perjanjian dicabut.", "The agreement is revoked.")))
    return redirect("sharing")
