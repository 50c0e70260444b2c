"""Ambang: where the bands of a list begin, chosen from a curve of hits a day, by two persons."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import lists, reference
from tapal.flow.bands import HIGHEST, LOWEST, Bands
from tapal.flow.lists import thresholds
from tapal.store.models import Roll, Threshold
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.forms.read import iso_day
from tapal.web.looking import door_of
from tapal.web.pages.alerts import both

STATES = {
    "draft": Text("rancangan", "draft"),
    "in_force": Text("berlaku", "in force"),
    "followed": Text("digantikan", "followed by another"),
    "declined": Text("tidak dipakai", "declined"),
}


@at_desk("lists")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest, code: str) -> HttpResponse:
    """The thresholds of a list, the curve of a post, and a new draft."""
    roll = Roll.objects.filter(pk=code).first()
    if roll is None or not lists.may_see(roll, request.desk.actor):
        raise Missing
    if request.method == "GET":
        return page(request, roll)
    try:
        given = _given(request, code)
        thresholds.draft(given, actor=request.desk.actor, door=door_of(request))
    except Rejected as wrong:
        return page(request, roll, both(wrong), 422)
    done = Text("Rancangan dibuat; orang kedua yang memberlakukannya.",
                "The draft is made; a second person puts it in force.")  # fmt: skip
    messages.success(request, speech.say(done))
    return redirect("list_thresholds", code)


def page(
    request: DeskRequest, roll: Roll, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a list's thresholds, perhaps with why something was refused."""
    place = request.GET.get("pos", request.POST.get("place", request.desk.actor.post or ""))
    place = place if place in reference.places() else ""
    now = thresholds.today_at(roll.code, place)
    asked = "kurva" in request.GET and request.desk.may("record.read")
    told = thresholds.curve(roll.code, place, door_of(request)) if asked else None
    table = thresholds.steps(told, now.look) if told else []
    context = {
        "roll": roll,
        "label": Text(roll.label_id, roll.label_en),
        "place": place,
        "posts": sorted((p.id, p.name) for p in reference.places().values()),
        "now": now,
        "told": told,
        "steps": table,
        "highest": max((s.alerts + s.looks for s in table), default=0) or 1,
        "current_step": thresholds.consequence(told, now) if told else None,
        "rows": [_line(request, row) for row in thresholds.of_list(roll.code)],
        "may_draft": request.desk.may(lists.EDIT),
        "given": request.POST,
        "bounds": (LOWEST, HIGHEST),
        "error": error,
        "current": "lists",
    }
    return render(request, "lists/thresholds.html", context, status=status)


def _line(request: DeskRequest, row: Threshold) -> dict[str, object]:
    bands = Bands(row.alert, row.look, row.ties)
    return {
        "row": row,
        "state": STATES[row.state],
        "would": thresholds.consequence(row.curve, bands) if row.curve else None,
        "why_not": thresholds.why_not(row, request.desk.actor) if row.state == "draft" else None,
    }


def _given(request: DeskRequest, code: str) -> thresholds.Given:
    get = request.POST.get
    bands = Bands(_number(get("alert", "")), _number(get("look", "")), get("ties") == "on")
    start = _day(get("valid_from", "")) or speech.now().date()
    end = _day(get("valid_to", ""))
    return thresholds.Given(code, get("place", ""), bands, get("ground", "")[:500], start, end)


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise Rejected(
            Text("Ambangnya tidak terbaca.", "The threshold cannot be read."),
            Text("Tulis seperti 0,70.", "Write it as in 0.70."),
            place="alert",
        ) from None


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(iso_day(text))
    except ValueError:
        raise Rejected(
            Text("Harinya tidak terbaca.", "The day cannot be read."),
            Text("Tulis seperti 31-12-2026.", "Write it as in 31-12-2026."),
            place="valid_from",
        ) from None


@at_desk("lists")
@require_POST
def publish(request: DeskRequest, threshold_id: uuid.UUID) -> HttpResponse:
    """Put a draft in force as its second person."""
    row = thresholds.found(threshold_id, actor=request.desk.actor)
    try:
        thresholds.publish(row.pk, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row.roll, both(wrong), 422)
    messages.success(request, speech.say(Text("Ambang ditetapkan.", "The threshold is set.")))
    return redirect("list_thresholds", row.roll_id)


@at_desk("lists")
@require_POST
def decline(request: DeskRequest, threshold_id: uuid.UUID) -> HttpResponse:
    """Put a draft away, with the reason."""
    row = thresholds.found(threshold_id, actor=request.desk.actor)
    try:
        thresholds.decline(row.pk, request.POST.get("reason", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row.roll, both(wrong), 422)
    messages.success(request, speech.say(Text("Rancangan disisihkan.", "The draft is put away.")))
    return redirect("list_thresholds", row.roll_id)
