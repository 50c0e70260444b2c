"""The OpenAPI description: what each route answers, its problems among them."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import models_json_schema

from tapal.web.api.problems import MEDIA_TYPE, PREFIX, SORTS, Problem

_ALWAYS = (400, 401, 403, 422, 429, 500, 503)
_BY_ID, _BY_POST = (404,), (409, 413, 415)
_REF = "#/components/schemas/{model}"
# Any: an OpenAPI document is JSON, here and below.
Part = dict[str, Any]


class Described(NinjaAPI):
    """An API whose description names every problem that a route may answer with."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: Part | None = None
    ) -> OpenAPISchema:
        """The whole description."""
        told = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        _, shapes = models_json_schema([(Problem, "serialization")], ref_template=_REF)
        told["components"].setdefault("schemas", {}).update(shapes["$defs"])
        for path, methods in told["paths"].items():
            for method, operation in methods.items():
                _add_problems(path, method, operation)
        return told


def _add_problems(path: str, method: str, operation: Part) -> None:
    statuses = [*_ALWAYS, *(_BY_ID if "{" in path else ()), *(_BY_POST if method == "post" else ())]
    for status in sorted(statuses):
        sort = SORTS[status]
        told: Part = {
            "description": f"{sort.title.en} / {sort.title.id} ({PREFIX}{sort.name})",
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
        if status in (409, 429, 503):
            told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
        operation["responses"][status] = told
    if method == "get":
        operation["responses"][304] = {"description": "As the ETag in If-None-Match says"}
