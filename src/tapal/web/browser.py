"""What this browser at a shared counter remembers: who logged in here in full, and wrong PINs.

It lies in a session row of its own, named by a cookie that outlives log-outs; nothing but officer
ids and times is in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tapal.web import speech

COOKIE = "counter"
# A PIN opens the desk only in a browser where its owner has logged in in full since then.
FULL_LOGIN_HOURS = 12
WRONG_PINS = 5


class Browser:
    """The memory of one browser."""

    def __init__(self, key: str | None) -> None:
        self.key = key if key and SessionStore().exists(key) else None

    @classmethod
    def of(cls, request: HttpRequest) -> Browser:
        """The memory that the request's cookie names."""
        return cls(request.COOKIES.get(COOKIE))

    def known(self) -> list[int]:
        """Ids of the officers whose PIN may be used here now."""
        held = SessionStore(self.key).load() if self.key else {}
        return [int(officer) for officer, entry in held.items() if _fresh(entry)]

    def logged_in(self, officer: int) -> None:
        """An officer has just logged in here in full: his PIN counts from now."""
        self._change(officer, {"at": speech.now().isoformat(), "wrong": 0})

    def wrong_pin(self, officer: int) -> int:
        """Count a wrong PIN; at the fifth the PIN stops working here. Returns how many are left."""
        with transaction.atomic():
            entry = self._locked().get(str(officer))
            if entry is None:
                return 0
            wrong = int(entry["wrong"]) + 1
            self._change(officer, {**entry, "wrong": wrong} if wrong < WRONG_PINS else None)
            return WRONG_PINS - wrong

    def right_pin(self, officer: int) -> None:
        """A right PIN clears the count, never the hour of the full login."""
        with transaction.atomic():
            if entry := self._locked().get(str(officer)):
                self._change(officer, {**entry, "wrong": 0})

    # Any: the session's content is JSON.
    def _locked(self) -> dict[str, Any]:
        if self.key is None:
            return {}
        Session.objects.select_for_update().filter(pk=self.key).first()
        return dict(SessionStore(self.key).load())

    def _change(self, officer: int, entry: dict[str, Any] | None) -> None:
        store = SessionStore(self.key)
        store.set_expiry(FULL_LOGIN_HOURS * 3600)
        if entry is None:
            store.pop(str(officer), None)
        else:
            store[str(officer)] = entry
        if self.key is None:
            store.create()
        else:
            store.save()
        self.key = store.session_key

    def remember(self, response: HttpResponse) -> None:
        """Give the browser its cookie."""
        if self.key:
            response.set_cookie(
                COOKIE,
                self.key,
                max_age=FULL_LOGIN_HOURS * 3600,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )


def _fresh(entry: object) -> bool:
    if not isinstance(entry, dict) or "at" not in entry:
        return False
    since = datetime.fromisoformat(entry["at"])
    return speech.now() - since < timedelta(hours=FULL_LOGIN_HOURS)
