"""What every page is given: who sits here, which rooms are his, the look of the screen."""

from __future__ import annotations

from django.http import HttpRequest

from tapal.web import speech
from tapal.web.desk import Desk
from tapal.web.rooms import ROOM, ROOMS
from tapal.web.strip import state_of_post

THEMES = ("light", "dark")


def context(request: HttpRequest) -> dict[str, object]:
    """The context processor of every template."""
    desk: Desk | None = getattr(request, "desk", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "language": speech.language(),
        "theme": theme if theme in THEMES else "",
        "desk": desk,
        "zone": desk.zone if desk else "",
        "post_state": state_of_post if desk else (),
        # A scan on any page of theirs goes to the counter.
        "works_counter": desk is not None and ROOM["counter"].open_to(desk.powers),
        "rooms": [r for r in ROOMS if r.open_to(desk.powers)] if desk else [],
    }
