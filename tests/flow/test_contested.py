"""A contested nationality on the road: the key is not there until one value is chosen."""

from __future__ import annotations

import pytest

from tapal.core.registers import Edit
from tapal.flow import decide, records
from tapal.flow.officers import actor_of
from tapal.store.models import Officer, Record
from tests.web.conftest import LEADER, crossing, desk

pytestmark = pytest.mark.django_db(databases=["default", "access"])

__all__ = ["crossing", "desk"]


def keys(record: str) -> set[str]:
    leader = actor_of(Officer.objects.get(username=LEADER), "PLBN-11")
    return {action.name for action, _ in decide.offers(record, actor=leader)}


def test_nobody_is_refused_on_a_nationality_that_another_officer_contradicts(crossing: str) -> None:
    assert "propose_refusal" in keys(crossing)
    record = Record.objects.get(pk=crossing)
    first = str(record.first_revision)
    for number, state in (("1", "IDN"), ("2", "TLS")):
        revision = f"01a20c1c-0000-7000-8000-00000000000{number}"
        edit = Edit(revision, {"person.nationality": state}, {"person.nationality": (first,)})
        records.apply_edit(record, edit)
    assert Record.objects.get(pk=crossing).conflicting
    assert "propose_refusal" not in keys(crossing)
    leader = actor_of(Officer.objects.get(username=LEADER), "PLBN-11")
    decide.settle_conflict(crossing, "person.nationality", "TLS", actor=leader)
    assert "propose_refusal" in keys(crossing)
