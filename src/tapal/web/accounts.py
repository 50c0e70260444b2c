"""How allauth lets people in: officers are made by an administrator, never by themselves."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import accounts, logins, passwords
from tapal.store.models import LoginTry, Officer
from tapal.web import speech
from tapal.web.browser import Browser


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closed to sign-up; says nothing in passing messages; counts wrong passwords by place."""

    _try: LoginTry

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs himself up."""
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """The pages say themselves what happened."""

    # Any: credentials are whatever allauth's form calls them.
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before its password is looked at. Raises ValidationError for one too many."""
        name = str(credentials.get("username", ""))[:150]
        officer = Officer.objects.filter(username__iexact=name).first()
        browser = Browser.of(request)
        # A browser in which he has come in today has a count of its own: nobody beside him fills it.
        his = officer is not None and officer.pk in browser.known()
        place = f"browser {browser.key}" if his else address_of(request)
        at_home = his or (officer is not None and accounts.comes_from(officer, place))
        try:
            self._try = logins.begin(name, place, at_home=at_home)
        except logins.TooOften as wait:
            raise ValidationError(speech.say(_often(wait.seconds))) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Officer | None:
        """The officer whose password is right."""
        officer: Officer | None = super().authenticate(request, **credentials)
        if officer is not None:
            logins.succeeded(self._try)
        return officer

    def clean_password(self, password: str, user: Officer | None = None) -> str:
        """The new password. Raises ValidationError for a weak one and for the temporary one again."""
        if user is not None:
            try:
                passwords.check_own(user, password)
            except Rejected as wrong:
                raise ValidationError(speech.say(wrong.reason)) from None
        return str(super().clean_password(password, user))

    def set_password(self, user: Officer, password: str) -> None:
        """Save the password that an officer chose for himself."""
        passwords.set_own_password(user, password)


def address_of(request: HttpRequest) -> str:
    """The address a request comes from; behind a proxy, the one that the proxy saw."""
    return str(DefaultAccountAdapter(request).get_client_ip(request))


def _often(seconds: float) -> Text:
    if seconds < 60:
        said = Text(
            "Terlalu sering dicoba: tunggu {n} detik.", "Tried too often: wait {n} seconds."
        )
        return said.fill(n=math.ceil(seconds))
    said = Text("Terlalu sering dicoba: tunggu {n} menit.", "Tried too often: wait {n} minutes.")
    return said.fill(n=math.ceil(seconds / 60))
