"""What every answer under the API's address has in common: problems for errors, an ETag for the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from tapal.web.api.problems import HERE, MEDIA_TYPE, of_status

GetResponse = Callable[[HttpRequest], HttpResponse]


class ApiEdges:
    """The outermost of all: what no view answered, and what Django itself refuses, is a problem too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(HERE):
            return response
        if response.status_code >= 400:
            return _as_problem(request, response)
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return _unless_held(request, response) if request.method == "GET" else response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    told = of_status(request, response.status_code)
    told.status_code = response.status_code
    for name in ("Allow", "Retry-After", "Cache-Control", "Content-Security-Policy"):
        if name in response.headers:
            told[name] = response.headers[name]
    return told


def _unless_held(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 without a body where the caller says that he holds this very answer."""
    if response.streaming or response.status_code != 200:
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if tag not in held and "*" not in held:
        return response
    same = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        if name in response.headers:
            same[name] = response.headers[name]
    return same
