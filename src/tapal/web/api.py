"""The desk's API: messages handed in by programs, answered with what became of each part."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.security import HttpBearer, SessionAuth

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.flow.intake import BadHandIn
from tapal.flow.report import POWER, hand_in_as
from tapal.web.desk import Desk
from tapal.web.tokens import actor_by

View = Callable[..., HttpResponse]


class FoundOut(Schema):
    """One finding as a sentence."""

    rule: str
    label: str
    text: str
    weight: str
    disputed: bool


class ItemOut(Schema):
    """One part of a message and what became of it."""

    source: str
    place: str
    status: str
    kind: str | None
    id: str | None
    reason: str | None
    screened: bool | None
    findings: list[FoundOut]


class IntakeOut(Schema):
    """The same object as `tapal intake --json` prints."""

    records: int
    rejects: int
    known: int
    findings: int
    alerts: int
    unscreened: int
    items: list[ItemOut]


class ErrorOut(Schema):
    """Why nothing was done."""

    detail: str


class Key(HttpBearer):
    """`Authorization: Bearer …` with a key from the account page."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Whom the key speaks for; None for one that does not hold."""
        try:
            return actor_by(token)
        except Denied:
            return None


class Sitting(SessionAuth):
    """An officer at the desk, with the form token that every post needs.

    A request that brings a key stands or falls by it.
    """

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Ask the session only where no key was given."""
        if "Authorization" in request.headers:
            return None
        found: Actor | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Who sits at the desk."""
        desk: Desk | None = getattr(request, "desk", None)
        return desk.actor if desk else None


def for_those_inside(view: View) -> View:
    """The description of the door, for those who may knock: with a key, or from the desk."""

    @wraps(view)
    # Any: ninja passes its own view through.
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bearer = request.headers.get("Authorization", "")
        _, _, token = bearer.partition(" ")
        known = Key().authenticate(request, token) if bearer else getattr(request, "desk", None)
        return view(request, *args, **kwargs) if known else HttpResponse(status=401)

    return guarded


api = NinjaAPI(
    title="Tapal",
    version="1",
    docs_url=None,
    docs_decorator=for_those_inside,
    urls_namespace="api",
)


@api.post(
    "intake",
    auth=[Key(), Sitting()],
    response={200: IntakeOut, 400: ErrorOut, 403: ErrorOut},
    summary="Hand a message in",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def intake(
    request: HttpRequest,
    format: str | None = None,
    source: str = "",
    language: str = "id",
    purpose: str = "",
) -> Status[Any]:  # Any: ninja checks it against the response's schema
    """Hand in the body of the request as one message; the format is recognised when not named.

    `purpose` is what the findings are looked at for, the likeliest of the agency's when not named.
    The agency and the post are those of the officer. The same message sent again doubles nothing.
    """
    actor: Actor = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    if POWER not in actor.powers:
        return Status(403, {"detail": "not allowed"})
    if not request.body:
        return Status(400, {"detail": "the body is empty"})
    spoken = "en" if language == "en" else "id"
    why = next((p for p in Purpose if p == purpose), None)
    if purpose and why is None:
        return Status(400, {"detail": f"no such purpose; one of {', '.join(Purpose)}"})
    try:
        told = hand_in_as(request.body, source, format, actor=actor, language=spoken, purpose=why)
        return Status(200, told)
    except Denied as wrong:
        return Status(403, {"detail": wrong.reason.say(spoken) if wrong.reason else "not allowed"})
    except BadHandIn as wrong:
        return Status(400, {"detail": wrong.text.say(spoken)})
