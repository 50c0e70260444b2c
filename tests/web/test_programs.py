"""An agency's keys and notices at the desk: the stranger first, each secret once, nothing given beyond oneself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tapal.flow import keys, outbox
from tapal.flow.demo_officers import DEMO_PASSWORD
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all
from tapal.store.models import Mandate, Notice, Officer, Subscription
from tests.web.api_calls import Program, problem, read
from tests.web.conftest import ADMIN, OWNER, PEOPLE, STEWARD, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

ACCOUNT, POST = "imi.motaain", "PLBN-11"
WANTED = {
    "account": f"{ACCOUNT}@{POST}", "scope": ["records", "changes"], "purpose": "border_control",
    "label": "SIMKIM", "days": "30", "password": DEMO_PASSWORD,
}  # fmt: skip
TARGET = {
    "account": f"{ACCOUNT}@{POST}", "purpose": "border_control", "channel": "webhook",
    "target": "https://sistem.example.go.id/tapal", "type": ["alert.opened"],
}  # fmt: skip


def shown(page: str) -> str:
    found = re.search(r'<pre class="raw mb-0" tabindex="0">([^<]+)</pre>', page)
    assert found, "no secret is shown"
    return found[1]


@pytest.fixture
def manager(sit: Sit) -> Client:
    return sit(STEWARD)


@pytest.mark.parametrize("username", [STRANGER, OWNER, ADMIN])
def test_who_does_not_manage_programs_finds_neither_room(sit: Sit, username: str) -> None:
    his = sit(username)
    for path in ("/kunci/", "/pemberitahuan/"):
        assert his.get(path).status_code == 403
    assert his.post("/kunci/baru/", WANTED).status_code == 403
    assert his.post("/pemberitahuan/baru/", TARGET).status_code == 403
    assert not Subscription.objects.exists()


def test_another_agencys_manager_sees_and_moves_nothing(sit: Sit, manager: Client) -> None:
    manager.post("/kunci/baru/", WANTED)
    manager.post("/pemberitahuan/baru/", TARGET)
    held, officer = Subscription.objects.get(), Officer.objects.get(username=ACCOUNT)
    Mandate.objects.filter(officer__username=STRANGER).update(role="steward", place=None)
    his = sit(STRANGER)
    for path in ("/kunci/", "/pemberitahuan/"):
        page = his.get(path).content.decode()
        assert ACCOUNT not in page and "example.go.id" not in page
    for path in (
        f"/kunci/{officer.number}/1/akhiri/", f"/kunci/{officer.number}/1/ganti/",
        f"/pemberitahuan/{held.pk}/akhiri/", f"/pemberitahuan/{held.pk}/rahasia/",
        f"/pemberitahuan/{held.pk}/ulang/",
    ):  # fmt: skip
        assert his.post(path, {"password": DEMO_PASSWORD}).status_code == 404, path
    assert his.post("/kunci/baru/", WANTED).status_code == 422
    assert len(keys.keys_of(officer)) == 1
    held.refresh_from_db()
    assert held.ended_at is None and held.turn == 1


def test_a_key_is_made_shown_once_rotated_and_ended(manager: Client, crossing: str) -> None:
    made = manager.post("/kunci/baru/", WANTED)
    token = shown(made.content.decode())
    assert made["Cache-Control"] == "no-store"
    assert token not in manager.get("/kunci/").content.decode()
    assert read(Program(token).get(f"records/{crossing}"))["id"] == crossing
    problem(Program(token).get("alerts"), 403)
    number = Officer.objects.get(username=ACCOUNT).number
    again = manager.post(f"/kunci/{number}/1/ganti/", {"overlap": "0", "password": DEMO_PASSWORD})
    new = shown(again.content.decode())
    problem(Program(token).get("records"), 401)
    read(Program(new).get("records"))
    assert manager.post(f"/kunci/{number}/2/akhiri/").status_code == 302
    problem(Program(new).get("records"), 401)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "x"}, {"scope": []}, {"scope": ["all"]}, {"days": "0"}, {"days": "abc"},
        {"days": "99999"}, {"purpose": "quarantine"}, {"account": "nobody@"}, {"account": ""},
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_is_refused(manager: Client, wrong: dict[str, object]) -> None:
    assert manager.post("/kunci/baru/", WANTED | wrong).status_code == 422
    assert not keys.keys_of(Officer.objects.get(username=ACCOUNT))


def test_nobody_gives_away_what_he_may_not_read(manager: Client) -> None:
    page = manager.get("/kunci/").content.decode()
    # The protection officer's key would read what is withheld, the leader's what is confidential.
    assert ACCOUNT in page
    for username in ("imi.pelindungan", "imi.motaain.kepala", "imi.motaain.ttd"):
        assert f"{username}@" not in page
        place = Mandate.objects.filter(officer__username=username)[0].place_id or ""
        refused = manager.post("/kunci/baru/", WANTED | {"account": f"{username}@{place}"})
        assert refused.status_code == 422
        refused = manager.post("/pemberitahuan/baru/", TARGET | {"account": f"{username}@{place}"})
        assert refused.status_code == 422
    assert not Subscription.objects.exists()


def test_an_account_that_reads_more_by_now_is_given_no_new_key(manager: Client) -> None:
    manager.post("/kunci/baru/", WANTED)
    Mandate.objects.filter(officer__username=ACCOUNT).update(role="supervisor")
    number = Officer.objects.get(username=ACCOUNT).number
    asked = manager.post(f"/kunci/{number}/1/ganti/", {"password": DEMO_PASSWORD})
    assert asked.status_code == 422 and "<pre" not in asked.content.decode()


def test_an_agency_subscribes_turns_the_secret_and_ends(manager: Client) -> None:
    made = manager.post("/pemberitahuan/baru/", TARGET)
    held = Subscription.objects.get()
    assert shown(made.content.decode()) == outbox.secret_of(held)
    assert held.types == ["alert.opened"]
    turned = manager.post(f"/pemberitahuan/{held.pk}/rahasia/")
    held.refresh_from_db()
    assert shown(turned.content.decode()) == outbox.secret_of(held) and held.turn == 2
    page = manager.get("/pemberitahuan/").content.decode()
    assert "whsec_" not in page and "Rahasia lama masih berlaku" in page
    assert manager.post(f"/pemberitahuan/{held.pk}/akhiri/").status_code == 302
    assert held.target not in manager.get("/pemberitahuan/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "http://sistem.example.go.id/"}, {"target": "https://127.0.0.1/"},
        {"target": ""}, {"type": ["record.read"]}, {"purpose": "quarantine"},
        {"channel": "email"}, {"channel": "sms"}, {"account": "psdkp.asing@"},
        {"channel": "email", "target": "a@b.id", "carrier": "AIRLINE"},
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_is_refused(manager: Client, wrong: dict[str, object]) -> None:
    assert manager.post("/pemberitahuan/baru/", TARGET | wrong).status_code == 422
    assert not Subscription.objects.exists()


def test_what_was_tried_and_why_it_failed_is_told(manager: Client) -> None:
    manager.post("/pemberitahuan/baru/", TARGET | {"type": []})
    hand_in(PEOPLE.encode(), HandIn("people.csv", "IMI", "PLBN-11"))
    number_all()
    outbox.write_notices()
    notice = Notice.objects.get()
    assert str(notice.pk) in manager.get("/pemberitahuan/").content.decode()
    Notice.objects.update(state="dead", attempts=10, trouble="answered 500", done_at=timezone.now())
    page = manager.get("/pemberitahuan/?state=dead").content.decode()
    assert "answered 500" in page and "10×" in page
    assert manager.post(f"/pemberitahuan/{notice.pk}/ulang/").status_code == 302
    notice.refresh_from_db()
    assert notice.state == "waiting"
    assert manager.post(f"/pemberitahuan/{notice.pk}/ulang/").status_code == 404
    assert manager.get("/pemberitahuan/?state=x&after=y").status_code in (200, 404)
    Mandate.objects.filter(officer__username=ACCOUNT).update(
        valid_to=timezone.now().date() - timedelta(days=2)
    )
    assert "tidak bermandat lagi" in manager.get("/pemberitahuan/").content.decode()
