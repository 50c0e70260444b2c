"""A store with reference data and the parcel kind, and the three who look: owner, grantee, stranger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tapal import kinds
from tapal.core.actions import Actor
from tapal.flow import gather, reference, setup
from tests.flow.parcels import PARCEL

ALL_POWERS = frozenset(
    {
        "record.read",
        "record.write",
        "counter.decide",
        "alert.triage",
        "alert.close",
        "task.do",
        "reject.read",
        "reject.mend",
        "listing.edit",
    }
)


@pytest.fixture
def home(db: None, tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A home of this test's own with reference data in a database that the test may change."""
    settings.TAPAL_HOME = tmp_path
    reference.forget()
    setup.seed()
    yield tmp_path
    reference.forget()


@pytest.fixture
def parcels(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The house with one kind more, by its one line in the table."""
    monkeypatch.setitem(kinds.KINDS, "parcel", PARCEL)
    gather.needs_of.cache_clear()
    yield home
    gather.needs_of.cache_clear()


@pytest.fixture
def owner() -> Actor:
    """A customs officer: the parcels are his agency's."""
    return Actor("1", "DJBC-1", "Owner", "DJBC", "PLBN-11", ALL_POWERS)


@pytest.fixture
def stranger() -> Actor:
    """An officer of an agency that no agreement gives anything."""
    return Actor("2", "PSDKP-1", "Stranger", "PSDKP", None, ALL_POWERS)
