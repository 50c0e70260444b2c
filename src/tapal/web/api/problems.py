"""Every error of the API as a problem (RFC 9457), in both languages, with its place and its mend."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tapal.core.errors import Denied, Missing, Rejected, TapalError, Unavailable
from tapal.core.text import Text
from tapal.flow.intake import BadHandIn, Overtaken
from tapal.flow.once import UnderWay
from tapal.flow.recognise import NotKept

log = logging.getLogger(__name__)

# The address below which all this stands.
HERE = "/api/"
MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:tapal:problem:"


class Said(Schema):
    """The sentences of a problem in one language."""

    title: str
    detail: str
    mend: str


class Both(Schema):
    """The same in Indonesian and in English."""

    id: Said
    en: Said


class Problem(Schema):
    """What went wrong (RFC 9457); `detail` and `mend` are in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
    mend: str
    place: str
    said: Both


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of problem: its name, status, title, and what may be done about it in general."""

    name: str
    status: int
    title: Text
    mend: Text


def _sort(name: str, status: int, title: Text, mend: Text) -> Sort:
    return Sort(name, status, title, mend)


_CHECK = Text("Periksa permintaannya.", "Check the request.")
_LATER = Text("Coba lagi sebentar lagi.", "Try again in a moment.")

BAD_REQUEST = _sort(
    "bad-request", 400, Text("Permintaan tidak terbaca", "Unreadable request"), _CHECK
)
NO_KEY = _sort(
    "no-key",
    401,
    Text("Kunci tidak berlaku", "The key does not hold"),
    Text(
        "Kirim kunci yang berlaku: Authorization: Bearer KUNCI.",
        "Send a key that holds: Authorization: Bearer KEY.",
    ),
)
DENIED = _sort(
    "denied",
    403,
    Text("Tidak diizinkan", "Not allowed"),
    Text("Tanyakan pengelola instansi Anda.", "Ask your agency's administrator."),
)
MISSING = _sort(
    "missing",
    404,
    Text("Tidak ada", "No such thing"),
    Text("Periksa alamat dan nomornya.", "Check the address and the id."),
)
WRONG_METHOD = _sort(
    "wrong-method", 405, Text("Cara itu tidak ada di sini", "No such method here"), _CHECK
)
UNDER_WAY = _sort(
    "under-way",
    409,
    Text("Permintaan yang sama sedang dikerjakan", "The same request is under way"),
    Text("Kirim lagi sebentar lagi dengan kunci yang sama.", "Send it again with the same key."),
)
TOO_LARGE = _sort(
    "too-large",
    413,
    Text("Isinya terlalu besar", "The content is too large"),
    Text("Bagi menjadi beberapa kiriman.", "Split it into several messages."),
)
WRONG_TYPE = _sort(
    "wrong-type",
    415,
    Text("Jenis isi tidak sesuai", "Wrong content type"),
    Text("Kirim multipart/form-data.", "Send multipart/form-data."),
)
REJECTED = _sort("rejected", 422, Text("Isinya tidak sesuai", "The content does not fit"), _CHECK)
TOO_MANY = _sort(
    "too-many",
    429,
    Text("Terlalu banyak permintaan", "Too many requests"),
    Text("Tunggu sebanyak detik di Retry-After.", "Wait for the seconds in Retry-After."),
)
BROKEN = _sort(
    "broken",
    500,
    Text("Kesalahan di pihak mesin ini", "An error on this node's side"),
    Text("Beri tahu pengelola mesin.", "Tell the node's operator."),
)
UNAVAILABLE = _sort("unavailable", 503, Text("Belum dapat sekarang", "Not now"), _LATER)

SORTS = {
    s.status: s
    for s in (
        BAD_REQUEST, NO_KEY, DENIED, MISSING, WRONG_METHOD, UNDER_WAY, TOO_LARGE, WRONG_TYPE,
        REJECTED, TOO_MANY, BROKEN, UNAVAILABLE,
    )
}  # fmt: skip


class TooMany(TapalError):
    """A key asked more than its share; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(str(wait))
        self.wait = wait


class Unfit(TapalError):
    """The request itself is not what this door takes."""

    def __init__(self, sort: Sort, detail: Text, place: str = "") -> None:
        super().__init__(detail.en)
        self.sort, self.detail, self.place = sort, detail, place


def language_of(request: HttpRequest) -> str:
    """`language` of the address, else the header's first wish, else Indonesian."""
    wish = request.GET.get("language") or request.headers.get("Accept-Language", "id")
    return "en" if wish.strip().lower().startswith("en") else "id"


