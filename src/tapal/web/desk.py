"""Who sits at the desk: the officer, the agency and post he works under, and why he looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.web.rooms import ROOM

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """One officer at one post. `zone` is the post's IANA time zone, Jakarta's without a post."""

    actor: Actor
    purpose: Purpose
    agency: Text
    post: Place | None

    @property
    def zone(self) -> str:
        return (self.post.zone if self.post else "") or "Asia/Jakarta"

    @property
    def powers(self) -> frozenset[str]:
        return self.actor.powers

    def may(self, power: str) -> bool:
        """True when the officer holds the power here and now."""
        return power in self.actor.powers


class DeskRequest(HttpRequest):
    """A request by somebody who sits at a desk."""

    desk: Desk


def desk_of(request: HttpRequest) -> Desk | None:
    """The desk of this session; None before login or before a post was chosen."""
    from tapal.web.seats import sit  # the seats read the store, which is ready by then

    return sit(request)


# Any: a view may be given any arguments by its URL.
View = Callable[Concatenate[DeskRequest, P], HttpResponse]


def at_desk(
    room: str = "",
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page of a room: login first, then a post, then the power that the room asks for.

    Raises Denied without that power.
    """

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _first(request, "account_login")
            desk: Desk | None = getattr(request, "desk", None)
            if desk is None:
                return _first(request, "seats")
            if room and not ROOM[room].open_to(desk.powers):
                raise Denied
            return view(cast(DeskRequest, request), *args, **kwargs)

        return guarded

    return wrap


def _first(request: HttpRequest, page: str) -> HttpResponseRedirect:
    after = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse(page)}?{after}")
