"""A login with password (and second step where one is set) makes the PIN usable in this browser."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

from tapal.flow import accounts
from tapal.store.models import Officer
from tapal.web.accounts import address_of
from tapal.web.browser import Browser


# Any: Django's signals carry whatever they like.
def note(
    sender: Any, request: HttpRequest, response: HttpResponse, user: Officer, **_: Any
) -> None:
    """allauth sends this after the last step of a login, never for a PIN."""
    accounts.note_login(user, "password", good=True, place=address_of(request))
    browser = Browser.of(request)
    browser.logged_in(user.pk)
    browser.remember(response)


def note_refused(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """Django sends this for a wrong password; a name that nobody bears leaves no trace."""
    name = str(credentials.get("username", ""))[:150]
    officer = Officer.objects.filter(username__iexact=name).first() if name else None
    if officer is not None:
        accounts.note_login(officer, "password", good=False)


def connect() -> None:
    """Listen from the start of the process."""
    user_logged_in.connect(note, dispatch_uid="tapal.full_login")
    user_login_failed.connect(note_refused, dispatch_uid="tapal.refused_login")
