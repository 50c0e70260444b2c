"""Changing user fast at a shared counter: a PIN, where the officer has logged in in full today."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import accounts
from tapal.store.models import Officer
from tapal.web import speech
from tapal.web.browser import Browser
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.passwords import wrong_password

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Who may take over here with a PIN; and the taking over."""
    browser = Browser.of(request)
    known = known_here(request, browser)
    error: Text | None = None
    chosen = request.POST.get("officer", "")
    if request.method == "POST":
        officer = next((o for o in known if str(o.pk) == chosen), None)
        if officer and accounts.check_pin(officer, request.POST.get("pin", "")):
            return take_over(request, officer, browser)
        error = wrong(browser, officer)
        known = [o for o in known if o.pk in browser.known()]
    # A wrong PIN leaves the choice as it was: the next try must not count against another officer.
    still = next((o.pk for o in known if str(o.pk) == chosen), known[0].pk if known else None)
    context = {"known": known, "error": error, "chosen": still}
    return render(request, "switch.html", context, status=422 if error else 200)


def known_here(request: HttpRequest, browser: Browser) -> list[Officer]:
    """Whose PIN may be used in this browser, by name; who sits there already comes last."""
    known = Officer.objects.filter(pk__in=browser.known(), is_active=True).exclude(pin_hash="")
    named = known.order_by("first_name", "username")
    return sorted(named, key=lambda officer: officer.pk == request.user.pk)


def take_over(request: HttpRequest, officer: Officer, browser: Browser) -> HttpResponse:
    """Begin a fresh sitting for the officer, at the same post where his mandates allow it."""
    seat = request.session.get("seat")
    request.session.flush()
    login(request, officer, backend=BACKEND)
    if seat:
        # The seats of the new officer decide whether he may sit there; his purpose is his own.
        request.session["seat"] = seat
    browser.right_pin(officer.pk)
    accounts.note_login(officer, "pin", good=True)
    return redirect("queue")


def wrong(browser: Browser, officer: Officer | None) -> Text:
    """Count it, and say how many tries are left."""
    left = browser.wrong_pin(officer.pk) if officer else 0
    if officer:
        accounts.note_login(officer, "pin", good=False)
    if left:
        return Text("PIN salah. Sisa {n} kali.", "Wrong PIN. {n} tries left.").fill(n=left)
    return Text(
        "PIN tidak berlaku lagi di loket ini. Masuk lengkap dengan kata sandi.",
        "The PIN no longer works at this counter. Log in in full with the password.",
    )


@at_desk()
@sensitive_post_parameters("password", "pin")
@require_http_methods(["GET", "POST"])
def set_own_pin(request: DeskRequest) -> HttpResponse:
    """Set or change one's own PIN."""
    officer = request.user
    assert isinstance(officer, Officer)
    error: Text | None = None
    if request.method == "POST":
        error = save_pin(officer, request)
        if error is None:
            messages.success(request, speech.say(Text("PIN tersimpan.", "PIN saved.")))
            return redirect("account")
    return render(request, "pin.html", {"error": error}, status=422 if error else 200)


def save_pin(officer: Officer, request: DeskRequest) -> Text | None:
    """Save the PIN that the password allows; what is wrong where it does not."""
    if wrong := wrong_password(request, officer):
        return wrong
    try:
        accounts.set_pin(officer, request.POST.get("pin", ""), actor=request.desk.actor)
    except Rejected as weak:
        return Text(f"{weak.reason.id} {weak.mend.id}", f"{weak.reason.en} {weak.mend.en}")
    return None
