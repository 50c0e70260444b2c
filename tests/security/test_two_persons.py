"""Powers and passwords by the desk: every new door tried by those whom it is not for."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tapal.flow.demo_officers import DEMO_PASSWORD, DEMO_PIN
from tapal.store.models import Access, Event, Mandate, Officer, Proposal
from tests.web.conftest import (
    ADMIN,
    GRANTEE,
    LEADER,
    OTHER,
    OWNER,
    SECOND,
    STEWARD,
    STRANGER,
    Sit,
)  # fmt: skip

pytestmark = pytest.mark.django_db(databases=["default", "access"])
NOTHING = uuid.UUID(int=0)
WANTED = {"agency": "IMI", "role": "supervisor", "place": "PLBN-16", "valid_from": "01-01-2026"}
PASSWORD = {"password": DEMO_PASSWORD}


@pytest.fixture
def proposal(sit: Sit) -> Proposal:
    """A mandate that ADMIN proposed for OWNER."""
    done = sit(ADMIN).post(reverse("officer", args=["IMI-0001"]), WANTED)
    assert done.status_code == 302
    return Proposal.objects.get()


def urls(proposal: object) -> dict[str, str]:
    return {
        "proposal_approve": reverse("proposal_approve", args=[proposal]),
        "proposal_decline": reverse("proposal_decline", args=[proposal]),
        "officer_password": reverse("officer_password", args=["IMI-0001"]),
        "officer_off": reverse("officer_off", args=["IMI-0001"]),
        "officer_return": reverse("officer_return", args=["IMI-0001"]),
        "officer": reverse("officer", args=["IMI-0001"]),
    }


def plain(page: str) -> str:
    """A page without its form tokens and the id that was asked for."""
    return re.sub(r"\w{64}|\w{8}-\w{4}-\w{4}-\w{4}-\w{12}", "", page)


@pytest.mark.parametrize("username", [STRANGER, GRANTEE, OWNER, LEADER, STEWARD, "bnpp.auditor"])
def test_who_is_no_administrator_finds_every_door_shut(
    sit: Sit, proposal: Proposal, username: str
) -> None:
    client, events = sit(username), Event.objects.count()
    for there, absent in zip(urls(proposal.id).values(), urls(NOTHING).values(), strict=True):
        data = {**PASSWORD, **WANTED, "reason": "x"}
        answers = [client.post(url, data) for url in (there, absent)]
        assert [a.status_code for a in answers] == [403, 403]
        # What waits and what does not exist answer alike.
        bodies = [plain(a.content.decode()) for a in answers]
        assert bodies[0] == bodies[1]
    assert Event.objects.count() == events and Proposal.objects.get().state == "open"
    assert Access.objects.filter(act="denied").count() >= len(urls(NOTHING))


def test_nobody_who_is_not_logged_in(desk: None, client: Client) -> None:
    for url in urls(NOTHING).values():
        assert client.post(url).status_code == 302


@pytest.mark.parametrize("username", [ADMIN, OTHER])
def test_proposer_and_another_agency_do_not_approve(
    sit: Sit, proposal: Proposal, username: str
) -> None:
    answer = sit(username).post(urls(proposal.id)["proposal_approve"], PASSWORD)
    assert answer.status_code == 403
    assert Proposal.objects.get().state == "open"
    assert not Mandate.objects.filter(officer__username=OWNER, place_id="PLBN-16").exists()
    page = sit(username).get(reverse("people")).content.decode()
    assert "Menunggu orang kedua" in page and ">Setujui<" not in page


def test_the_second_person_approves_with_a_key(sit: Sit, proposal: Proposal) -> None:
    client = sit(SECOND)
    page = client.get(reverse("people")).content.decode()
    assert urls(proposal.id)["proposal_approve"] in page and "Yohanes Seran" in page
    assert client.post(urls(proposal.id)["proposal_approve"], PASSWORD).status_code == 302
    held = Mandate.objects.get(officer__username=OWNER, place_id="PLBN-16")
    assert (held.given_by, held.approved_by) == ("MSN-0001", "MSN-0002")
    page = client.get(urls(proposal.id)["officer"]).content.decode()
    assert "diusulkan MSN-0001, disetujui MSN-0002" in page and "saat penyiapan" in page
    answer = client.post(urls(proposal.id)["proposal_approve"], PASSWORD)
    assert answer.status_code == 422 and "Sudah diputuskan" in answer.content.decode()


@pytest.mark.parametrize("given", [{}, {"password": "guess"}])
def test_a_desk_left_alone_is_no_second_person(
    sit: Sit, proposal: Proposal, given: dict[str, str]
) -> None:
    answer = sit(SECOND).post(urls(proposal.id)["proposal_approve"], given)
    assert answer.status_code == 422 and "Kata sandi salah" in answer.content.decode()
    assert Proposal.objects.get().state == "open"


def test_it_is_declined_with_a_reason(sit: Sit, proposal: Proposal) -> None:
    client, url = sit(SECOND), urls(proposal.id)["proposal_decline"]
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "not there"}).status_code == 302
    assert Proposal.objects.get().state == "declined"
    assert client.post(urls(NOTHING)["proposal_decline"], {"reason": "x"}).status_code == 404


def test_off_by_one_and_on_by_two(sit: Sit) -> None:
    for username in (ADMIN, OTHER):
        assert sit(username).post(urls(NOTHING)["officer_off"]).status_code == 403
    assert Officer.objects.get(username=OWNER).is_active
    sit(SECOND).post(urls(NOTHING)["officer_off"])
    assert not Officer.objects.get(username=OWNER).is_active
    sit(ADMIN).post(urls(NOTHING)["officer_return"])
    assert not Officer.objects.get(username=OWNER).is_active
    asked = Proposal.objects.get()
    for username, status in ((ADMIN, 403), (OTHER, 403), (SECOND, 302)):
        done = sit(username).post(urls(asked.id)["proposal_approve"], PASSWORD)
        assert done.status_code == status
    assert Officer.objects.get(username=OWNER).is_active


# --- a forgotten password -------------------------------------------------------------------


def temporary(sit: Sit) -> str:
    """What OWNER's own administrator is shown."""
    page = sit(SECOND).post(urls(NOTHING)["officer_password"], PASSWORD).content.decode()
    return page.split('<pre class="raw mb-0" tabindex="0">')[1].split("</pre>")[0]


