"""What the web tells a stranger: how long to come by TLS alone, and nothing of its programs' door."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tapal.web import settings as ours
from tests.web.conftest import OWNER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
DESCRIPTION = "/api/v1/openapi.json"


def settings_with(
    monkeypatch: pytest.MonkeyPatch, home: Path, **given: str
) -> dict[str, Any]:  # Any: settings
    monkeypatch.setenv("TAPAL_HOME", str(home))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ours.__file__))


def test_behind_tls_browsers_are_told_to_stay(
    desk: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    told = settings_with(monkeypatch, desk, TAPAL_TLS="1")
    assert told["SECURE_HSTS_SECONDS"] == 31_536_000
    settings.SECURE_HSTS_SECONDS = told["SECURE_HSTS_SECONDS"]
    assert Client().get("/masuk/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in Client().get("/masuk/")


def test_without_tls_they_are_told_nothing(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_with(monkeypatch, desk)["SECURE_HSTS_SECONDS"] == 0
    none = settings_with(monkeypatch, desk, TAPAL_TLS="1", TAPAL_HSTS_SECONDS="0")
    assert none["SECURE_HSTS_SECONDS"] == 0


def test_the_door_of_programs_is_described_to_those_inside(sit: Sit) -> None:
    stranger = Client()
    assert stranger.get(DESCRIPTION).status_code == 401
    bad = {"Authorization": "Bearer no-such-key"}
    assert stranger.get(DESCRIPTION, headers=bad).status_code == 401
    assert sit(OWNER).get(DESCRIPTION, headers=bad).status_code == 401
    assert "/api/v1/intake" in sit(OWNER).get(DESCRIPTION).json()["paths"]
