"""The API under attack: changed cursors, others' ids, wrong bodies, one key at once from many hands."""

from __future__ import annotations

import io
import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tapal.core.errors import Rejected
from tapal.flow import once
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all
from tapal.flow.share import sealed
from tapal.flow.worker import Worker
from tapal.store.models import Cursor, Message, Record
from tapal.web import bodies
from tapal.web.api.limits import Limits
from tests.web.api_calls import BASE, Program, fresh_limits, key_for, problem, read
from tests.web.conftest import GRANTEE, OWNER, PEOPLE, STRANGER

__all__ = ["fresh_limits"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "access"]),
    pytest.mark.usefixtures("fresh_limits"),
]
HEAD, _, ROW = PEOPLE.partition("mode,remarks\n")


def program(username: str, *scopes: str) -> Program:
    return Program(key_for(username, *scopes)[0])


def people(count: int) -> bytes:
    """A table of so many crossings, each with a passport of its own."""
    rows = (
        ROW.replace("C0123456", f"C{n:07d}").replace("08:12", f"08:{n:02d}") for n in range(count)
    )
    return (HEAD + "mode,remarks\n" + "".join(rows)).encode()


@pytest.fixture
def many(desk: None) -> None:
    hand_in(people(7), HandIn("many.csv", "IMI", "PLBN-11"))


def test_pages_follow_each_other_to_the_end(many: None) -> None:
    owner, found, cursor = program(OWNER), [], None
    for _ in range(4):
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = read(owner.get("records", limit=2, **more))
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert cursor is None and len(set(found)) == len(found) == 7
    assert found == [r["id"] for r in read(owner.get("records"))["items"]]


def test_a_cursor_is_of_no_use_to_another_or_when_changed(many: None) -> None:
    number_all()
    owner = program(OWNER)
    for path in ("records", "changes"):
        cursor = read(owner.get(path, limit=2))["next"]
        half = len(cursor) // 2
        changed = cursor[:half] + ("A" if cursor[half] != "A" else "B") + cursor[half + 1 :]
        for wrong in (changed, cursor[:-4], cursor + "AAAA", "AAAA", "é" * 20, "." * 50, "0"):
            assert problem(owner.get(path, cursor=wrong), 422)["mend"], wrong
        problem(program(GRANTEE).get(path, cursor=cursor), 422)
        problem(owner.get(path, cursor=cursor, purpose="law_enforcement"), 422)
        assert read(owner.get(path, cursor=cursor))["items"]


def test_a_sealed_cursor_tells_nothing_and_never_repeats() -> None:
    given = {sealed.seal(7, of="x") for _ in range(50)}
    assert len(given) == 50 and len({len(each) for each in given}) == 1
    assert {sealed.unseal(each, of="x") for each in given} == {7}
    assert len(sealed.seal(2**60, of="x")) == len(sealed.seal(0, of="x"))
    with pytest.raises(Rejected):
        sealed.unseal(sealed.seal(7, of="x"), of="y")


def test_the_feed_tells_a_stranger_nothing_however_much_happens(desk: None) -> None:
    stranger = program(STRANGER)
    before = read(stranger.get("changes", start="now"))
    hand_in(people(9), HandIn("many.csv", "IMI", "PLBN-11"))
    number_all()
    after = read(stranger.get("changes", cursor=before["next"]))
    assert after["items"] == before["items"] == []
    assert after["wait_seconds"] == before["wait_seconds"]
    assert len(after["next"]) == len(before["next"]) and after["next"] != before["next"]


def test_the_feed_misses_nothing_and_repeats_nothing(many: None) -> None:
    number_all()
    for username, count in ((OWNER, 8), (GRANTEE, 9)):
        reader = program(username)
        whole = [c["id"] for c in read(reader.get("changes", limit=200))["items"]]
        found: list[str] = []
        page = read(reader.get("changes", limit=3))
        while page["items"]:
            found += [c["id"] for c in page["items"]]
            page = read(reader.get("changes", limit=3, cursor=page["next"]))
        assert found == whole and len(set(whole)) == len(whole) >= 7
        hand_in(people(count), HandIn(f"{username}.csv", "IMI", "PLBN-11"))
        number_all()
        new = read(reader.get("changes", cursor=page["next"]))["items"]
        assert [c["about"] for c in new].count("record") == count


def test_what_is_no_parameter_is_told_with_its_place(desk: None) -> None:
    owner = program(OWNER)
    for query, place in (
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"),
        ("since=yesterday", "since"), ("since=2026-11-24T08:00:00", "since"),
        ("kind=a%00b", "kind"), ("place=%27%3B--", "place"),
    ):  # fmt: skip
        assert problem(owner.get(f"records?{query}"), 422)["place"] == place, query
    for moment in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"):
        read(owner.get(f"records?since={moment}&until={moment}"))
    assert problem(owner.get("search?text="), 422)["place"] == "text"
    assert read(owner.get("search?text=%00%00"))["items"] == []


