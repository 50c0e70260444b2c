"""What every answer carries, which language it speaks, and how Tapal's errors become pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from tapal.core.errors import Denied, Missing, Rejected, TapalError, Unavailable
from tapal.flow.share import access
from tapal.web.bodies import LONGEST
from tapal.web.desk import Desk, desk_of

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

# What somebody may do who must first change a temporary password.
OPEN_TO_ALL = frozenset(
    {"account_change_password", "account_login", "account_logout", "language", "theme"}
)

# No inline script or style anywhere; `data:` is for the pictures inside Tabler's style sheet.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class PageHeaders:
    """The content security policy, and no page kept by the browser for the next user."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Before anything parses a form: a file would be written to the disk as it comes.
        too_long = int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST
        response = HttpResponse(status=413) if too_long else self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response


class Language:
    """Indonesian, unless this session, this officer or this browser chose English."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(chosen_language(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "id")
            return response


def chosen_language(request: HttpRequest) -> str:
    """The session's choice, else the officer's, else the browser's cookie, else Indonesian."""
    spoken = (
        request.session.get("language")
        or (request.user.language if request.user.is_authenticated else "")
        or request.COOKIES.get("language", "")
    )
    return "en" if spoken == "en" else "id"


class AtTheDesk:
    """Puts who sits at the desk into the request, and turns Tapal's errors into plain pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        desk = desk_of(request)
        request.desk = desk  # type: ignore[attr-defined]
        # Moments on every page of it are told in its zone.
        with timezone.override(desk.zone if desk else None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Nothing opens with a temporary password but the page that changes it."""
        temporary = request.user.is_authenticated and request.user.temporary_until is not None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if temporary and name not in OPEN_TO_ALL:
            return redirect("account_change_password")
        return None

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """A page that says what to do; anything that is not ours goes on to Django."""
        if not isinstance(trouble, TapalError):
            return None
        if isinstance(trouble, Denied):
            note_denied(request)
        status, template = page_for(trouble)
        return render(request, template, {"trouble": trouble}, status=status)


def note_denied(request: HttpRequest) -> None:
    """A page or an act that was refused leaves a trace like a look that was."""
    desk: Desk | None = getattr(request, "desk", None)
    if desk is not None:
        access.note(desk.actor, desk.purpose, access.DENIED, subject=request.path)


def page_for(trouble: TapalError) -> tuple[int, str]:
    """The HTTP status and the page of an error."""
    match trouble:
        case Denied():
            return 403, "denied.html"
        case Missing():
            return 404, "404.html"
        case Rejected():
            return 422, "rejected.html"
        case Unavailable():
            return 503, "unavailable.html"
    return 500, "500.html"
