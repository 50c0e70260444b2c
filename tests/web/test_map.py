"""The map and its list: what each reader sees of the posts, the stranger first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse

from tapal.store.models import Access, Agreement, Alert, Record
from tapal.web import speech
from tests.web.conftest import ADMIN, GRANTEE, OWNER, STEWARD, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@pytest.fixture
def today(crossing: str, alert: Alert) -> None:
    """The crossing happened just now."""
    Record.objects.filter(pk=crossing).update(occurred_at=speech.now())


def spot(page: str, post: str = "PLBN-11") -> str:
    """The list's row of a post."""
    found = re.search(rf'id="p-{post}".*?</li>', page, re.S)
    assert found is not None
    return found[0]


def test_a_stranger_sees_the_posts_and_nothing_that_happened(sit: Sit, today: None) -> None:
    page = sit(STRANGER).get(reverse("map")).content.decode()
    row = spot(page)
    assert 'data-size="0" data-alerts="0" data-late="0"' in row and "0 catatan" in row
    assert set(re.findall(r'data-size="(\d)"', page)) == {"0"}


def test_the_owner_and_who_an_agreement_gives_something_see_the_day(sit: Sit, today: None) -> None:
    row = spot(sit(OWNER).get(reverse("map")).content.decode())
    waiting = Alert.objects.filter(state="open").count()
    assert 'data-size="1"' in row and f'data-alerts="{waiting}"' in row and waiting > 0
    given = spot(sit(GRANTEE).get(reverse("map")).content.decode())
    assert 'data-size="1"' in given
    Agreement.objects.filter(taker_id="DJBC").update(revoked_at=speech.now())
    assert 'data-size="0"' in spot(sit(GRANTEE).get(reverse("map")).content.decode())


def test_the_look_is_written_down_and_who_reads_no_records_has_no_map(
    sit: Sit, today: None
) -> None:
    sit(OWNER).get(reverse("map"))
    look = Access.objects.get(subject="map")
    assert (look.act, look.officer, look.count) == ("count", "IMI-0001", 1)
    assert sit(ADMIN).get(reverse("map")).status_code == 403
    assert sit(STEWARD).get(reverse("map")).status_code == 200


def test_the_policy_lets_in_the_desks_own_worker_and_nothing_else(sit: Sit) -> None:
    policy = sit(OWNER).get(reverse("map"))["Content-Security-Policy"]
    assert "worker-src 'self'" in policy and "script-src 'self';" in policy
    assert "blob:" not in policy and "unsafe" not in policy and "http" not in policy
    assert "worker-src" not in sit(OWNER).get(reverse("alerts"))["Content-Security-Policy"]


def test_a_layer_is_packed_kept_and_not_for_those_outside(sit: Sit) -> None:
    address = reverse("map_layer", args=["land"])
    client = sit(OWNER)
    answer = client.get(address)
    assert answer["Content-Encoding"] == "gzip" and "private" in answer["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(reverse("map_layer", args=["secret"])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_broken_boundary_file_is_told_and_the_list_stands(
    sit: Sit, today: None, tmp_path: Path, settings: LazySettings
) -> None:
    broken = tmp_path / "big.geojson"
    broken.write_text("{")
    settings.TAPAL_BOUNDARY = str(broken)
    page = sit(OWNER).get(reverse("map")).content.decode()
    assert "tidak dapat digambar" in page and 'data-boundary=""' in page
    assert 'data-size="1"' in spot(page)
    assert sit(OWNER).get(reverse("map_layer", args=["boundary"])).status_code == 422