def test_whatever_is_not_there_is_a_problem_too(desk: None) -> None:
    owner = program(OWNER)
    problem(owner.get("nothing"), 404)
    problem(owner.get("records/not-an-id"), 404)
    told = owner.post("records", b"x")
    problem(told, 405)
    assert "GET" in told["Allow"]
    problem(Client().get("/api/"), 404)
    problem(Client().get(BASE + "records"), 401)
    problem(Client().get(BASE + "openapi.json"), 401)
    problem(Client(enforce_csrf_checks=True).post(BASE + "intake", b"x", content_type="a/b"), 401)


def test_a_post_from_a_desk_needs_the_form_token(sit: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = sit(OWNER).cookies
    problem(client.post(BASE + "intake", PEOPLE, content_type="text/csv"), 403)
    assert not Record.objects.exists()


def test_an_answer_that_is_held_is_not_sent_again(many: None) -> None:
    owner = program(OWNER)
    first = owner.get("records")
    again = owner.get("records", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    hand_in(people(8), HandIn("more.csv", "IMI", "PLBN-11"))
    assert owner.get("records", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert program(GRANTEE).get("records")["ETag"] != first["ETag"]


# --- what is handed in ---------------------------------------------------------------------


def test_the_same_key_with_the_same_body_is_answered_as_the_first_time(desk: None) -> None:
    owner = program(OWNER)
    first = read(owner.post("intake?source=a.csv", people(3), **{"Idempotency-Key": "a-1"}))
    again = read(owner.post("intake?source=a.csv", people(3), **{"Idempotency-Key": "a-1"}))
    assert again == first and first["records"] == 3
    plain = read(owner.post("intake?source=a.csv", people(3)))
    assert (plain["records"], plain["known"]) == (0, 3)
    assert Record.objects.count() == 3
    known = read(owner.post("intake?source=a.csv", people(3), **{"Idempotency-Key": "a-2"}))
    assert known == plain


def test_the_same_key_with_another_body_is_refused(desk: None) -> None:
    owner = program(OWNER)
    read(owner.post("intake", people(1), **{"Idempotency-Key": "a-1"}))
    told = problem(owner.post("intake", people(2), **{"Idempotency-Key": "a-1"}), 422)
    assert told["place"] == "Idempotency-Key" and Record.objects.count() == 1
    # Another agency's key of that name is another key.
    assert program(GRANTEE).post("intake", b"x", **{"Idempotency-Key": "a-1"}).status_code != 422
    for wrong in ("", " ", "x" * 300, "a b"):
        problem(owner.post("intake", people(1), **{"Idempotency-Key": wrong}), 422)


def test_what_failed_may_be_mended_under_its_key(desk: None) -> None:
    owner = program(OWNER)
    problem(owner.post("intake?format=nothing", people(1), **{"Idempotency-Key": "a-1"}), 400)
    assert read(owner.post("intake", people(1), **{"Idempotency-Key": "a-1"}))["records"] == 1


def test_while_one_is_under_way_the_other_waits_and_the_dead_are_followed(desk: None) -> None:
    begun = once.begin("me", "k", "print")
    with pytest.raises(once.UnderWay):
        once.begin("me", "k", "print")
    with pytest.raises(Rejected):
        once.begin("me", "k", "another")
    Cursor.objects.filter(name=begun.name).update(position=1)
    followed = once.begin("me", "k", "print")
    assert followed.answer is None
    begun.done({"late": True})  # whose lease is over writes nothing any more
    followed.done({"known": False})
    assert once.begin("me", "k", "print").answer == {"known": False}
    Cursor.objects.filter(name=begun.name).update(position=1)
    assert once.begin("me", "k", "another").answer is None


def test_nothing_of_a_person_is_remembered_under_a_key(desk: None) -> None:
    read(program(OWNER).post("intake", people(2), **{"Idempotency-Key": "a-1"}))
    (row,) = Cursor.objects.filter(name__startswith="once:")
    assert set(row.data) == {"of", "answer"} and row.data["answer"] == {"known": False}


def test_many_files_are_kept_at_once_and_read_by_the_worker(desk: None) -> None:
    owner = program(OWNER)

    def send(**headers: str) -> Any:
        files = [SimpleUploadedFile(f"{n}.csv", people(n)) for n in (1, 2, 3)]
        sent = {"Authorization": f"Bearer {owner.key}", **headers}
        return Client().post(BASE + "intake/files", {"files": files}, headers=sent)

    told = send(**{"Idempotency-Key": "b-1"})
    assert told.status_code == 202
    messages = read(told)["messages"]
    assert [m["source"] for m in messages] == ["1.csv", "2.csv", "3.csv"]
    assert not Record.objects.exists()
    assert read(owner.get(f"messages/{messages[2]['id']}"))["state"] == "waiting"
    worker = Worker(lambda: True)
    worker.resume()
    worker.resume()
    done = read(owner.get(f"messages/{messages[2]['id']}"))
    assert (done["state"], done["records"], done["rejects"]) == ("read", 3, 0)
    assert read(send(**{"Idempotency-Key": "b-1"}))["messages"] == messages
    assert all(m["known"] for m in read(send())["messages"])
    assert Message.objects.count() == 3


def test_others_know_nothing_of_a_message(many: None) -> None:
    message = Message.objects.get()
    told = problem(program(GRANTEE).get(f"messages/{message.pk}"), 404)
    assert told == problem(program(GRANTEE).get(f"messages/{uuid.uuid4()}"), 404)


def test_wrong_and_empty_bodies_are_refused(desk: None) -> None:
    owner = program(OWNER)
    assert problem(owner.post("intake", b""), 400)["place"] == "body"
    problem(owner.post("intake/files", people(1), "text/csv"), 415)
    problem(owner.post("intake/files", b"--x\r\nnonsense", "multipart/form-data; boundary=y"), 422)
    problem(owner.post("intake/files", b"nonsense", "multipart/form-data"), 400)
    empty = {"files": [SimpleUploadedFile("a.csv", b"")]}
    sent = {"Authorization": f"Bearer {owner.key}"}
    problem(Client().post(BASE + "intake/files", empty, headers=sent), 400)
    lots = {"files": [SimpleUploadedFile(f"{n}", b"x") for n in range(101)]}
    problem(Client().post(BASE + "intake/files", lots, headers=sent), 400)
    assert not Message.objects.exists()


def test_what_no_format_fits_is_a_reject_and_no_error(desk: None) -> None:
    told = read(program(OWNER).post("intake?language=en", bytes(range(256)) * 20))
    assert (told["records"], told["rejects"]) == (0, 1) and told["items"][0]["reason"]


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    said: list[Any] = []
    environ = {
        "REMOTE_ADDR": "10.0.0.1", "CONTENT_LENGTH": str(bodies.LONGEST + 1),
        "PATH_INFO": BASE + "intake", "wsgi.input": io.BytesIO(b""),
    }  # fmt: skip
    app = bodies.whole_bodies(lambda environ, start: [b"reached"])
    told = json.loads(b"".join(app(environ, lambda *more: said.append(more))))
    ((phrase, headers),) = said
    assert phrase.startswith("413 ") and told["status"] == 413
    assert dict(headers)["Content-Type"] == "application/problem+json"


def test_who_asks_too_often_waits(desk: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("tapal.web.api.callers.LIMITS", Limits(3, clock=lambda: now[0]))
    owner, other = program(OWNER), program(GRANTEE)
    for _ in range(3):
        read(owner.get("records"))
    told = owner.get("records")
    problem(told, 429)
    assert told["Retry-After"] == "20"
    read(other.get("records"))
    now[0] = 20.0
    read(owner.get("records"))
    problem(owner.get("records"), 429)


def test_limits_forget_those_who_are_away() -> None:
    now = [0.0]
    limits = Limits(60, clock=lambda: now[0])
    for n in range(10_000):
        limits.take(f"old {n}")
    now[0] = 100.0
    assert limits.take("new") == 0
    assert len(limits._left) == 1


def test_a_key_from_before_its_day_never_lasts_longer(desk: None) -> None:
    text, key = key_for(OWNER, "records", days=366)
    assert key.until - timezone.now() < timedelta(days=367)
    for days in (0, 367, -1):
        with pytest.raises(Rejected):
            key_for(OWNER, "records", days=days)
    with pytest.raises(Rejected):
        key_for(OWNER, "everything")
    with pytest.raises(Rejected):
        key_for(OWNER, "records", purpose="health")
    read(Program(text).get("records"))


# SQLite's database of tests lies in memory, where a second connection never waits for the first.
@pytest.mark.pg
@pytest.mark.django_db(transaction=True, databases=["default", "access"])
def test_two_at_once_under_one_key_do_it_once(desk: None) -> None:
    begun: list[object] = []
    gate = threading.Barrier(4)

    def try_it() -> None:
        from django.db import connections

        gate.wait()
        try:
            begun.append(once.begin("me", "k", "print").answer)
        except once.UnderWay as wrong:
            begun.append(type(wrong))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=try_it) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert sorted(map(str, begun)) == sorted(map(str, [None, *[once.UnderWay] * 3]))
