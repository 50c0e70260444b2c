"""The desk as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Listens for full logins, so that this browser knows whose PIN may be used in it."""

    name = "tapal.web"
    label = "web"

    def ready(self) -> None:
        """Connect what listens."""
        from tapal.web import full_login

        full_login.connect()
