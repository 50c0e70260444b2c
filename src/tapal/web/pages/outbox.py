"""Pemberitahuan: who is told of changes by webhook and e-mail, what was sent, and what was not and why."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.events import EVENT_TYPES
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow import outbox, programs
from tapal.flow.share.changes import FEED
from tapal.store.models import Subscription
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages.alerts import both

PAGE = 50
STATES = {
    "waiting": Text("Menunggu", "Waiting"),
    "dead": Text("Menyerah", "Given up"),
    "void": Text("Tidak lagi boleh", "May no longer be told"),
    "sent": Text("Terkirim", "Sent"),
}
NOT_HIS = Text(
    "Akun itu tidak boleh melihat untuk keperluan tersebut.",
    "That account may not look for that purpose.",
)


@at_desk("outbox")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """The targets, and the notices in one state."""
    return _page(request)


@at_desk("outbox")
@require_POST
def subscribe(request: DeskRequest) -> HttpResponse:
    """Tell a target from now on what an account may see; a webhook's secret is shown."""
    post, manager = request.POST, request.desk.actor
    channel = post.get("channel", "")
    try:
        account = programs.account(manager, post.get("account", ""))
        purpose = next((p for p in Purpose if p == post.get("purpose")), request.desk.purpose)
        wish = outbox.Wish(
            channel=channel,
            target=post.get("target", "").strip(),
            purpose=purpose,
            types=post.getlist("type"),
            carrier=post.get("carrier", "").strip()[:80],
        )
        made = outbox.subscribe(account.officer, account.seat, wish, by=manager.number)
    except Rejected as wrong:
        return _page(request, error=both(wrong))
    except Denied:
        return _page(request, error=NOT_HIS)
    return _shown(request, made) if channel == "webhook" else redirect("outbox")


@at_desk("outbox")
@require_POST
def turn(request: DeskRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Give a webhook a new secret and show it."""
    manager = request.desk.actor
    held = programs.subscription(manager, subscription_id)
    return _shown(request, outbox.turn_secret(str(held.pk), by=manager.number))


@at_desk("outbox")
@require_POST
def end(request: DeskRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Tell a target nothing more."""
    held = programs.subscription(request.desk.actor, subscription_id)
    outbox.end(str(held.pk), by=request.desk.actor.number)
    return redirect("outbox")


@at_desk("outbox")
@require_POST
def retry(request: DeskRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Send a notice that was given up again."""
    manager = request.desk.actor
    if not programs.given_up(manager, notice_id):
        raise Missing
    outbox.retry(str(notice_id), by=manager.number)
    return redirect("outbox")


def _shown(request: DeskRequest, held: Subscription) -> HttpResponse:
    response = _page(request, secret=outbox.secret_of(held), of=held)
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: DeskRequest,
    *,
    error: Text | None = None,
    secret: str = "",
    of: Subscription | None = None,
) -> HttpResponse:
    manager, now = request.desk.actor, timezone.now()
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    found = programs.notices(manager, state, request.GET.get("after", ""), PAGE + 1)
    targets = [
        {
            "row": row,
            "types": [EVENT_TYPES[name].label for name in row.types],
            "rests": row.rests_until and row.rests_until > now,
            "old": row.old_until and row.old_until > now,
            "mandate": programs.has_mandate(row),
        }
        for row in programs.subscriptions(manager)
    ]
    context = {
        "targets": targets,
        "notices": found[:PAGE],
        "after": str(found[PAGE - 1].pk) if len(found) > PAGE else "",
        "state": state,
        "states": STATES.items(),
        "accounts": programs.accounts(manager),
        "types": [(name, EVENT_TYPES[name].label) for name in sorted(FEED)],
        "purposes": list(Purpose),
        "typed": request.POST,
        "chosen": request.POST.getlist("type"),
        "error": error,
        "secret": secret,
        "of": of,
        "current": "outbox",
    }
    return render(request, "programs/outbox.html", context, status=422 if error else 200)
