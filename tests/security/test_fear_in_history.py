"""Who may not know of a fear of return reads the same history as after any second inspection."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.flow import decide
from tapal.flow.officers import actor_of
from tapal.store.models import Access, Officer, Task
from tests.web.conftest import LEADER, OWNER, SIGNER, STEWARD, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def officer() -> Actor:
    return actor_of(Officer.objects.get(username=OWNER), "PLBN-11")


def history(client: Client, record: str) -> str:
    page = client.get(reverse("record", args=[record])).content.decode()
    return page[page.index('id="history-title"') :]


@pytest.mark.parametrize("reader", [OWNER, LEADER, SIGNER])
def test_the_act_goes_by_its_outward_name(sit: Sit, crossing: str, reader: str) -> None:
    decide.act(crossing, "fear_of_return", {"words": "x", "language": "tet"}, actor=officer())
    told = history(sit(reader), crossing)
    assert "Periksa lanjut" in told
    for telling in ("Takut kembali", "catatan diperbarui", "fear"):
        assert telling not in told


def test_a_look_at_the_withheld_task_tells_the_steward_nothing(sit: Sit, crossing: str) -> None:
    decide.act(crossing, "fear_of_return", {"words": "x", "language": "tet"}, actor=officer())
    task = str(Task.objects.get(name="fear_of_return").pk)
    assert sit("imi.pelindungan").get(reverse("task", args=[task])).status_code == 200
    assert Access.objects.filter(subject=task, act="read").exists()
    page = sit(STEWARD).get(reverse("access_log"))
    assert page.status_code == 200
    assert task not in page.content.decode()
    assert task in sit("bnpp.auditor").get(reverse("access_log")).content.decode()
