"""The API against its own description: schemathesis asks what it says can be asked, and what it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tapal.flow import reference
from tapal.flow.intake import HandIn
from tapal.flow.listed import LISTS
from tapal.flow.report import hand_in
from tapal.store.models import Listing, Roll
from tapal.web.api import api
from tapal.web.api.limits import LIMITS
from tests.web.api_calls import Program, key_for, problem, read
from tests.web.conftest import OWNER, PEOPLE, UNREADABLE

pytestmark = pytest.mark.django_db(databases=["default", "access"])

EXAMPLES = 12
# Any: the library's own configuration, a document.
CONFIG: dict[str, Any] = {"generation": {"max-examples": EXAMPLES, "deterministic": True}}


DESCRIPTION = json.loads(
    json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), cls=DjangoJSONEncoder)
)
schema = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig.from_dict(CONFIG))
schema.app = WSGIHandler()


@pytest.fixture
def program(desk: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A program with every scope before a store that holds something, and that may ask as fast as it can."""
    monkeypatch.setattr(type(LIMITS), "take", lambda *_: 0)
    hand_in(PEOPLE.encode(), HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001"))
    hand_in(UNREADABLE.encode(), HandIn("bad.csv", "IMI", "PLBN-11", None, "IMI-0001"))
    person = {"names": ["MARIA SOARES"], "birth_dates": ["1988-02-14"], "nationalities": ["TLS"]}
    roll = Roll.objects.order_by("code")[0]
    Listing.objects.create(roll=roll, entity_id="E1", schema="Person", data=person)
    reference.bump(LISTS)
    return {"Authorization": f"Bearer {key_for(OWNER)[0]}"}


def unknowable(answer: Any) -> bool:
    """What no description can tell: an unknown cursor or mapping, a used key, a file without a byte.

    An empty file is left out by the client itself, and then "files" is missing.
    """
    if answer.status_code not in (400, 422):
        return False
    return answer.json().get("place") in ("cursor", "mapping", "Idempotency-Key", "files")


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_each_route_keeps_to_the_description(case: Any, program: dict[str, str]) -> None:
    answer = case.call(headers=program)
    excluded = [positive_data_acceptance] if unknowable(answer) else None
    case.validate_response(answer, headers=program, excluded_checks=excluded)


def test_the_description_is_the_one_that_is_served(program: dict[str, str]) -> None:
    served = Program(program["Authorization"].removeprefix("Bearer ")).get("openapi.json")
    assert read(served) == DESCRIPTION and DESCRIPTION["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    "asked", [{"since": "0"}, {"until": "0.5"}, {"since": "-1"}, {"until": "1e9"}, {"since": "now"}]
)
def test_a_bare_number_is_no_moment(program: dict[str, str], asked: dict[str, str]) -> None:
    mine = Program(program["Authorization"].removeprefix("Bearer "))
    told = problem(mine.get("records", **asked), 422)
    assert told["place"] == next(iter(asked))


def test_an_unknown_cursor_is_named_as_the_description_names_it(program: dict[str, str]) -> None:
    mine = Program(program["Authorization"].removeprefix("Bearer "))
    for path in ("records", "alerts", "tasks", "cases", "rejects", "changes"):
        assert problem(mine.get(path, cursor="x"), 422)["place"] == "cursor"
