"""Each route before three readers: the stranger first, the grantee, the owner; then keys and their ends."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tapal.flow import keys
from tapal.flow.sequence import number_all
from tapal.store.models import Access, Agreement, Alert, Cursor, Officer, Reject, Task
from tests.web.api_calls import Program, fresh_limits, key_for, problem, read
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STRANGER

__all__ = ["fresh_limits"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "access"]),
    pytest.mark.usefixtures("fresh_limits"),
]
LISTS_OF_ROWS = ("records", "alerts", "tasks", "rejects")


def program(username: str, *scopes: str, purpose: str = "") -> Program:
    return Program(key_for(username, *scopes, purpose=purpose)[0])


@pytest.fixture
def task(alert: Alert) -> Task:
    """A task of immigration about the crossing."""
    return Task.objects.create(
        scope_id=alert.scope_id, owner="IMI", kind="crossing", place="PLBN-11", sensitivity=2,
        name="look", label={"id": "lihat", "en": "look"}, text={"id": "lihat", "en": "look"},
        power="task.do", record_id=alert.record_id, opened_at=timezone.now(),
    )  # fmt: skip


def test_a_stranger_sees_nothing_that_hangs_on_a_crossing(
    crossing: str, alert: Alert, reject: Reject, task: Task
) -> None:
    number_all()
    stranger = program(STRANGER)
    for path in LISTS_OF_ROWS:
        assert read(stranger.get(path)) == {"items": [], "next": None}, path
    assert read(stranger.get("search", text="C0123456"))["items"] == []
    assert read(stranger.get("changes"))["items"] == []
    absent = str(uuid.uuid4())
    for path, hidden in (
        ("records", crossing), ("alerts", str(alert.id)), ("rejects", str(reject.id)),
        ("tasks", str(task.id)), ("messages", str(reject.message_id)),
    ):  # fmt: skip
        told = problem(stranger.get(f"{path}/{hidden}"), 404)
        assert told == problem(stranger.get(f"{path}/{absent}"), 404), path


def test_a_grantee_sees_what_its_agreement_gives_and_no_more(crossing: str, task: Task) -> None:
    number_all()
    grantee = program(GRANTEE)
    (row,) = read(grantee.get("records"))["items"]
    assert row["opened_by"] == ["DEMO-IMI-DJBC#1"] and not row["own"]
    assert row["body"]["document"]["number"] == "C0123456"
    assert "birth_date" not in row["body"]["person"] and "remarks" not in row["body"]
    assert "1988" not in grantee.get(f"records/{crossing}").content.decode()
    whole = read(grantee.get(f"records/{crossing}"))
    assert whole["tasks"] == [] and whole["revision"] == ""
    for seen in read(grantee.get("alerts"))["items"]:
        assert not seen["own"] and seen["findings"] and seen["taken_by"] == ""
    assert {c["about"] for c in read(grantee.get("changes"))["items"]} <= {"record", "alert"}
    assert read(grantee.get("tasks"))["items"] == []
    problem(grantee.get(f"tasks/{task.id}"), 404)


def test_the_owner_sees_all_of_it(crossing: str, alert: Alert, reject: Reject, task: Task) -> None:
    number_all()
    owner = program(OWNER)
    (row,) = read(owner.get("records", kind="crossing", place="PLBN-11"))["items"]
    assert row["id"] == crossing and row["own"] and row["body"]["person"]["birth_date"]
    assert read(owner.get(f"records/{crossing}"))["alerts"]
    assert read(owner.get("records", kind="phyto"))["items"] == []
    (hit,) = read(owner.get("search", text="C0123456"))["items"]
    assert hit["exact"] and hit["record"]["id"] == crossing
    assert read(owner.get(f"alerts/{alert.id}"))["state"] == "open"
    assert str(alert.id) in {a["id"] for a in read(owner.get("alerts"))["items"]}
    assert read(owner.get("rejects"))["items"][0]["id"] == str(reject.id)
    assert read(owner.get(f"rejects/{reject.id}"))["mend"]["en"]
    assert read(owner.get(f"tasks/{task.id}"))["record"] == crossing
    assert str(task.id) in {t["id"] for t in read(owner.get("tasks"))["items"]}
    told = read(owner.get(f"messages/{reject.message_id}"))
    assert (told["state"], told["rejects"], told["records"]) == ("read", 1, 0)
    assert read(owner.get("lists"))["items"]
    types = [c["type"] for c in read(owner.get("changes"))["items"]]
    assert types[0] == "record.received" and "alert.opened" in types


def test_each_look_leaves_its_trace(crossing: str) -> None:
    read(program(GRANTEE).get("records"))
    row = Access.objects.latest("id")
    assert (row.officer, row.act, row.owner, row.count) == ("BC-0001", "list", "IMI", 1)
    assert row.clauses == ["DEMO-IMI-DJBC#1"]


def test_a_revoked_agreement_shuts_at_once(crossing: str) -> None:
    grantee = program(GRANTEE)
    assert read(grantee.get("records"))["items"]
    Agreement.objects.filter(pk="DEMO-IMI-DJBC").update(revoked_at=timezone.now())
    assert read(grantee.get("records"))["items"] == []


def test_a_key_reads_only_what_it_covers(crossing: str) -> None:
    for scope in keys.SCOPES:
        paths = {
            "records": ["records", f"records/{crossing}"], "search": ["search?text=C0123456"],
            "intake": [f"messages/{crossing}"], "screen": ["yente/catalog", "yente/search/cegah"],
        }.get(scope, [scope])  # fmt: skip
        others = program(LEADER, *(s for s in keys.SCOPES if s != scope))
        for path in paths:
            problem(others.get(path), 403)
            assert Access.objects.latest("id").act == "denied"
            assert program(LEADER, scope).get(path).status_code in (200, 404), path


def test_a_key_is_for_its_purpose_alone(crossing: str) -> None:
    bound = program(OWNER, "records", purpose="law_enforcement")
    read(bound.get("records"))
    assert Access.objects.latest("id").purpose == "law_enforcement"
    assert "another purpose" in problem(
        bound.get("records", purpose="border_control", language="en"), 403
    )["detail"]  # fmt: skip
    problem(program(OWNER).get("records", purpose="health"), 403)
    assert problem(program(OWNER).get("records", purpose="curiosity"), 422)["place"] == "purpose"


def test_an_ended_an_expired_and_a_changed_key_hold_no_more(desk: None) -> None:
    officer = Officer.objects.get(username=OWNER)
    ended, key = key_for(OWNER, "records")
    read(Program(ended).get("records"))
    keys.end_key(officer, key.serial, by="OPERATOR")
    told = problem(Program(ended).get("records"), 401)
    assert told == problem(Program("no-such-key").get("records"), 401)
    assert Program(ended).get("records")["WWW-Authenticate"].startswith("Bearer")
    old, second = key_for(OWNER, "records")
    shelf = Cursor.objects.get(name=f"keys:{officer.pk}")
    shelf.data["keys"][-1]["until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    shelf.save()
    problem(Program(old).get("records"), 401)
    good, third = key_for(OWNER, "records")
    assert third.serial == second.serial + 1
    officer.set_password("another-password-8")
    officer.save()
    problem(Program(good).get("records"), 401)


def test_a_rotated_key_goes_on_for_its_overlap(desk: None) -> None:
    officer = Officer.objects.get(username=OWNER)
    old, key = key_for(OWNER, "records", purpose="law_enforcement")
    new = keys.rotate_key(officer, key.serial, by="OPERATOR")
    assert (new.scopes, new.purpose, new.post) == (key.scopes, key.purpose, key.post)
    read(Program(old).get("records"))
    keys.rotate_key(officer, key.serial, overlap=timedelta(0), by="OPERATOR")
    problem(Program(old).get("records"), 401)


def test_who_reads_no_records_has_no_use_for_a_key(crossing: str) -> None:
    admin = program(ADMIN)
    assert read(admin.get("records"))["items"] == []
    for path in ("rejects", "lists", f"messages/{crossing}"):
        problem(admin.get(path), 403)
    problem(admin.post("intake", b"x"), 403)