def told(
    sort: Sort,
    language: str,
    detail: Text | None = None,
    mend: Text | None = None,
    place: str = "",
) -> dict[str, Any]:  # Any: JSON
    """A problem as it is written, in both languages and in one of them first."""
    said = detail or Text(f"{sort.title.id}.", f"{sort.title.en}.")
    whole = {
        each: {
            "title": sort.title.say(each),
            "detail": said.say(each),
            "mend": (mend or sort.mend).say(each),
        }
        for each in ("id", "en")
    }
    head = {"type": PREFIX + sort.name, "status": sort.status}
    return {**head, **whole[language], "place": place, "said": whole}


def answer(
    request: HttpRequest,
    sort: Sort,
    detail: Text | None = None,
    mend: Text | None = None,
    *,
    place: str = "",
    wait: int | None = None,
) -> HttpResponse:
    """A problem as the answer to a request."""
    spoken = language_of(request)
    content = json.dumps(told(sort, spoken, detail, mend, place), ensure_ascii=False)
    response = HttpResponse(content, status=sort.status, content_type=MEDIA_TYPE)
    response["Content-Language"] = spoken
    if sort is NO_KEY:
        response["WWW-Authenticate"] = 'Bearer realm="Tapal"'
    if wait is not None:
        response["Retry-After"] = str(wait)
    return response


def of_error(request: HttpRequest, trouble: TapalError) -> HttpResponse:
    """One of Tapal's own errors as a problem."""
    match trouble:
        case Rejected():
            place = trouble.place
            return answer(request, REJECTED, trouble.reason, trouble.mend, place=place)
        case NotKept():
            return answer(request, DENIED, trouble.text, place="format")
        case BadHandIn():
            place = next((name for name in ("mapping", "format") if request.GET.get(name)), "")
            return answer(request, BAD_REQUEST, trouble.text, place=place)
        case Unfit():
            return answer(request, trouble.sort, trouble.detail, place=trouble.place)
        case Denied():
            return answer(request, DENIED, trouble.reason)
        case Missing():
            return answer(request, MISSING)
        case TooMany():
            return answer(request, TOO_MANY, wait=trouble.wait)
        case UnderWay() | Overtaken():
            return answer(request, UNDER_WAY, wait=2)
        case Unavailable():
            return answer(request, UNAVAILABLE, wait=5)
    raise trouble


def of_invalid(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    """Parameters that do not fit: where each stands and what is wrong with it."""
    parts = {each.get("loc", ("",))[0] for each in trouble.errors}
    if "file" in parts and request.content_type != "multipart/form-data":
        return answer(request, WRONG_TYPE)
    places = ", ".join(_place(each) for each in trouble.errors)
    reasons = "; ".join(f"{_place(each)}: {each.get('msg', '')}" for each in trouble.errors)
    detail = Text("Tidak sesuai: {r}", "It does not fit: {r}").fill(r=reasons)
    return answer(request, REJECTED, detail, place=places)


def _place(error: Mapping[str, Any]) -> str:  # Any: as the validator tells it
    where: Sequence[object] = error.get("loc", ())
    return ".".join(str(part) for part in where[1:] if part != "root") or "body"


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    """A bare status as a problem."""
    return answer(request, SORTS.get(status) or (BROKEN if status >= 500 else BAD_REQUEST))


def handle(api: NinjaAPI) -> None:
    """Have every error that is raised inside the API told as a problem."""
    # Any: each handler gets the errors that it stands beside.
    handlers: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
        (TapalError, of_error),
        (ValidationError, of_invalid),
        (AuthenticationError, lambda request, _: answer(request, NO_KEY)),
        (MultiPartParserError, lambda request, _: answer(request, BAD_REQUEST)),
        (SuspiciousOperation, lambda request, _: answer(request, BAD_REQUEST)),
        (RequestDataTooBig, lambda request, _: answer(request, TOO_LARGE)),
        (UnreadablePostError, lambda request, _: answer(request, BAD_REQUEST)),
        (Http404, lambda request, _: answer(request, MISSING)),
        (HttpError, lambda request, trouble: of_status(request, trouble.status_code)),
        (Exception, _broken),
    )
    for sort, handler in handlers:
        api.add_exception_handler(sort, handler)


def _broken(request: HttpRequest, trouble: Exception) -> HttpResponse:
    log.error("the API broke at %s", request.path, exc_info=trouble)
    return answer(request, BROKEN)
