"""Who calls: a program with its key, or an officer at the desk; and the reading door opened for him."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer, SessionAuth

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.keys import SCOPES
from tapal.flow.share import Door, access, open_door
from tapal.flow.share.purposes import purposes_of
from tapal.web.api import problems
from tapal.web.api.limits import LIMITS
from tapal.web.api.problems import TooMany
from tapal.web.desk import Desk
from tapal.web.tokens import holder_of

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Caller:
    """One who calls. `scopes` narrow what his powers give; `bound` is the one purpose of his key."""

    actor: Actor
    name: str
    scopes: frozenset[str]
    bound: Purpose | None = None
    usual: Purpose | None = None

    def purpose(self, asked: Purpose | None) -> Purpose:
        """What he looks for: as he says, as his key says, or the likeliest. Raises Denied."""
        if self.bound and asked and asked != self.bound:
            access.note(self.actor, asked, access.DENIED, subject="purpose")
            raise Denied(
                Text(
                    "Kunci ini dibuat untuk keperluan lain: {p}.",
                    "This key was made for another purpose: {p}.",
                ).fill(p=self.bound.label)
            )
        return asked or self.bound or self.usual or purposes_of(self.actor)[0]


class Bearer(HttpBearer):
    """`Authorization: Bearer …` with a program's key."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Whom the key speaks for; None for one that does not hold. Raises TooMany."""
        caller = caller_by(token)
        return _counted(caller) if caller else None


class Sitting(SessionAuth):
    """An officer at the desk, with the form token that every post needs.

    A request that brings a key stands or falls by it.
    """

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Ask the session only where no key was given, and for the form token only who sits there."""
        if "Authorization" in request.headers or getattr(request, "desk", None) is None:
            return None
        found: Caller | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Who sits at the desk. Raises TooMany."""
        desk: Desk | None = getattr(request, "desk", None)
        if desk is None:
            return None
        name = f"desk {desk.actor.number}"
        caller = Caller(desk.actor, name, frozenset(SCOPES), usual=desk.purpose)
        return _counted(caller)


AUTH = [Bearer(), Sitting()]


def caller_by(token: str) -> Caller | None:
    """Whom a key speaks for, None where it does not hold."""
    try:
        held = holder_of(token)
    except Denied:
        return None
    bound = Purpose(held.key.purpose) if held.key.purpose else None
    name = f"key {held.actor.id}.{held.key.serial}"
    return Caller(held.actor, name, frozenset(held.key.scopes), bound)


def caller_of(request: HttpRequest, scope: str) -> Caller:
    """The caller, where his key has the scope. Raises Denied, and leaves a trace, where it has not."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    if scope not in caller.scopes:
        access.note(caller.actor, caller.purpose(None), access.DENIED, subject=f"scope {scope}")
        raise Denied(
            Text("Kunci ini tidak mencakup: {s}.", "This key does not cover: {s}.").fill(
                s=SCOPES[scope]
            )
        )
    return caller


def door_of(request: HttpRequest, scope: str, purpose: Purpose | None) -> Door:
    """The reading door for the caller. Raises Denied for a scope or a purpose that is not his."""
    caller = caller_of(request, scope)
    return open_door(caller.actor, caller.purpose(purpose))


def for_those_inside(view: View) -> View:
    """The description of the door, for those who may knock: with a key, or from the desk."""

    @wraps(view)
    # Any: ninja passes its own view through.
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bearer = request.headers.get("Authorization", "")
        _, _, token = bearer.partition(" ")
        known = caller_by(token) if bearer else getattr(request, "desk", None)
        return view(request, *args, **kwargs) if known else problems.of_status(request, 401)

    return guarded


def _counted(caller: Caller) -> Caller:
    wait = LIMITS.take(caller.name)
    if wait:
        raise TooMany(wait)
    return caller
