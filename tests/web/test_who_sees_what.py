"""Each page for the stranger first, then the grantee, then the owner; and for nobody at all."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tapal.store.models import Access, Alert, Reject
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STEWARD, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

# A room's pages by the officers for whom they open (200) or not (403).
ROOMS = {
    "queue": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD, ADMIN),
    "counter": (OWNER, GRANTEE, STRANGER, LEADER),
    "alerts": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD),
    "tasks": (OWNER, GRANTEE, STRANGER, LEADER),
    "search": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD),
    "intake": (OWNER, GRANTEE, STRANGER, LEADER),
    "rejects": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD),
    "shift": (LEADER,),
    "lists": (LEADER, STEWARD),
    "sharing": (STEWARD,),
    "access_log": (STEWARD,),
    "agreement_new": (STEWARD,),
    "people": (ADMIN,),
    "officer_new": (ADMIN,),
    "posts": (ADMIN,),
    "machine": (ADMIN,),
    "account": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD, ADMIN),
    "pin": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD, ADMIN),
    "seats": (OWNER, GRANTEE, STRANGER, LEADER, STEWARD, ADMIN),
}


@pytest.mark.parametrize("username", [STRANGER, GRANTEE, OWNER, LEADER, STEWARD, ADMIN])
def test_a_room_opens_to_its_powers_alone(sit: Sit, username: str) -> None:
    client = sit(username)
    found = {name: client.get(reverse(name)).status_code for name in ROOMS}
    assert found == {name: 200 if username in who else 403 for name, who in ROOMS.items()}


def test_nobody_sees_anything_before_login(desk: None, client: Client) -> None:
    for name in ROOMS:
        assert client.get(reverse(name)).status_code == 302, name


def test_a_stranger_finds_no_record(sit: Sit, crossing: str) -> None:
    client = sit(STRANGER)
    for name in ("record", "counter_answer", "print", "looks"):
        assert client.get(reverse(name, args=[crossing])).status_code == 404, name
    act = reverse("act", args=[crossing, "allow"])
    assert client.post(act).status_code == 404
    assert client.post(reverse("undo", args=[crossing])).status_code == 404
    assert b"SOARES" not in client.get(reverse("search"), {"q": "C0123456"}).content
    assert b"SOARES" not in client.post(reverse("counter"), {"q": "C0123456"}).content


def test_a_stranger_is_told_the_same_of_what_there_is_and_is_not(sit: Sit, crossing: str) -> None:
    client = sit(STRANGER)
    nothing = "0190b0a0-0000-7000-8000-000000000000"
    there = client.get(reverse("record", args=[crossing])).content.decode()
    absent = client.get(reverse("record", args=[nothing])).content.decode()
    token = re.compile(r'(value=|X-CSRFToken": )"[A-Za-z0-9]{64}"')
    assert token.sub("", there.replace(crossing, "")) == token.sub("", absent.replace(nothing, ""))


def test_each_denied_look_is_on_record(sit: Sit, crossing: str) -> None:
    sit(STRANGER).get(reverse("record", args=[crossing]))
    assert Access.objects.filter(subject=crossing, act="denied", officer="PSD-0001").exists()


def test_a_grantee_sees_what_the_agreement_gives(sit: Sit, crossing: str) -> None:
    page = sit(GRANTEE).get(reverse("record", args=[crossing])).content.decode()
    assert "C0123456" in page and "SOARES" in page
    assert "red bag" not in page  # remarks are not in the agreement
    assert "DEMO-IMI-DJBC" in page
    assert "/tindakan/" not in page  # reading is not acting


def test_a_grantee_may_not_act(sit: Sit, crossing: str) -> None:
    client = sit(GRANTEE)
    act = reverse("act", args=[crossing, "second_inspection"])
    assert client.post(act).status_code == 404
    assert client.get(reverse("looks", args=[crossing])).status_code == 404


def test_the_owner_sees_all(sit: Sit, crossing: str) -> None:
    page = sit(OWNER).get(reverse("record", args=[crossing])).content.decode()
    assert "red bag" in page and "/tindakan/" in page


@pytest.mark.parametrize("name", ["alert"])
def test_an_alert_for_the_three(sit: Sit, alert: Alert, name: str) -> None:
    page = reverse(name, args=[alert.pk])
    assert sit(STRANGER).get(page).status_code == 404
    assert sit(OWNER).get(page).status_code == 200
    for verb in ("alert_take", "alert_close", "alert_reopen"):
        data = {"outcome": "true", "reason": "x"}
        assert sit(STRANGER).post(reverse(verb, args=[alert.pk]), data).status_code in (403, 404)


def test_a_reject_is_its_agencys_own(sit: Sit, reject: Reject) -> None:
    page = reverse("reject", args=[reject.pk])
    for username in (STRANGER, GRANTEE):
        assert sit(username).get(page).status_code == 404
        assert b"bad.csv" not in sit(username).get(reverse("rejects")).content
        for verb in ("reject_mend", "reject_replay", "reject_dismiss"):
            data = {"text": "x", "note": "x"}
            assert sit(username).post(reverse(verb, args=[reject.pk]), data).status_code == 404
    assert sit(OWNER).get(page).status_code == 200


def test_who_looked_is_for_leaders_and_stewards(sit: Sit, crossing: str) -> None:
    sit(GRANTEE).get(reverse("record", args=[crossing]))
    page = reverse("looks", args=[crossing])
    assert sit(OWNER).get(page).status_code == 404
    shown = sit(LEADER).get(page).content.decode()
    assert "BC-0001" in shown and "DEMO-IMI-DJBC" in shown
