"""The API for programs: what they hand in and what they read, each by a key of its own.

Every look goes through the reading door and leaves its trace; every error is a problem (RFC 9457).
"""

from __future__ import annotations

from tapal.web.api import intake, problems, reading, yente
from tapal.web.api.callers import AUTH, for_those_inside
from tapal.web.api.description import Described

api = Described(
    title="Tapal",
    version="1",
    description="Records of a border, each agency's own, shared as agreements say. See docs/api.md.",
    docs_url=None,
    docs_decorator=for_those_inside,
    urls_namespace="api",
    auth=AUTH,
)
problems.handle(api)
api.add_router("", intake.router, tags=["intake"])
api.add_router("", reading.router, tags=["reading"])
api.add_router("yente", yente.router, tags=["screening, as yente"])
