"""Aturan: the legal values that rules use, with citation and confidence, and their amendment."""

from __future__ import annotations

import json
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tapal.core.errors import Missing, Rejected
from tapal.core.legal import CONFIDENCE_LABELS
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.law import POWER, Amendment, amend
from tapal.flow.share.purposes import RolePurposes, role_purposes
from tapal.store.models import LegalRow
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages.alerts import both


@at_desk("law")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Every legal value, those in force today first in each topic."""
    today = timezone.localdate()
    wanted = request.GET.get("q", "").strip().lower()
    rows = [
        {
            "row": row,
            "value": _short(row.value),
            "confidence": CONFIDENCE_LABELS[row.confidence],
            "selector": ", ".join(f"{k} {v}" for k, v in row.selector.items()),
            "in_force": _in_force(row, today),
        }
        for row in LegalRow.objects.order_by("topic", "id")
        if wanted in f"{row.topic} {row.citation} {row.selector}".lower()
    ]
    context = {
        "current": "law",
        "rows": rows,
        "purposes": [_purposes(each) for each in role_purposes().values()],
        "q": wanted,
    }
    return render(request, "law.html", context)


@at_desk("law")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest, row_id: str) -> HttpResponse:
    """One legal value; its amendment for an officer who may."""
    row = LegalRow.objects.filter(pk=row_id).first()
    if row is None:
        raise Missing
    context: dict[str, object] = {
        "current": "law",
        "row": row,
        "value": json.dumps(row.value, ensure_ascii=False, indent=1),
        "confidence": CONFIDENCE_LABELS[row.confidence],
        "confidences": CONFIDENCE_LABELS.items(),
        "may": request.desk.may(POWER),
        "given": request.POST,
    }
    if request.method == "POST":
        try:
            amend(row_id, _given(request), actor=request.desk.actor)
        except Rejected as wrong:
            context["error"] = both(wrong)
            return render(request, "law_row.html", context, status=422)
        return redirect("law")
    return render(request, "law_row.html", context)


def _purposes(each: RolePurposes) -> dict[str, object]:
    return {
        "row": each,
        "purposes": [p.label for p in Purpose if p in each.purposes],
        "confidence": CONFIDENCE_LABELS[each.confidence],
    }


def _given(request: DeskRequest) -> Amendment:
    get = request.POST.get
    try:
        start = date.fromisoformat(get("valid_from", ""))
    except ValueError as wrong:
        raise Rejected(
            Text("Hari pertamanya belum diisi.", "The first day is missing."),
            Text("Isi tanggal mulai berlaku.", "Fill in the day from which it holds."),
            place="valid_from",
        ) from wrong
    return Amendment(
        value=get("value", ""),
        citation=get("citation", ""),
        confidence=get("confidence", ""),
        valid_from=start,
        source=get("source", ""),
        note=get("note", ""),
    )


def _in_force(row: LegalRow, today: date) -> bool:
    return (row.valid_from is None or row.valid_from <= today) and (
        row.valid_to is None or today <= row.valid_to
    )


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