@pytest.mark.parametrize("username", [ADMIN, OTHER])
def test_an_administrator_of_another_agency_gives_no_password(sit: Sit, username: str) -> None:
    before = Officer.objects.get(username=OWNER).password
    client = sit(username)
    assert client.post(urls(NOTHING)["officer_password"], PASSWORD).status_code == 403
    assert "instansi atau pos lain" in client.get(urls(NOTHING)["officer"]).content.decode()
    assert Officer.objects.get(username=OWNER).password == before


def test_a_desk_left_alone_gives_none(sit: Sit) -> None:
    client = sit(SECOND)
    for _ in range(10):
        answer = client.post(urls(NOTHING)["officer_password"], {"password": "guess"})
        assert answer.status_code == 422
    answer = client.post(urls(NOTHING)["officer_password"], PASSWORD)
    assert answer.status_code == 422 and "tunggu semenit" in answer.content.decode()
    assert not Event.objects.filter(type="officer.password_reset").exists()


def test_it_is_shown_once_and_ends_what_was_open(sit: Sit) -> None:
    open_page = sit(OWNER)
    assert open_page.get("/").status_code == 200
    made = open_page.post(reverse("token"), PASSWORD).content.decode()
    key = made.split('<pre class="raw" tabindex="0">')[1].split("</pre>")[0]
    shown = temporary(sit)
    assert shown not in sit(SECOND).get(urls(NOTHING)["officer"]).content.decode()
    assert open_page.get("/")["Location"].startswith("/masuk/")
    sent = Client().post(
        "/api/v1/intake", "x", content_type="text/csv", headers={"Authorization": f"Bearer {key}"}
    )
    assert sent.status_code == 401


