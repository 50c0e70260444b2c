"""Who came in, who was refused: all of it is on record; odd forms break nothing; files are private."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tapal.core.marking import Sensitivity
from tapal.core.registers import Edit
from tapal.flow import records
from tapal.flow.demo_officers import DEMO_PASSWORD, DEMO_PIN
from tapal.flow.officers import actor_of
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Access, Event, EventContent, Officer, Record, Task
from tapal.web import config
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def told(type_: str) -> list[tuple[str, dict[str, str]]]:
    rows = EventContent.objects.filter(event__type=type_).select_related("event")
    return [(row.event.subject, json.loads(row.content)) for row in rows.order_by("event_id")]


def come_in(username: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": username, "password": password})
    return client


def test_each_login_and_each_refused_one_is_an_event(desk: Path) -> None:
    come_in(OWNER, "wrong-password")
    come_in("nobody.at.all", "wrong-password")
    client = come_in(OWNER, DEMO_PASSWORD)
    assert told("officer.login_refused") == [("IMI-0001", {"how": "password"})]
    assert told("officer.logged_in") == [("IMI-0001", {"how": "password"})]
    me = Officer.objects.get(username=OWNER).pk
    client.post(reverse("switch"), {"officer": me, "pin": "000000"})
    client.post(reverse("switch"), {"officer": me, "pin": DEMO_PIN})
    assert told("officer.login_refused")[-1] == ("IMI-0001", {"how": "pin"})
    assert told("officer.logged_in")[-1] == ("IMI-0001", {"how": "pin"})


def test_no_event_holds_a_password_or_a_pin(desk: Path) -> None:
    come_in(OWNER, "a-mistyped-password")
    assert not EventContent.objects.filter(content__contains="mistyped").exists()


def test_a_key_for_a_program_is_an_event(sit: Sit) -> None:
    assert sit(OWNER).post(reverse("token"), {"password": DEMO_PASSWORD}).status_code == 200
    ((number, content),) = told("officer.key_given")
    assert (number, content["agency"], content["post"]) == ("IMI-0001", "IMI", "PLBN-11")
    scopes: object = content["scopes"]
    assert scopes == ["intake"]


@pytest.mark.parametrize(("page", "right"), [("token", 422), ("pin", 422)])
def test_a_desk_left_alone_is_no_place_to_guess_a_password(sit: Sit, page: str, right: int) -> None:
    client = sit(OWNER)
    for _ in range(10):
        client.post(reverse(page), {"password": "guess", "pin": "275913"})
    answer = client.post(reverse(page), {"password": DEMO_PASSWORD, "pin": "275913"})
    assert answer.status_code == right and "tunggu semenit" in answer.content.decode()
    assert not Event.objects.filter(type__in=["officer.key_given"]).exists()


def test_a_refused_page_leaves_a_trace(sit: Sit) -> None:
    assert sit(GRANTEE).get(reverse("machine")).status_code == 403
    row = Access.objects.order_by("-id")[0]
    assert (row.act, row.officer, row.subject) == ("denied", "BC-0001", reverse("machine"))


@pytest.mark.parametrize("task", ["", "abc", "0" * 36])
def test_a_hand_over_that_is_no_id_is_not_found(sit: Sit, task: str) -> None:
    assert sit(LEADER).post(reverse("shift_accept"), {"task": task}).status_code == 404


@pytest.mark.parametrize("value", ["[" * 20_000, "1e999", '"\\ud800"', ""])
def test_an_odd_value_settles_nothing(sit: Sit, crossing: str, value: str) -> None:
    answer = sit(OWNER).post(
        reverse("settle", args=[crossing]), {"path": "person.sex", "value": value}
    )
    assert answer.status_code == 302
    assert not Event.objects.filter(type="record.revised").exists()


def test_a_conflict_that_he_cannot_see_is_not_his_to_guess_at(sit: Sit, crossing: str) -> None:
    path = "protection.fear_of_return"
    record = Record.objects.get(pk=crossing)
    for number, value in (("1", True), ("2", False)):
        revision = f"01a20c1c-0000-7000-8000-00000000000{number}"
        records.apply_edit(record, Edit(revision, {path: value}, {path: ()}))
    assert records.clashes(record).get(path)
    asked = Task.objects.get(name="settle_conflict")
    assert (asked.sensitivity, asked.power) == (Sensitivity.WITHHELD, "protection.read")
    client = sit(OWNER)
    assert str(asked.id) not in client.get(reverse("tasks")).content.decode()
    assert client.get(reverse("task", args=[asked.id])).status_code == 404
    page = client.get(reverse("record", args=[crossing])).content.decode()
    assert "bertentangan" not in page and reverse("settle", args=[crossing]) not in page
    answers = [
        client.post(reverse("settle", args=[crossing]), {"path": path, "value": value})
        for value in ("true", "false", '"no value there"')
    ]
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, reverse("record", args=[crossing]))
    }
    assert not Event.objects.filter(type="record.revised").exists()


def test_who_may_see_the_withheld_values_settles_them(sit: Sit, crossing: str) -> None:
    record = Record.objects.get(pk=crossing)
    for number, value in (("1", True), ("2", False)):
        revision = f"01a20c1c-0000-7000-8000-00000000000{number}"
        records.apply_edit(
            record,
            Edit(revision, {"protection.fear_of_return": value}, {"protection.fear_of_return": ()}),
        )
    client = sit("imi.pelindungan")
    client.post(reverse("seats"), {"seat": "IMI/", "purpose": "protection"})
    client.post(
        reverse("settle", args=[crossing]), {"path": "protection.fear_of_return", "value": "true"}
    )
    record.refresh_from_db()
    assert record.body["protection"] == {"fear_of_return": True} and not record.conflicting


def test_to_take_back_and_to_settle_are_looks_too(sit: Sit) -> None:
    nothing = "01a20c1c-0000-7000-8000-000000000000"
    for name in ("undo", "settle"):
        assert sit(OWNER).post(reverse(name, args=[nothing])).status_code == 404
        row = Access.objects.order_by("-id")[0]
        assert (row.act, row.subject) == ("denied", nothing)


def test_what_a_node_writes_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPAL_HOME", str(tmp_path / "home"))
    home = config.home()
    (home / "raw").mkdir()
    (home / "raw" / "a").write_text("x")
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (home, home / "raw", home / "raw" / "a")]
    assert modes == [0o700, 0o700, 0o600]


def test_an_auditor_looks_for_oversight_first(desk: Path) -> None:
    auditor = Officer.objects.get(username="bnpp.auditor")
    assert purposes_of(actor_of(auditor))[0] == "oversight"
    machinist = Officer.objects.get(username=ADMIN)
    assert "oversight" not in purposes_of(actor_of(machinist))
