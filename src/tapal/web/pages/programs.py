"""Program: keys with which an agency's programs come in, given, replaced and ended by its manager."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Rejected
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow import keys, programs
from tapal.store.models import Officer
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages.alerts import both
from tapal.web.passwords import wrong_password
from tapal.web.tokens import token_of

DAYS, OVERLAP = 90, 24
MOST_OVERLAP = 720


@at_desk("programs")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """The keys of the agency, and the form of a new one."""
    return _page(request)


@at_desk("programs")
@sensitive_post_parameters("password")
@require_POST
def give(request: DeskRequest) -> HttpResponse:
    """Make a key and show it once."""
    if error := _password(request):
        return _page(request, error=error)
    post, manager = request.POST, request.desk.actor
    try:
        account = programs.account(manager, post.get("account", ""))
        key = keys.give_key(
            account.officer,
            account.seat,
            scopes=post.getlist("scope"),
            days=_number(post, "days", DAYS),
            purpose=post.get("purpose", ""),
            label=post.get("label", "").strip(),
            by=manager.number,
        )
    except Rejected as wrong:
        return _page(request, error=both(wrong))
    return _shown(request, account.officer, key)


@at_desk("programs")
@sensitive_post_parameters("password")
@require_POST
def rotate(request: DeskRequest, number: str, serial: int) -> HttpResponse:
    """Make a key in the place of another, which ends after the overlap."""
    manager = request.desk.actor
    held = programs.key(manager, number, serial)
    if error := _password(request):
        return _page(request, error=error)
    hours = max(0, min(_number(request.POST, "overlap", OVERLAP), MOST_OVERLAP))
    try:
        # What its account may read may have grown since: it is weighed as for a new one.
        programs.account(manager, f"{held.officer.username}@{held.key.post or ''}")
    except Rejected as wrong:
        return _page(request, error=both(wrong))
    key = keys.rotate_key(
        held.officer, serial, days=DAYS, overlap=timedelta(hours=hours), by=manager.number
    )
    return _shown(request, held.officer, key)


@at_desk("programs")
@require_POST
def end(request: DeskRequest, number: str, serial: int) -> HttpResponse:
    """End a key at once."""
    held = programs.key(request.desk.actor, number, serial)
    keys.end_key(held.officer, serial, by=request.desk.actor.number)
    return redirect("programs")


def _shown(request: DeskRequest, officer: Officer, key: keys.Key) -> HttpResponse:
    response = _page(request, token=token_of(officer, key), made=key)
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: DeskRequest,
    *,
    error: Text | None = None,
    token: str = "",
    made: keys.Key | None = None,
) -> HttpResponse:
    manager = request.desk.actor
    context = {
        "held": programs.keys(manager),
        "accounts": programs.accounts(manager),
        "scopes": keys.SCOPES.items(),
        "purposes": list(Purpose),
        "most_days": keys.MOST_DAYS,
        "days": DAYS,
        "overlap": OVERLAP,
        "most_overlap": MOST_OVERLAP,
        "typed": request.POST,
        "chosen": request.POST.getlist("scope"),
        "error": error,
        "token": token,
        "made": made,
        "current": "programs",
    }
    return render(request, "programs/keys.html", context, status=422 if error else 200)


def _password(request: DeskRequest) -> Text | None:
    officer = request.user
    assert isinstance(officer, Officer)
    return wrong_password(request, officer)


def _number(post: QueryDict, name: str, usual: int) -> int:
    """A whole number as it was typed; what is none is one that nothing takes."""
    text = post.get(name, "").strip()
    if not text:
        return usual
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
