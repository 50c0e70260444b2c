"""How allauth lets people in: officers are made by an administrator, never by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closed to sign-up; says nothing in passing messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs himself up."""
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """The pages say themselves what happened."""
