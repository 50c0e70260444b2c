"""What makes a node unsafe is told, with its mend; what is well is not complained of."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tapal.flow import backup, clock, health, safety
from tapal.flow.events import record_event
from tapal.flow.sign import Sign
from tapal.store.models import Event, Roll

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@pytest.fixture(autouse=True)
def alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reached from this machine alone, as a node is that nobody set up further."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    monkeypatch.delenv("TAPAL_HOST", raising=False)


def told(name: str) -> Sign:
    return {sign.name.en: sign for sign in health.signs()}[name]


def test_a_node_set_up_well_has_nothing_bad(home: Path) -> None:
    assert [sign for sign in health.signs() if sign.grade == "bad"] == []


@pytest.mark.parametrize("name", ["", "tapal.sqlite3", "secret.key", "raw"])
def test_what_others_can_read_is_told(home: Path, name: str) -> None:
    path = home / name
    if name and not path.exists():
        path.mkdir(mode=0o700) if name == "raw" else path.touch(mode=0o600)
    mode = path.stat().st_mode
    path.chmod(mode | 0o044)
    try:
        sign = told("Files are their owner's alone" if name else "Folder TAPAL_HOME")
    finally:
        path.chmod(mode)
    assert sign.grade == "bad"
    assert name in sign.seen


@pytest.mark.parametrize(
    "key", ["short", "a" * 64, "changeme" * 8, "django-insecure-" + "qwertzuiopasdfghjkl" * 3]
)
def test_a_key_that_can_be_guessed_is_told(home: Path, settings: Any, key: str) -> None:
    settings.SECRET_KEY = key
    assert told("Secret key").grade == "bad"


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("ALLOWED_HOSTS", ["tapal.example.go.id"], "Cookies over TLS only"),
        ("ALLOWED_HOSTS", ["*"], "Host names are named one by one"),
        ("DEBUG", True, "Debug mode"),
    ],
)
def test_an_unsafe_setting_is_told(
    home: Path, settings: Any, setting: str, value: object, name: str
) -> None:
    setattr(settings, setting, value)
    assert told(name).grade == "bad"


@pytest.mark.parametrize(
    ("host", "grade"),
    [
        ("0.0.0.0", "bad"),
        ("::", "bad"),
        ("pos.local", "bad"),
        ("127.0.0.1", "good"),
        ("::1", "good"),
    ],
)
def test_listening_for_others_without_tls_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str, grade: str
) -> None:
    monkeypatch.setenv("TAPAL_HOST", host)
    assert told("Cookies over TLS only").grade == grade


def test_a_disk_that_is_nearly_full_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "LEAST_FREE_BYTES", 1 << 60)
    assert told("Free disk space").grade == "bad"


def test_a_clock_that_was_set_back_is_told(home: Path) -> None:
    record_event("place.saved", "PLBN-11", {})
    Event.objects.update(at=timezone.now() + timedelta(days=2))
    sign = told("Clock")
    assert sign.grade == "bad"
    assert f"{timezone.now() + timedelta(days=2):%Y-%m-%d}" in sign.mend.en


def test_a_clock_before_the_program_is_told(home: Path) -> None:
    assert clock.stands_before(timezone.now() - timedelta(days=9999)) is not None
    assert clock.stands_before(timezone.now()) is None


@pytest.mark.parametrize(("held", "grade"), [(True, "good"), (False, "soon"), (None, "good")])
def test_a_clock_that_no_server_holds_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, held: bool | None, grade: str
) -> None:
    monkeypatch.setattr(clock, "synchronised", lambda: held)
    assert told("Clock").grade == grade


@pytest.mark.parametrize(("days", "grade"), [(0, "good"), (3, "soon"), (8, "bad")])
def test_the_last_backup_ages(home: Path, days: int, grade: str) -> None:
    assert told("Last backup").grade == "good"  # nothing to lose yet
    made = timezone.now() - timedelta(days=days)
    (home / backup.LAST).write_text(made.isoformat())
    assert backup.last_made() == made
    assert told("Last backup").grade == grade


@pytest.mark.parametrize(("days", "grade"), [(0, "good"), (2, "soon"), (4, "bad")])
def test_lists_without_news_are_told(home: Path, days: int, grade: str) -> None:
    Roll.objects.filter(code="cegah").update(imported_at=timezone.now() - timedelta(days=days))
    assert told("Lists last updated").grade == grade


def test_one_old_list_among_new_ones_is_named(home: Path) -> None:
    Roll.objects.filter(code="cegah").update(imported_at=timezone.now())
    Roll.objects.filter(code="dpo").update(imported_at=timezone.now() - timedelta(days=9))
    sign = told("Lists last updated")
    assert sign.grade == "soon"
    assert "dpo" in sign.seen and "cegah" not in sign.seen