def test_with_it_nothing_opens_but_its_change(sit: Sit) -> None:
    login = {"login": OWNER, "password": temporary(sit)}
    client = Client()
    assert client.post("/masuk/", login, follow=True).request["PATH_INFO"] == "/sandi/"
    assert "sementara" in client.get("/sandi/").content.decode()
    for page in ("queue", "search", "people", "account", "pin", "seats", "switch", "mfa_index"):
        assert client.get(reverse(page))["Location"] == "/sandi/", page
    sent = client.post("/api/v1/intake", "x", content_type="text/csv")
    assert sent.status_code in (302, 401)
    again = {"oldpassword": login["password"], "password1": login["password"]}
    answer = client.post("/sandi/", {**again, "password2": login["password"]})
    assert "pilih yang lain" in answer.content.decode()
    mine = dict.fromkeys(("password1", "password2"), "pilihan-sendiri-88")
    assert client.post("/sandi/", {"oldpassword": login["password"], **mine}).status_code == 302
    login["password"] = "pilihan-sendiri-88"
    assert client.post("/masuk/", login, follow=True).request["PATH_INFO"] == "/"


def test_a_pin_is_no_way_round_it(sit: Sit, client: Client) -> None:
    client.post("/masuk/", {"login": OWNER, "password": DEMO_PASSWORD})
    temporary(sit)
    me = Officer.objects.get(username=OWNER).pk
    assert client.post(reverse("switch"), {"officer": me, "pin": DEMO_PIN}).status_code == 422


def test_it_is_on_record_and_nowhere_readable(sit: Sit, caplog: pytest.LogCaptureFixture) -> None:
    shown = temporary(sit)
    row = Event.objects.get(type="officer.password_reset")
    assert (row.actor, row.subject) == ("MSN-0002", "IMI-0001")
    assert shown not in row.content.content and shown not in caplog.text


# --- shutting an officer out ----------------------------------------------------------------


def guess(address: str, times: int, client: Client | None = None) -> None:
    for _ in range(times):
        (client or Client()).post(
            "/masuk/", {"login": OWNER, "password": "guess"}, REMOTE_ADDR=address
        )


def comes_in(address: str, client: Client | None = None) -> bool:
    login = {"login": OWNER, "password": DEMO_PASSWORD}
    done = (client or Client()).post("/masuk/", login, REMOTE_ADDR=address)
    return done.status_code == 302


def test_who_knows_the_name_shuts_out_himself_alone(desk: None) -> None:
    guess("203.0.113.9", 8)
    assert not comes_in("203.0.113.9")
    assert comes_in("192.0.2.1")


def test_many_strangers_do_not_shut_out_the_counter(desk: None) -> None:
    assert comes_in("192.0.2.1")
    for n in range(15):
        guess(f"203.0.113.{n}", 1)
    assert not comes_in("198.51.100.1"), "from a new place he waits as they do"
    assert comes_in("192.0.2.1")


def test_nor_who_sits_behind_the_same_address(desk: None) -> None:
    counter = Client()
    assert comes_in("192.0.2.1", counter)
    counter.post("/keluar/")
    guess("192.0.2.1", 8)
    assert not comes_in("192.0.2.1")
    assert comes_in("192.0.2.1", counter), "the counter's browser counts by itself"


def test_his_own_browser_is_no_place_to_guess(desk: None) -> None:
    counter = Client()
    assert comes_in("192.0.2.1", counter)
    counter.post("/keluar/")
    guess("192.0.2.1", 5, counter)
    assert not comes_in("192.0.2.1", counter)


def test_a_name_that_nobody_bears_is_answered_alike(desk: None) -> None:
    def told(name: str, address: str) -> list[str]:
        answers = [
            Client().post("/masuk/", {"login": name, "password": "guess"}, REMOTE_ADDR=address)
            for _ in range(7)
        ]
        return [plain(a.content.decode()).replace(name, "") for a in answers]

    assert told(OWNER, "203.0.113.1") == told("nobody.here", "203.0.113.2")
