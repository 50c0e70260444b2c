"""A program before the API: its keys, and its requests through Django's own test client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tapal.flow import keys
from tapal.flow.officers import actor_of
from tapal.store.models import Officer
from tapal.web.api.limits import LIMITS
from tapal.web.tokens import token_of

# Any: the test client's own answer, an HttpResponse with more.
Answer = Any
BASE = "/api/v1/"
ALL = tuple(keys.SCOPES)


def key_for(username: str, *scopes: str, purpose: str = "", days: int = 90) -> tuple[str, keys.Key]:
    """A key of an account at its only post, with its row."""
    officer = Officer.objects.get(username=username)
    mandate = officer.mandates.all()[0]
    actor = actor_of(officer, mandate.place_id, agency=mandate.agency_id)
    key = keys.give_key(officer, actor, scopes=scopes or ALL, purpose=purpose, days=days)
    return token_of(officer, key), key


@dataclass(frozen=True)
class Program:
    """A program with its key. Any: a JSON answer, here and below."""

    key: str

    def get(self, path: str, **more: Any) -> Answer:
        """Ask for a path below the API's address."""
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        return Client().get(BASE + path, more, headers=headers)

    def post(
        self, path: str, data: Any, content_type: str = "application/octet-stream", **headers: str
    ) -> Answer:
        """Send a body."""
        sent = {"Authorization": f"Bearer {self.key}", **headers}
        return Client().post(BASE + path, data, content_type=content_type, headers=sent)


def read(answer: Answer) -> Any:
    """The JSON of an answer that must be well."""
    assert answer.status_code in (200, 202), answer.content.decode()
    return json.loads(answer.content)


def problem(answer: Answer, status: int) -> Any:
    """The problem of an answer, which must be a whole one in both languages."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["status"] == status and told["type"].startswith("urn:tapal:problem:")
    for said in (told, told["said"]["id"], told["said"]["en"]):
        assert said["title"] and said["detail"] and said["mend"]
    return told


@pytest.fixture
def fresh_limits() -> Iterator[None]:
    """Nobody has asked anything yet."""
    LIMITS.forget()
    yield
    LIMITS.forget()
