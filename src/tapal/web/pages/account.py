"""What belongs to one's own sitting: language, look of the screen, post and purpose, account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tapal.store.models import Officer
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.page import THEMES
from tapal.web.passwords import wrong_password
from tapal.web.seats import purposes_at, seats_of, sit_down
from tapal.web.tokens import give_token

YEAR = 365 * 24 * 3600


def after(request: HttpRequest) -> str:
    """Where the form wants to go next; never to another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("queue")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of this sitting and of this browser."""
    chosen = "en" if request.POST.get("language") == "en" else "id"
    response = redirect(after(request))
    response.set_cookie("language", chosen, max_age=YEAR, samesite="Lax", httponly=True)
    if request.user.is_authenticated:
        request.session["language"] = chosen
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Switch between the light and the dark screen of this browser."""
    chosen = request.POST.get("theme", "")
    response = redirect(after(request))
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_http_methods(["GET", "POST"])
def choose_seat(request: HttpRequest) -> HttpResponse:
    """Choose the agency and post to work under, and what the looks are for."""
    officer = request.user
    if not isinstance(officer, Officer):
        return redirect("account_login")
    seats = seats_of(officer)
    purposes = purposes_at(officer, seats)
    if request.method == "POST":
        wanted = request.POST.get("seat")
        if seat := next((s for s in seats if s.value == wanted), None):
            sit_down(request, officer, seat, request.POST.get("purpose", ""))
        return redirect(after(request))
    chosen = request.session.get("seat") or (seats[0].value if seats else "")
    return render(
        request,
        "seats.html",
        {
            "seats": seats,
            "chosen": chosen,
            "purposes": purposes,
            "purpose": request.session.get("purpose") or (purposes[0].value if purposes else ""),
            "next": after(request),
        },
    )


@at_desk()
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """One's own account: number, mandates, password, PIN, two-step login."""
    return account_page(request, {}, 200)


@at_desk("intake")
@require_POST
def token(request: DeskRequest) -> HttpResponse:
    """Make a key with which a program may hand messages in as this officer at this post."""
    officer = request.user
    assert isinstance(officer, Officer)
    if error := wrong_password(request, officer):
        return account_page(request, {"error": error}, 422)
    return account_page(request, {"token": give_token(officer, request.desk.actor)}, 200)


def account_page(request: DeskRequest, more: dict[str, object], status: int) -> HttpResponse:
    """The page of one's own account."""
    officer = request.user
    seats = seats_of(officer) if isinstance(officer, Officer) else ()
    context = {"seats": seats, "may_token": request.desk.may("record.write"), **more}
    return render(request, "account.html", context, status=status)


@at_desk()
@require_GET
def strip(request: DeskRequest) -> HttpResponse:
    """The strip alone, which each open page asks for every half minute."""
    return render(request, "parts/strip.html", {})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what is not there and what one may not see."""
    return render(request, "404.html", status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page was open for too long."""
    return render(request, "403_csrf.html", status=403)
