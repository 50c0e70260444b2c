"""Changing user fast at a shared counter: a PIN, where the officer has logged in in full today."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tapal.core.text import Text
from tapal.flow import officers
from tapal.store.models import Officer
from tapal.web import speech
from tapal.web.browser import Browser
from tapal.web.desk import DeskRequest, at_desk

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Who may take over here with a PIN; and the taking over."""
    browser = Browser.of(request)
    known = list(
        Officer.objects.filter(pk__in=browser.known(), is_active=True)
        .exclude(pin_hash="")
        .order_by("first_name", "username")
    )
    error: Text | None = None
    if request.method == "POST":
        officer = next((o for o in known if str(o.pk) == request.POST.get("officer")), None)
        if officer and check_password(request.POST.get("pin", ""), officer.pin_hash):
            return take_over(request, officer, browser)
        error = wrong(browser, officer)
        known = [o for o in known if o.pk in browser.known()]
    page = "switch.html"
    return render(request, page, {"known": known, "error": error}, status=422 if error else 200)


def take_over(request: HttpRequest, officer: Officer, browser: Browser) -> HttpResponse:
    """Begin a fresh sitting for the officer, at the same post where his mandates allow it."""
    seat, purpose = request.session.get("seat"), request.session.get("purpose")
    request.session.flush()
    login(request, officer, backend=BACKEND)
    if seat:
        # The seats of the new officer decide whether he may sit there.
        request.session["seat"], request.session["purpose"] = seat, purpose
    browser.right_pin(officer.pk)
    return redirect("queue")


def wrong(browser: Browser, officer: Officer | None) -> Text:
    """Count it, and say how many tries are left."""
    left = browser.wrong_pin(officer.pk) if officer else 0
    if left:
        return Text("PIN salah. Sisa {n} kali.", "Wrong PIN. {n} tries left.").fill(n=left)
    return Text(
        "PIN tidak berlaku lagi di loket ini. Masuk lengkap dengan kata sandi.",
        "The PIN no longer works at this counter. Log in in full with the password.",
    )


class PinForm(forms.Form):
    """A new PIN with the password that allows it."""

    password = forms.CharField(strip=False)
    pin = forms.RegexField(r"^\d{6}$")

    def clean_pin(self) -> str:
        """Refuse a PIN that anybody would try first."""
        pin: str = self.cleaned_data["pin"]
        if len(set(pin)) < 3 or pin in "0123456789876543210":
            raise forms.ValidationError(
                speech.say(Text("PIN itu terlalu mudah ditebak.", "That PIN is too easy to guess."))
            )
        return pin


@at_desk()
@sensitive_post_parameters("password", "pin")
@require_http_methods(["GET", "POST"])
def set_own_pin(request: DeskRequest) -> HttpResponse:
    """Set or change one's own PIN."""
    officer = request.user
    assert isinstance(officer, Officer)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if officer.check_password(form.cleaned_data["password"]):
            officers.set_pin(officer, form.cleaned_data["pin"], actor=request.desk.actor)
            messages.success(request, speech.say(Text("PIN tersimpan.", "PIN saved.")))
            return redirect("account")
        form.add_error("password", speech.say(Text("Kata sandi salah.", "Wrong password.")))
    return render(
        request, "pin.html", {"form": form}, status=422 if request.method == "POST" else 200
    )
