"""Records of one bearer: joined by judgement, seen through the door, parted and joined again by hand."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Record
from tests.web.conftest import GRANTEE, OWNER, PEOPLE, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@pytest.fixture
def second(crossing: str) -> str:
    """The same bearer two days later."""
    again = PEOPLE.replace("2026-11-24T08", "2026-11-26T08")
    return hand_in(again.encode(), HandIn("again.csv", "IMI", "PLBN-11")).items[0].id


def test_a_stranger_finds_no_bearer(sit: Sit, crossing: str, second: str) -> None:
    assert sit(STRANGER).get(reverse("bearer", args=[crossing])).status_code == 404
    assert (
        sit(STRANGER).post(reverse("bearer", args=[crossing]), {"reason": "x"}).status_code == 404
    )


def test_a_grantee_parts_nothing(sit: Sit, crossing: str, second: str) -> None:
    page = reverse("bearer", args=[crossing])
    assert sit(GRANTEE).post(page, {"reason": "x"}).status_code in (403, 404)
    assert second in sit(OWNER).get(page).content.decode()


def test_the_owner_parts_a_record_and_takes_it_back(sit: Sit, crossing: str, second: str) -> None:
    client, page = sit(OWNER), reverse("bearer", args=[crossing])
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "another face"}).status_code == 302
    assert second not in client.get(page).content.decode()
    assert client.post(page, {"undo": "1"}).status_code == 302
    assert second in client.get(page).content.decode()


def test_who_acts_on_an_old_page_is_told_and_nothing_is_written(sit: Sit, crossing: str) -> None:
    old = str(Record.objects.get(pk=crossing).revision)
    client = sit(OWNER)
    page = client.get(reverse("record", args=[crossing])).content.decode()
    assert f'name="seen" value="{old}"' in page
    act = reverse("act", args=[crossing, "second_inspection"])
    assert client.post(act, {"seen": old}).status_code == 302
    written = Record.objects.get(pk=crossing).revision
    answer = client.post(act, {"seen": old}, follow=True)
    assert "petugas lain" in answer.content.decode()
    assert Record.objects.get(pk=crossing).revision == written
