"""Coming in: password, second step, rate limits, PIN at a counter, seats."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tapal.flow.demo_officers import DEMO_PASSWORD, DEMO_PIN
from tapal.store.models import Mandate, Officer
from tapal.web.browser import WRONG_PINS
from tests.web.conftest import LEADER, OWNER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
LOGIN = {"login": OWNER, "password": DEMO_PASSWORD}


def log_in(client: Client, username: str = OWNER) -> None:
    """A full login."""
    done = client.post("/masuk/", {"login": username, "password": DEMO_PASSWORD})
    assert done.status_code == 302


def test_the_right_password_leads_to_the_queue(desk: None, client: Client) -> None:
    assert client.post("/masuk/", LOGIN, follow=True).request["PATH_INFO"] == "/"


def test_a_wrong_password_does_not(desk: None, client: Client) -> None:
    again = client.post("/masuk/", {**LOGIN, "password": "x"})
    assert again.status_code == 200 and f'value="{OWNER}"' in again.content.decode()
    assert client.get("/").status_code == 302


def test_guessing_is_slowed_down(desk: None, client: Client) -> None:
    for _ in range(6):
        answer = client.post("/masuk/", {**LOGIN, "password": "guess"})
    assert client.post("/masuk/", LOGIN).status_code != 302
    assert "terlalu" in answer.content.decode().lower()


def test_nobody_signs_himself_up(desk: None, client: Client) -> None:
    for path in ("/signup/", "/accounts/signup/", "/masuk/signup/"):
        assert client.get(path).status_code == 404


def test_a_second_step_is_asked_where_one_is_set(desk: None, client: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(Officer.objects.get(username=OWNER), secret)
    assert client.post("/masuk/", LOGIN)["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    done = client.post(reverse("mfa_authenticate"), {"code": f"{hotp_value(secret, counter):06}"})
    assert done.status_code == 302
    assert client.get("/").status_code == 200


def test_setting_up_a_second_step_asks_who_it_is(desk: None, client: Client) -> None:
    log_in(client)
    setup = reverse("mfa_activate_totp")
    asked = client.get(setup)["Location"]
    assert "Pastikan ini Anda" in client.get(asked).content.decode()
    assert client.post(asked, {"password": "x"}).status_code == 200
    page = client.post(asked, {"password": DEMO_PASSWORD}, follow=True).content.decode()
    assert "Pasang autentikator" in page and "data:image/svg+xml" in page


def test_a_pin_works_only_after_a_full_login_in_this_browser(desk: None, client: Client) -> None:
    leader = Officer.objects.get(username=LEADER)
    data = {"officer": leader.pk, "pin": DEMO_PIN}
    assert client.post("/ganti/", data).status_code == 422
    log_in(client, LEADER)
    client.post("/keluar/")
    log_in(client)
    assert client.post("/ganti/", data).status_code == 302
    assert "Maria Bete Luan" in client.get("/").content.decode()


def test_a_wrong_pin_leaves_the_chosen_officer_chosen(desk: None, client: Client) -> None:
    log_in(client, LEADER)
    client.post("/keluar/")
    log_in(client)
    # Who sits there comes last: somebody else is to sit down.
    leader, owner = (Officer.objects.get(username=name).pk for name in (LEADER, OWNER))
    assert f'value="{leader}" required checked' in client.get("/ganti/").content.decode()
    wrong = client.post("/ganti/", {"officer": owner, "pin": "000000"}).content.decode()
    assert f'value="{owner}" required checked' in wrong


def test_a_pin_does_not_work_in_another_browser(desk: None, client: Client) -> None:
    log_in(client, LEADER)
    leader = Officer.objects.get(username=LEADER)
    assert Client().post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN}).status_code == 422


def test_a_full_login_wears_off(
    desk: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tapal.web import browser

    log_in(client, LEADER)
    monkeypatch.setattr(browser, "FULL_LOGIN_HOURS", 0)
    leader = Officer.objects.get(username=LEADER)
    assert client.post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN}).status_code == 422


def test_five_wrong_pins_lock_it(desk: None, client: Client) -> None:
    log_in(client, LEADER)
    leader = Officer.objects.get(username=LEADER)
    for _ in range(WRONG_PINS):
        assert client.post("/ganti/", {"officer": leader.pk, "pin": "000000"}).status_code == 422
    assert client.post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN}).status_code == 422
    client.post("/keluar/")
    log_in(client, LEADER)
    assert client.post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN}).status_code == 302


def test_a_pin_login_is_no_full_login(desk: None, client: Client) -> None:
    log_in(client, LEADER)
    leader = Officer.objects.get(username=LEADER)
    for _ in range(WRONG_PINS - 1):
        client.post("/ganti/", {"officer": leader.pk, "pin": "000000"})
    client.post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN})
    for _ in range(WRONG_PINS):
        client.post("/ganti/", {"officer": leader.pk, "pin": "000000"})
    assert client.post("/ganti/", {"officer": leader.pk, "pin": DEMO_PIN}).status_code == 422


def test_ones_own_pin_needs_the_password(sit: Sit) -> None:
    client = sit(OWNER)
    assert client.post("/pin/", {"password": "no", "pin": "835162"}).status_code == 422
    assert client.post("/pin/", {"password": DEMO_PASSWORD, "pin": "123456"}).status_code == 422
    assert client.post("/pin/", {"password": DEMO_PASSWORD, "pin": "835162"}).status_code == 302


def test_with_two_mandates_one_chooses(sit: Sit) -> None:
    officer = Officer.objects.get(username=OWNER)
    first = Mandate.objects.get(officer=officer)
    Mandate.objects.create(
        officer=officer, agency_id="IMI", place_id="PLBN-16", role="officer",
        valid_from=first.valid_from,
    )  # fmt: skip
    client = sit(OWNER)
    assert client.get("/")["Location"].startswith("/tempat/")
    client.post("/tempat/", {"seat": "IMI/PLBN-16", "purpose": "border_control"})
    page = client.get("/").content.decode()
    assert "PLBN Skouw" in page and "WIT<" in page


def test_a_seat_without_mandate_is_not_given(sit: Sit) -> None:
    client = sit(OWNER)
    client.post("/tempat/", {"seat": "DJBC/PLBN-11"})
    assert "Imigrasi" in client.get("/").content.decode()
    Mandate.objects.filter(officer__username=OWNER).update(valid_to="2026-01-02")
    assert client.get("/")["Location"].startswith("/tempat/")


def test_a_redirect_never_leaves_the_desk(sit: Sit) -> None:
    client = sit(OWNER)
    done = client.post("/bahasa/", {"language": "en", "next": "https://elsewhere.example/"})
    assert done["Location"] == "/"
