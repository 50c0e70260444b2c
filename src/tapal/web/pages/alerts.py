"""Peringatan: what waits for a person, its findings, and how it was found to be."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import alert as alerts
from tapal.flow.clearances import cleared_until
from tapal.flow.share.seen import SeenAlert
from tapal.kinds import KINDS
from tapal.web import body, speech
from tapal.web.desk import Desk, DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.overtaken import MEANWHILE, STATUS

STATES = ("open", "closed")


@at_desk("alerts")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Open alerts by what is due first; closed ones on request."""
    state = "closed" if request.GET.get("state") == "closed" else "open"
    everywhere = request.GET.get("where") == "all" or request.desk.post is None
    page = door_of(request).alerts(
        state=state,
        place=None if everywhere or request.desk.post is None else request.desk.post.id,
        before=request.GET.get("before"),
    )
    context = {"page": page, "state": state, "everywhere": everywhere, "current": "alerts"}
    return render(request, "alerts.html", context)


@at_desk("alerts")
@require_GET
def show(request: DeskRequest, alert_id: uuid.UUID) -> HttpResponse:
    """One alert with the records it rests on."""
    return page(request, door_of(request).alert(alert_id))


def page(
    request: DeskRequest, seen: SeenAlert, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of an alert, perhaps with what was wrong with the answer."""
    record = door_of(request).record(seen.record) if seen.record else None
    desk = request.desk
    context = {
        "alert": seen,
        "record": record,
        "summary": body.summary(KINDS[record.view.kind], record.view.body) if record else [],
        "outcomes": list(alerts.Outcome),
        "may_triage": seen.own and desk.may("alert.triage") and desk.actor.acts_at(seen.place),
        "may_reopen": may_reopen(desk, seen),
        "cleared_until": _cleared_until(seen),
        "runs": door_of(request).runs_of_alert(seen.id) if seen.own else [],
        "cases": door_of(request).cases_with("alert", seen.id),
        "error": error,
        "given": request.POST,
        "current": "alerts",
    }
    return render(request, "alert.html", context, status=status)


def _cleared_until(seen: SeenAlert) -> date | None:
    """Until when the bearer stays cleared: for the alert's own agency, where it was found false."""
    false = seen.own and seen.outcome == alerts.Outcome.FALSE
    return cleared_until(seen.id, seen.record) if false and seen.record else None


def may_reopen(desk: Desk, seen: SeenAlert) -> bool:
    """True where the key to take a closing back belongs on the screen; flow decides."""
    if not seen.own or seen.state != "closed" or seen.closed_at is None:
        return False
    if not desk.actor.acts_at(seen.place):
        return False
    fresh = (speech.now() - seen.closed_at).total_seconds() <= alerts.UNDO_MINUTES * 60
    return desk.may("alert.close") or (
        desk.may("alert.triage") and seen.closed_by == desk.actor.number and fresh
    )


@at_desk("alerts")
@require_POST
def take(request: DeskRequest, alert_id: uuid.UUID) -> HttpResponse:
    """Take the alert in hand."""
    seen = door_of(request).alert(alert_id)
    try:
        alerts.take_alert(alert_id, actor=request.desk.actor)
    except Missing:
        return overtaken_by(request, alert_id)
    except Rejected as wrong:
        return page(request, seen, both(wrong), 422)
    return redirect("alert", alert_id)


@at_desk("alerts")
@require_POST
def close(request: DeskRequest, alert_id: uuid.UUID) -> HttpResponse:
    """Close the alert with what it was found to be and why."""
    seen = door_of(request).alert(alert_id)
    outcome = next((o for o in alerts.Outcome if o == request.POST.get("outcome")), None)
    if outcome is None:
        missing = Text("Pilih dulu hasilnya.", "Choose what it was found to be.")
        return page(request, seen, missing, 422)
    try:
        alerts.close_alert(
            alert_id,
            outcome,
            request.POST.get("reason", ""),
            actor=request.desk.actor,
            seen=_number(request.POST.get("seen", "")),
        )
    except Missing:
        return overtaken_by(request, alert_id)
    except Rejected as wrong:
        return page(request, seen, both(wrong), 422)
    messages.success(request, speech.say(Text("Peringatan ditutup.", "The alert is closed.")))
    return redirect("alert", alert_id)


def overtaken_by(request: DeskRequest, alert_id: uuid.UUID) -> HttpResponse:
    """The alert as it stands now that somebody else has closed it, with what was typed here."""
    return page(request, door_of(request).alert(alert_id), MEANWHILE, STATUS)


def _number(text: str) -> int | None:
    """A small number from a form, None where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@at_desk("alerts")
@require_POST
def reopen(request: DeskRequest, alert_id: uuid.UUID) -> HttpResponse:
    """Take a wrong closing back."""
    door_of(request).alert(alert_id)
    alerts.reopen_alert(alert_id, actor=request.desk.actor)
    messages.success(
        request, speech.say(Text("Peringatan dibuka lagi.", "The alert is open again."))
    )
    return redirect("alert", alert_id)


def both(wrong: Rejected) -> Text:
    """What was wrong and the mend, in one sentence."""
    return Text(f"{wrong.reason.id} {wrong.mend.id}", f"{wrong.reason.en} {wrong.mend.en}")
