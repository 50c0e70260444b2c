"""Notices: to whom they say what, when they are sent again, and where they are never sent."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Purpose
from tapal.flow import outbox, replies
from tapal.flow.intake import HandIn
from tapal.flow.officers import actor_of
from tapal.flow.outbox import sending, subscribing, targets, waits, webhook
from tapal.flow.outbox.subscribing import EMAIL, WEBHOOK
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all
from tapal.flow.share.purposes import purposes_of
from tapal.kinds import KINDS
from tapal.store.models import Event, Mandate, Message, Notice, Officer, Reply, Subscription
from tapal.web.cli import main
from tests.web.conftest import LEADER, OWNER, PEOPLE, STRANGER

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@dataclass
class Receiver:
    """A server on this machine that takes webhooks, and answers as it is told."""

    url: str
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("TAPAL_HOOK_NETWORKS", "127.0.0.0/8")

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(told.answers.pop(0) if told.answers else 200)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        told = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def told_to(username: str, target: str, channel: str = WEBHOOK, *types: str) -> Subscription:
    """A subscription of an account for its own work at the border."""
    officer = Officer.objects.get(username=username)
    mandate = officer.mandates.all()[0]
    actor = actor_of(officer, mandate.place_id, agency=mandate.agency_id)
    purpose = purposes_of(actor)[0]
    return outbox.subscribe(
        officer, actor, outbox.Wish(channel, target, purpose, types), by="TEST-1"
    )


def happen() -> None:
    """A traveller crosses, and the log is numbered."""
    hand_in(PEOPLE.encode(), HandIn("people.csv", "IMI", "PLBN-11"))
    number_all()


def due_again() -> None:
    """As if the waits were over."""
    Notice.objects.update(next_at=timezone.now())
    Subscription.objects.update(rests_until=None)


def test_a_stranger_is_told_nothing(desk: None, receiver: Receiver) -> None:
    told_to(STRANGER, receiver.url)
    happen()
    outbox.write_notices()
    outbox.send_due()
    assert receiver.taken == [] and not Notice.objects.exists()


def test_the_owner_is_told_ids_alone_and_signed(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    happen()
    assert outbox.write_notices() > 0
    outbox.send_due()
    headers, body = receiver.taken[0]
    key = base64.b64decode(outbox.secret_of(held).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    told = json.loads(body)
    assert {i["type"] for i in told["data"]["items"]} >= {"record.received", "alert.opened"}
    assert all(set(i) == {"id", "type", "about", "subject"} for i in told["data"]["items"])
    assert b"SOARES" not in body and b"C0123456" not in body and b"crossing" not in body
    outbox.send_due()
    assert len(receiver.taken) == 1


def test_what_is_told_may_be_narrowed(desk: None, receiver: Receiver) -> None:
    told_to(OWNER, receiver.url, WEBHOOK, "alert.opened")
    happen()
    outbox.write_notices()
    outbox.send_due()
    items = [i for _, b in receiver.taken for i in json.loads(b)["data"]["items"]]
    assert {i["type"] for i in items} == {"alert.opened"}


def test_it_is_sent_again_under_the_same_id(desk: None, receiver: Receiver) -> None:
    told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    receiver.answers += [500, 302]
    for count in (1, 2, 3):
        outbox.send_due()
        assert len(receiver.taken) == count
        due_again()
    assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
    assert len({body for _, body in receiver.taken}) == 1
    assert Notice.objects.get().state == "sent"


def test_who_died_while_sending_loses_nothing(desk: None, receiver: Receiver) -> None:
    told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    # Another has claimed it, and was killed.
    Notice.objects.update(attempts=1, next_at=timezone.now() + waits.LEASE)
    assert outbox.send_due() == 0
    due_again()
    assert outbox.send_due() == 1
    assert len(receiver.taken) == 1


def test_what_was_given_up_waits_for_a_person(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    receiver.answers += [500] * waits.TRIES
    for _ in range(waits.TRIES + 2):
        outbox.send_due()
        due_again()
    notice = Notice.objects.get()
    assert (notice.state, notice.trouble, notice.attempts) == ("dead", "answered 500", waits.TRIES)
    assert Event.objects.filter(type="notice.dead", subject=str(notice.pk)).exists()
    held.refresh_from_db()
    assert held.failures == waits.TRIES
    outbox.retry(str(notice.pk), by="TEST-1")
    outbox.send_due()
    assert Notice.objects.get().state == "sent"
    for wrong in (str(notice.pk), "x", str(held.pk)):
        with pytest.raises(Missing):
            outbox.retry(wrong, by="TEST-1")


def test_a_target_that_always_fails_rests(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    receiver.answers += [500] * 20
    for _ in range(20):
        outbox.send_due()
        Notice.objects.update(next_at=timezone.now())
    assert len(receiver.taken) == waits.FAILURES
    held.refresh_from_db()
    assert held.rests_until is not None and held.rests_until > timezone.now()


def test_waits_grow_to_an_end() -> None:
    grown = [waits.next_try(n) for n in (1, 3, 5, 7)]
    assert grown == sorted(grown)
    assert waits.next_try(10**6) <= timedelta(hours=14)
    assert waits.rest(waits.FAILURES - 1) is None
    assert waits.rest(10**6) == timedelta(hours=1)


def test_what_may_no_longer_be_seen_is_not_sent(desk: None, receiver: Receiver) -> None:
    told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    Mandate.objects.update(valid_to=timezone.now().date() - timedelta(days=2))
    outbox.send_due()
    happen()
    outbox.write_notices()
    assert receiver.taken == []


def test_who_was_ended_is_told_nothing_more(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    outbox.end(str(held.pk), by="TEST-1")
    outbox.send_due()
    assert receiver.taken == []
    with pytest.raises(Missing):
        outbox.end(str(held.pk), by="TEST-1")


def test_a_letter_says_nothing_of_anybody(desk: None) -> None:
    told_to(OWNER, "loket@example.org", EMAIL)
    happen()
    outbox.write_notices()
    outbox.send_due()
    (letter,) = mail.outbox
    assert "Masuklah" in letter.body and "Log in" in letter.body
    for said in ("SOARES", "C0123456", "PLBN-11", "crossing"):
        assert said not in f"{letter.subject} {letter.body}"
    assert str(Notice.objects.get().pk) in letter.message()["Message-ID"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://192.168.1.1/",
        "https://169.254.169.254/latest", "https://[::1]/", "https://[fe80::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
        "https://0.0.0.0/", "https://2130706433/", "https://0x7f.1/", "https://224.0.0.1/",
        "http://93.184.216.34/", "ftp://example.org/", "https://a:b@example.org/", "https://",
        "https://example.org:0/", "https://exa mple.org/", "https://example.org/#x", "x" * 500,
    ],
)  # fmt: skip
def test_the_inner_network_is_never_reached(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPAL_HOOK_NETWORKS", raising=False)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    with pytest.raises(Rejected):
        webhook.post(url, b"{}", {})


def test_a_name_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPAL_HOOK_NETWORKS", raising=False)
    found = [(2, 1, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Rejected):
        targets.addresses(targets.checked("https://example.org/"))
    found.pop()
    assert targets.addresses(targets.checked("https://example.org/")) == ["93.184.216.34"]


def test_what_was_looked_up_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPAL_HOOK_NETWORKS", raising=False)
    answers = iter(["93.184.216.34", "127.0.0.1"])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (next(answers), 443))]
    )
    went: list[Any] = []

    def connect(address: Any, *_: Any) -> socket.socket:
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert webhook.post("https://example.org/", b"{}", {}) == "ConnectionRefusedError"
    assert went == [("93.184.216.34", 443)]


def test_a_receiver_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPAL_HOOK_NETWORKS", "127.0.0.0/8")
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.4)
    over = threading.Event()

    def drip(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, contextlib.suppress(OSError):
            while not over.wait(0.05):
                line.send(b"X")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        port = listening.getsockname()[1]
        begun = time.monotonic()
        assert webhook.post(f"http://127.0.0.1:{port}/", b"{}", {}) != ""
        assert time.monotonic() - begun < webhook.SECONDS
        over.set()
        thread.join()


def test_only_what_the_account_may_look_for(desk: None, receiver: Receiver) -> None:
    officer = Officer.objects.get(username=STRANGER)
    mandate = officer.mandates.all()[0]
    actor = actor_of(officer, mandate.place_id, agency=mandate.agency_id)
    wish = outbox.Wish(WEBHOOK, receiver.url, Purpose("protection"))
    with pytest.raises(Denied):
        outbox.subscribe(officer, actor, wish, by="TEST-1")
    for wrong in (
        outbox.Wish(WEBHOOK, receiver.url, Purpose("border_control"), ["record.read"]),
        outbox.Wish(EMAIL, "no address", Purpose("border_control")),
        outbox.Wish("sms", "a@example.org", Purpose("border_control")),
    ):
        with pytest.raises(Rejected):
            outbox.subscribe(officer, actor, wrong, by="TEST-1")


def test_the_operator_sets_it_up_and_sends_again(
    desk: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapal.web.cli.outbox.start", lambda: None)
    run = CliRunner()

    def tapal(*words: str, code: int = 0) -> str:
        done = run.invoke(main, ["outbox", *words])
        assert done.exit_code == code, done.output
        return done.output

    common = (OWNER, "--purpose", "border_control", "--post", "PLBN-11")
    assert "whsec_" in tapal("subscribe", *common, "--webhook", receiver.url)
    tapal("subscribe", *common, code=2)
    tapal("subscribe", "nobody", "--purpose", "border_control", "--email", "a@b.id", code=2)
    tapal("subscribe", *common, "--webhook", "https://10.0.0.1/x", code=2)
    held = Subscription.objects.order_by("id")[0]
    assert outbox.secret_of(held) in tapal("secret", str(held.pk))
    assert receiver.url in tapal("list", "--subscriptions")
    happen()
    outbox.write_notices()
    assert "waiting" in tapal("list")
    Notice.objects.update(state="dead")
    notice = held.notices.get()
    assert str(notice.pk) in tapal("list", "--state", "dead")
    tapal("retry", str(notice.pk))
    tapal("retry", "x", code=2)
    tapal("end", str(held.pk))
    tapal("secret", str(held.pk), code=2)


def test_a_lost_mandate_is_no_success(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    happen()
    outbox.write_notices()
    Mandate.objects.update(valid_to=timezone.now().date() - timedelta(days=2))
    outbox.send_due()
    notice = Notice.objects.get()
    assert (notice.state, notice.trouble) == ("void", sending.NO_MANDATE)
    held.refresh_from_db()
    assert receiver.taken == [] and held.failures == 0
    with pytest.raises(Missing):
        outbox.retry(str(notice.pk), by="TEST-1")


def test_both_secrets_hold_while_a_receiver_changes_over(desk: None, receiver: Receiver) -> None:
    held = told_to(OWNER, receiver.url)
    old = outbox.secret_of(held)
    held = outbox.turn_secret(str(held.pk), by="TEST-1")
    new = outbox.secret_of(held)
    happen()
    outbox.write_notices()
    outbox.send_due()
    headers, body = receiver.taken[0]
    by_new, by_old = headers["webhook-signature"].split(" ")
    for secret, given in ((new, by_new), (old, by_old)):
        made = webhook.signed(
            [secret], headers["webhook-id"], int(headers["webhook-timestamp"]), body
        )
        assert made["webhook-signature"] == given
    assert new != old
    Subscription.objects.update(old_until=timezone.now())
    held.refresh_from_db()
    assert subscribing.secrets_of(held, timezone.now()) == [new]
    for wrong in ("x", str(Notice.objects.get().pk), str(told_to(OWNER, "a@b.id", EMAIL).pk)):
        with pytest.raises(Missing):
            outbox.turn_secret(wrong, by="TEST-1")


def test_a_target_rests_for_all_who_are_told_there(desk: None, receiver: Receiver) -> None:
    told_to(OWNER, receiver.url)
    other = told_to(LEADER, receiver.url)
    happen()
    outbox.write_notices()
    receiver.answers += [500] * 20
    for _ in range(20):
        outbox.send_due()
        Notice.objects.update(next_at=timezone.now())
    other.refresh_from_db()
    assert len(receiver.taken) == waits.FAILURES and other.rests_until is not None
    # Half open: one try, and it rests again.
    Subscription.objects.update(rests_until=timezone.now())
    outbox.send_due()
    assert len(receiver.taken) == waits.FAILURES + 1
    receiver.answers.clear()
    for _ in range(3):
        due_again()
        outbox.send_due()
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert set(Subscription.objects.values_list("failures", flat=True)) == {0}


FLIGHT = (KINDS["crossing"].samples / "paxlst" / "flight_d02b.edi").read_bytes()


def carrier(receiver: Receiver, sender: str = "AIRLINE") -> Subscription:
    officer = Officer.objects.get(username=OWNER)
    actor = actor_of(officer, "PLBN-11", agency="IMI")
    wish = outbox.Wish(WEBHOOK, receiver.url, purposes_of(actor)[0], carrier=sender)
    return outbox.subscribe(officer, actor, wish, by="TEST-1")


def test_a_carrier_is_given_the_answers_to_his_lists_alone(desk: None, receiver: Receiver) -> None:
    carrier(receiver)
    carrier(receiver, "OTHER")
    happen()
    hand_in(FLIGHT, HandIn("flight.edi", "IMI", "PLBN-11"))
    reply = replies.answer(Message.objects.get(sender="AIRLINE").id).reply
    number_all()
    assert outbox.write_notices() == 1 and outbox.write_notices() == 0
    outbox.send_due()
    ((headers, body),) = receiver.taken
    assert body == replies.bytes_of(reply) and headers["content-type"] == "application/EDIFACT"
    assert headers["webhook-signature"].startswith("v1,")


def test_a_late_answer_never_undoes_a_newer_one(desk: None, receiver: Receiver) -> None:
    carrier(receiver)
    hand_in(FLIGHT, HandIn("flight.edi", "IMI", "PLBN-11"))
    message = Message.objects.get()
    first = replies.answer(message.id).reply
    outbox.write_notices()
    receiver.answers += [500]
    outbox.send_due()
    Reply.objects.filter(pk=first.pk).update(states={"NAD 2": "board"})
    second = replies.answer(message.id).reply
    number_all()
    outbox.write_notices()
    for _ in range(3):
        due_again()
        outbox.send_due()
    assert [body for _, body in receiver.taken][1:] == [replies.bytes_of(second)]
    told = Notice.objects.get(reply=first)
    assert (told.state, told.trouble) == ("void", sending.OVERTAKEN)


def test_answers_to_carriers_go_by_webhook_alone(desk: None) -> None:
    officer = Officer.objects.get(username=OWNER)
    actor = actor_of(officer, "PLBN-11", agency="IMI")
    wish = outbox.Wish(EMAIL, "a@b.id", purposes_of(actor)[0], carrier="AIRLINE")
    with pytest.raises(Rejected) as wrong:
        outbox.subscribe(officer, actor, wish, by="TEST-1")
    assert wrong.value.place == "carrier"
