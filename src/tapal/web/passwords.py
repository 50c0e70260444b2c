"""The password asked again of somebody who sits at the desk, at most so often a minute."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest

from tapal.core.text import Text
from tapal.store.models import Officer


def wrong_password(request: HttpRequest, officer: Officer) -> Text | None:
    """What is wrong with the posted `password`; None for the right one.

    Counted like every other asking again: a desk left alone is no place to guess at a password.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=officer):
        return Text("Terlalu sering: tunggu semenit.", "Too often: wait a minute.")
    if not officer.check_password(request.POST.get("password", "")):
        return Text("Kata sandi salah.", "Wrong password.")
    return None
