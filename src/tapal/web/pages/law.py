"""Aturan: the legal values that rules use, with citation and confidence, and their amendment."""

from __future__ import annotations

import json
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.legal import CONFIDENCE_LABELS
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.law import POWER, Amendment, amend, in_force
from tapal.flow.law_words import (
    note_said,
    selector_said,
    topic_said,
    unit_said,
    value_said,
    work_said,
)
from tapal.flow.share.purposes import RolePurposes, role_purposes
from tapal.store.models import LegalRow
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.forms.read import iso_day
from tapal.web.pages.alerts import both


@at_desk("law")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Every legal value, those in force today first in each topic."""
    today = timezone.localdate()
    wanted = request.GET.get("q", "").strip().lower()
    lines = [_line(row, today) for row in LegalRow.objects.order_by("topic", "id")]
    found = [line for line in lines if wanted in str(line["text"])]
    context = {
        "current": "law",
        "rows": [line for line in found if not line["unknown"]],
        "unknown": [line for line in found if line["unknown"]],
        "may": request.desk.may(POWER),
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
        "topic": topic_said(row.topic),
        "selector": selector_said(row.selector),
        "said": value_said(row.value, row.unit),
        "note": note_said(row.note),
        "unit": unit_said(row.unit),
        # A value that was never found is not to be mended but to be entered.
        "value": "" if row.value is None else json.dumps(row.value, ensure_ascii=False, indent=1),
        "confidence": CONFIDENCE_LABELS[row.confidence],
        "confidences": CONFIDENCE_LABELS.items(),
        "may": request.desk.may(POWER),
        "given": request.POST,
    }
    if request.method == "POST":
        if not request.desk.may(POWER):
            raise Denied
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
        "work": work_said(each.word),
        "purposes": [p.label for p in Purpose if p in each.purposes],
        "confidence": CONFIDENCE_LABELS[each.confidence],
    }


def _given(request: DeskRequest) -> Amendment:
    get = request.POST.get
    try:
        start = date.fromisoformat(iso_day(get("valid_from", "")))
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


def _line(row: LegalRow, today: date) -> dict[str, object]:
    """A row as the list shows it; `text` is what a search goes through, in both languages."""
    topic, holds_for = topic_said(row.topic), selector_said(row.selector)
    said = (row.topic, topic.id, topic.en, holds_for.id, holds_for.en, row.citation, row.id)
    now = in_force(row, today)
    return {
        "row": row,
        "topic": topic,
        "selector": holds_for,
        "value": value_said(row.value, row.unit),
        "unit": unit_said(row.unit),
        "note": note_said(row.note),
        "confidence": CONFIDENCE_LABELS[row.confidence],
        "in_force": now,
        "unknown": now and row.value is None,
        "text": " ".join(said).lower(),
    }
