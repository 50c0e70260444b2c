"""A login with password (and second step where one is set) makes the PIN usable in this browser."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

from tapal.store.models import Officer
from tapal.web.browser import Browser


# Any: Django's signals carry whatever they like.
def note(
    sender: Any, request: HttpRequest, response: HttpResponse, user: Officer, **_: Any
) -> None:
    """allauth sends this after the last step of a login, never for a PIN."""
    browser = Browser.of(request)
    browser.logged_in(user.pk)
    browser.remember(response)


def connect() -> None:
    """Listen from the start of the process."""
    user_logged_in.connect(note, dispatch_uid="tapal.full_login")
